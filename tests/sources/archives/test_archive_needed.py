"""What asks for more memory than is given is over the limit and says how much; it is not called damaged."""

import random
import resource
import struct
from zlib import crc32

import pytest
from archive_tools import TEXT, Run, tool
from test_archive_blocks import END5, FIRST5, MARK5, number
from test_archive_rarparts import head
from zstandard import ZstdCompressionParameters, ZstdCompressor

from actionday.model import OverLimit, Source
from actionday.sources.archives import lzma, rar, sevenzip, xz, zst
from actionday.sources.archives._xz import is_lzma
from actionday.testing.context import Alone, Bytes

NOISE = random.Random(1).randbytes(3000)
FOUR_GIB = b"\xff\xff\xff\xff"


def seven(tmp_path: object, method: str, find: bytes, properties: bytes) -> bytes:
    """Return a 7z of 7-Zip's whose coder asks for more, with the checksums of that."""
    (tmp_path / "r").write_bytes(NOISE)  # type: ignore[operator]
    tool("7z", "a", "-mhc=off", f"-m0={method}", "x.7z", "r", where=tmp_path)  # type: ignore[arg-type]
    data = bytearray((tmp_path / "x.7z").read_bytes())  # type: ignore[operator]
    begin, size = 32 + int.from_bytes(data[12:20], "little"), int.from_bytes(data[20:28], "little")
    at = data.index(find, begin) + len(find)
    data[at : at + len(properties)] = properties
    data[28:32] = crc32(data[begin : begin + size]).to_bytes(4, "little")
    data[8:12] = crc32(data[12:32]).to_bytes(4, "little")
    return bytes(data)


def why(source: Source, name: str, data: bytes) -> str:
    """Read the first member with no more memory than a worker has; return why it is over the limit."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (2 << 30, before[1]))
    try:
        items = iter(
            source.items(Bytes(data), Alone(name))
        )  # held: a content is read while its member is current
        first = next(items)
        assert first.read is not None
        with pytest.raises(OverLimit) as raised:
            first.read().read()
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
    return str(raised.value)


@pytest.mark.parametrize(
    ("method", "find", "properties", "mib"),
    [
        ("lzma2", b"\x21\x21\x01", b"\x28", 4095),
        ("lzma", b"\x23\x03\x01\x01\x05\x5d", FOUR_GIB, 4095),
        ("ppmd", b"\x23\x03\x04\x01\x05\x06", b"\0\0\0\xf0", 3840),
    ],
)
def test_a_7z_of_4_gib_says_how_much_it_needs(
    tmp_path: object, method: str, find: bytes, properties: bytes, mib: int
) -> None:
    told = why(sevenzip.SOURCE, "x.7z", seven(tmp_path, method, find, properties))
    assert told.startswith("7z: needs more memory to unpack than is allowed")
    assert f"its largest dictionary takes {mib} MiB, 1024 MiB are allowed" in told


@pytest.mark.parametrize("form", ["xz", "lzma"])
def test_an_xz_says_how_much_it_needs(form: str) -> None:
    kind = "lzma2" if form == "xz" else "lzma1"
    packed = bytearray(tool("xz", "-c", f"--format={form}", f"--{kind}=preset=0,dict=1MiB", given=NOISE))
    if form == "xz":
        at = packed.index(b"\x21\x01") + 2
        packed[at] = 37  # 1.5 GiB
        end = 12 + (packed[12] + 1) * 4
        packed[end - 4 : end] = crc32(packed[12 : end - 4]).to_bytes(4, "little")
    else:
        packed[1:5] = (3 << 29).to_bytes(4, "little")
        assert is_lzma(bytes(packed[:64]))
    told = why({"xz": xz, "lzma": lzma}[form].SOURCE, f"x.{form}", bytes(packed))
    assert "its dictionary takes 1536 MiB, 256 MiB are allowed" in told


@pytest.mark.parametrize("known", [True, False], ids=["single segment", "window"])
def test_a_zstd_of_2_gib_says_how_much_it_needs(known: bool) -> None:
    packer = ZstdCompressor(
        compression_params=ZstdCompressionParameters.from_level(1, window_log=27)
    ).compressobj()
    data = bytearray(packer.compress(NOISE) + packer.flush())
    data[5] = (31 - 10) << 3
    if known:  # no window, eight bytes that say how long the content is
        data[4:6] = bytes([0xE0 | data[4] & 4]) + (1 << 31).to_bytes(8, "little")
    assert why(zst.SOURCE, "x.zst", bytes(data)) == "zstd: wants a window of 2048 MiB, 128 MiB are allowed"


def test_a_rar_of_4_gib_is_over_the_limit() -> None:
    fields = number(4) + number(len(TEXT)) + number(0o644) + struct.pack("<I", crc32(TEXT))
    fields += number(3 << 7 | 15 << 10) + number(1) + number(5) + b"a.txt"
    data = MARK5 + FIRST5 + head(2, fields, data=NOISE) + END5
    run = Run(rar.SOURCE, "a.rar", data)
    assert "needs more memory to unpack than is allowed" in f"{run.end}{[each.reason for each in run.items]}"
