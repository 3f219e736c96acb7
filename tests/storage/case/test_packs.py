"""Objects: whatever is put is read again in any range; what the database does not know is cut off."""

import os
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.model import Damaged
from actionday.pipeline.proving.stored import _frames as proved
from actionday.storage.objects import FRAME_BYTES, Location, Packs, compress
from actionday.storage.objects import packs as packs_module
from actionday.storage.objects.frames import Compressor
from actionday.storage.objects.packs import HEAD, MAGIC, MARK
from actionday.storage.room import no_room


def put(packs: Packs, data: bytes) -> Location:
    return packs.put(sha256(data).digest(), len(data), compress(data))


def fresh(folder: Path) -> Packs:
    packs = Packs(folder / "objects")
    packs.begin({})
    return packs


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.binary(max_size=300), min_size=1, max_size=8),
    st.integers(0, 400),
    st.integers(0, 400),
)
def test_any_range_of_any_object_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], start: int, length: int
) -> None:
    packs = fresh(tmp_path_factory.mktemp("packs"))
    places = [put(packs, data) for data in contents]
    for data, place in zip(contents, places, strict=True):
        stream = packs.stream(place)
        stream.seek(start)
        assert stream.read(length) == data[start : start + length]
        stream.seek(0)
        assert stream.read() == data
    packs.close()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=6), min_size=1, max_size=4),
    st.integers(0, 400),
    st.integers(0, 400),
)
def test_objects_that_share_a_frame_are_read_each_for_itself(
    tmp_path_factory: pytest.TempPathFactory, bundles: list[list[bytes]], start: int, length: int
) -> None:
    packs = fresh(tmp_path_factory.mktemp("packs"))
    placed = []
    for texts in bundles:
        members = [(sha256(text).digest(), len(text)) for text in texts]
        places = packs.put_together(members, Compressor().bundle(texts))
        placed += list(zip(texts, places, strict=True))
        placed.append((b"between", put(packs, b"between")))
    for text, place in [*placed, *reversed(placed)]:
        stream = packs.stream(place)
        stream.seek(start)
        assert stream.read(length) == text[start : start + length]
        stream.seek(0)
        assert stream.read() == text
        assert stream.seek(0, 2) == len(text)
        assert stream.read(9) == b""
    ends = {place.pack: max(each.end for _, each in placed) for _, place in placed}
    packs.close()
    assert Packs(packs.path(1).parent).begin(ends) == 0


def test_ranges_across_frames_are_read_as_one(tmp_path: Path) -> None:
    data = b"".join(n.to_bytes(4, "big") for n in range(FRAME_BYTES * 5 // 8))
    packs = fresh(tmp_path)
    place = put(packs, data)
    assert len(place.frames) == 3
    stream = packs.stream(place)
    for at in (0, FRAME_BYTES - 3, FRAME_BYTES, 2 * FRAME_BYTES - 1, len(data) - 2):
        stream.seek(at)
        assert stream.read(7) == data[at : at + 7]
    assert stream.seek(0, 2) == len(data)
    assert stream.read() == b""


def test_a_pack_can_be_read_without_the_database(tmp_path: Path) -> None:
    packs = fresh(tmp_path)
    contents = [b"first", b"second" * 999]
    places = [put(packs, data) for data in contents]
    packs.flush()
    raw = packs.path(1).read_bytes()
    assert raw.startswith(MAGIC)
    for data, place in zip(contents, places, strict=True):
        mark, digest, size = HEAD.unpack_from(raw, place.start - HEAD.size)
        assert (mark, digest, size) == (MARK, sha256(data).digest(), len(data))
    packs.close()


def test_what_the_database_does_not_know_is_cut_off_and_what_it_knows_stays(tmp_path: Path) -> None:
    packs = fresh(tmp_path)
    kept = put(packs, b"kept" * 50)
    put(packs, b"lost" * 50)
    packs.close()
    (tmp_path / "objects" / "pack-000002.pack").write_bytes(MAGIC + b"never happened")
    again = Packs(tmp_path / "objects")
    assert again.begin({1: kept.end}) > 0
    assert again.path(1).stat().st_size == kept.end
    assert not again.path(2).exists()
    more = put(again, b"more")
    assert more.start == kept.end + HEAD.size
    assert again.stream(kept).read() == b"kept" * 50
    assert again.stream(more).read() == b"more"
    again.close()


def test_a_full_pack_is_followed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs_module, "PACK_BYTES", 400)
    packs = fresh(tmp_path)
    contents = [os.urandom(150) for _ in range(9)]
    places = [put(packs, data) for data in contents]
    assert [place.pack for place in places] == sorted(place.pack for place in places)
    assert len({place.pack for place in places}) > 2
    assert [packs.stream(place).read() for place in places] == contents
    packs.close()


def test_a_file_is_adopted_whole_as_a_pack_of_its_own(tmp_path: Path) -> None:
    packs = fresh(tmp_path)
    before = put(packs, b"before")
    data = os.urandom(3000)
    frames = compress(data)
    made = tmp_path / "made"
    made.write_bytes(MAGIC + bytes(HEAD.size) + b"".join(frames))
    place = packs.adopt(made, sha256(data).digest(), len(data), [len(frame) for frame in frames])
    after = put(packs, b"after")
    assert (before.pack, place.pack, after.pack) == (1, 2, 3)
    assert packs.stream(place).read() == data
    assert packs.stream(after).read() == b"after"
    assert not made.exists()
    packs.close()


@pytest.mark.parametrize("at", [0, 3, -1])
def test_a_frame_that_was_changed_is_damaged_or_other_bytes_never_a_crash(tmp_path: Path, at: int) -> None:
    packs = fresh(tmp_path)
    data = b"words that repeat, " * 200
    place = put(packs, data)
    packs.close()
    raw = bytearray(packs.path(1).read_bytes())
    raw[place.start + at if at >= 0 else place.end - 1] ^= 0x55
    packs.path(1).write_bytes(raw)
    try:
        assert packs.stream(place).read() != data
    except Damaged as damage:
        assert "stored object" in str(damage)


def test_an_object_that_ends_early_is_damaged(tmp_path: Path) -> None:
    packs = fresh(tmp_path)
    place = put(packs, b"x" * 5000)
    packs.close()
    wrong = Location(place.pack, place.start, 9000, place.frames)
    with pytest.raises(Damaged, match="ends at 5000 of 9000"):
        packs.stream(wrong).read()


def test_a_pack_that_is_gone_is_an_error_of_the_host(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Packs(tmp_path).stream(Location(7, 0, 1, (1,)))


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(28, "No space left on device"), True),
        (OSError(122, "Disk quota exceeded"), True),
        (OSError(5, "Input/output error"), False),
        (ValueError("An IO error occurred: 'No space left on device (os error 28)'"), True),
        (ValueError("something else"), False),
    ],
)
def test_a_full_disk_is_known_by_whoever_says_so(error: Exception, full: bool) -> None:
    assert no_room(error) is full
    wrapped = RuntimeError("while writing")
    wrapped.__cause__ = error
    assert no_room(wrapped) is full


def test_a_pack_of_many_heads_is_proved_wherever_they_stand(tmp_path: Path) -> None:
    """A head that lies across the end of a reader's buffer is still one."""
    packs = fresh(tmp_path)
    stored = []
    for number in range(400):
        texts = [os.urandom(50 + 37 * number % 911), f"text {number}".encode() * 9]
        members = [(sha256(text).digest(), len(text)) for text in texts]
        places = packs.put_together(members, Compressor().bundle(texts))
        stored += list(zip((digest for digest, _ in members), places, strict=True))
    packs.close()
    assert not list(proved(packs.path(1), stored, lambda _: ""))
