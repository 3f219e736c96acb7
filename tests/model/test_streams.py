"""Positions, and the part of a file in pieces: one piece of code for the pipeline, the archives and the file systems."""

import ast
from io import BytesIO
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import actionday
from actionday.model.streams import Piecewise, Positioned, RunStream, ends_of, part, read_at

DATA = bytes(range(256)) * 8
RUNS = st.lists(st.tuples(st.integers(-1, 1800), st.integers(0, 200)), max_size=6)


class Held(BytesIO):
    size = len(DATA)


@settings(max_examples=150, deadline=None)
@given(RUNS, st.integers(0, 1300), st.integers(0, 1300))
def test_a_part_of_runs_reads_as_that_part_of_their_bytes(
    runs: list[tuple[int, int]], begin: int, end: int
) -> None:
    whole = RunStream(Held(DATA), runs).read()
    pieces = part(runs, ends_of(runs), begin, end)
    assert RunStream(Held(DATA), pieces).read() == whole[begin:end]
    assert all(length > 0 for _, length in pieces)


def test_a_position_is_never_before_the_start_and_reads_nothing_behind_the_end() -> None:
    stream = Positioned(10)
    assert (stream.seek(-3), stream.seek(4), stream.seek(2, 1), stream.tell()) == (0, 4, 6, 6)
    assert (stream.left(3), stream.left(9), stream.left(-1)) == (3, 4, 4)
    assert stream.seek(5, 2) == 15
    assert (stream.left(1), stream.left(-1)) == (0, 0)


def test_no_stream_of_the_house_keeps_a_position_of_its_own() -> None:
    root = Path(actionday.__file__).parent
    seeking = {
        f"{path.relative_to(root)}:{node.name}"
        for path in root.rglob("*.py")
        if "def seek(" in (text := path.read_text())
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(each, ast.FunctionDef) and each.name == "seek" for each in node.body)
    }
    assert seeking == {"model/plugin.py:Stream", "model/streams.py:Positioned"}


def test_bytes_at_a_hostile_place_are_none() -> None:
    stream = Held(DATA)
    stream.seek(7)
    assert read_at(stream, 10, 4) == DATA[10:14]
    assert read_at(stream, len(DATA) - 1, 4) == DATA[-1:]
    for at, length in ((-1, 4), (len(DATA), 4), (1 << 70, 4), (0, 0), (3, -1)):
        assert read_at(stream, at, length) == b""


class Pieces(Piecewise):
    """Gives three bytes at the most, and none from ``end`` on."""

    def __init__(self, end: int) -> None:
        super().__init__(len(DATA))
        self.end = end

    def piece(self, offset: int, length: int) -> bytes:
        return DATA[offset : min(offset + min(length, 3), self.end)]


def test_a_stream_of_pieces_is_read_to_where_it_ends() -> None:
    whole, short = Pieces(len(DATA)), Pieces(100)
    assert whole.read(10) == DATA[:10]
    assert whole.read() == DATA[10:]
    assert whole.read() == b""
    assert (short.read(), short.tell(), short.read(5)) == (DATA[:100], 100, b"")
