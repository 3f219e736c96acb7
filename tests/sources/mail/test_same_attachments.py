"""Whatever stands in a header, in which order and how long: the attachments are those that the standard library lists.

Each case goes the way of the pipeline: who claims the first bytes of a stream opens it, whatever is in it likewise.
"""

import email
from base64 import encodebytes
from collections.abc import Iterator, Sequence
from email.policy import default
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis.strategies import booleans, builds, integers, lists, permutations, sampled_from

from actionday.detectors.filetype import identify_type
from actionday.model import Found, Kind
from actionday.sources.mail import eml, long, mbox, message
from actionday.testing.context import Alone, Bytes, Glance, content

SOURCES = (mbox.SOURCE, eml.SOURCE, long.SOURCE, message.SOURCE)
FROM_LINE = b"From vera@kestrel.example Mon Jun  1 10:00:00 2026\n"
FIELDS = (
    b"From: Vera <vera@kestrel.example>\n", b"To: crew@kestrel.example\n", b"Subject: rota\n",
    b"Date: Mon, 1 Jun 2026 10:00:00 +0200\n", b"Message-ID: <rota@kestrel.example>\n", b"MIME-Version: 1.0\n",
    b"Content-Type: multipart/mixed; boundary=B\n",
)  # fmt: skip
MODEST = 4_000
LONG = 200_000
"""Bytes of one field: more than what is looked at before a stream is opened."""


def opened(name: str, data: bytes, kind: Kind = Kind.FILE) -> Iterator[tuple[Found, bytes]]:
    """Yield all that is in a file, as the pipeline recurses."""
    for source in SOURCES:
        if source.claims(Glance(name, data, kind)):
            stream = Bytes(data)
            for item in source.items(stream, Alone(name)):
                body = content(item, stream)
                yield item, body
                yield from opened(item.name, body, item.kind)


def attached(data: bytes) -> list[bytes]:
    return [body for item, body in opened("f", data) if item.kind is Kind.ATTACHMENT]


def reference(data: bytes) -> list[bytes]:
    read = email.message_from_bytes(data, policy=default)
    return [part.get_content() for part in read.walk() if part.is_attachment()]


def parts(texts: int, files: Sequence[int]) -> bytes:
    """Return the body of a multipart: displayed texts, then a file of each size."""
    shown = [b"--B\nContent-Type: text/plain\n\nshift %d\n" % number for number in range(texts)]
    attachments = [
        b"--B\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=f%d.bin\n"
        b"Content-Transfer-Encoding: base64\n\n%s" % (number, encodebytes(bytes([number]) * size))
        for number, size in enumerate(files)
    ]
    return b"".join([*shown, *attachments, b"--B--\n"])


def filler(length: int, unknown: bool = False) -> bytes:
    """Return ``length`` bytes of folded recipients, or of fields that nobody knows."""
    lines = length // 40 + 1
    if unknown:
        return b"".join(b"X-Report-%06d: wwwwwwwwwwwwwwwwwwwwwwwwww\n" % n for n in range(lines))
    return b"Cc: " + b",\n ".join(b"Person %06d <p%06d@wader.example>" % (n, n) for n in range(lines)) + b"\n"


class Drawn(NamedTuple):
    """A multipart mail: known fields in an order, before one of them a long field, a sized file each."""

    order: tuple[int, ...]
    at: int
    length: int
    unknown: bool
    texts: int
    files: tuple[int, ...]

    def data(self) -> bytes:
        fields = [FIELDS[number] for number in self.order]
        fields.insert(self.at, filler(self.length, self.unknown))
        return b"".join(fields) + b"\n" + parts(self.texts, self.files)


DRAWN = builds(
    Drawn,
    permutations(range(len(FIELDS))).map(tuple),
    integers(0, len(FIELDS)),
    sampled_from((0, MODEST, LONG)),
    booleans(),
    integers(0, 2),
    lists(integers(1, 400), max_size=3).map(tuple),
)


@given(DRAWN)
@settings(max_examples=60, deadline=None)
def test_a_message_file(drawn: Drawn) -> None:
    assert len(attached(drawn.data())) == len(drawn.files)
    assert attached(drawn.data()) == reference(drawn.data())


@given(lists(DRAWN, min_size=1, max_size=3))
@settings(max_examples=20, deadline=None)
def test_a_mailbox(drawn: list[Drawn]) -> None:
    boxed = b"\n".join(FROM_LINE + each.data() for each in drawn)
    assert attached(boxed) == [body for each in drawn for body in reference(each.data())]


@pytest.mark.parametrize("length", [0, 65_000, 130_000, 131_072, 140_000, 3_000_000])
def test_however_long_its_header_is_up_to_what_is_promised(length: int) -> None:
    data = FIELDS[0] + filler(length) + b"".join(FIELDS[1:]) + b"\n" + parts(1, [40])
    assert attached(data) == [bytes(40)]


@pytest.mark.parametrize("length", [1_000, 40_000, 70_000, 140_000, 3_000_000])
def test_unknown_fields_in_front_of_the_known_ones_hide_nothing(length: int) -> None:
    data = filler(length, unknown=True) + b"".join(FIELDS) + b"\n" + parts(1, [40])
    assert attached(data) == attached(FROM_LINE + data + b"\n") == [bytes(40)]


FOREIGN = (
    b"Server: mx1\n",
    b"Host: mx1\n",
    b"Package: firefox-esr\n",
    b"Set-Cookie: a=b\n",
    b"Manifest-Version: 1\n",
)
DATES = (
    b"2026-06-01 10:00:00", b"2026-06-01T10:00:00+02:00", b"Jun  1 10:00:00 2026", b"1 Jun 2026 10:00:00",
    b"lun jun  1 10:00:00 2026", "вт июн  2 10:00:00 2026".encode(), b"Mo. 1. Juni 2026, 10:00",
)  # fmt: skip


@pytest.mark.parametrize("field", FOREIGN)
@pytest.mark.parametrize("at", range(len(FIELDS) + 1))
def test_a_field_that_mail_seldom_has_hides_nothing(field: bytes, at: int) -> None:
    data = b"".join((*FIELDS[:at], field, *FIELDS[at:])) + b"\n" + parts(1, [40])
    assert attached(data) == reference(data) == [bytes(40)]
    bare = data.replace(FIELDS[4], b"").replace(FIELDS[5], b"")
    assert attached(bare) == [bytes(40)]


@pytest.mark.parametrize("date", DATES)
def test_from_lines_with_any_date_open_a_mailbox(date: bytes) -> None:
    data = b"From vera@kestrel.example " + date + b"\n" + b"".join(FIELDS) + b"\n" + parts(1, [40])
    boxed = data + b"\n" + data
    assert attached(boxed) == [bytes(40)] * 2
    said = b"He wrote:\n" + data.partition(b"\n")[0] + b"\nSubject: no message begins here\n"
    assert len(list(opened("f", FROM_LINE + FIELDS[0] + b"\n" + said))) == 1


BEFORE = (
    b">From vera@kestrel.example Mon Jun  1 10:00:00 2026\n", b"\xef\xbb\xbf", b"\n", b"\r\n \r\n\n", b"POST /x\n",
    b"\nsaved by Kestrel\n", b"From vera at ten\n",
)  # fmt: skip


@pytest.mark.parametrize("before", BEFORE)
def test_what_stands_before_a_header_hides_nothing(before: bytes) -> None:
    data = b"".join(FIELDS) + b"\n" + parts(1, [40])
    assert attached(before + data) == [bytes(40)]
    assert identify_type(before + data, b"", len(before + data)) == "message/rfc822"


@given(
    lists(
        sampled_from(
            (
                *FIELDS,
                *FOREIGN,
                *BEFORE,
                *(b"From a@b.example " + date + b"\n" for date in DATES),
                FROM_LINE,
                b"x: y\n",
                b"{",
            )
        ),
        max_size=8,
    ).map(b"".join)
)
@settings(max_examples=300)
@example(b"{" + FIELDS[0] + b"".join(FIELDS))
def test_what_is_typed_as_mail_is_opened(head: bytes) -> None:
    kind = identify_type(head, b"", len(head))
    claimed = [source.name for source in SOURCES if source.claims(Glance("f", head))]
    assert claimed == {"message/rfc822": ["eml"], "application/mbox": ["mbox"]}.get(kind, claimed[:0])
