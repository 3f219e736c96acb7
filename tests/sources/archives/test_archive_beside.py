"""What stands beside a packed content: comments and names of gzip members, frames of zstd that are to be skipped."""

import gzip
import io
import struct
import tarfile
import zlib

import pytest
import zstandard
from archive_tools import Run

from actionday.sources.archives import gz, zst

HIDDEN = b"meet at the old pier instead, says the Kestrel club"


def packed(
    data: bytes, name: bytes = b"", comment: bytes = b"", extra: bytes = b"", *, checked: bool = False
) -> bytes:
    flags = (8 if name else 0) | (16 if comment else 0) | (4 if extra else 0) | (2 if checked else 0)
    head = b"\x1f\x8b\x08" + bytes([flags]) + bytes(4) + b"\0\xff"
    head += struct.pack("<H", len(extra)) + extra if extra else b""
    head += b"".join(text + b"\0" for text in (name, comment) if text)
    head += struct.pack("<H", zlib.crc32(head) & 0xFFFF) if checked else b""
    made = zlib.compressobj(9, zlib.DEFLATED, -15)
    return head + made.compress(data) + made.flush() + struct.pack("<II", zlib.crc32(data), len(data))


@pytest.mark.parametrize("checked", [False, True])
def test_comments_and_later_names_of_gzip_are_items(checked: bool) -> None:
    first = packed(b"one\n", b"one.txt", HIDDEN, b"AB\4\0abcd", checked=checked)
    data = first + packed(b"two\n", b"two.txt") + packed(b"three\n", comment=b"the third", checked=checked)
    run = Run(gz.SOURCE, "a.gz", data)
    assert run.contents["a"] == b"one\ntwo\nthree\n"
    said = {name.partition(" @")[0]: [] for name in run.names[1:]}
    for name, body in list(run.contents.items())[1:]:
        said[name.partition(" @")[0]].append(body)
    assert said == {"extra field": [b"AB\4\0abcd"], "comment": [HIDDEN, b"the third"], "name": [b"two.txt"]}
    assert run.item("a").meta["original_name"] == "one.txt"
    assert set(run.codes) == {"unclaimed"}


def test_a_header_that_lies_across_two_reads_is_told_too() -> None:
    first = packed(b"x" * 5 + bytes(zlib.crc32(b"%d" % each) & 255 for each in range(262_000)))
    data = first + packed(b"two\n", comment=HIDDEN * 200)
    assert HIDDEN * 200 in Run(gz.SOURCE, "a.gz", data).contents.values()


def test_an_ordinary_gzip_and_one_of_a_tar_say_no_more_than_before() -> None:
    assert Run(gz.SOURCE, "a.gz", gzip.compress(b"one\n")).names == ["a"]
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"one\n"))
    run = Run(gz.SOURCE, "a.tar.gz", packed(made.getvalue(), b"a.tar", HIDDEN))
    assert [name.partition(" @")[0] for name in run.names] == ["a.txt", "comment"]


@pytest.mark.parametrize(
    ("extra", "strange"),
    [(b"BC\2\0\x1b\0", False), (b"RA\x0a\0\1\0\xff\xff\2\0abcd", False), (b"LX\4\0\0\0\0\0", False),
     (b"BC\x33\0" + HIDDEN, True), (b"BC\2\0\x1b\0" + HIDDEN, True), (b"KE\x33\0" + HIDDEN, True),
     (b"RA\x39\0\1\0\xff\xff\2\0" + HIDDEN, True), (b"x" + HIDDEN, True)],
)  # fmt: skip
def test_an_extra_field_that_no_program_needs_is_an_item(extra: bytes, strange: bool) -> None:
    run = Run(gz.SOURCE, "a.gz", packed(b"one\n", extra=extra, checked=True))
    assert list(run.contents.values())[1:] == ([extra] if strange else [])


def frame(data: bytes, kind: int = 0) -> bytes:
    return struct.pack("<II", 0x184D2A50 + kind, len(data)) + data


def test_frames_of_zstd_that_are_to_be_skipped_are_items() -> None:
    content = zstandard.ZstdCompressor(write_checksum=True).compress(b"one\n")
    data = frame(HIDDEN) + content + frame(HIDDEN.upper(), 14) + content + frame(b"1234")
    run = Run(zst.SOURCE, "a.zst", data)
    assert run.contents["a"] == b"one\none\n"
    assert list(run.contents.values())[1:] == [HIDDEN, HIDDEN.upper(), b"1234"]
    assert run.codes == ["unclaimed"] * 3
