"""What libraries raise on hostile bytes is told in our words; theirs stand behind, where they help."""

import bz2
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
import zstandard

from actionday.model import Damaged
from actionday.model.foreign import MOST, plainly

FILE = io.BytesIO()
with zipfile.ZipFile(FILE, "w") as made:
    made.writestr("café.txt", "a name in UTF-8\n")
ZIPPED = FILE.getvalue()


def opened(data: bytes) -> None:
    zipfile.ZipFile(io.BytesIO(data)).close()


def listed(text: bytes) -> object:
    return {}[text]


CASES: dict[str, tuple[Callable[[], object], str]] = {
    "no zip": (
        lambda: opened(ZIPPED[:40]),
        "no directory of its parts is found: it is no zip, or breaks off before its end",
    ),
    "name": (
        lambda: opened(ZIPPED.replace("é".encode(), b"\x92a")),
        "a name or text in it is not UTF-8, as it should be: its byte 3 is 0x92",
    ),
    "zlib": (
        lambda: zlib.decompress(b"\x78\x9c\xff\xff\xff"),
        "its compressed data is damaged (invalid block type)",
    ),
    "xz": (
        lambda: lzma.decompress(b"no xz here"),
        "its compressed data is damaged (Input format not supported by decoder)",
    ),
    "bzip2": (lambda: bz2.decompress(b"no bzip2 here"), "its data is damaged (Invalid data stream)"),
    "zstd": (
        lambda: zstandard.ZstdDecompressor().decompress(b"no zstandard here"),
        "its compressed data is damaged (error determining content size from frame header)",
    ),
    "field": (
        lambda: struct.unpack("<I", b"ab"),
        "a field of its structure breaks off (unpack requires a buffer of 4 bytes)",
    ),
    "disk": (
        lambda: open("/nowhere/at/all"),
        "cannot be read (No such file or directory)",
    ),
    "fault": (lambda: listed(b"Pic"), "the reader of this format failed on it (KeyError: b'Pic')"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_words_of_a_library_stand_behind_ours(name: str) -> None:
    raising, said = CASES[name]
    with pytest.raises(Exception) as raised:
        raising()
    assert plainly(raised.value) == said


def test_an_error_of_ours_keeps_its_sentence_and_no_sentence_is_endless() -> None:
    assert plainly(Damaged("zip: ends at byte 7")) == "zip: ends at byte 7"
    assert len(plainly(ValueError("x" * 9_000_000))) == MOST
    assert plainly(ValueError()) == "the reader of this format failed on it (ValueError)"
