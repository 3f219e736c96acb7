"""What the blocks of a RAR hold and no reader shows, and members behind what the library refuses.

7-Zip and The Unarchiver list what stands here as whole archives of their one or two members. Nobody but its maker may
write the format: these are made by hand, by the published description.
"""

import os
import struct
from time import perf_counter
from zlib import crc32

import pytest
from archive_tools import TEXT, Run
from test_archive_blocks import (
    END5,
    FIRST5,
    HIDDEN,
    MARK5,
    MEMBER5,
    block,
    block4,
    entry,
    number,
    rar4,
    rar5,
)

from actionday.model import Status
from actionday.sources.archives import rar
from actionday.sources.archives._rarblocks import Walk
from actionday.sources.archives._rarfive import Five
from actionday.testing.context import Bytes

SECRET = HIDDEN.replace(b",", b"")
MARK4, FIRST4, END4 = b"Rar!\x1a\x07\0", block4(0x73, 0, bytes(6)), block4(0x7B, 0x4000, b"")


def record(kind: int, data: bytes) -> bytes:
    return number(len(number(kind) + data)) + number(kind) + data


def head(kind: int, fields: bytes, extra: bytes = b"", data: bytes = b"") -> bytes:
    """Return a block of RAR 5 with an extra area."""
    flags = bool(extra) | 2 * bool(data)
    body = number(kind) + number(flags) + (number(len(extra)) if extra else b"")
    body += (number(len(data)) if data else b"") + fields + extra
    body = number(len(body)) + body
    return crc32(body).to_bytes(4, "little") + body + data


def member(name: bytes, data: bytes, *, extra: bytes = b"", more: bytes = b"", folder: int = 0, kind: int = 2,
           size: int | None = None) -> bytes:  # fmt: skip
    fields = number(4 | folder) + number(len(data) if size is None else size) + number(0o644)
    fields += struct.pack("<I", crc32(data)) + number(0) + number(1) + number(len(name)) + name + more
    return head(kind, fields, extra, data)


def old(name: bytes, data: bytes, *, more: bytes = b"", size: int | None = None) -> bytes:
    """Return a stored member of RAR 4, with ``more`` behind its name."""
    told = len(data) if size is None else size
    fields = struct.pack(
        "<IIBIIBBHI", len(data), told, 3, crc32(data[:told]), 0x5A8C6000, 20, 0x30, len(name), 0o100644
    )
    return block4(0x74, 0x8000, fields + name + more, data)


def five(*blocks: bytes) -> bytes:
    return MARK5 + b"".join(blocks)


def four(*blocks: bytes) -> bytes:
    return MARK4 + b"".join(blocks)


FIVE, FOUR = member(b"a.txt", TEXT), old(b"a.txt", TEXT)
BESIDE = {
    "5: fields of the archive": five(block(1, number(0) + SECRET), FIVE, END5),
    "5: a record of the archive": five(head(1, number(0), record(0x33, SECRET)), FIVE, END5),
    "5: data of the archive": five(block(1, number(0), SECRET), FIVE, END5),
    "5: a record of a member": five(FIRST5, member(b"a.txt", TEXT, extra=record(0x33, SECRET)), END5),
    "5: a record of services": five(FIRST5, member(b"a.txt", TEXT, extra=record(7, SECRET)), END5),
    "5: times too long": five(FIRST5, member(b"a.txt", TEXT, extra=record(3, SECRET)), END5),
    "5: behind a name": five(FIRST5, member(b"a.txt\0" + SECRET, TEXT), END5),
    "5: a link's content": five(
        FIRST5, FIVE, member(b"l", SECRET, extra=record(5, number(1) + number(0) + number(1) + b"x")), END5
    ),
    "5: a recovery record of words": rar5(entry(3, b"RR", SECRET)),
    "5: a quick list of words": rar5(entry(3, b"QO", SECRET)),
    "5: a signature": rar5(entry(3, b"AV", SECRET)),
    "5: a record of a service": rar5(member(b"RR", b"sums", kind=3, extra=record(1, SECRET * 2))),
    "5: fields of the end": five(FIRST5, MEMBER5, block(5, number(0) + SECRET)),
    "5: data of the end": five(FIRST5, MEMBER5, block(5, number(0), SECRET)),
    "5: between blocks": five(FIRST5, MEMBER5, SECRET, END5),
    "4: fields of the archive": four(block4(0x73, 0, bytes(7) + SECRET), FOUR, END4),
    "4: fields of a member": four(FIRST4, old(b"a.txt", TEXT, more=SECRET), END4),
    "4: behind a name": four(FIRST4, old(b"a.txt\0" + SECRET, TEXT), END4),
    "4: a signature": rar4(block4(0x76, 0, SECRET)),
    "4: another signature": rar4(block4(0x79, 0, SECRET)),
    "4: fields of the end": four(FIRST4, FOUR, block4(0x7B, 0x4000, bytes(13) + SECRET)),
    "4: the old recovery record": rar4(
        block4(0x78, 0x8000, struct.pack("<IBHI8s", len(SECRET), 20, 1, 1, b"Protect!"), SECRET)
    ),
    "4: a second mark": four(block4(0x72, 0, SECRET), FIRST4, FOUR, END4),
}


@pytest.mark.parametrize("data", BESIDE.values(), ids=BESIDE)
def test_words_in_any_part_of_an_archive_are_an_item_and_a_line(data: bytes) -> None:
    run = Run(rar.SOURCE, "a.rar", data)
    assert run.contents["a.txt"] == TEXT
    hidden = [
        body for name, body in run.contents.items() if isinstance(body, bytes) and name not in ("a.txt", "l")
    ]
    assert sum(SECRET in body for body in hidden) == 1
    assert "unclaimed" in run.codes


@pytest.mark.parametrize(
    "data",
    [
        five(head(1, number(0), record(0x33, b"new")), FIVE, member(b"b.txt", SECRET), END5),
        five(FIRST5, FIVE, block(2, number(0) * 4 + number(0) + number(1) + number(1) + b"e"), member(b"b.txt", SECRET), END5),
        five(FIRST5, FIVE, SECRET[:20], member(b"b.txt", SECRET), END5),
        five(FIRST5, FIVE, MARK5, FIRST5, member(b"b.txt", SECRET), END5),
        four(FIRST4, FOUR, SECRET[:20], old(b"b.txt", SECRET), END4),
        four(FIRST4, FOUR, block4(0x77, 0x8000, struct.pack("<I", 4), b"kest"), old(b"b.txt", SECRET), END4),
    ],
    ids=["5: a record nobody knows", "5: an empty member", "5: junk", "5: a second archive", "4: junk", "4: an old block"],
)  # fmt: skip
def test_members_behind_what_the_library_refuses_are_listed_and_read(data: bytes) -> None:
    run = Run(rar.SOURCE, "a.rar", data)
    assert run.contents["a.txt"] == TEXT
    assert run.contents["b.txt"] == SECRET
    assert "hidden_member" in run.codes
    assert len({each.place for each in run.items}) == len(run.items)


def test_a_packed_member_behind_what_the_library_refuses_is_named() -> None:
    run = Run(rar.SOURCE, "a.rar", five(FIRST5, FIVE, b"junk", entry(2, b"b.txt", SECRET, method=3), END5))
    assert run.item("b.txt").status is Status.UNREADABLE


@pytest.mark.parametrize("data", [five(FIRST5, FIVE, END5), four(FIRST4, FOUR, END4)], ids=["RAR 5", "RAR 4"])
@pytest.mark.parametrize("at", [0, 1000, len(TEXT) - 1])
def test_a_changed_byte_of_a_stored_member_is_noticed(data: bytes, at: int) -> None:
    """The library checks no CRC of what is not packed: it gave the altered content as whole."""
    assert not Run(rar.SOURCE, "a.rar", data).noticed()
    start = data.index(TEXT) + at
    run = Run(rar.SOURCE, "a.rar", data[:start] + bytes((data[start] ^ 1,)) + data[start + 1 :])
    assert "CRC" in str(run.contents["a.txt"])


def test_fields_that_shift_a_content_for_the_library_give_no_false_one() -> None:
    """Bytes behind a member's name: the library takes them for its first ones, and leaves out its last."""
    run = Run(rar.SOURCE, "a.rar", five(FIRST5, member(b"a.txt", TEXT, more=SECRET), END5))
    assert "CRC" in str(run.contents["a.txt"])
    assert SECRET in run.contents.values()


@pytest.mark.parametrize(
    "data",
    [five(FIRST5, member(b"a.txt", TEXT, size=100), END5), four(FIRST4, old(b"a.txt", TEXT, size=100), END4)],
    ids=["RAR 5", "RAR 4"],
)
def test_more_bytes_than_are_declared_are_given_and_said(data: bytes) -> None:
    run = Run(rar.SOURCE, "a.rar", data)
    assert run.contents["a.txt"] == TEXT
    assert [note.reason for note in run.notes] == [
        f"rar: 100 bytes declared, {len(TEXT)} there: all are given"
    ]


@pytest.mark.parametrize(
    "junk", [os.urandom(4 << 20), b"\x01\x01" * (2 << 20)], ids=["random", "made to match"]
)
def test_the_next_block_is_looked_for_in_time_that_grows_with_the_bytes(junk: bytes) -> None:
    walk = Walk(Bytes(five(FIRST5, FIVE, junk, member(b"b.txt", SECRET), END5)), Five(), 8)
    start = perf_counter()
    assert not list(walk.blocks())
    assert perf_counter() - start < 10
    assert len(walk.gaps) == 1
    assert [each.name for each in walk.members[:1]] == [b"a.txt"]
