"""Mail as single programs keep it: Apple Mail's files and the UW server's mailboxes."""

import gzip
import re

import pytest
from mail_samples import SAMPLES, attached, dovecot, plain

from actionday.detectors.filetype import identify_type
from actionday.mime.fields import Fields
from actionday.model import Claim, Kind, Loss, Status
from actionday.parsers import _mail_meta as mail_meta
from actionday.sources.mail import dbox, eml, emlx, mbox, mbx, mmdf
from actionday.testing.context import Alone, Bytes, Glance, content

APPLE, UW = SAMPLES["message.emlx"](), SAMPLES["inbox.mbx"]()
MESSAGE = attached().as_bytes()


def test_the_message_of_apple_mail_is_the_bytes_its_length_says_and_the_list_is_beside_it() -> None:
    stream = Bytes(APPLE)
    message, flags = emlx.SOURCE.items(stream, Alone("m"))
    assert content(message, stream) == APPLE[11:].partition(b"<?xml")[0]
    assert message.kind is Kind.MESSAGE
    assert content(flags, stream).startswith(b"<?xml")
    assert identify_type(APPLE, b"", len(APPLE)) == "message/x-emlx"
    assert not eml.SOURCE.claims(Glance("m", APPLE))


def test_a_file_of_apple_mail_that_is_cut_is_a_loss() -> None:
    around = Alone("m")
    assert len(list(emlx.SOURCE.items(Bytes(APPLE[:500]), around))) == 1
    assert [note.code for note in around.notes] == [Loss.BROKEN_OFF]


def test_a_number_that_is_no_length_cuts_nothing() -> None:
    around = Alone("m")
    [message] = emlx.SOURCE.items(Bytes(b"123\n" + MESSAGE), around)
    assert message.size == len(MESSAGE)
    assert [note.code for note in around.notes] == ["length"]


def test_the_messages_of_a_uw_mailbox_expunged_ones_too() -> None:
    stream = Bytes(UW)
    found = list(mbx.SOURCE.items(stream, Alone("m")))
    wanted = re.split(rb" 1-Jun-2026 [^\r]*\r\n", UW)[1:]
    assert wanted[0] == plain(1).as_bytes().replace(b"\n", b"\r\n")
    assert [content(item, stream) for item in found] == wanted
    assert [item.meta["expunged"] for item in found] == [True, False]
    assert identify_type(UW, b"", len(UW)) == "application/x-mbx"


def test_a_damaged_line_of_a_uw_mailbox_costs_its_message_and_is_a_loss() -> None:
    around = Alone("m")
    assert len(list(mbx.SOURCE.items(Bytes(UW.replace(b" 1-Jun", b" 1 Jun", 1)), around))) == 1
    cut = list(mbx.SOURCE.items(Bytes(UW[:-100]), around))
    assert cut[-1].status is Status.UNREADABLE
    twice = UW.replace(b";00000000", b";0000000g", 2).replace(b";0000000g", b";00000000", 1)
    assert len(list(mbx.SOURCE.items(Bytes(twice), around))) == 1
    assert [note.code for note in around.notes] == [Loss.DAMAGED]


DOVECOT = dovecot(plain(1).as_bytes(), MESSAGE)


def test_the_messages_of_a_dovecot_mailbox_with_what_is_noted_of_them() -> None:
    stream = Bytes(DOVECOT)
    assert dbox.SOURCE.claims(Glance("m.1", DOVECOT)) is Claim.MAGIC
    found = list(dbox.SOURCE.items(stream, around := Alone("m")))
    assert [content(item, stream) for item in found] == [plain(1).as_bytes(), MESSAGE]
    assert [item.kind for item in found] == [Kind.MESSAGE] * 2
    assert (found[1].meta["mailbox"], found[1].meta["received_at"]) == ("INBOX", "2026-11-26T21:55:54Z")
    assert found[1].meta["subject"] == attached()["Subject"]
    assert not around.notes
    assert identify_type(DOVECOT, b"", len(DOVECOT)) == "application/x-dovecot-dbox"
    again = list(dbox.SOURCE.items(stream, Alone("m", after=found[0].place)))
    assert [item.place for item in again] == [found[1].place]


def test_every_cut_of_a_dovecot_mailbox_but_between_messages_is_noticed() -> None:
    data = dovecot(*(f"Subject: {number}\n\npier\n".encode() for number in (1, 2)))
    starts = [int(item.place) for item in dbox.SOURCE.items(Bytes(data), Alone("m"))]
    for cut in range(starts[0] + 1, len(data)):
        around = Alone("m")
        found = list(dbox.SOURCE.items(Bytes(data[:cut]), around))
        told = around.notes or any(item.status is Status.UNREADABLE for item in found)
        assert told or cut in starts, cut


def test_a_wrong_size_in_a_dovecot_mailbox_costs_no_message() -> None:
    size = b"%016X" % len(plain(1).as_bytes())
    for wrong in (b"0" * 15 + b"5", b"0" * 8 + b"F" * 8):
        stream, around = Bytes(DOVECOT.replace(size, wrong, 1)), Alone("m")
        found = list(dbox.SOURCE.items(stream, around))
        assert [content(item, stream) for item in found] == [plain(1).as_bytes(), MESSAGE]
        assert [note.code for item in found for note in item.notes] == [Loss.DAMAGED]
    stream, around = Bytes(DOVECOT.replace(b"\1\2N", b"\1\2M", 1)), Alone("m")
    lost, message = dbox.SOURCE.items(stream, around)
    assert plain(1).as_bytes() in content(lost, stream)
    assert content(message, stream) == MESSAGE
    assert [note.code for note in around.notes] == [Loss.DAMAGED]


def test_packed_and_encrypted_messages_of_dovecot() -> None:
    stream = Bytes(dovecot(gzip.compress(MESSAGE), b"CRYPTED\3\7" + bytes(200), MESSAGE))
    packed, encrypted, plainly = dbox.SOURCE.items(stream, Alone("m"))
    assert (packed.kind, packed.name[-3:]) == (Kind.MEMBER, ".gz")
    assert gzip.decompress(content(packed, stream)) == MESSAGE
    assert encrypted.status is Status.ENCRYPTED
    assert content(plainly, stream) == MESSAGE


ODD_DATES = ("16.03.09", "Mon, 16 Mar 2009 10:00:00", "no date at all", "", "Tue, 30 Jun 2015 23:59:60 +0000",
             "Tue, 02 Jun 2026 10:00:00 +0200")  # fmt: skip


@pytest.mark.parametrize("date", ODD_DATES)
def test_a_listing_says_of_a_date_what_the_reading_says(date: str) -> None:
    block = (f"Date: {date}\n" if date else "").encode() + b"From: vera@kestrel.example\nSubject: Rota\n"
    mail = block + b"\nWe meet at ten.\n"
    line = b" 1-Jun-2026 10:00:00 +0000,%d;000000000000-00000001\r\n" % len(mail)
    reading = mail_meta.metadata(Fields(block))
    boxes = {
        eml.SOURCE: mail,
        emlx.SOURCE: b"%-10d\n" % len(mail) + mail,
        dbox.SOURCE: dovecot(mail),
        mbx.SOURCE: UW[:2048] + line + mail,
        mbox.SOURCE: b"From vera@kestrel.example Mon Jun  1 10:00:00 2026\n" + mail,
        mmdf.SOURCE: b"\1\1\1\1\n" + mail + b"\1\1\1\1\n",
    }
    for source, data in boxes.items():
        item = next(iter(source.items(Bytes(data), Alone("m"))))
        told = (item.mtime, item.meta["date_raw"], item.meta["date_reason"])
        assert told == (reading["date"], reading["date_raw"], reading["date_reason"]), source.name
