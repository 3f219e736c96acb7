"""Text behind a few bytes that are none, or under a foreign mark: read as text, else passage by passage."""

import os
import struct
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from actionday.mime.passages.found import LEAST
from actionday.mime.wide import wide
from actionday.parsers._legible import legible, passages

RUSSIAN = "Радиостанция выходит в эфир каждый вечер, слушатели присылают письма и открытки.\n" * 60
ENGLISH = "The kestrel hovers against the wind and watches the meadow below it.\n" * 60
NOISE = bytes(range(1, 256)) * 2
UNKNOWN = "application/octet-stream"


def text_of(data: bytes) -> str:
    found = legible(memoryview(data))
    return "" if found is None else "".join(found.text)


@pytest.mark.parametrize("front", [b"ID3", b"MZ", NOISE, b"\0\1\2\3", b"\x89PNG\r\n\x1a\n"], ids=len)
@pytest.mark.parametrize("words", [RUSSIAN, ENGLISH], ids=["Russian", "English"])
def test_a_few_bytes_in_front_hide_no_text(front: bytes, words: str) -> None:
    assert words[-400:] in text_of(front + words.encode())


@pytest.mark.parametrize("control", [b"\1", b"\0", b"\x0e", b"\x7f"])
def test_control_characters_among_words_hide_no_text(control: bytes) -> None:
    data = control.join(ENGLISH.encode()[at : at + 60] for at in range(0, 3000, 60))
    assert "hovers against" in text_of(data)


@pytest.mark.parametrize("data", [os.urandom(100_000), bytes(5000), b"\xff\xd8\xff\xe0" + os.urandom(3000), b""],
                         ids=["random", "zeros", "picture", "nothing"])  # fmt: skip
def test_what_is_no_text_is_not_made_one(data: bytes) -> None:
    assert legible(memoryview(data)) is None


UNCONTROLLED = "海鸥电播预报潮汐写信来问聚会哪里" * 2000
"""In UTF-16 no byte of it is a control character."""


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_counts_only_where_all_of_it_is(encoding: str) -> None:
    """The orders of byte code (``d`` and a number) look like Chinese in UTF-16, what is behind them does not."""
    assert UNCONTROLLED[-300:] in text_of(b"GI" + UNCONTROLLED.encode(encoding))
    pair = (0x64, 0) if encoding == "utf-16-be" else (0, 0x64)
    orders = b"".join(bytes((pair[0] or 0x30 + n % 200, pair[1] or 0x30 + n % 200)) for n in range(8000))
    byte_code = orders + b"z.kestrel.meadow, " * 4000
    assert wide(byte_code[:4096]) == encoding, "else this shows nothing"
    assert not any("\u3000" < letter < "\ua000" for letter in text_of(byte_code))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_passages_of_an_unknown_content_are_kept_in_order(encoding: str) -> None:
    noise = b"\0\1\2\3\0\0\xff" * 200
    first, second = "the first passage of many words", "and the second one behind it"
    data = noise + first.encode(encoding) + noise + second.encode(encoding) + noise
    found = passages(memoryview(data), UNKNOWN)
    assert found is not None
    assert "".join(found.text).split("\n") == [first, second, ""]


def test_passages_in_other_scripts_are_kept() -> None:
    found = passages(memoryview(b"\0\1" * 50 + "встреча у старого моста".encode() + b"\0\2" * 50), UNKNOWN)
    assert found is not None
    assert "встреча у старого моста" in "".join(found.text)


def test_messages_of_programs_are_left_out() -> None:
    program = Path(sys.executable).resolve().read_bytes()
    if program[:4] != b"\x7fELF":
        pytest.skip("no ELF program here")
    whole, bare = (passages(memoryview(program), mime) for mime in ("application/x-executable", UNKNOWN))
    assert bare is not None
    assert whole is None or len("".join(whole.text)) * 10 < len("".join(bare.text))


@settings(max_examples=60)
@given(binary(max_size=300), binary(max_size=300), integers(LEAST, 200))
def test_a_passage_is_found_whatever_lies_around_it(before: bytes, after: bytes, length: int) -> None:
    passage = ("kestrel by night " * 20)[:length].strip().ljust(LEAST, "x")
    found = passages(memoryview(before + b"\0\1\0" + passage.encode() + b"\0\1\0" + after), UNKNOWN)
    assert found is not None
    assert passage in "".join(found.text)


@settings(max_examples=30)
@given(binary(min_size=2000, max_size=6000))
def test_any_bytes_end_in_text_or_nothing(data: bytes) -> None:
    found = legible(memoryview(data)) or passages(memoryview(data), UNKNOWN)
    assert found is None or all(isinstance(piece, str) and piece for piece in found.text)


def catalogue(words: bytes) -> bytes:
    """A gettext catalogue of one message; ``words`` are its translation."""
    tables = struct.pack("<7I", 0x950412DE, 0, 1, 28, 36, 0, 44) + struct.pack("<4I", 2, 44, len(words), 47)
    return tables + b"hi\0" + words + b"\0"


def test_a_catalogue_of_messages_is_left_out_and_its_mark_before_a_text_is_none() -> None:
    words = ENGLISH.encode()
    whole = memoryview(catalogue(words))
    assert (legible(whole), passages(whole, "application/x-gettext-translation")) == (None, None)
    assert "hovers against" in text_of(whole[:4].tobytes() + words)
