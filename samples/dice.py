"""Chance that is the same on every machine and every Python."""

from collections.abc import Iterator, Sequence
from hashlib import shake_256
from typing import TypeVar

T = TypeVar("T")

_BLOCK = 4096  # one SHAKE call serves some 500 draws


class Dice:
    """An endless stream of draws that is a function of its labels alone.

    Streams with other labels are independent: a new exhibit does not change the old ones.
    """

    def __init__(self, *labels: str | int) -> None:
        self._labels = labels
        self._words = self._draw()

    def of(self, *labels: str | int) -> "Dice":
        """Return a fresh stream under these further labels."""
        return Dice(*self._labels, *labels)

    def _draw(self) -> Iterator[int]:
        number = 0
        while True:
            block = self.bytes(_BLOCK, f"draw {number}")
            yield from (int.from_bytes(block[at : at + 8], "big") for at in range(0, _BLOCK, 8))
            number += 1

    def bytes(self, size: int, label: str = "") -> bytes:
        """Return ``size`` bytes that depend on the labels only, not on earlier draws."""
        key = "\x1f".join(map(str, (*self._labels, label)))
        return shake_256(key.encode()).digest(size)

    def below(self, limit: int) -> int:
        """Return an integer with 0 <= n < limit; 64 bits make the bias of the remainder nil."""
        return next(self._words) % limit

    def between(self, low: int, high: int) -> int:
        """Return an integer with low <= n <= high."""
        return low + self.below(high - low + 1)

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[self.below(len(choices))]

    def shuffled(self, choices: Sequence[T]) -> list[T]:
        """Return all choices in another order."""
        left = list(choices)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different choices, count <= len(choices)."""
        return self.shuffled(choices)[:count]

    def uuid(self, label: str = "uuid") -> str:
        """Return a version 4 UUID.

        Source: RFC 9562, section 5.4.
        """
        raw = bytearray(self.bytes(16, label))
        raw[6], raw[8] = raw[6] & 0x0F | 0x40, raw[8] & 0x3F | 0x80
        text = raw.hex()
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
