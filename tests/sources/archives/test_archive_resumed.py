"""Behind a damaged member of a compressed stream the sound ones are read; before foreign bytes all is kept."""

import bz2
import gzip
import io
import lzma
import random
import time
from collections.abc import Callable

import pytest
from archive_tools import Run, tool
from zstandard import ZstdCompressor

from actionday.model import Source
from actionday.sources.archives import bz2 as bz2_source
from actionday.sources.archives import compress, gz, lz4, xz, zst
from actionday.sources.archives._lzw import unpacked
from actionday.sources.archives._resumed import GZIP, following
from actionday.sources.archives._streams import Window
from actionday.testing.context import Alone, Bytes

FIRST = b"first words at the weir, number 1\n" * 200
SECOND = b"second words at the mill, number 2\n" * 200
BY_UNITS = ("zst", "lz4", "bz2", "xz")
FRAMES = ("zst", "lz4")
HIDDEN = b"meet at the old pier of the kestrel club at nine"
PACKERS: dict[str, tuple[Source, Callable[[bytes], bytes]]] = {
    "gz": (gz.SOURCE, lambda data: gzip.compress(data, mtime=0)),
    "bz2": (bz2_source.SOURCE, bz2.compress),
    "xz": (xz.SOURCE, lzma.compress),
    "zst": (zst.SOURCE, lambda data: ZstdCompressor(write_checksum=True).compress(data)),
    "lz4": (lz4.SOURCE, lambda data: tool("lz4", "-c", given=data)),
}


def content(source: Source, data: bytes, name: str) -> tuple[bytes, str, list[str]]:
    """Return what the one member gives, why it ends, and the names of the other items."""
    items = list(source.items(Bytes(data), Alone(name)))
    assert items[0].read is not None
    reader, parts, why = items[0].read(), list[bytes](), ""
    try:
        while part := reader.read(4096):
            parts.append(part)
    except Exception as error:
        why = str(error)
    return b"".join(parts), why, [found.name for found in items[1:]]


@pytest.mark.parametrize("kind", PACKERS)
@pytest.mark.parametrize("where", ["check", "middle", "start"])
def test_sound_members_behind_a_damaged_one_are_read(kind: str, where: str) -> None:
    source, pack = PACKERS[kind]
    bad = bytearray(pack(random.Random(3).randbytes(3000)))
    at = {"check": len(bad) - (3 if kind in FRAMES else 6), "middle": len(bad) // 2, "start": 12}[where]
    bad[at] ^= 0xFF
    data = pack(FIRST) + bytes(bad) + pack(SECOND) + pack(HIDDEN)
    found, why, _ = content(source, data, f"x.{kind}")
    assert found.startswith(FIRST)
    assert found.endswith(SECOND + HIDDEN)
    assert "; read on from byte " in why
    assert (
        len(pack(FIRST)) + len(bad)
        <= int(why.partition("read on from byte ")[2].split(",")[0])
        <= len(pack(FIRST)) + len(bad) + 12
    )


@pytest.mark.parametrize("kind", PACKERS)
def test_what_is_behind_several_damaged_members_is_counted(kind: str) -> None:
    source, pack = PACKERS[kind]
    bad = bytearray(pack(FIRST))
    bad[-3 if kind in FRAMES else -6] ^= 0xFF
    found, why, _ = content(source, (bytes(bad) + pack(SECOND)) * 3 + pack(HIDDEN), f"x.{kind}")
    assert found.count(SECOND) == 3
    assert found.endswith(HIDDEN)
    assert why.endswith("and 2 further damages")


@pytest.mark.parametrize("kind", PACKERS)
def test_bytes_between_sound_frames_are_an_item_and_the_frames_behind_them_are_read(kind: str) -> None:
    source, pack = PACKERS[kind]
    data = pack(FIRST) + HIDDEN + pack(SECOND)
    found, why, names = content(source, data, f"x.{kind}")
    assert found == FIRST + SECOND
    assert "none of the stream's; read on from byte" in why
    assert names == [f"between members @{len(pack(FIRST))}"]
    assert content(source, pack(FIRST) + HIDDEN, f"x.{kind}") == (FIRST, "", ["behind the end"])


@pytest.mark.parametrize("kind", FRAMES)
def test_of_a_frame_all_blocks_before_the_damage_are_given(kind: str) -> None:
    source, pack = PACKERS[kind]
    noise = random.Random(4).randbytes(1 << 20)
    bad = bytearray(tool("lz4", "-c", "-B4", "-BX", given=noise) if kind == "lz4" else pack(noise))
    bad[-200] ^= 1
    found, why, _ = content(source, bytes(bad) + pack(HIDDEN), f"x.{kind}")
    assert found.startswith(noise[: len(noise) - 65536])
    assert found.endswith(HIDDEN)
    assert "read on from byte" in why


def test_blocks_of_lz4_that_stand_alone_are_given_behind_a_damaged_one() -> None:
    noise = random.Random(5).randbytes(1 << 20)
    bad = bytearray(tool("lz4", "-c", "-B4", "-BX", given=noise))
    bad[100_000] ^= 1  # in the second block of 64 KiB
    found, why, _ = content(lz4.SOURCE, bytes(bad), "x.lz4")
    assert found == noise[:65536] + noise[131072:]
    assert why


@pytest.mark.parametrize("kind", BY_UNITS)
@pytest.mark.parametrize("filled", ["marks", "claims"])
def test_what_may_begin_a_frame_is_tried_a_bounded_number_of_times(kind: str, filled: str) -> None:
    source, pack = PACKERS[kind]
    mark = pack(b"a")[: 6 if kind == "zst" else 7]
    again = (
        mark[: {"bz2": 10, "xz": 6}.get(kind, 4)]
        if filled == "marks"
        else mark + pack(b"a")[len(mark) :][:8] * 3
    )
    begin = time.perf_counter()
    _, why, _ = content(source, pack(FIRST)[:-3] + again * ((4 << 20) // len(again)), f"x.{kind}")
    assert time.perf_counter() - begin < 20
    assert why


def test_a_stream_of_damaged_members_takes_no_longer_than_it_is_long() -> None:
    noise = random.Random(1).randbytes(2000)
    bad = bytearray(gzip.compress(noise, mtime=0))
    bad[-6] ^= 0xFF
    begin = time.perf_counter()
    found, why, _ = content(gz.SOURCE, bytes(bad) * 3000, "x.gz")
    assert time.perf_counter() - begin < 20
    assert found == noise * 1000
    assert why.endswith("and 999 further damages; what follows the last of them is not read")


def test_a_damaged_last_member_says_what_it_said() -> None:
    bad = bytearray(gzip.compress(FIRST, mtime=0))
    bad[-6] ^= 0xFF
    assert content(gz.SOURCE, bytes(bad), "x.gz")[:2] == (
        FIRST,
        "gzip: CRC or length differs (member at byte 0)",
    )


def test_three_bytes_that_are_no_member_are_passed_over() -> None:
    data = (b"\x1f\x8b\x08\0" + HIDDEN) * 50 + gzip.compress(SECOND)
    assert following(Bytes(data), 0, GZIP) == len(b"\x1f\x8b\x08\0" + HIDDEN) * 50


LONG = " ".join(
    random.Random(8).choices([random.Random(n).randbytes(3).hex() for n in range(500)], k=90_000)
).encode()


def differing(found: bytes, whole: bytes) -> tuple[int, int]:
    """Return how many bytes at the beginning and at the end of ``found`` are those of ``whole``."""
    front = next(
        (n for n, (one, two) in enumerate(zip(found, whole, strict=False)) if one != two), len(found)
    )
    back = next(
        (n for n, (one, two) in enumerate(zip(found[::-1], whole[::-1], strict=False)) if one != two), 0
    )
    return front, back


def test_blocks_of_bzip2_behind_a_damaged_one_are_given() -> None:
    packed = bytearray(bz2.compress(LONG, 1))
    packed[len(packed) // 2] ^= 0x10
    found, why, names = content(bz2_source.SOURCE, bytes(packed), "x.bz2")
    front, back = differing(found, LONG)
    assert front >= 199_000
    assert back >= 199_000
    assert "read on from byte" in why
    assert not names


@pytest.mark.parametrize("check", ["none", "crc32", "crc64", "sha256"])
def test_blocks_of_xz_behind_a_damaged_one_are_given(check: str) -> None:
    whole = tool("xz", "-c", "-T1", "--block-size=100000", f"--check={check}", given=LONG)
    packed = bytearray(whole)
    packed[len(packed) // 2] ^= 0x10
    found, why, names = content(xz.SOURCE, bytes(packed) + lzma.compress(HIDDEN), "x.xz")
    front, back = differing(found, LONG + HIDDEN)
    assert front >= 300_000
    assert back >= 200_000 + len(HIDDEN)
    assert why
    assert not names


def test_a_block_of_xz_is_given_up_to_its_damage() -> None:
    packed = bytearray(lzma.compress(LONG))
    packed[-2000] ^= 0x10
    found, why, _ = content(xz.SOURCE, bytes(packed), "x.xz")
    assert differing(found, LONG)[0] > len(LONG) * 0.98
    assert why


def test_what_is_changed_in_the_tables_of_an_xz_costs_nothing_of_its_content() -> None:
    whole, behind = lzma.compress(LONG), lzma.compress(HIDDEN)
    for at in (-2, -14, -26):
        packed = bytearray(whole)
        packed[at] ^= 0x10
        found, why, _ = content(xz.SOURCE, bytes(packed) + behind, "x.xz")
        assert found == LONG + HIDDEN
        assert f"read on from byte {len(whole) + 12}" in why


@pytest.mark.parametrize("kind", PACKERS)
def test_a_damaged_mark_of_a_member_costs_that_member_alone(kind: str) -> None:
    source, pack = PACKERS[kind]
    bad = bytearray(pack(SECOND))
    bad[0] ^= 0x10
    found, why, names = content(source, pack(FIRST) + bytes(bad) + pack(HIDDEN), f"x.{kind}")
    assert found.startswith(FIRST)
    assert found.endswith(HIDDEN)
    assert "read on from byte" in why
    assert names == [f"between members @{len(pack(FIRST))}"]


@pytest.mark.parametrize("bits", [10, 12, 16])
def test_lzw_is_read_as_compress_writes_it(bits: int) -> None:
    mixed = random.Random(bits)
    said = b"".join(mixed.choice([b"weir ", b"mill ", mixed.randbytes(5)]) for _ in range(60_000))
    for plain in (b"", b"a", FIRST, bytes(300_000), said):
        packed = tool("compress", "-c", "-f", f"-b{bits}", given=plain)
        assert b"".join(unpacked(Window(Bytes(packed), 0, len(packed)))) == plain


def test_what_was_unpacked_before_foreign_bytes_is_kept_and_they_are_an_item() -> None:
    packed = tool("compress", "-c", "-f", given=FIRST * 10)
    run = Run(compress.SOURCE, "x.z", packed + HIDDEN * 10)
    found, why, names = content(compress.SOURCE, packed + HIDDEN * 10, "x.z")
    assert found.startswith(FIRST * 10)
    assert "impossible code" in why
    behind = [name for name in run.names if "behind the end" in name]
    assert behind
    assert names == behind
    assert HIDDEN in run.contents[behind[0]]


def test_a_second_stream_behind_the_first_is_read() -> None:
    one, two = (tool("compress", "-c", "-f", given=each) for each in (FIRST * 10, SECOND * 10))
    found, why, _ = content(compress.SOURCE, one + two, "x.z")
    assert found.startswith(FIRST * 10)
    assert found.endswith(SECOND * 10)
    assert f"read on from byte {len(one)}" in why


def test_a_sound_stream_of_compress_is_read_without_a_word() -> None:
    packed = tool("compress", "-c", "-f", given=FIRST * 10)
    assert content(compress.SOURCE, packed, "x.z") == (FIRST * 10, "", [])
    assert io.BytesIO(packed).read(2) == b"\x1f\x9d"
