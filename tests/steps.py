"""How much work a call is, counted and not timed: a slow or busy machine changes nothing of it."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps(work: Callable[[], object]) -> int:
    """Return how many lines of Python a call runs through.

    What C code does within one line counts as one: where that may grow, count it there (``Compared``).
    """
    count = 0

    def line(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


class Compared(str):
    """A text that counts how often one of its kind is compared: a search through a list is one line, and many."""

    __slots__ = ()
    count = 0

    def __eq__(self, other: object) -> bool:
        """Compare as a text does, and count it."""
        Compared.count += 1
        return super().__eq__(other)

    __hash__ = str.__hash__
