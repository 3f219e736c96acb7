"""NTFS shadow copies: a volume as it was when each was made, put together from it and from what its stores keep.

A store keeps each block of 16 KiB as it was before it was first overwritten; what an older state and no store between
it and now keeps is as it is now.

Source: J. Metz, "Volume Shadow Snapshot (VSS) format" (libvshadow), "Reading snapshot data".
"""

from collections.abc import Iterator, Sequence

import numpy as np

from actionday.model import Context, Damaged, Found, Kind, Loss, Run, Status, Stream, Unsupported
from actionday.model.counted import counted
from actionday.model.streams import Seekable, lost_until, read_at
from actionday.model.times import filetime
from actionday.sources.volumes._vss_blocks import SECTOR, Blocks, blocks_of
from actionday.sources.volumes._vss_header import BLOCK, Catalogue, Entry, catalogue, catalogue_at, told

WHAT = "shadow copies"


def shadows(stream: Stream, around: Context) -> Iterator[Found]:
    """Yield each shadow copy of a volume, the oldest first. What cannot be told of them is noted, never raised."""
    try:
        at = catalogue_at(stream)
        kept = catalogue(stream, at) if at else Catalogue([], [])
    except (Damaged, OSError) as error:
        around.note(Loss.DAMAGED, f"{WHAT}: {error}")
        return
    for each in kept.damage:
        around.note(Loss.DAMAGED, f"{WHAT}: {each}")
    lost = ""
    found = list[Found]()
    for number in range(len(kept.entries), 0, -1):
        entry = kept.entries[number - 1]
        if not entry.blocks:
            lost = lost or f"the volume names no store of shadow copy {number}"
        found.append(_found(stream, entry, number, lost, around))
    yield from reversed(found)


def _found(stream: Stream, entry: Entry, number: int, lost: str, around: Context) -> Found:
    made = filetime(entry.made)
    name = f"shadow copy {number} of {made}" if made else f"shadow copy {number}"
    facts: dict[str, object] = {"number": number, "store": entry.store, "made": made or entry.made}
    try:
        if entry.head:
            of = told(stream, entry.head)
            facts |= {"id": of.copy, "set": of.of_set, "context": of.context, "attributes": of.attributes}
            facts |= {
                key: value for key, value in (("machine", of.machine), ("service", of.service)) if value
            }
    except (Damaged, OSError) as error:
        around.note(Loss.DAMAGED, f"shadow copy {number}: the header of its store: {error}")
    size = min(entry.size, stream.size) or stream.size
    return Found(name=name, kind=Kind.SHADOW, place=f"shadow:{entry.store}", size=size, mtime=made,
                 status=Status.UNSUPPORTED if lost else None, reason=lost and f"shadow copy: {lost}",
                 meta={"shadow_copy": facts}, earlier=not lost)  # fmt: skip


FEW = 4
"""Blocks of a file that are held against what they are now: mostly others in the same block have changed."""


class States:
    """The earlier states of a volume; lists of blocks are read once, whoever stands on them."""

    def __init__(self, stream: Stream) -> None:
        """Raises Damaged or OSError."""
        self._stream = stream
        at = catalogue_at(stream)
        self._entries = catalogue(stream, at).entries if at else []
        self._blocks: dict[int, Blocks] = {}

    def state(self, place: str) -> "State":
        """Return the volume as it was. Raises Damaged where a list of blocks that it stands on cannot be read."""
        number = next((n for n, each in enumerate(self._entries) if f"shadow:{each.store}" == place), None)
        if number is None:
            raise Damaged("shadow copy: the catalogue does not name it")
        stores = [self._of(each) for each in range(number, len(self._entries))]
        return State(self._stream, self._entries[number], stores)

    def _of(self, number: int) -> Blocks:
        if number not in self._blocks:
            last = number == len(self._entries) - 1
            try:
                self._blocks[number] = blocks_of(self._stream, self._entries[number], newest=last)
            except OSError as error:
                raise Damaged(f"shadow copy {number + 1}: {error}") from error
            except (Damaged, Unsupported) as error:
                raise type(error)(f"shadow copy {number + 1}: {error}") from error
        return self._blocks[number]


class State(Seekable):
    """A volume as it was."""

    def __init__(self, now: Stream, entry: Entry, stores: Sequence[Blocks]) -> None:
        """``stores``: what its own keeps, then those of the shadow copies made after it."""
        super().__init__(min(entry.size, now.size) or now.size)
        self._now, self._stores = now, stores
        self._changed = np.unique(np.concatenate([each.touched for each in stores]))
        """The numbers of all blocks that one of the stores keeps, or a part of."""

    def as_now(self, runs: Sequence[Run]) -> bool:
        """Say whether the bytes of ``runs`` are for sure where and what they are now."""
        return all(start < 0 or self._same(start, start + length) for start, length in runs if length > 0)

    def _same(self, start: int, end: int) -> bool:
        """Say whether the bytes from ``start`` to ``end`` are what they are now; those of few blocks are compared."""
        first, last = start // BLOCK, (end - 1) // BLOCK
        begin, behind = np.searchsorted(self._changed, np.array([first, last + 1], "<u8")).tolist()
        if behind - begin > FEW or self._stores[0].any_unused(first, last):
            return False
        changed = self._changed[begin:behind].tolist()
        try:
            return all(
                self._at(at, length) == read_at(self._now, at, length)
                for at, length in (_within(number, start, end) for number in changed)
            )
        except (Damaged, OSError):
            return False

    def lost_until(self, at: int) -> int:
        """Return what ``lost_until`` does, never more than the rest of a sector's run."""
        (start, size), *_ = self._runs(at, min(BLOCK - at % BLOCK, self.size - at))
        return at + max(1, min(size, lost_until(self._now, start) - start)) if start >= 0 else at + size

    def _at(self, offset: int, length: int) -> bytes:
        pieces = [
            bytes(size) if start < 0 else self._read(start, size)
            for start, size in self._runs(offset, length)
        ]
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _read(self, start: int, length: int) -> bytes:
        data = read_at(self._now, start, length)
        if len(data) != length:
            raise Damaged(
                f"shadow copy: {counted(length, 'byte')} at byte {start} were due, the volume ends at {self._now.size}"
            )
        return data

    def _runs(self, offset: int, length: int) -> list[Run]:
        """Return where bytes of the state lie on the volume, neighbours as one; -1 where what was there is not kept."""
        found, number, end = list[Run](), offset // BLOCK, offset + length
        knows = not self._stores[0].any_unused(number, (end - 1) // BLOCK)
        at = int(np.searchsorted(self._changed, np.uint64(number)))
        while offset < end:
            number, within = divmod(offset, BLOCK)
            changed = int(self._changed[at]) if at < len(self._changed) else end
            at += changed == number
            size = min(end, max(number + 1, changed if knows else 0) * BLOCK) - offset
            same = knows and changed != number
            for start, part in ((offset, size),) if same else self._block(number, within, size):
                last, much = found[-1] if found else (-2, 0)
                if (last >= 0 and last + much == start) or (last == start == -1):
                    found[-1] = last, much + part
                else:
                    found.append((start, part))
            offset += size
        return found

    def _block(self, number: int, within: int, size: int) -> Iterator[Run]:
        """Yield where a part of a block lies: sectors that its own store keeps one by one, the rest as a whole."""
        whole = self._place(number)
        over = self._stores[0].overlays.get(number)
        if over is None:
            yield (whole if whole < 0 else whole + within), size
            return
        end = within + size
        while within < end:
            sector = within // SECTOR
            part = min(end, (sector + 1) * SECTOR) - within
            start = over.at if over.bits >> sector & 1 else whole
            yield (start if start < 0 else start + within), part
            within += part

    def _place(self, number: int) -> int:
        """Return the byte of the volume at which a block lies, -1 where it was in nobody's use and is not kept."""
        for each in self._stores:
            place = each.of(number)
            if place is not None and not place & 1:
                return place
            if place is not None:
                number = place // BLOCK
        alone = len(self._stores) == 1
        if alone and place is None and self._stores[0].is_unused(number):
            return -1
        return number * BLOCK


def _within(number: int, start: int, end: int) -> Run:
    """Return which of the bytes from ``start`` to ``end`` lie in a block: the first, and how many."""
    at = max(start, number * BLOCK)
    return at, min(end, (number + 1) * BLOCK) - at
