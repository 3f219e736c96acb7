"""Ranges of a disk that cannot be had: each is told with its bytes and its share, and all of them among the facts."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from actionday.model import Context, Damaged, Loss
from actionday.model.counted import counted
from actionday.model.lacks import MISSING

MOST = 100
"""Ranges that have a line each; the rest of several thousand is told in one."""

KEPT = 1 << 16
"""Ranges of which a disk remembers that they were told; a file of many millions of blocks may lack every other."""

Range = tuple[int, int]
"""First byte, and the byte behind the last."""


def touching(ranges: Iterable[Range]) -> Iterator[Range]:
    """Yield ranges, given in order, those that touch or overlap as one, those of no bytes not at all."""
    start = end = 0
    for first, behind in ranges:
        if first > end:
            if end > start:
                yield start, end
            start, end = first, behind
        elif behind > end:
            start, end = (start if end > start else first), behind
    if end > start:
        yield start, end


def uncovered(held: Iterable[Range], size: int) -> list[Range]:
    """Return what of a disk of ``size`` bytes lies in none of the ranges ``held``."""
    at, found = 0, []
    for start, end in sorted(held):
        if start > at:
            found.append((at, min(start, size)))
        at = max(at, end)
        if at >= size:
            break
    return [*found, (at, size)] if at < size else found


class Lost:
    """Ranges (in order) gone through once: how many apart, of how many bytes, and the first of them."""

    def __init__(self, ranges: Iterable[Range]) -> None:
        self.first: list[Range] = []
        self.count = self.bytes = self.told = 0
        """Ranges, their bytes, and those of the MOST that have a line each."""
        for start, end in touching(ranges):
            self.count += 1
            self.bytes += end - start
            self.told += end - start if self.count <= MOST else 0
            if self.count <= KEPT:
                self.first.append((start, end))


def tell(
    ranges: Iterable[Range] | Lost, size: int, around: Context, why: str, *, least: bool = False
) -> dict[str, object]:
    """Note each range (in order) of a disk of ``size`` bytes; return the facts, none where nothing is missing.

    ``why``: in what it lies; ``least``: more may lack than these.
    """
    lost = ranges if isinstance(ranges, Lost) else Lost(ranges)
    for start, end in lost.first[:MOST]:
        length = end - start
        around.note(
            Loss.RANGE_MISSING,
            f"bytes {start} to {end - 1} of the disk cannot be had: {_share(length, size)}; {why}",
        )
    if lost.count > MOST:
        what = counted(lost.count - MOST, "further range")
        around.note(
            Loss.RANGE_MISSING,
            f"{what} from byte {lost.first[MOST][0]} on cannot be had: {_share(lost.bytes - lost.told, size)}; {why}",
        )
    if not lost.count:
        return {}
    told = [[start, end - 1] for start, end in lost.first[:MOST]]
    facts = {"bytes": lost.bytes, "of": size, "ranges": told, "range_count": lost.count}
    return {MISSING: facts | ({"at_least": True} if least else {})}


@contextmanager
def or_nothing(size: int, around: Context) -> Iterator[None]:
    """Tell that nothing is had of a disk of ``size`` bytes that cannot be opened, damaged or for want of a file."""
    try:
        yield
    except Damaged as error:
        around.acquired(tell([(0, size)], size, around, f"nothing of it is read: {error}"))
        raise


def _share(length: int, size: int) -> str:
    share = length * 1000 // size  # whole numbers: a disk may have more bytes than a float tells apart
    percent = f"{share // 10}.{share % 10} %" if share else "less than 0.1 %"
    return f"{length} of its {size} bytes, {percent}"
