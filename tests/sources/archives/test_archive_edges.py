"""What begins a part of a packed content is known wherever the blocks in which it is read end: sound ones stay whole."""

import bz2
import gzip
import lzma
import random
import struct
from collections.abc import Callable, Iterator

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, sampled_from

from actionday.model import Damaged
from actionday.sources.archives import zst
from actionday.sources.archives._bzip2 import bunzip
from actionday.sources.archives._gzip import gunzip
from actionday.sources.archives._streams import BLOCK, Aside, Behind, Notes, Readable
from actionday.sources.archives._xz import unxz
from actionday.sources.archives._zstd import unzstd
from actionday.sources.web._tape import Gzipped
from actionday.testing.context import Alone, Bytes

Decoder = Callable[[Readable, Notes, Behind], Iterator[bytes]]
WORDS = b"meet at the old pier of the kestrel club at nine "


def skipped(content: bytes, kind: int = 0) -> bytes:
    return bytes([0x50 + kind]) + b"\x2a\x4d\x18" + struct.pack("<I", len(content)) + content


def sized(pack: Callable[[bytes], bytes], size: int) -> tuple[bytes, bytes]:
    """Return a content that does not shrink, and it packed into exactly ``size`` bytes."""
    noise = random.Random(size).randbytes(size)
    length = 2 * size - len(pack(noise))
    for more in range(-9, 9):
        if len(packed := pack(noise[: length + more])) == size:
            return noise[: length + more], packed
    raise AssertionError(size)


class Slow:
    """Gives ``most`` bytes at a time, as a pipe may."""

    def __init__(self, data: bytes, most: int) -> None:
        self._data, self._most, self._at = data, most, 0

    def read(self, length: int = -1, /) -> bytes:
        piece = self._data[self._at : self._at + min(self._most, length if length >= 0 else self._most)]
        self._at += len(piece)
        return piece


FORMATS: dict[str, tuple[Decoder, Callable[[bytes], bytes], bytes]] = {
    "gz": (gunzip, lambda data: gzip.compress(data, 1), b""),
    "bz2": (bunzip, lambda data: bz2.compress(data, 1), b""),
    "xz": (unxz, lambda data: lzma.compress(data, preset=0), bytes(4)),
    "zst": (unzstd, zstandard.compress, skipped(WORDS)),
}


@pytest.mark.parametrize("most", [1, 7, BLOCK])
@pytest.mark.parametrize("form", FORMATS)
def test_contents_behind_one_another_are_whole_however_little_is_read_at_a_time(form: str, most: int) -> None:
    decode, pack, between = FORMATS[form]
    data = (pack(WORDS) + between) * 5 + pack(b"the end")
    told: list[object] = []
    noted: list[str] = []
    out = b"".join(decode(Slow(data, most), lambda *note: noted.append(note[0]), lambda *at: told.append(at)))
    assert (out, told, noted) == (WORDS * 5 + b"the end", [], [])


@pytest.mark.parametrize("form", ["gz", "xz", "zst"])
@pytest.mark.parametrize("before", range(-9, 3))
def test_a_content_that_begins_at_the_edge_of_a_block_is_one_with_those_before(
    form: str, before: int
) -> None:
    decode, pack, between = FORMATS[form]
    edge = BLOCK + (before & ~3 if form == "xz" else before)
    first, packed = sized(pack, edge)
    data = packed + between + pack(WORDS) + pack(b"the end")
    told: list[object] = []
    out = b"".join(decode(Slow(data, BLOCK), lambda *_: None, lambda *at: told.append(at)))
    assert (out == first + WORDS + b"the end", told) == (True, [])


@given(lists(integers(0, 15), min_size=1, max_size=4), integers(-40, 9), sampled_from((1, 7, 100, BLOCK)))
@settings(max_examples=40)
def test_skippable_frames_are_told_wherever_they_begin(kinds: list[int], before: int, most: int) -> None:
    filler = skipped(bytes((BLOCK if most == BLOCK else 5000) - 8 + before))
    frames = [skipped(WORDS + b"%d" % each, each) for each in kinds]
    data = filler + b"".join(frames) + zstandard.compress(b"the end")
    places: list[tuple[int, int]] = []
    told: list[object] = []

    def aside(_: str, start: int, length: int) -> None:
        places.append((start, length))

    given_aside: Aside = aside
    out = b"".join(unzstd(Slow(data, most), lambda *_: None, lambda *at: told.append(at), given_aside))
    assert (out, told) == (b"the end", [])
    assert [data[start : start + length] for start, length in places[1:]] == [frame[8:] for frame in frames]


@pytest.mark.parametrize("cut", [1, 2, 3, 5])
def test_a_frame_that_is_cut_in_its_first_bytes_is_noticed(cut: int) -> None:
    told: list[object] = []
    whole = zstandard.compress(WORDS)
    for more in (skipped(WORDS)[:cut], zstandard.compress(WORDS)[:cut]):
        told.clear()
        try:
            out = b"".join(unzstd(Slow(whole + more, BLOCK), lambda *_: None, lambda *at: told.append(at)))
        except Damaged:
            continue
        assert (out, told) == (WORDS, [(len(whole), cut)])


def test_many_small_skippable_frames_are_one_item_and_no_depth() -> None:
    data = b"".join(skipped(WORDS[at : at + 3]) for at in range(0, 48, 3)) * 2000 + zstandard.compress(
        b"the end"
    )
    stream, around = Bytes(data), Alone("a.zst")
    content, frames = zst.SOURCE.items(stream, around)
    assert content.read is not None
    assert content.read().read() == b"the end"
    assert frames.name == "skippable frames @8"
    assert frames.runs is not None
    assert b"".join(data[at : at + length] for at, length in frames.runs) == WORDS[:48] * 2000
    assert [note.code for note in around.notes] == ["unclaimed"]


def test_sizes_that_pzstd_keeps_are_no_item_and_four_bytes_that_are_none_are() -> None:
    packed = [zstandard.compress(WORDS * number) for number in (1, 2, 3)]
    sound = b"".join(skipped(struct.pack("<I", len(each))) + each for each in packed)
    assert [found.name for found in zst.SOURCE.items(Bytes(sound), Alone("a.zst"))] == ["a"]
    one = skipped(b"pier") + packed[0]
    assert [found.name for found in zst.SOURCE.items(Bytes(one), Alone("a.zst"))] == [
        "a",
        "skippable frame @8",
    ]
    hidden = b"".join(skipped(WORDS[at : at + 4]) for at in range(0, 48, 4)) * 2 + packed[0]
    _, frames = zst.SOURCE.items(Bytes(hidden), Alone("a.zst"))
    assert frames.runs is not None
    assert b"".join(hidden[at : at + length] for at, length in frames.runs) == WORDS[:48] * 2


@pytest.mark.parametrize("before", range(-12, 3))
def test_names_of_members_at_the_edge_of_a_block_are_told(before: int) -> None:
    def member(comment: bytes, content: bytes) -> bytes:
        plain = gzip.compress(content, mtime=0)
        return plain[:3] + b"\x10" + plain[4:10] + comment + b"\0" + plain[10:]

    _, packed = sized(lambda data: gzip.compress(data, 1, mtime=0), BLOCK + before)
    tape = Gzipped(Bytes(packed + member(WORDS, b"one") + member(WORDS, b"two")))
    while tape.skip(1 << 20):
        pass
    assert [(each.name, each.size) for each in tape.asides(1 << 62)] == [("comment", len(WORDS))] * 2
    assert not tape.failure
