"""Passages that were found in one block by several readings, put in order: where two claim the same bytes one has them.

Source: none. What the other says beside those bytes is kept: text of one byte a letter ends, and UTF-16 begins, within
one byte of each other as a rule, as a letter's low byte is a sign of ASCII.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

LEAST = 10
"""Characters of what is left of a passage when another has taken a part of it."""
TOUCH = 4
"""Two passages are both what they seem where they share one byte of so many: signs of one are letters of the other."""
LOW = 1
"""Bytes shared where UTF-16 touches ASCII: the low byte of a letter."""


class Found(NamedTuple):
    """A passage and the bytes it stands in."""

    at: int
    end: int
    text: str

    def part(self, start: int, stop: int) -> "Found | None":
        """Return the passage without what stands outside of ``start``..``stop``; None where hardly any is left."""
        start, stop = max(start, self.at), min(stop, self.end)
        width, odd = divmod(self.end - self.at, len(self.text))
        if odd:
            raw = self.text.encode("utf-8", "surrogatepass")
            if len(raw) != self.end - self.at:
                return None
            text = raw[start - self.at : stop - self.at].decode("utf-8", "ignore")
        else:
            text = self.text[-(-(start - self.at) // width) : (stop - self.at) // width]
        return Found(start, stop, text) if len(text) >= LEAST else None


def in_order(found: Iterable[Found]) -> Iterator[str]:
    """Yield the texts of ``placed_in_order``."""
    return (each.text for each in placed_in_order(found))


def placed_in_order(found: Iterable[Found]) -> Iterator[Found]:
    """Yield passages as they stand in the block, each byte in one of them but where they touch.

    Of two that touch, the one that is no ASCII is whole. Of two that overlap by more, one of two bytes a letter before
    a guess at a code of one byte, else the first, or one half as long again; and of the other what is beside it, if
    that is its greater part or ASCII.
    """
    kept: Found | None = None
    for each in sorted(found):
        if kept is None or each.at >= kept.end:
            if kept:
                yield kept
            kept = each
            continue
        shared = min(kept.end, each.end) - each.at
        if shared * TOUCH <= min(kept.end - kept.at, each.end - each.at) and kept.end < each.end:
            first, second = _touching(kept, each, shared)
        elif _goes_before(each, kept):
            first, second = _rest(kept, kept.at, each.at), each
        else:
            first, second = kept, _rest(each, kept.end, each.end)
        if first and second:
            yield first
        kept = second or first
    if kept:
        yield kept


def _goes_before(each: Found, kept: Found) -> bool:
    if _is_guess(each) != _is_guess(kept) and not (each.text.isascii() or kept.text.isascii()):
        return _is_guess(kept)
    return (each.end - each.at) * 2 > (kept.end - kept.at) * 3


def _is_guess(found: Found) -> bool:
    """Say whether a text beyond ASCII has one byte a letter."""
    return len(found.text) == found.end - found.at


def _touching(first: Found, second: Found, shared: int) -> tuple[Found | None, Found | None]:
    if shared > LOW or first.text.isascii() == second.text.isascii():
        return first, second
    if first.text.isascii():
        return first.part(first.at, second.at), second
    return first, second.part(first.end, second.end)


def _rest(found: Found, start: int, stop: int) -> Found | None:
    """Return what another passage left of one: text of ASCII is sure, any other only where most of it is left."""
    if not found.text.isascii() and (stop - start) * 2 < found.end - found.at:
        return None
    return found.part(start, stop)
