"""The walk that readers of our own share: every directory once, files before the directories below.

A directory's own row comes behind its entries: only then is it known whether they could all be read. What is in use
and was met under no name comes last, so that a damaged directory does not take its files with it.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from actionday.model import Context, Damaged, Found, Kind, Loss, Status
from actionday.model.counted import counted
from actionday.sources.filesystems._left_over import IN_USE, UNNAMED
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._streams import Name
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap

DEEPEST = 1024
"""Directories within one another; a path of that depth is longer than any system opens."""
MOST_HELD = 100_000
"""Removed names kept until it is known whether another name leads to their inode; what comes behind is not."""


class Tree(Protocol):
    """A file system of inodes and names."""

    kind: str
    root: int

    def names(self, inode: int) -> Iterator[Name | BadMap]:
        """Yield the names in a directory. Raises BadMap or Missing where nothing further can be read."""

    def found(self, name: Name, bare: Found) -> Found:
        """Return ``bare`` with all that is known of it. Raises BadMap or Missing."""

    def enters(self, name: Name) -> bool:
        """Say whether a name leads to a directory whose names are to be listed."""

    def in_use(self, inode: int) -> bool:
        """Say whether an inode belongs to a file that was not deleted. Raises BadMap or Missing."""

    def unnamed(self, named: Marks) -> Iterator[tuple[int, int | None]]:
        """Yield the inodes in use that are not in ``named``: (inode, its directory's or None where not kept).

        Those of directories come first. Raises BadMap or Missing where the lists of inodes cannot be read.
        """

    def beside(self, name: Name, found: Found) -> Iterator[Found]:
        """Yield what a file holds beside its content: attributes, streams. Raises BadMap or Missing."""


class _Open(NamedTuple):
    """A directory whose names are to be listed; ``own`` is its row (None: the root, which has none)."""

    inode: int
    path: bytes
    depth: int
    deleted: bool
    own: Found | None


class Walk:
    """Goes through a tree; what concerns no single entry becomes a note."""

    def __init__(self, tree: Tree, around: Context) -> None:
        self.tree, self.around = tree, around
        self.seen = {tree.root}
        self.named = Marks()
        """Inodes met under a name that was not removed."""
        self.damaged: dict[int, bytes] = {}
        """Directories of which not all names could be read, with their paths."""
        self._why = ""
        self._root = ""
        self._held: list[tuple[Name, bytes]] = []

    def items(self) -> Iterator[Found]:
        """Yield every entry in directory order, then what no directory names."""
        self.named.add(self.tree.root)
        yield from self._below(_Open(self.tree.root, b"", 0, False, None))
        yield from self._removed()
        yield from self._unnamed()

    def orphan(self, name: Name) -> Iterator[Found]:
        """Yield what no name leads to and is not in use, and what is still named below it."""
        below: list[_Open] = []
        yield from self._entry(name, name.name, 0, below)
        for each in below:
            yield from self._below(each)
            yield from self._removed()

    def end(self) -> None:
        """Raise Damaged where the names in the root could not all be read."""
        if self._root:
            raise Damaged(f"the root directory: {self._root}")

    def found(self, name: Name, where: bytes) -> Found:
        """Return the item of a name; what is wrong with it is its status."""
        text, raw = shown(where.decode("utf-8", "surrogateescape"))
        kind = Kind.DELETED if name.deleted else Kind.FILE
        bare = Found(name=text, kind=kind, place=name.place, raw=raw)
        try:
            return self.tree.found(name, bare)
        except (BadMap, Missing) as error:
            why = f"{self.tree.kind}: {error}"
            return Found(
                name=text, kind=kind, place=name.place, raw=raw, status=Status.UNREADABLE, reason=why
            )

    def _below(self, start: _Open) -> Iterator[Found]:
        pending = [start]
        while pending:
            here = pending.pop()
            below: list[_Open] = []
            self._why, held = "", len(self._held)
            for name in self._names(here):
                where = here.path + b"/" + name.name if here.path else name.name
                each = name._replace(deleted=True) if here.deleted else name
                if each.deleted and self._hold(each, where):
                    continue
                yield from self._entry(each, where, here.depth, below)
            self._drop_copies(here, held)
            yield from self._own(here)
            if below and here.depth >= DEEPEST:
                yield from self._too_deep(below, here.path)
            else:
                pending.extend(reversed(below))

    def _entry(self, name: Name, where: bytes, depth: int, below: list[_Open]) -> Iterator[Found]:
        """Yield the item of a name, or keep it in ``below`` where it is a directory to be entered."""
        if not name.deleted:
            self.named.add(name.inode)
        found = self.found(name, where)
        if self._entered(name, where):
            below.append(_Open(name.inode, where, depth + 1, name.deleted, found))
        else:
            yield found
        if not name.deleted:
            yield from self._beside(name, found)

    def _beside(self, name: Name, found: Found) -> Iterator[Found]:
        """Yield what a file holds beside its content; what cannot be read of it is noted."""
        try:
            yield from self.tree.beside(name, found)
        except (BadMap, Missing) as error:
            if found.status is Status.UNREADABLE:
                return  # it was said of the file as a whole
            self.around.note(Loss.DAMAGED, f"{self.tree.kind}: attributes and streams: {error}", found.name)

    def _own(self, here: _Open) -> Iterator[Found]:
        """Yield a directory's own row, unreadable where not all of its names could be read."""
        why = self._why
        if why and not here.deleted:
            self.damaged[here.inode] = here.path
        if here.own is None:
            self._root = why
        elif why and here.own.status is None:
            reason = f"{self.tree.kind}: not all of its names could be read: {why}"
            yield replace(here.own, status=Status.UNREADABLE, reason=reason)
        else:
            yield here.own

    def _too_deep(self, below: list[_Open], path: bytes) -> Iterator[Found]:
        why = f"{counted(len(below), 'directory lies', 'directories lie')} deeper than {DEEPEST}: not listed"
        self._note("depth", why, path)
        for each in below:
            if each.own is not None:
                reason = f"{self.tree.kind}: lies deeper than {DEEPEST} directories: not listed"
                yield replace(each.own, status=each.own.status or Status.UNREADABLE, reason=reason)

    def _hold(self, name: Name, where: bytes) -> bool:
        """Keep a removed name whose inode is in use until it is known under what name; say whether it was kept."""
        if not name.inode or len(self._held) >= MOST_HELD:
            return False
        try:
            if not self.tree.in_use(name.inode):
                return False
        except (BadMap, Missing):
            return False
        self._held.append((name, where))
        return True

    def _drop_copies(self, here: _Open, since: int) -> None:
        """Forget names held of a directory that it has live as well, with the same inode: nobody removed those.

        A directory that is split or sorted anew leaves its entries where they lay, behind those that moved in.
        """
        held = {(name.name, name.inode) for name, _ in self._held[since:]}
        if not held:
            return
        live = set()
        with suppress(BadMap, Missing):  # said where they were listed
            for each in self.tree.names(here.inode):
                if isinstance(each, Name) and not each.deleted and (each.name, each.inode) in held:
                    live.add((each.name, each.inode))
        kept = [pair for pair in self._held[since:] if (pair[0].name, pair[0].inode) not in live]
        self._held[since:] = kept

    def _removed(self) -> Iterator[Found]:
        """Yield the names that look removed and lead to inodes in use: live files where no other name does."""
        held, self._held = self._held, []
        for name, where in held:
            if name.inode in self.named:
                yield self.found(name, where)
                continue
            self._note(
                "name", f"inode {name.inode} is in use, and only a name that looks removed leads to it", where
            )
            yield from self._live(name._replace(deleted=False), where, IN_USE)
        for name, where in self._held:  # below a directory found just now
            yield self.found(name, where)

    def _unnamed(self) -> Iterator[Found]:
        count = 0
        try:
            for inode, parent in self.tree.unnamed(self.named):
                if inode in self.named:  # met below a directory yielded before
                    continue
                path = self.damaged.get(parent, b"") if parent is not None else b""
                last = f"$Unnamed/inode-{inode}".encode()
                where = path + b"/" + last if path else last
                for found in self._live(Name(last, inode, f"unnamed:{inode}"), where, UNNAMED):
                    lost = found.place.startswith("unnamed:") and found.kind is not Kind.DELETED
                    count += lost  # one removed while it was open has no name to be missing
                    yield found
        except (BadMap, Missing) as error:
            self._note("unnamed", f"files without a name were not looked for to the end: {error}", b"")
        if count:
            self._note(
                "unnamed",
                f"{counted(count, 'inode in use is', 'inodes in use are')} of no directory: listed under $Unnamed",
                b"",
            )

    def _live(self, name: Name, where: bytes, why: str) -> Iterator[Found]:
        """Yield what no directory names properly, and what lies below it."""
        below: list[_Open] = []
        for found in self._entry(name, where, 0, below):
            yield _said(found, why)
        for each in below:
            own = None if each.own is None else _said(each.own, why)
            yield from self._below(each._replace(own=own))

    def _names(self, here: _Open) -> Iterator[Name]:
        try:
            for each in self.tree.names(here.inode):
                if isinstance(each, BadMap):
                    self._bad(here, f"{each}", "")
                else:
                    yield each
        except (BadMap, Missing) as error:
            self._bad(here, f"{error}", " cannot be read further")

    def _bad(self, here: _Open, why: str, how: str) -> None:
        self._why = self._why or why
        self._note("directory", f"directory (inode {here.inode}){how}: {why}", here.path)

    def _entered(self, name: Name, where: bytes) -> bool:
        try:
            if not self.tree.enters(name):
                return False
        except (BadMap, Missing):
            return False
        if name.inode in self.seen:
            if not name.deleted:
                self._note(
                    "loop", f"directory (inode {name.inode}) was listed before: not entered again", where
                )
            return False
        self.seen.add(name.inode)
        return True

    def _note(self, code: str, reason: str, path: bytes) -> None:
        self.around.note(
            code, f"{self.tree.kind}: {reason}", shown(path.decode("utf-8", "surrogateescape"))[0]
        )


def _said(found: Found, why: str) -> Found:
    """Return ``found`` with what is unusual about it among its facts, and as its reason where it has none."""
    return replace(found, reason=found.reason or why, meta={**found.meta, "unnamed": True})
