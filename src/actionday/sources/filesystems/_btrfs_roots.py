"""Btrfs subvolumes and snapshots: their trees, where they stand, and what is kept of their making and sending.

Source: Linux kernel, ``include/uapi/linux/btrfs_tree.h`` (``btrfs_root_item``, ``btrfs_root_ref``).
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from actionday.sources.filesystems._btrfs_nodes import MOST, Trees
from actionday.sources.filesystems._btrfs_super import DEEPEST, Root
from actionday.sources.filesystems._times import moment
from actionday.sources.filesystems._tsk_bytes import u16, u32, u64
from actionday.sources.filesystems._tsk_runs import BadMap

TOP, FIRST, LAST = 5, 256, MOST - 255
CSUM_TREE, EXTENT_TREE = 7, 2
ROOT_ITEM, ROOT_REF = 132, 156
READ_ONLY = 1
ITEM, LONG = 239, 439
"""Bytes of a root item without and with what is kept of subvolumes."""
MOST_TREES = 1 << 20
SECOND = 1_000_000_000
UUIDS = {"uuid": 247, "parent_uuid": 263, "received_uuid": 279}
TRANSACTIONS = {"changed_in": 295, "created_in": 303, "sent_in": 311, "received_in": 319}
TIMES = {"ctime": 327, "created": 339, "sent": 351, "received": 363}


class Subvolume(NamedTuple):
    """A tree with files. ``facts``: what is kept of it; ``kept``: 0 references to it once it was removed."""

    number: int
    root: Root
    directory: int
    facts: dict[str, object]
    kept: int

    @property
    def snapshot_of(self) -> object:
        """The UUID of what it is a snapshot of."""
        return self.facts.get("parent_uuid")


class Roots:
    """All that the tree of roots names."""

    def __init__(self, trees: Trees, root: Root, bad: list[str]) -> None:
        """What cannot be read of it is told in ``bad``."""
        self.subvolumes: dict[int, Subvolume] = {}
        self.others: dict[int, Root] = {}
        self._places: set[tuple[int, int, bytes, int]] = set()
        for item in trees.items(root, bad=bad):
            number, kind, _ = item.key
            if kind == ROOT_ITEM:
                self._take(number, item.data, bad)
            elif kind == ROOT_REF and item.size >= 18:
                data = item.data
                name = data[18 : 18 + u16(data, 16)]
                self._places.add((number, u64(data, 0), name, item.key[2]))
            if len(self.subvolumes) + len(self._places) > MOST_TREES:
                bad.append(f"more than {MOST_TREES} subvolumes")
                break
        self._by_uuid = {each.facts.get("uuid"): each.number for each in self.subvolumes.values()}

    def stands(self, parent: int, directory: int, name: bytes, number: int) -> bool:
        """Say whether a subvolume stands in a directory under a name.

        In a snapshot the names of other subvolumes below what it was taken of are still there, and lead nowhere.
        """
        return (parent, directory, name, number) in self._places

    def taken_of(self, each: Subvolume) -> int | None:
        """Return the number of the subvolume that a snapshot was taken of, None where it is not there."""
        return self._by_uuid.get(each.snapshot_of) if each.snapshot_of else None

    def _take(self, number: int, raw: bytes, bad: list[str]) -> None:
        try:
            root = root_of(raw)
        except BadMap as error:
            bad.append(f"the tree {number}: {error}")
            return
        if number == TOP or FIRST <= number <= LAST:
            facts = dict(_facts(raw)) if len(raw) >= LONG else {}
            self.subvolumes[number] = Subvolume(number, root, u64(raw, 168), facts, u32(raw, 216))
        else:
            self.others[number] = root


def root_of(raw: bytes) -> Root:
    """Return where a tree begins by its root item. Raises BadMap."""
    if len(raw) < ITEM or raw[238] > DEEPEST:
        raise BadMap("its root cannot be right")
    return Root(u64(raw, 176), raw[238], u64(raw, 160))


def _facts(raw: bytes) -> Iterator[tuple[str, object]]:
    if u64(raw, 208) & READ_ONLY:
        yield "read_only", True
    for key, at in UUIDS.items():
        if any(raw[at : at + 16]):
            yield key, str(UUID(bytes=raw[at : at + 16]))
    for key, at in TRANSACTIONS.items():
        if u64(raw, at):
            yield key, u64(raw, at)
    for key, at in TIMES.items():
        seconds, nanoseconds = struct.unpack_from("<qI", raw, at)
        if seconds or nanoseconds:
            yield key, moment(seconds * SECOND + nanoseconds) or seconds
