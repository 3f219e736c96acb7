"""What is mail and what only looks like it: by structure, with the usual suspects refused."""

import re

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, booleans, lists, sampled_from

from actionday.mime import sniff
from actionday.mime.sniff import from_line, is_mailbox, is_message

LINES = [
    (b"From core-user@h.example Mon Jun 01 04:28:28 2009\n", b"core-user@h.example"),
    (b"From - Mon Jun  1 04:28:28 2009\r\n", b"-"),
    (b"From MAILER-DAEMON Fri Jul  8 12:08:34 2011\n", b"MAILER-DAEMON"),
    (b"From alice at kestrel.example  Mon Jan  3 10:00:00 2005\n", b"alice at kestrel.example"),
    (b"From 1234567890@xxx Mon Jan 01 00:00:00 +0000 2018\n", b"1234567890@xxx"),
    (b"From a@b Mon Jun  1 04:28 MET 2009\n", b"a@b"),
    (b"From a@b Mon Jun  1 04:28:28 MET DST 2009\n", b"a@b"),
    (b"From a@b Mon Jun  1 04:28:28 2009 +0200\n", b"a@b"),
    (b"From a!b Mon Jun  1 04:28:28 2009 remote from host\n", b"a!b"),
    (b"From a@b Mon, 1 Jun 2009 04:28:28 +0200\n", b"a@b"),
    (b"From  Mon Jun  1 04:28:28 2009\n", b""),
]


@pytest.mark.parametrize(("line", "sender"), LINES)
def test_from_lines_of_the_writers(line: bytes, sender: bytes) -> None:
    found = from_line(line)
    assert found
    assert found[0] == sender


@pytest.mark.parametrize(
    "line",
    [
        b"From now on we meet on Monday\n",
        b"From Monday to Friday at 10:00 2009\n",
        b"From here Mon Jun 1 we go at 04:28:28 2009\n",
        b"From the desk of J. Doe\n",
        b"From: a@b Mon Jun  1 04:28:28 2009\n",
        b"From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n",
        b"From a@b Mon Jun  1 04:28:28 2009",
        b"From a@b\n",
        b"From " + b"Mon " * 240 + b"\n",
    ],
)
def test_m01_lines_that_begin_with_from_and_are_none(line: bytes) -> None:
    assert from_line(line) is None


MAIL = [
    b"Status: RO\nX-Status: A\nFrom: a@b.example\nDate: Mon, 1 Jun 2009 04:28:28 +0000\nSubject: x\n\nbody\n",
    b"X-Priority: 3\nX-Foo: bar\nMessage-ID: <a@b>\nSubject: x\n\nbody\n",
    b"Received: from x\r\n\tby y\r\nFrom: a@b\r\n\r\nbody\r\n",
    b"\xef\xbb\xbfFrom: a@b.example\nTo: c@d.example\n\n",
    b"From: <Saved by a browser>\nSubject: page\nMIME-Version: 1.0\nContent-Type: multipart/related\n\n",
    b"Return-Path: <>\nDelivered-To: a@b\n" + b"X-Long: y\n" * 20_000,
]
NOT_MAIL = [
    b"HTTP/1.1 200 OK\r\nDate: Mon, 1 Jun 2009\r\nContent-Type: text/html\r\nServer: x\r\n\r\n",
    b"Date: Mon, 1 Jun 2009\r\nServer: x\r\nContent-Type: text/html\r\nVia: 1.1\r\n\r\n",
    b"Package: kestrel\nVersion: 1.0\nMaintainer: a@b.example\nDescription: x\n\n",
    b"Format: 1.8\nDate: Mon, 01 Jun 2009\nSource: kestrel\nMaintainer: a <a@b.example>\n\n",
    b"Metadata-Version: 2.1\nName: kestrel\nAuthor-email: a@b\nDescription-Content-Type: text/markdown\n\n",
    b"Manifest-Version: 1.0\nCreated-By: x\n\n",
    b"BEGIN:VCARD\nVERSION:3.0\nEMAIL:a@b.example\nEND:VCARD\n",
    b"BEGIN:VCALENDAR\nORGANIZER:mailto:a@b.example\nEND:VCALENDAR\n",
    b"kestrel (1.0) stable; urgency=low\n\n  * x\n\n -- A <a@b.example>  Mon, 01 Jun 2009 04:28:28 +0000\n",
    b"From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\nFrom: A <a@b.example>\nDate: x\n\n",
    b"From: A <a@b.example>\nDate: Mon, 1 Jun 2009 04:28:28 +0000\nSubject: fix\n\n---\n\ndiff --git a/x b/x\n",
    b"Description: fix\nAuthor: a@b.example\n--- a/x\n+++ b/x\n",
    b"Abstract: Resume\nCc: Kopie\nReferences: Literatur\nSubject: Thema\nTo: An\n",
    b"from: left\nto: right\nsubject: none of it\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: b\r\n\r\n",
    b"Host: a\r\nFrom: bot@b.example\r\nUser-Agent: b\r\n\r\n",
    b"From now on: all will be well\nTo be or not to be: a@b\n",
    b"key: value\nother: value\n", b"", b"\n\n", b"plain text with a@b.example\n", bytes(100),
]  # fmt: skip


@pytest.mark.parametrize("head", MAIL, ids=lambda head: str(head[:20]))
def test_m08_mail_is_known_by_its_header(head: bytes) -> None:
    assert is_message(head)


@pytest.mark.parametrize("head", NOT_MAIL, ids=lambda head: str(head[:20]))
def test_what_looks_like_a_header_and_is_no_mail(head: bytes) -> None:
    assert not is_message(head)
    assert not is_mailbox(head)


def test_a_mailbox_needs_a_from_line_and_a_header_behind_it() -> None:
    line = LINES[0][0]
    assert is_mailbox(line + b"Subject: x\n\n")
    assert is_mailbox(b"\n" + line + b">From other\nSubject: x\n\n")
    assert not is_mailbox(line)
    assert not is_mailbox(line + b"a letter goes on here\n")
    assert not is_mailbox(b"From now on\nSubject: x\n\n")


@given(binary(max_size=200))
@settings(max_examples=200)
def test_noise_is_no_mail(noise: bytes) -> None:
    assert not is_message(noise)
    assert not is_mailbox(noise)


FIRST_LINES = lists(sampled_from([
    b"", b" ", b"\r", b"From a@b Mon Jan  5 10:00:00 2026", b">From x", b"From ", b"Received: by a", b"To: a@b", b"a" * 77 + b":",
    b"a" * 78 + b":", b"GET / HTTP/1.1", b"Hello", b"\0", b"x" * 1000, b"x" * 1001, b"From: a@b", b"Message-ID : <1@b>", b"12",
]), max_size=6)  # fmt: skip


@given(sampled_from([b"", b"\xef\xbb\xbf"]), FIRST_LINES, booleans())
def test_no_mail_is_lost_by_the_quick_look(mark: bytes, lines: list[bytes], ended: bool) -> None:
    head = mark + b"\n".join(lines) + b"\n" * ended
    found = sniff.lead_in(head), sniff.is_mailbox(head)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sniff, "_MAY_BEGIN", re.compile(b""))
        patch.setattr(sniff, "_FIRST_LINES", 1 << 20)
        patch.setattr(sniff, "_FROM", b"")
        assert (sniff.lead_in(head), sniff.is_mailbox(head)) == found
