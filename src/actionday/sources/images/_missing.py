"""Ranges of a disk that cannot be had: each is told with its bytes and its share, and all of them among the facts."""

from collections.abc import Iterable, Iterator, Sequence

from actionday.model import Context, Loss
from actionday.model.counted import counted

MOST = 100
"""Ranges that have a line each; the rest of several thousand is told in one."""

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


def tell(ranges: Sequence[Range], size: int, around: Context, why: str) -> dict[str, object]:
    """Note each range (in order, apart) of a disk of ``size`` bytes; return the facts, none where nothing is missing.

    ``why``: in what it lies.
    """
    lost = sum(end - start for start, end in ranges)
    for start, end in ranges[:MOST]:
        length = end - start
        around.note(
            Loss.RANGE_MISSING,
            f"bytes {start} to {end - 1} of the disk cannot be had: {_share(length, size)}; {why}",
        )
    if more := ranges[MOST:]:
        length = sum(end - start for start, end in more)
        what = counted(len(more), "further range")
        around.note(
            Loss.RANGE_MISSING,
            f"{what} from byte {more[0][0]} on cannot be had: {_share(length, size)}; {why}",
        )
    if not ranges:
        return {}
    told = [[start, end - 1] for start, end in ranges[:MOST]]
    return {"missing": {"bytes": lost, "of": size, "ranges": told, "range_count": len(ranges)}}


def _share(length: int, size: int) -> str:
    share = length * 1000 // size  # whole numbers: a disk may have more bytes than a float tells apart
    percent = f"{share // 10}.{share % 10} %" if share else "less than 0.1 %"
    return f"{length} of its {size} bytes, {percent}"
