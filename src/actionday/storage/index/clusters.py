"""Where a text may be cut so that each piece composes by itself."""

from collections.abc import Iterator
from unicodedata import category

from actionday.storage.index.fold import composed


def clusters(chunk: str) -> Iterator[tuple[int, int]]:
    """Yield where the pieces lie that NFKC may treat apart."""
    start = 0
    for at in range(1, len(chunk)):
        if not _joins(chunk[at]):
            yield start, at
            start = at
    yield start, len(chunk)


def _joins(char: str) -> bool:
    """Tell whether a character may merge with the one before it: a mark, or a Korean vowel or final."""
    if char.isascii():
        return False
    if char in "\u309b\u309c":  # ``composed`` joins them to a kana
        return True
    first = composed(char)[0]
    return category(first)[0] == "M" or "\u1160" <= first <= "\u11ff"
