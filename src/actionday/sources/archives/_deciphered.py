"""An archive as it would lie without its encryption: pieces of the stream, deciphered as they are read, or made anew.

Source: NIST SP 800-38A, 6.2 (CBC: each block is deciphered with the one before it, so any of them at any time).
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from actionday.model import Damaged, Stream
from actionday.model.streams import Piecewise, read_at

UNIT = 16
MOST = 1 << 20
"""Bytes deciphered at a time."""


class Sealed(NamedTuple):
    """With what AES in CBC mode is undone."""

    key: bytes
    vector: bytes


class Piece(NamedTuple):
    """``size`` bytes at ``at`` of the stream, or ``made`` instead of them."""

    size: int
    at: int = 0
    sealed: Sealed | None = None
    made: bytes | None = None


class Unsealed(Piecewise):
    """Pieces in a row."""

    def __init__(self, stream: Stream, pieces: Sequence[Piece]) -> None:
        self._pieces = [each for each in pieces if each.size > 0]
        self._ends = list(accumulate(each.size for each in self._pieces))
        super().__init__(self._ends[-1] if self._ends else 0)
        self._stream = stream

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of one piece. Raises Damaged where the stream ends before."""
        number = bisect_right(self._ends, offset)
        piece = self._pieces[number]
        within = offset - (self._ends[number] - piece.size)
        length = min(length, piece.size - within, MOST)
        if piece.made is not None:
            return piece.made[within : within + length]
        if piece.sealed is None:
            return _exactly(self._stream, piece.at + within, length)
        skip = within % UNIT
        plain = deciphered(self._stream, piece.at, within - skip, skip + length, piece.sealed)
        return plain[skip : skip + length]


def deciphered(stream: Stream, at: int, begin: int, length: int, sealed: Sealed) -> bytes:
    """Return at least ``length`` bytes from ``begin`` (whole blocks) on of what was sealed and lies at ``at``.

    Raises Damaged where the stream ends before.
    """
    vector = _exactly(stream, at + begin - UNIT, UNIT) if begin else sealed.vector
    raw = _exactly(stream, at + begin, -(-length // UNIT) * UNIT)
    return Cipher(AES(sealed.key), CBC(vector)).decryptor().update(raw)


def _exactly(stream: Stream, at: int, length: int) -> bytes:
    data = read_at(stream, at, length)
    if len(data) < length:
        raise Damaged(f"ends at byte {stream.size}, where an encrypted content goes on to byte {at + length}")
    return data
