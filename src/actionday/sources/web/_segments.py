"""Records that were written in segments, joined where all of these are in one file.

Source: ISO 28500:2017, 5.19 (WARC-Segment-Number), 5.20 (Origin-ID), 5.21 (Total-Length), 6.9 and 7.2 (continuation).

Each segment is an item as it stands; the whole record is one more behind the last of them, read as any other.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from actionday.model.counted import counted
from actionday.sources.web._block import Block
from actionday.sources.web._item import Record
from actionday.sources.web._segment import Segment

MOST, MOST_HELD = 10_000, 64 << 20
"""Segments that wait for others, and bytes of theirs that are held in memory: crawlers make segments of gigabytes."""
MOST_NAMED = 100


class Segments:
    """Takes the segments of one file, in whatever order they come."""

    def __init__(self) -> None:
        self._waiting: dict[str, dict[int, tuple[Record, Segment]]] = {}
        self._count = self._held = self._left_out = 0

    def take(self, record: Record, segment: Segment) -> Record | None:
        """Keep a segment; return the whole record when this is its last missing one."""
        held = len(record.block.held or b"")
        if self._count >= MOST or self._held + held > MOST_HELD:
            self._left_out += 1
            return None
        of = self._waiting.setdefault(segment.record, {})
        if segment.number in of:
            self._left_out += 1
            return None
        of[segment.number] = (record, segment)
        self._count += 1
        self._held += held
        whole = _whole(of) if segment.number else None
        if whole:
            self._forget(segment.record)
        return whole if len(of) > 1 else None

    def _forget(self, record: str) -> None:
        gone = self._waiting.pop(record)
        self._count -= len(gone)
        self._held -= sum(len(each.block.held or b"") for each, _ in gone.values())

    def apart(self) -> Iterator[str]:
        """Yield which records are not joined, and why."""
        for of in [*self._waiting.values()][:MOST_NAMED]:
            there = ", ".join(f"{number or 'without a number'}" for number in sorted(of)[:20])
            first, said = min(of.items())[1]
            what = f"of {said.origin or 'a record that is not named'}"
            yield f"warc: segments {what} from byte {first.place} on are not joined: here are {there} and no others"
        more = len(self._waiting) - MOST_NAMED
        if more > 0:
            yield f"warc: the segments of {counted(more, 'further record')} are not joined"
        if self._left_out:
            yield f"warc: {counted(self._left_out, 'segment')} beyond the limit, or of a number that is there twice"


def _whole(of: dict[int, tuple[Record, Segment]]) -> Record | None:
    """Return the record that segments make together, None while one is missing."""
    last, (_, said) = max(of.items())
    if said.total is None or len(of) != last or min(of) != 1:
        return None
    blocks = [of[number][0].block for number in range(1, last + 1)]
    size = sum(block.size for block in blocks)
    differs = (
        "" if size == said.total else f"warc: its segments have {size} bytes, {said.total} by the last one"
    )
    damage = next((block.damage for block in blocks if block.damage), differs)
    joined = Block(size, size, lambda: chain.from_iterable(block.chunks() for block in blocks), None, damage)
    first, end = of[1][0], of[last][0]
    facts = {**first.facts, "segments": last}
    return replace(first, place=f"{end.place}~s", block=joined, block_digest="", facts=facts,
                   payload_digest=first.whole_digest)  # fmt: skip
