"""The directory of a compound file as the tree that it is: which streams lie in which storage.

Source: [MS-CFB] 2.6.1 (directory entries), 2.6.4 (red-black tree of a storage's members).

A name counts only together with its storage: an embedded document has the same streams as the one that it lies in.
"""

from collections.abc import Mapping, Sequence
from struct import unpack_from
from typing import NamedTuple

ENTRY = 128
STORAGE, STREAM, ROOT = 1, 2, 5
MOST_ENTRIES = 65_536
"""Entries that are gone through; an installer has some thousand."""


class Entry(NamedTuple):
    """A stream or storage as the directory has it. ``number`` is its place there."""

    number: int
    name: str
    kind: int
    left: int
    right: int
    child: int
    class_id: bytes
    start: int
    size: int


class Tree(NamedTuple):
    """All entries by number, and how they hang together."""

    entries: Mapping[int, Entry]
    root: Entry | None
    members: dict[int, list[Entry]]
    """What lies in a storage, by its number, in the order of the directory; a storage stands before those within it."""
    loose: Sequence[Entry]
    """What no storage leads to, as far as it lies in nothing that is loose itself."""
    complete: bool
    """Whether each link leads to an entry that is there."""

    def top(self) -> list[Entry]:
        """Return what lies in the root; behind it what nothing leads to, for a broken link hides no stream."""
        return [*(self.members.get(self.root.number, ()) if self.root else ()), *self.loose]


def entry(block: bytes, number: int, *, long: bool) -> Entry | None:
    """Return the entry in ``block`` of 128 bytes, None for one that is free. ``long``: its size has 64 bits.

    One of a kind or with a length of its name that the format does not know is no free one.
    """
    length, kind = unpack_from("<HB", block, 64)
    if not kind:
        return None
    name = block[: length - 2 if 2 <= length <= 64 else 64].decode("utf-16-le", "replace")
    if not 2 <= length <= 64:
        name = name.partition("\0")[0]
    left, right, child = unpack_from("<III", block, 68)
    start, size = unpack_from("<IQ", block, 116)
    size = size if long else size & 0xFFFFFFFF
    return Entry(number, name, kind, left, right, child, block[80:96], start, size)


def arranged(entries: Mapping[int, Entry]) -> Tree:
    """Return the tree of the entries; each is visited once, whatever the links say."""
    root = next((each for each in entries.values() if each.kind == ROOT), None)
    seen = {root.number} if root else set()
    members: dict[int, list[Entry]] = {}
    complete = root is not None

    def descend(top: Entry) -> None:
        nonlocal complete
        storages = [top]
        for storage in storages:
            found, links = list[Entry](), [storage.child]
            while links:
                number = links.pop()
                each = entries.get(number)
                if each is None:
                    complete &= number == 0xFFFFFFFF
                elif number not in seen:
                    seen.add(number)
                    found.append(each)
                    links += (each.left, each.right)
            members[storage.number] = sorted(found)
            storages += (each for each in members[storage.number] if each.kind == STORAGE)

    if root:
        descend(root)
    loose: list[Entry] = []
    ordered = sorted(entries.values(), key=lambda each: (each.kind != STORAGE, each.number))
    for each in ordered:  # the storages first: a stream in one of them is not loose
        if each.number not in seen:
            seen.add(each.number)
            loose.append(each)
            if each.kind == STORAGE:
                descend(each)
    return Tree(entries, root, members, sorted(loose), complete)
