"""What RAR and 7z hold beside their members: comments, services nobody knows, gaps, bytes behind the end."""

import struct
import zlib
from contextlib import suppress

import pytest
from archive_samples import OUT, PLAIN, made, rar
from archive_tools import TEXT, Run
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from actionday.model import Damaged, Loss, Status
from actionday.sources.archives import _rarblocks, sevenzip
from actionday.sources.archives import rar as rars
from actionday.sources.archives._rarblocks import Walk
from actionday.sources.archives._rarfive import Five
from actionday.sources.archives._rarfour import Four
from actionday.sources.archives._sevenlist import listing
from actionday.testing.context import Bytes

HIDDEN = b"meet at the old pier instead, says the Kestrel club"


def number(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def block(kind: int, fields: bytes, data: bytes = b"") -> bytes:
    """Return a block of RAR 5."""
    body = number(kind) + number(2 if data else 0) + (number(len(data)) if data else b"") + fields
    head = number(len(body)) + body
    return zlib.crc32(head).to_bytes(4, "little") + head + data


def entry(kind: int, name: bytes, data: bytes, method: int = 0) -> bytes:
    """Return a member (2) or a service (3) of RAR 5; method 0 is stored."""
    fields = number(4) + number(len(data)) + number(0o644) + struct.pack("<I", zlib.crc32(data))
    return block(kind, fields + number(method << 7) + number(1) + number(len(name)) + name, data)


MARK5, FIRST5, END5 = b"Rar!\x1a\x07\x01\0", block(1, number(0)), block(5, number(0))
MEMBER5 = entry(2, b"a.txt", TEXT)


def rar5(*more: bytes, tail: bytes = b"") -> bytes:
    return MARK5 + FIRST5 + MEMBER5 + b"".join(more) + END5 + tail


def block4(kind: int, flags: int, fields: bytes, data: bytes = b"") -> bytes:
    body = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body + data


def entry4(kind: int, name: bytes, data: bytes, method: int = 0x30) -> bytes:
    crc = zlib.crc32(data)
    fields = struct.pack(
        "<IIBIIBBHI", len(data), len(data), 3, crc, 0x5A8C6000, 20, method, len(name), 0o100644
    )
    return block4(kind, 0x8000, fields + name, data)


def rar4(*more: bytes, tail: bytes = b"") -> bytes:
    first = block4(0x73, 0, bytes(6))
    return (
        b"Rar!\x1a\x07\0"
        + first
        + entry4(0x74, b"a.txt", TEXT)
        + b"".join(more)
        + block4(0x7B, 0x4000, b"")
        + tail
    )


def read(data: bytes) -> Run:
    return Run(rars.SOURCE, "a.rar", data)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (rar5(entry(3, b"CMT", HIDDEN)), "comment"),
        (rar5(entry(3, b"KES", HIDDEN)), "KES"),
        (rar5(entry(3, b"STM", HIDDEN)), "stream"),
        (rar4(entry4(0x7A, b"CMT", HIDDEN)), "comment"),
        (rar4(block4(0x7E, 0x8000, struct.pack("<I", len(HIDDEN)), HIDDEN)), "block 7E"),
    ],
    ids=[
        "comment of RAR 5",
        "a service nobody knows",
        "a stream of Windows",
        "comment of RAR 4",
        "a block nobody knows",
    ],
)
def test_what_is_no_member_is_an_item(data: bytes, name: str) -> None:
    run = read(data)
    assert run.contents["a.txt"] == TEXT
    (hidden,) = (body for each, body in run.contents.items() if each.startswith(f"{name} @"))
    assert HIDDEN in hidden
    assert run.codes == ["unclaimed"]
    assert bool(run.end) is (name == "block 7E")  # the library refuses it


def test_a_packed_comment_is_said_though_nobody_unpacks_it() -> None:
    found = read(rar5(entry(3, b"CMT", HIDDEN, method=3))).items[1]
    assert (found.status, found.name.startswith("comment")) == (Status.UNSUPPORTED, True)


@pytest.mark.parametrize("whole", [rar5(), rar4()], ids=["RAR 5", "RAR 4"])
def test_bytes_behind_the_end_are_an_item(whole: bytes) -> None:
    run = read(whole + HIDDEN)
    assert run.contents["behind the end"] == HIDDEN
    assert run.codes == ["trailing"]
    assert read(whole).names == ["a.txt"]
    assert not read(whole).codes


def test_a_recovery_record_and_a_quick_list_say_nothing() -> None:
    assert not read(rar5(entry(3, b"QO", b"some list"), entry(3, b"RR", b"some sums"))).codes


def test_a_real_one_says_nothing() -> None:
    assert not read(rar()).codes


MANY = rar5(entry(3, b"CMT", HIDDEN), entry(3, b"KES", HIDDEN))


@settings(max_examples=200, deadline=None)
@given(integers(0, len(MANY)), integers(0, 12), binary(max_size=12))
def test_no_lie_makes_the_walk_raise_or_leave_the_archive(at: int, gone: int, instead: bytes) -> None:
    for data, new in ((MANY, True), (rar4(entry4(0x7A, b"CMT", HIDDEN)), False)):
        changed = data[:at] + instead + data[at + gone :]
        walk = Walk(Bytes(changed), *((Five(), 8) if new else (Four(), 7)))
        for each in walk.blocks():
            assert 0 < each.start <= each.start + each.size <= len(changed)


def seven(hidden: bytes, *options: str) -> bytes:
    """Return a 7z with bytes between its contents and its list."""
    whole = made("7zz", "a", "-bd", *options, OUT, *PLAIN)
    offset, size, crc = struct.unpack("<QQI", whole[12:32])
    moved = struct.pack("<QQI", offset + len(hidden), size, crc)
    head = whole[:8] + zlib.crc32(moved).to_bytes(4, "little") + moved
    return head + whole[32 : 32 + offset] + hidden + whole[32 + offset :]


@pytest.mark.tools
@pytest.mark.parametrize(
    "options", [(), ("-mhc=off",), ("-ms=off",), ("-mhc=off", "-ms=off", "-mx0")], ids=" ".join
)
def test_bytes_between_contents_and_list_of_a_7z_are_an_item(options: tuple[str, ...]) -> None:
    run = Run(sevenzip.SOURCE, "a.7z", seven(HIDDEN, *options))
    assert run.contents["schedule.txt"] == TEXT
    assert [body for name, body in run.contents.items() if name.startswith("between")] == [HIDDEN]
    assert run.codes == ["unclaimed"]
    whole = Run(sevenzip.SOURCE, "a.7z", seven(b"", *options))
    assert sorted(whole.names) == sorted(PLAIN)
    assert not whole.codes


@pytest.mark.tools
@settings(max_examples=40, deadline=None)
@given(integers(0, 400), binary(min_size=1, max_size=6))
def test_a_damaged_7z_has_gaps_or_none_and_never_raises(at: int, instead: bytes) -> None:
    whole = SEVEN[0] if SEVEN else SEVEN.append(seven(HIDDEN)) or SEVEN[0]
    with suppress(Damaged, ValueError):
        listing(Bytes(whole[:at] + instead + whole[at + len(instead) :]))


SEVEN: list[bytes] = []


def test_blocks_that_are_not_gone_through_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    data = rar5(entry(3, b"CMT", HIDDEN))
    monkeypatch.setattr(_rarblocks, "MOST", 2)
    run = read(data)
    assert run.names == ["a.txt"]
    assert Loss.PARTS_LIMIT in run.codes
