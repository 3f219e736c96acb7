"""Which bytes are told from encrypted ones: what is packed, and what is not as even as noise."""

import lzma
import random
import zlib

import pytest

from actionday.mime.manifest import BEGIN, has_clear, is_clear

NOISE = random.Random(6)
TEXT = NOISE.randbytes(3000).hex().encode()
"""Letters that deflate packs to half: even bytes, as those of pictures in a packed file."""


def deflated(window: int) -> bytes:
    coder = zlib.compressobj(9, zlib.DEFLATED, window)
    return coder.compress(TEXT) + coder.flush()


@pytest.mark.parametrize(
    "packed",
    [deflated(15), deflated(-15), deflated(-15)[:1000], deflated(31), lzma.compress(TEXT, lzma.FORMAT_ALONE)],
    ids=["zlib", "deflate", "the beginning of deflate", "gzip", "lzma"],
)
def test_packed_bytes_are_clear(packed: bytes) -> None:
    assert is_clear(packed[:BEGIN])


def test_noise_is_not() -> None:
    """What a cipher gives, in all sizes that small parts have."""
    assert sum(is_clear(NOISE.randbytes(64 + number % BEGIN)) for number in range(20_000)) <= 1


@pytest.mark.parametrize(
    "start", [b"<a/>", b"\xef\xbb\xbf<?xml version='1.0'?><a>", "<a>по</a>".encode("utf-16")]
)
def test_markup_is_clear_and_one_sign_is_none(start: bytes) -> None:
    assert is_clear(start)
    assert not is_clear(b"<" + random.Random(7).randbytes(5000))


def test_a_stretch_is_found_wherever_it_lies() -> None:
    noise = NOISE.randbytes(3 * BEGIN)
    assert not has_clear([noise, noise])
    assert has_clear([noise, TEXT[:BEGIN], noise])
    assert has_clear([noise[:100], noise[100:], TEXT[:600]])
    assert not has_clear([])
