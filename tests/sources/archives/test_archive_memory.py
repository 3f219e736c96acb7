"""Memory stays flat, whatever comes out of an archive: 300 MB through a few hundred kilobytes."""

import gzip
import io
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
import zstandard

from actionday.sources.archives import gz, tar, zst
from actionday.sources.archives import zip as zip_source
from actionday.sources.web import warc
from actionday.testing.context import Alone, Bytes

MIB = 1 << 20
BLOCK = bytes(MIB)
LARGE = 300


def tar_stream() -> Iterator[bytes]:
    """A tar of three members of 100 MB, made piece by piece."""
    for name in "abc":
        info = tarfile.TarInfo(name)
        info.size = LARGE // 3 * MIB
        yield info.tobuf()
        yield from (BLOCK for _ in range(LARGE // 3))
    yield bytes(1024)


def tar_gz() -> bytes:
    packer = zlib.compressobj(1, wbits=31)
    return b"".join(packer.compress(piece) for piece in tar_stream()) + packer.flush()


def tar_zst() -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    return b"".join(packer.compress(piece) for piece in tar_stream()) + packer.flush()


def zip_deflated() -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("a", "w") as out,
    ):
        for _ in range(LARGE):
            out.write(BLOCK)
    return made.getvalue()


def warc_gz() -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    packer = zlib.compressobj(1, wbits=31)
    body = b"".join(packer.compress(BLOCK) for _ in range(LARGE)) + packer.flush()
    length = len(head) + len(body)
    record = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://kestrel.example/\r\n"
    record += (
        b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n" % length + head + body + b"\r\n\r\n"
    )
    return gzip.compress(record, 1)


def peak_of(source: Any, data: bytes) -> tuple[int, int]:
    """Return the most memory held at once while all contents are read, and how many bytes came out."""
    stream, out = Bytes(data), 0
    tracemalloc.start()
    try:
        for found in source.items(stream, Alone("x")):
            with found.read() as reader:
                while piece := reader.read(MIB):
                    out += len(piece)
        return tracemalloc.get_traced_memory()[1], out
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("source", "make"), [
    (gz.SOURCE, tar_gz), (zst.SOURCE, tar_zst), (zip_source.SOURCE, zip_deflated), (warc.SOURCE, warc_gz),
], ids=["tar.gz", "tar.zst", "zip", "warc.gz"])  # fmt: skip
def test_300_megabytes_come_out_of_a_few(source: Any, make: Any) -> None:
    peak, out = peak_of(source, make())
    assert out == LARGE * MIB
    assert peak < 8 * MIB


def test_a_hole_of_a_terabyte_is_told_and_not_made() -> None:
    info = tarfile.TarInfo("hole")
    info.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.map": "0,5",
                        "GNU.sparse.realsize": str(1 << 40), "GNU.sparse.name": "hole"}  # fmt: skip
    info.size = 5
    data = info.tobuf(tarfile.PAX_FORMAT) + b"12345" + bytes(507) + bytes(1024)
    (found,) = tar.SOURCE.items(Bytes(data), Alone("x.tar"))
    assert found.size == 1 << 40
    assert found.runs is not None
    assert found.runs[1] == (-1, (1 << 40) - 5)
    packed = next(gz.SOURCE.items(Bytes(gzip.compress(data)), Alone("x.tgz")))
    assert packed.read is not None
    assert packed.read().read(7) == b"12345\0\0"


def test_listing_many_members_holds_none_of_them() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(8000):
            archive.writestr(f"folder/member-{number:06d}.txt", b"12345")
    stream, count = Bytes(made.getvalue()), 0
    tracemalloc.start()
    try:
        for _ in zip_source.SOURCE.items(stream, Alone("x.zip")):
            count += 1
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 8000
    assert peak < 2 * MIB
