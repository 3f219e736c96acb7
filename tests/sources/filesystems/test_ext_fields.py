"""What is read off an inode at once is what reading it number by number gives."""

from struct import pack_into
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionday.sources.filesystems import _ext_map
from actionday.sources.filesystems._ext_fields import EXTENTS, facts_of, size_of, times_of
from actionday.sources.filesystems._tsk_runs import BadMap

SMALL = st.integers(0, 6)


def volume() -> SimpleNamespace:
    return SimpleNamespace(block=1024, first=1, blocks=8, held=[], beyond=[(1, 1)], wrong=[])


@given(
    st.sampled_from([0xF30A, 0xF30B]), SMALL, SMALL, st.sampled_from([0, 0, 0, 1]), st.sampled_from([0, 0, 2]),
    st.sampled_from([0, 1, 2, 3, 7, 32768, 32769, 32771]), st.sampled_from([0, 0, 1]), st.integers(0, 9),
    st.integers(0, 5000),
)  # fmt: skip
def test_a_map_of_one_extent_is_read_as_any_other(
    magic: int, count: int, most: int, depth: int, first: int, length: int, high: int, low: int, size: int
) -> None:
    raw = bytearray(256)
    pack_into("<I", raw, 32, EXTENTS)
    pack_into("<4H4xI2HI", raw, 40, magic, count, most, depth, first, length, high, low)
    found = []
    for short in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            if not short:
                patch.setattr(_ext_map, "_in_one_piece", lambda *_: None)
            of = volume()
            try:
                found.append((_ext_map.runs_of(of, 12, bytes(raw), size), of.held, of.beyond))
            except (BadMap, AttributeError) as error:  # a tree of blocks, which this volume has none of
                found.append(type(error))
    assert found[0] == found[1]


def by_number(raw: bytes) -> dict[str, int]:
    """Return the times of an inode, read one by one."""
    kept, found = 128 + int.from_bytes(raw[128:130], "little"), {}
    for name, at, extra in (("atime", 8, 140), ("ctime", 12, 132), ("mtime", 16, 136), ("created", 144, 148)):
        if at + 4 <= kept:
            more = int.from_bytes(raw[extra : extra + 4], "little") if extra + 4 <= kept else 0
            seconds = int.from_bytes(raw[at : at + 4], "little", signed=True) + ((more & 3) << 32)
            found[name] = seconds * 1_000_000_000 + min(more >> 2, 999_999_999)
    return found


@given(st.binary(min_size=256, max_size=256), st.sampled_from([0, 4, 12, 20, 23, 24, 28, 32, 128]))
def test_times_owner_and_size_are_those_of_each_field(raw: bytes, kept: int) -> None:
    raw = raw[:128] + kept.to_bytes(2, "little") + raw[130:]
    assert times_of(raw) == by_number(raw)
    number = [int.from_bytes(raw[at : at + 2], "little") for at in range(0, 256, 2)]
    meta, _ = facts_of(12, raw)
    assert (meta["mode"], meta["links"]) == (f"{number[0] & 0o7777:04o}", number[13])
    assert (meta["uid"], meta["gid"]) == (number[1] | number[60] << 16, number[12] | number[61] << 16)
    high = (number[54] | number[55] << 16) << 32 if number[0] >> 12 == 8 else 0
    assert size_of(raw) == number[2] | number[3] << 16 | high
