"""Every source against samples bent at random: items and issues, never another error, no place twice."""

import io
from functools import cache

import pytest
from archive_samples import SAMPLES as OWN
from container_samples import SAMPLES as CONTAINERS
from hypothesis import given, settings
from hypothesis.strategies import binary, data, integers, lists, sampled_from, tuples
from lzop_samples import SAMPLES as LZOP

from actionday.model.names import text_of
from actionday.plugins import load
from actionday.sources.archives._streams import Body, Window
from actionday.sources.archives._zipextents import Extents
from actionday.testing.sources import listing

SAMPLES = {**OWN, **CONTAINERS, **LZOP}
ROOM = [each for each in load("actionday.sources", "SOURCE")[0] if ".archives." in type(each).__module__]
WAYS = sampled_from(("flip", "cut out", "put in", "repeat"))
BENDS = lists(tuples(WAYS, integers(0, 1 << 20), binary(min_size=1, max_size=9)), min_size=1, max_size=4)


@cache
def whole(name: str) -> bytes:
    return SAMPLES[name]()


def bent(sample: bytes, bends: list[tuple[str, int, bytes]]) -> bytes:
    made = bytearray(sample)
    for how, where, what in bends:
        at = where % max(1, len(made))
        if how == "flip":
            made[at : at + len(what)] = what
        elif how == "cut out":
            del made[at : at + 8 * len(what)]
        elif how == "put in":
            made[at:at] = what
        else:
            made[at:at] = made[at : at + 64]
    return bytes(made)


@pytest.mark.tools
@pytest.mark.parametrize("source", ROOM, ids=lambda source: str(source.name))
@settings(max_examples=60, deadline=None)
@given(draw=data())
def test_bent_samples_end_in_items_and_issues(source, draw) -> None:  # type: ignore[no-untyped-def]
    made = listing(source, source.sample, bent(whole(source.sample), draw.draw(BENDS)))
    places = [found.place for found in made.items]
    assert len(set(places)) == len(places)
    assert len(places) < 5000


@settings(max_examples=100, deadline=None)
@given(lists(binary(min_size=1, max_size=20), max_size=20), lists(integers(0, 30), max_size=40))
def test_a_body_gives_its_chunks_in_any_steps(chunks: list[bytes], steps: list[int]) -> None:
    body, want, got = Body(iter(chunks)), b"".join(chunks), b""
    for step in steps:
        ahead = body.peek(step)
        assert want[len(got) :].startswith(ahead)
        if step % 3 == 0:
            got += want[len(got) : len(got) + body.skip(step)]
        elif step % 3 == 1:
            buffer = bytearray(step)
            got += bytes(buffer[: body.readinto(buffer)])
        else:
            got += body.read(step)
        assert body.tell() == len(got)
    assert got + body.readall() == want


@given(
    binary(max_size=60),
    integers(0, 40),
    integers(0, 40),
    lists(tuples(integers(-5, 50), integers(0, 2)), max_size=6),
)
def test_a_window_is_a_slice(content: bytes, start: int, size: int, moves: list[tuple[int, int]]) -> None:
    inside = content[start : start + size]
    stream = io.BytesIO(content)
    stream.size = len(content)  # type: ignore[attr-defined]
    window = Window(stream, start, len(inside))  # type: ignore[arg-type]
    for offset, whence in moves:
        at = window.seek(offset, whence)
        assert at == window.tell()
        assert window.read(3) == inside[at : at + 3]
    window.seek(0)
    assert window.read() == inside


@given(binary(max_size=40))
def test_a_name_is_text_and_its_bytes_are_kept_where_it_is_not(raw: bytes) -> None:
    text, kept = text_of(raw)
    assert (text.encode() == raw) == (kept is None)
    assert kept in (None, raw)
    assert text.isprintable() or kept is None or any(byte < 32 or byte > 126 for byte in raw)


@given(lists(tuples(integers(0, 300), integers(1, 60)), max_size=12))
def test_gaps_and_members_cover_an_archive(ranges: list[tuple[int, int]]) -> None:
    extents, covered = Extents(), set()
    for start, length in ranges:
        extents.add(start, start + length)
        covered |= set(range(start, start + length))
    gaps = list(extents.gaps(400))
    for start, end in gaps:
        assert not covered & set(range(start, end))
    outside = set(range(400)) - covered - {byte for start, end in gaps for byte in range(start, end)}
    runs = sorted(outside)
    longest, run = 0, 0
    for at, byte in enumerate(runs):
        run = run + 1 if at and runs[at - 1] == byte - 1 else 1
        longest = max(longest, run)
    assert longest <= 24  # a data descriptor and no more
