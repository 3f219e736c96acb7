"""A number with what it counts, in messages that are kept and shown."""

import re

THIN = "\u202f"
"""Narrow no-break space: 1 204 cannot be misread, where 1,204 and 1.204 swap meaning between languages."""

FIGURE = re.compile(rf"(?<![\w.{THIN}])\d{{1,3}}(?>(?:{THIN}\d{{3}})+)(?!\w|\.\w|{THIN})")
"""A figure with its thousands parted that stands by itself."""


def thin(text: str) -> frozenset[int]:
    """Return where in a sentence of ours a thin space parts a figure: there it hides nothing. Linear."""
    return frozenset(at for found in FIGURE.finditer(text) for at in range(*found.span()) if text[at] == THIN)


def grouped(count: int) -> str:
    """Return a number with its thousands parted."""
    return f"{count:,}".replace(",", THIN)


def parted(count: int, one: str, many: str = "") -> str:
    """Return what ``counted`` does with the thousands parted: in whatever a person is told of a case."""
    return f"{grouped(count)} {one if count == 1 else many or f'{one}s'}"


def counted(count: int, one: str, many: str = "") -> str:
    """Return "1 byte", "2 bytes"; ``many`` where an s does not make it, a verb behind it included ("are").

    For reasons kept with an item: their figures stand beside places in bytes, and are searched for as they stand.
    """
    return f"{count} {one if count == 1 else many or f'{one}s'}"
