"""What a 7z holds beside its members: 7-Zip calls each of these archives whole, and shows none of it.

The archives are written by hand, by 7zFormat.txt: no tool makes them.
"""

import lzma
import struct
from array import array
from contextlib import suppress
from time import perf_counter
from zlib import crc32

import pytest
from archive_tools import TEXT, Run
from hypothesis import given
from hypothesis.strategies import binary, integers

from actionday.model import Damaged, Status
from actionday.sources.archives import sevenzip
from actionday.sources.archives._sevenlist import listing
from actionday.testing.context import Bytes

HIDDEN = b"the Kestrel club meets behind the mill\n" * 4
COPY, LZMA2 = b"\x01\x01\x00", b"\x01\x21\x21\x01\x08"


def number(value: int) -> bytes:
    """Return ``value``, below 2^14 or 2^64, as the format writes it."""
    if value < 0x80:
        return bytes((value,))
    return (
        bytes((0x80 | value >> 8, value & 255)) if value < 1 << 14 else b"\xff" + value.to_bytes(8, "little")
    )


def packed(*sizes: int, at: int = 0) -> bytes:
    return b"\x06" + number(at) + number(len(sizes)) + b"\x09" + b"".join(map(number, sizes)) + b"\0"


def folders(*of: tuple[bytes, bytes]) -> bytes:
    """Return folders of (coder, content)."""
    coders, contents = b"".join(coder for coder, _ in of), [content for _, content in of]
    digests = b"".join(crc32(each).to_bytes(4, "little") for each in contents)
    sizes = b"".join(number(len(each)) for each in contents)
    return b"\x07\x0b" + number(len(of)) + b"\0" + coders + b"\x0c" + sizes + b"\x0a\x01" + digests + b"\0"


def members(*counts: int) -> bytes:
    return b"\x08" + (b"\x0d" + b"".join(map(number, counts)) if counts else b"") + b"\0"


def property_(kind: int, data: bytes) -> bytes:
    return number(kind) + number(len(data)) + data


def files(names: list[str], *properties: bytes, more: bytes = b"") -> bytes:
    told = b"\0" + b"".join(each.encode("utf-16-le") + b"\0\0" for each in names) + more
    return b"\x05" + number(len(names)) + property_(0x11, told) + b"".join(properties) + b"\0"


def head(streams: bytes, listed: bytes, before: bytes = b"") -> bytes:
    return b"\x01" + before + b"\x04" + streams + b"\0" + listed + b"\0"


def archive(contents: bytes, listed: bytes) -> bytes:
    start = struct.pack("<QQI", len(contents), len(listed), crc32(listed))
    return b"7z\xbc\xaf\x27\x1c\0\4" + crc32(start).to_bytes(4, "little") + start + contents + listed


def lzma2(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}])


ONE = packed(len(TEXT)) + folders((COPY, TEXT)) + members()
WHOLE = head(ONE, files(["a.txt"]))
BESIDE = packed(len(TEXT), len(HIDDEN))
CODED = lzma2(HIDDEN)
LIST2 = lzma2(WHOLE)
GAP = len(TEXT) + len(HIDDEN)

ARCHIVES = {
    "a folder of no member": archive(
        TEXT + HIDDEN, head(BESIDE + folders((COPY, TEXT), (COPY, HIDDEN)) + members(1, 0), files(["a.txt"]))
    ),
    "a coded folder of no member": archive(
        TEXT + CODED,
        head(packed(len(TEXT), len(CODED)) + folders((COPY, TEXT), (LZMA2, HIDDEN)) + members(1, 0),
             files(["a.txt"])),
    ),
    "a packed stream of no folder": archive(
        TEXT + HIDDEN, head(BESIDE + folders((COPY, TEXT)) + members(), files(["a.txt"]))
    ),
    "more packed than comes out": archive(
        TEXT + HIDDEN, head(packed(GAP) + folders((COPY, TEXT)) + members(), files(["a.txt"]))
    ),
    "a property of the archive": archive(
        TEXT, head(ONE, files(["a.txt"]), b"\x02" + property_(0x55, HIDDEN) + b"\0")
    ),
    "a comment": archive(TEXT, head(ONE, files(["a.txt"], property_(0x16, HIDDEN)))),
    "filling that is none": archive(TEXT, head(ONE, files(["a.txt"], property_(0x19, HIDDEN)))),
    "behind the names": archive(TEXT, head(ONE, files(["a.txt"], more=HIDDEN))),
    "before a list in LZMA2": archive(
        TEXT + HIDDEN + LIST2, b"\x17" + packed(len(LIST2), at=GAP) + folders((LZMA2, WHOLE)) + b"\0"
    ),
    "before a list as it is": archive(
        TEXT + HIDDEN + WHOLE, b"\x17" + packed(len(WHOLE), at=GAP) + folders((COPY, WHOLE)) + b"\0"
    ),
}  # fmt: skip


@pytest.mark.parametrize("data", ARCHIVES.values(), ids=ARCHIVES)
def test_what_leads_to_no_member_is_an_item_and_a_line(data: bytes) -> None:
    run = Run(sevenzip.SOURCE, "a.7z", data)
    assert run.names[0] == "a.txt"
    assert run.contents["a.txt"] == TEXT
    assert [body for name, body in run.contents.items() if name != "a.txt"] == [HIDDEN]
    assert run.codes == ["unclaimed"]
    assert not run.end


def test_bytes_behind_the_times_cost_no_content() -> None:
    """The library takes them for further properties: its member is empty, without a word."""
    listed = head(ONE, files(["a.txt"], property_(0x14, b"\x01\0" + bytes(8) + HIDDEN)))
    run = Run(sevenzip.SOURCE, "a.7z", archive(TEXT, listed))
    assert {TEXT, HIDDEN} <= set(run.contents.values())
    assert set(run.codes) == {"unclaimed"}


def test_a_list_that_the_library_refuses_gives_its_names_and_contents() -> None:
    """Bytes behind the end of the list: 7-Zip says so and goes on, libarchive lists nothing."""
    streams = packed(len(TEXT), len(CODED)) + folders((COPY, TEXT), (LZMA2, HIDDEN)) + members()
    run = Run(sevenzip.SOURCE, "a.7z", archive(TEXT + CODED, head(streams, files(["a.txt", "b.txt"])) + TEXT))
    assert run.end.startswith("damaged")
    assert [each.name for each in run.items if each.status is Status.UNREADABLE] == ["a.txt", "b.txt"]
    kept = [body for found, body in zip(run.items, run.listing.contents, strict=True) if found.status is None]
    assert kept == [TEXT, HIDDEN, TEXT]


def test_a_list_that_cannot_be_understood_says_that_nothing_was_looked_for() -> None:
    odd = head(packed(len(TEXT)) + folders((COPY, TEXT)) + members(), files(["a.txt"]))
    run = Run(sevenzip.SOURCE, "a.7z", archive(TEXT, odd.replace(b"\x05\x01\x11", b"\x05\x7f\x11")))
    assert "feature" in run.codes
    assert run.end.startswith("damaged")


def test_an_archive_of_nothing_is_one_without_a_remark() -> None:
    run = Run(sevenzip.SOURCE, "a.7z", archive(b"", b""))
    assert (run.items, run.codes, run.end) == ((), [], "")


@given(integers(32 + len(TEXT), 32 + len(TEXT) + len(WHOLE)), integers(0, 3), binary(max_size=9))
def test_no_lie_in_a_list_raises_anything_else_or_takes_long(at: int, gone: int, instead: bytes) -> None:
    listed = archive(TEXT, WHOLE)
    changed = (listed[:at] + instead + listed[at + gone :])[32 + len(TEXT) :]
    start = perf_counter()
    with suppress(Damaged, ValueError):
        listing(Bytes(archive(TEXT, changed)))
    assert perf_counter() - start < 1


def test_a_list_of_many_names_is_gone_through_once() -> None:
    names = array("H", b"a\0\0\0" * 300_000).tobytes()
    told = b"\x01\x05" + number(299_999) + property_(0x11, b"\0" + names) + b"\0\0"
    start = perf_counter()
    found = listing(Bytes(archive(b"", told)))
    assert perf_counter() - start < 2
    assert len(found.names) == 299_999
    assert [each.data for each in found.strange] == [b"a\0\0\0"]
