"""What an EWF set holds behind the end of its disk, by its volume section, is said and not lost."""

import os
import struct
import zlib

import pytest
from ewf_writer import CHUNK, written

from actionday.model.loss import is_loss
from actionday.sources.images.ewf import IMAGE
from actionday.testing.context import Alone, Bytes

WORDS = b"meet at the quay"


def shortened(data: bytes, size: int) -> bytes:
    """Return an image of ``data`` whose volume section tells of ``size`` bytes."""
    whole = bytearray(written(data, 1)["case.E01"])
    at = whole.index(b"volume\0\0") + 76
    struct.pack_into("<I", whole, at + 4, -(-size // CHUNK))
    struct.pack_into("<Q", whole, at + 16, size // 512)
    struct.pack_into("<I", whole, at + 1048, zlib.adler32(whole[at : at + 1048]))
    return bytes(whole)


def told(data: bytes, size: int) -> tuple[bytes, Alone]:
    context = Alone("case.E01")
    return IMAGE.open(Bytes(shortened(data, size)), context).read(), context


@pytest.mark.parametrize("size", [3 * CHUNK, 3 * CHUNK - 512])
def test_chunks_behind_the_end_are_a_loss_and_their_words_are_kept(size: int) -> None:
    data = os.urandom(size) + bytes(100) + WORDS
    data += bytes(6 * CHUNK - len(data))
    disk, context = told(data, size)
    assert disk == data[:size]
    (note,) = context.notes
    assert is_loss(note.code)
    assert f"3 chunks behind the end of the disk of {size} bytes" in note.reason
    assert context.facts["ewf"]["behind_the_end"] == WORDS.decode()  # type: ignore[index]


def test_the_rest_of_the_last_chunk_is_told_where_it_holds_anything() -> None:
    size = 3 * CHUNK - 1024
    data = os.urandom(size)
    disk, context = told(data + WORDS.ljust(1024, b"\0"), size)
    assert disk == data
    (note,) = context.notes
    assert (note.code, is_loss(note.code)) == ("unclaimed", False)
    assert "1024 bytes behind the end of the disk: it is among its facts" in note.reason
    assert context.facts["ewf"]["behind_the_end"] == WORDS.decode()  # type: ignore[index]


@pytest.mark.parametrize("behind", [b"", bytes(1024)])
def test_zeros_that_fill_the_last_chunk_are_nothing(behind: bytes) -> None:
    size = 3 * CHUNK - 1024
    disk, context = told(os.urandom(size) + behind, size)
    assert (len(disk), context.notes) == (size, [])
    assert "behind_the_end" not in context.facts["ewf"]  # type: ignore[operator]


def test_a_chunk_behind_the_end_that_is_damaged_is_said() -> None:
    whole = bytearray(shortened(os.urandom(6 * CHUNK), 3 * CHUNK))
    whole[whole.index(b"sectors\0") + 76 + 3 * (CHUNK + 4) + 9] ^= 1
    context = Alone("case.E01")
    IMAGE.open(Bytes(bytes(whole)), context)
    assert [each.code for each in context.notes] == ["gap", "damaged"]
