"""The forward window gives what the bytes themselves would give, whatever the block, and holds little."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, integers, sampled_from, text

from actionday.mime.window import Window
from actionday.testing.context import Bytes

LINES = re.compile(rb"(?:a[^\n]*+\n)*+")
SMALL = text("ab\n-", max_size=80).map(str.encode)


def windowed(data: bytes, block: int) -> Window:
    return Window(lambda offset, length: data[offset : offset + length], block)


@given(SMALL, integers(1, 9), sampled_from([b"\n-", b"a", b"\n", b"ab\n"]), integers(0, 40))
@settings(max_examples=300)
def test_find_is_that_of_bytes(data: bytes, block: int, needle: bytes, at: int) -> None:
    at = min(at, len(data))
    assert windowed(data, block).find(needle, at) == data.find(needle, at)
    assert Window.over(data).find(needle, at) == data.find(needle, at)


@given(SMALL, integers(1, 9), integers(0, 40), integers(1, 20))
@settings(max_examples=300)
def test_line_is_that_of_bytes_up_to_its_limit(data: bytes, block: int, at: int, limit: int) -> None:
    at = min(at, len(data))
    whole = data[at : at + limit]
    end = whole.find(b"\n")
    expected = whole if end < 0 else whole[: end + 1]
    assert windowed(data, block).line(at, limit) == expected
    assert Window.over(data).line(at, limit) == expected


@given(SMALL, integers(1, 9), integers(0, 40))
@settings(max_examples=300)
def test_match_is_that_of_the_pattern(data: bytes, block: int, at: int) -> None:
    at = min(at, len(data))
    found = LINES.match(data, at)
    assert found
    assert windowed(data, block).match(LINES, at, 1000) == found[0]
    assert Window.over(data).match(LINES, at, 1000) == found[0]


@given(SMALL, integers(1, 9), integers(0, 60), integers(0, 60), integers(0, 10))
@settings(max_examples=300)
def test_looking_elsewhere_moves_nothing(
    data: bytes, block: int, at: int, elsewhere: int, length: int
) -> None:
    window = windowed(data, block)
    window.find(b"\n", min(at, len(data)))
    assert window.look(elsewhere, length) == data[elsewhere : elsewhere + length]
    assert window.find(b"-", 0) == data.find(b"-")  # going back is allowed


@pytest.mark.parametrize("needle", [b"never", b"\n--b"])
def test_each_byte_is_read_once_and_one_block_is_held(needle: bytes) -> None:
    data = b"line of text\n" * 100_000
    reads: list[tuple[int, int]] = []

    def read(offset: int, length: int) -> bytes:
        reads.append((offset, length))
        return data[offset : offset + length]

    window = Window(read, 4096)
    assert window.find(needle, 0) == -1
    assert window.end == len(data)
    assert all(second[0] == first[0] + first[1] for first, second in pairwise(reads[:-1]))
    assert {length for _, length in reads} == {4096}


@given(binary(max_size=60), integers(0, 60))
@settings(max_examples=60)
def test_a_stream_that_others_move_is_read_where_the_window_is(data: bytes, moved: int) -> None:
    stream = Bytes(data)
    window = Window.on(stream)
    for at in range(len(data)):
        stream.seek(moved)
        assert window.look(at, 3) == data[at : at + 3]
    assert window.find(b"\0", 0) == data.find(b"\0")
