"""Uuencoded files within text: found where they are, whole or cut, and no sentence is taken for one."""

from binascii import b2a_uu

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, lists, sampled_from

from actionday.mime.inline import Block, blocks
from actionday.mime.transfer import decoded
from actionday.mime.window import Window


def encoded(data: bytes, end: bytes = b"\n") -> bytes:
    lines = [b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return b"".join([b"begin 644 f.bin\n", *lines, b"`\nend\n"]).replace(b"\n", end)


def found(text: bytes) -> list[Block]:
    return list(blocks(Window.over(text)))


@given(lists(binary(min_size=1, max_size=120), max_size=3), sampled_from([b"\n", b"\r\n"]))
@settings(max_examples=100)
def test_each_file_is_found_with_its_very_bytes(files: list[bytes], end: bytes) -> None:
    text = b"before" + end + b"".join(encoded(data, end) + b"between" + end for data in files)
    assert [decoded(text[block.start : block.end], "uuencode") for block in found(text)] == [
        (data, None) for data in files
    ]
    assert all(block.whole and block.name == b"f.bin" for block in found(text))


def test_a_file_at_the_very_start_of_the_text_is_found() -> None:
    assert [(block.start, block.whole) for block in found(encoded(b"x"))] == [(0, True)]


@pytest.mark.parametrize(
    "text",
    [
        b"begin with this\nand go on\n",
        b"begin 644 f.bin\nthis is a letter in small letters\n",
        b"we begin 644 f.bin\n`\nend\n",
        b"begin 999 f.bin\n`\nend\n",
        b"begin 644 \n`\nend\n",
        b"begin 644 f.bin\nHELLO THERE\n",
        b"begin 644 f.bin",
        b"",
    ],
)
def test_text_that_only_says_begin_is_none(text: bytes) -> None:
    assert found(text) == []


def test_a_file_without_its_end_stops_at_the_first_line_that_is_no_uuencode() -> None:
    whole = encoded(bytes(range(200)))
    cut = whole[: whole.index(b"`\nend")]
    for text in (cut, cut + b"-- \nan ordinary line of text with small letters\n"):
        [block] = found(text)
        assert (block.whole, text[block.start : block.end].startswith(b"begin 644 f.bin\nM")) == (False, True)
        assert decoded(text[block.start : block.end], "uuencode")[0].startswith(bytes(range(180)))


@pytest.mark.parametrize("filler", [b"begin ", b"begin 644 f\n", b"\nbegin 644 f\n#0V%T\n"])
def test_hostile_text_takes_linear_time(filler: bytes) -> None:
    found(filler * (600_000 // len(filler)))
