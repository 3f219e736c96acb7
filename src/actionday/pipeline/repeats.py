"""Image formats that give the bytes they were given: such a disk would be opened in itself without end."""

from collections import Counter
from hashlib import sha256

OFTEN = 2
"""A disk may hold a file of the format that it lies in, which begins as it does (a fixed VHD in another)."""


class Repeats:
    """Counts who opened bytes that begin alike, in one row of images within one another."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, bytes]] = Counter()

    def often(self, image: str, head: bytes) -> bool:
        """Count that ``image`` is about to open what begins with ``head``; say whether it did so ``OFTEN`` times."""
        key = (image, sha256(head).digest())
        self._seen[key] += 1
        return self._seen[key] > OFTEN
