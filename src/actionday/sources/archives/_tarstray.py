"""Bytes of a tar that are no header and no content: in the padding of members, behind the end mark.

Source: POSIX.1-2017, pax, "ustar Interchange Format": contents are filled up to 512 bytes, the end to a record.
"""

from collections.abc import Iterator
from io import BytesIO

from actionday.model import Found, Kind
from actionday.sources.archives._leftover import BEHIND, BLANK, LEAST

UNCLAIMED = "unclaimed"
"""A remark: bytes that belong to nothing the archive lists; they are an item of their own."""
HELD = 16 << 20
"""Bytes kept of what lies in a tar that is being unpacked, where nothing can be addressed."""


class Stray:
    """One stretch from byte ``start`` on."""

    def __init__(self, start: int, *, addressed: bool, name: str = BEHIND) -> None:
        self._start, self._addressed, self._name = start, addressed, name
        self._size = self._filled = 0
        self._held = bytearray()

    @property
    def all_of_it(self) -> bool:
        """Whether it is, at the end, all of a stream: that is no part of itself, and its own text is read."""
        return self._addressed and not self._start

    def add(self, block: bytes) -> None:
        """Take in the next bytes; padding at the end is left out."""
        self._size += len(block)
        if kept := len(block.rstrip(BLANK)):
            self._filled = self._size - len(block) + kept
        if not self._addressed and self._size <= HELD:
            self._held += block

    def found(self) -> Iterator[Found]:
        """Yield the item, unless it is too short to hold a word."""
        if self._filled < LEAST:
            return
        place = f"+{self._start}"
        if self._addressed:
            runs = ((self._start, self._filled),)
            yield Found(name=self._name, kind=Kind.UNCLAIMED, place=place, size=self._filled, runs=runs)
        else:  # of one that is larger less is read than declared, which is said
            data = bytes(self._held[: self._filled])
            yield Found(
                name=self._name,
                kind=Kind.UNCLAIMED,
                place=place,
                size=self._filled,
                read=lambda: BytesIO(data),
            )
