"""The walk over a file system: every directory once, files before the directories below, deleted entries too.

A directory's own entry comes behind what it names: only then is it known whether all of it could be read.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from actionday.sources.filesystems._left_over import UNNAMED
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_content import Content, described
from actionday.sources.filesystems._tsk_facts import UNALLOCATED, Facts, facts
from actionday.sources.filesystems._tsk_protocol import Entry
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems._tsk_why import why_of

DEEPEST = 1024
"""Directories within one another; a path of that depth is longer than any system opens."""


ORPHANS = b"$OrphanFiles"
"""The sleuthkit's directory of inodes without a name."""


def _quiet(_inode: int, _taken: int) -> None:
    """Say nothing."""


class _Open(NamedTuple):
    """A directory whose names are to be listed, its own entries (its row, then its streams), what it is."""

    inode: int
    path: bytes
    depth: int
    own: list[Entry]
    one: Facts | None = None

    @property
    def deleted(self) -> bool:
        """Whether it was removed, or stands for what was: what is wrong with it is no news."""
        return self.path.startswith(ORPHANS) if self.one is None else self.one.deleted


class Walk:
    """Yields entries in directory order; a directory that cannot be read is noted and the rest goes on."""

    def __init__(self, volume: Any, content: Content, system: Callable[[Facts], bool]) -> None:
        self.volume, self.content, self.system = volume, content, system
        self.seen: set[int] = set()
        self.named = Marks()
        """Inodes met under a name that was not removed."""
        self.told = Marks()
        """Inodes met under any name."""
        self._cut = ""
        """Why what has no name could not be listed to the end."""
        self.ended = ""
        """Why not all of the root's names could be read."""
        self.orphans: int | None = None
        self.avoid: dict[int, int] = {}
        """Inodes at which the sleuthkit was seen to end the process: files (-1) are named and not touched,
        directories left after so many names."""
        self.announce: Callable[[int, int], None] = _quiet
        self.notes: list[tuple[str, str, str]] = []
        """(code, reason, path) of what concerns no single entry, taken by the conversation."""
        self._remarked: set[tuple[str, str]] = set()
        self._why = ""

    def entries(self) -> Iterator[Entry | None]:
        """Yield every entry of the file system, then None, then what has no name.

        The last means to look through every inode, which may take longer than anyone waits: a further None says
        that it still goes on.
        """
        root = int(self.volume.info.root_inum)
        self.seen.add(root)
        self.named.add(root)
        yield from self._below(_Open(root, b"", 0, []))
        yield None
        yield from self._unnamed()
        if self.orphans is not None:
            yield None
            yield from self._below(_Open(self.orphans, ORPHANS, 0, []))
        if self._cut:
            yield from self._left()

    def _left(self) -> Iterator[Entry | None]:
        """Yield what is free and has no name, by lists of the file system's own: one bad index ends the sleuthkit's."""
        lists = self.content.orphans(self.told)
        if lists is None:
            self._note("directory", self._cut, ORPHANS)
        try:
            for lost in lists or ():
                if lost is None:
                    yield None
                elif lost.one.inode not in self.told:  # below a directory told just now
                    told = list(self._described(lost.one, None))
                    if self._enter(lost.one):
                        yield from self._below(_Open(lost.one.inode, lost.one.path, 1, told, lost.one))
                    else:
                        yield from told
        except (BadMap, Missing, OSError, ValueError) as error:
            self._note(
                "orphans", f"files without a name were not looked for to the end: {why_of(error)}", b""
            )
        self._remark()

    def _below(self, start: _Open) -> Iterator[Entry]:
        pending = [start]
        while pending:
            here = pending.pop()
            below: list[_Open] = []
            self._why = ""
            for one, found in self._names(here):
                if one.type == "virtual directory":  # the sleuthkit's own idea: no entry of the disk
                    self.orphans = one.inode
                    continue
                self.announce(one.inode, -1)
                if here.one is not None and here.one.taken and not one.deleted:
                    continue  # of whoever is there now, and listed with it
                if here.path == ORPHANS and not self.content.orphan(one):
                    continue
                self.told.add(max(0, one.inode))
                if not one.deleted:
                    self.named.add(one.inode)
                told = list(self._described(one, found))  # which may find that the directory is gone
                if self._enter(one):
                    below.append(_Open(one.inode, one.path, here.depth + 1, told, one))
                else:
                    yield from told
            yield from self._own(here)
            if below and here.depth >= DEEPEST:
                yield from self._too_deep(below, here.path)
            else:
                pending.extend(reversed(below))

    def _own(self, here: _Open) -> Iterator[Entry]:
        """Yield a directory's own entries; the first is its row."""
        why = self._why or ("" if here.deleted else self.content.odd(here.inode, here.one))
        if why and not self._why:
            self._note("directory", f"directory (inode {here.inode}): {why}", here.path)
        if here.path == b"" and not here.own:
            self.ended = why
        elif why and here.own and here.deleted:
            here.own[0] = here.own[0]._replace(
                reason=f"deleted directory; not all of its names could be read: {why}"
            )
        elif why and here.own and not here.own[0].status:
            reason = f"not all of its names could be read: {why}"
            here.own[0] = here.own[0]._replace(status="unreadable", reason=reason)
        yield from here.own

    def _too_deep(self, below: list[_Open], path: bytes) -> Iterator[Entry]:
        many = "1 directory lies" if len(below) == 1 else f"{len(below)} directories lie"
        why = f"{many} deeper than {DEEPEST}: not listed"
        self._note("depth", why, path)
        for each in below:
            first, *others = each.own
            reason = f"lies deeper than {DEEPEST} directories: not listed"
            yield first if first.status else first._replace(status="unreadable", reason=reason)
            yield from others

    def _unnamed(self) -> Iterator[Entry | None]:
        """Yield what is in use and was met under no name, by lists of the file system's own."""
        count = 0
        try:
            for lost in self.content.unnamed(self.named, not self.avoid):
                if lost is None:
                    yield None
                    continue
                count += 1
                one = lost.one
                one.meta["unnamed"] = True
                one.reason = one.reason or UNNAMED
                told = lost.entries or list(self._described(one, None))
                if one.directory and one.inode >= 0 and self._enter(one):
                    yield from self._below(_Open(one.inode, one.path, 1, told, one))
                else:
                    yield from told
        except (BadMap, Missing, OSError, ValueError) as error:
            why = why_of(error)
            self._note("unnamed", f"files without a name were not looked for to the end: {why}", b"")
        if count:
            self._note("unnamed", f"entries in use that no directory names which could be read: {count}", b"")
        self._remark()
        self.ended = self.ended or self.content.rootless(count)

    def _described(self, one: Facts, found: Any) -> Iterator[Entry]:
        if self.avoid.get(one.inode) == -1:
            yield one.entry(
                "file", size=one.size, status="unreadable", reason="the sleuthkit cannot bear this file"
            )
        else:
            yield from described(self.content, found, one, self.system)

    def _names(self, here: _Open) -> Iterator[tuple[Facts, Any]]:
        inode, path = here.inode, here.path
        number, stop = 0, self.avoid.get(inode, -1)
        try:
            self.announce(inode, 0)
            for found in self.volume.open_dir(inode=inode) if stop else ():
                number += 1
                name = found.info.name
                if name is not None and name.name not in (b".", b".."):
                    if found.info.meta is None and (path == ORPHANS or int(name.flags) & UNALLOCATED):
                        found = self._counted_on(found, int(name.meta_addr))
                    yield facts(name, found.info.meta, path, f"{inode}:{number}"), found
                self.announce(inode, number)
                if number == stop:
                    break
            if stop >= 0:
                self._bad(here, "the sleuthkit cannot bear what follows", "")
        except (OSError, RuntimeError) as error:
            self._bad(here, why_of(error), " cannot be read further")

    def _counted_on(self, found: Any, inode: int) -> Any:
        """Return the file of a removed name with its inode.

        NTFS counts a record on as its file is removed, so that name and record differ; the sleuthkit then leaves
        the record out, with all it keeps of the content. ``facts`` tells whether it is another file's by now.
        """
        try:
            return self.volume.open_meta(inode=inode) if inode else found
        except OSError:
            return found

    def _bad(self, here: _Open, why: str, how: str) -> None:
        self._why = self._why or why
        if here.inode == self.orphans:
            self._cut = self._cut or f"directory (inode {here.inode}){how}: {why}"
        elif here.one is None or not here.deleted:  # else said in its own row
            self._note("directory", f"directory (inode {here.inode}){how}: {why}", here.path)

    def _enter(self, one: Facts) -> bool:
        """Say whether to list a directory: once each, never by a deleted name whose inode lives on elsewhere."""
        if not one.directory or one.reused or not one.known:
            return False
        if one.inode in self.seen:
            if not one.deleted:
                self._note(
                    "loop", f"directory (inode {one.inode}) was listed before: not entered again", one.path
                )
            return False
        self.seen.add(one.inode)
        return True

    def _remark(self) -> None:
        """Note what the file system's own lists give reason for, each once: they are gone through twice at the most."""
        for code, reason in self.content.remarks():
            if (code, reason) not in self._remarked:
                self._remarked.add((code, reason))
                self._note(code, reason, b"")

    def _note(self, code: str, reason: str, path: bytes) -> None:
        self.notes.append((code, reason, path.decode("utf-8", "surrogateescape")))
