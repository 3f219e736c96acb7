"""A snapshot of LVM2's first kind: the origin as it is now, and beside it each chunk that was changed since.

Source: Linux kernel, ``drivers/md/dm-snap-persistent.c`` (header, areas of exceptions), ``dm-exception-store.h``.
"""

import numpy as np

from actionday.model import Damaged, Stream, Unsupported
from actionday.model.streams import Seekable, read_at
from actionday.sources.volumes._signs import u32

MAGIC, SECTOR, ENTRY = 0x70416E53, 512, 16
LARGEST = 8 << 20
"""Chunks that are held: 128 MiB, of a snapshot of 32 GiB in chunks of 4 KiB."""
MOST_SECTORS = 1 << 15
"""Of one chunk; LVM2 allows 512 KiB."""


class Snapshot(Seekable):
    """The origin at the time of the snapshot, with what was written on the snapshot itself."""

    def __init__(self, origin: Stream, store: Stream) -> None:
        """Raises Damaged for a store that cannot be read or was given up, Unsupported for one too large."""
        super().__init__(origin.size)
        self._origin, self._store = origin, store
        head = read_at(store, 0, SECTOR)
        valid, version, sectors = u32(head, 4), u32(head, 8), u32(head, 12)
        if u32(head, 0) != MAGIC:
            raise Damaged("snapshot: its store has no header")
        if version != 1 or not 0 < sectors <= MOST_SECTORS:
            raise Unsupported(f"snapshot: its store has version {version} and chunks of {sectors} sectors")
        if not valid:
            raise Damaged("snapshot: its store ran full and was given up: what was changed since is lost")
        self._chunk = sectors * SECTOR
        self._old, self._new = _exceptions(store, self._chunk)

    @property
    def changed(self) -> int:
        """How many chunks differ from the origin."""
        return len(self._old)

    def lost_until(self, at: int) -> int:
        """Return the end of the chunk at ``at``."""
        return min(self.size, at - at % self._chunk + self._chunk)

    def _at(self, offset: int, length: int) -> bytes:
        pieces = []
        while length > 0:
            number, within = divmod(offset, self._chunk)
            size = min(length, self._chunk - within)
            pieces.append(self._piece(number, within, size))
            offset, length = offset + size, length - size
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _piece(self, number: int, within: int, size: int) -> bytes:
        place = int(np.searchsorted(self._old, number))
        if place == len(self._old) or int(self._old[place]) != number:
            return read_at(self._origin, number * self._chunk + within, size)
        data = read_at(self._store, int(self._new[place]) * self._chunk + within, size)
        if len(data) != size:
            raise Damaged(f"snapshot: chunk {number} lies behind the end of its store")
        return data


Numbers = np.ndarray[tuple[int], np.dtype[np.uint64]]


def _exceptions(store: Stream, chunk: int) -> tuple[Numbers, Numbers]:
    """Return the chunks that were changed, sorted, and where each lies in the store."""
    each = chunk // ENTRY
    found: list[Numbers] = []
    count, at = 0, chunk
    while at < store.size:
        raw = read_at(store, at, chunk)
        if len(raw) != chunk:
            raise Damaged(f"snapshot: its store breaks off in its list of chunks, at byte {at}")
        area = np.frombuffer(raw, "<u8").reshape(-1, 2)
        ends = np.flatnonzero(area[:, 1] == 0)
        last = int(ends[0]) if len(ends) else each
        found.append(area[:last])
        count += last
        if count > LARGEST:
            raise Unsupported(f"snapshot: more than {LARGEST} chunks were changed since")
        if last < each:
            break
        at += (each + 1) * chunk
    whole = np.concatenate(found) if found else np.empty((0, 2), np.uint64)
    order = np.argsort(whole[:, 0], kind="stable")
    return whole[order, 0], whole[order, 1]
