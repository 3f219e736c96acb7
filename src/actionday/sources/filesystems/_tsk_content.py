"""Entries out of names: where the bytes of a file lie, by file system. Standard library and the sleuthkit only."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple, Protocol

from actionday.sources.filesystems._left_over import DIRECTORY, GONE, STILL, TAKEN
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._tsk_behind import CODE, NAME, said
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_facts import SPECIAL, Facts
from actionday.sources.filesystems._tsk_protocol import Entry
from actionday.sources.filesystems._tsk_runs import BadMap, Run, Runs
from actionday.sources.filesystems._tsk_why import why_of

SPARSE, FILLER, ENCRYPTED_RUN = 2, 1, 4
"""TSK_FS_ATTR_RUN_FLAG_*."""
NONRESIDENT, COMPRESSED, ENCRYPTED = 2, 16, 32
"""TSK_FS_ATTR_NONRES, _COMP and _ENC."""


class Lost(NamedTuple):
    """Something in use that no directory names; ``entries`` as they are to be told, where that is known already."""

    one: Facts
    entries: list[Entry]


class Content(Protocol):
    """Knows one kind of file system."""

    def entries(self, found: Any, one: Facts, /) -> Iterator[Entry]:
        """Yield the entry of a regular file, then its further streams. Raises BadMap, Missing or OSError."""

    def refine(self, one: Facts, /) -> None:
        """Put what is known better than by the sleuthkit. Raises BadMap or Missing."""

    def target(self, one: Facts, /) -> str:
        """Return where a symbolic link points. Raises BadMap, Missing or OSError."""

    def odd(self, inode: int, one: Facts | None, /) -> str:
        """Return what is wrong with a directory (None: the root) that the sleuthkit does not mind, or ""."""

    def unnamed(self, named: Marks, whole: bool, /) -> Iterator[Lost | None]:
        """Yield what is in use and not in ``named``; None now and then, where it takes long.

        ``whole`` is false where some entries were passed over: nobody knows where those lie.

        Raises BadMap, Missing or OSError where the file system's own lists cannot be read.
        """

    def orphan(self, one: Facts, /) -> bool:
        """Say whether an inode that is free and that no name leads to was a file once; name it where it has to be."""

    def orphans(self, told: Marks, /) -> Iterator[Lost | None] | None:
        """Return what is free and not in ``told``, where the sleuthkit could not list it; None without such a list."""

    def remarks(self) -> list[tuple[str, str]]:
        """Return (code, reason) of what else is to be said of the file system, as far as it was listed."""

    def rootless(self, lost: int, /) -> str:
        """Return why the root cannot have been whole, given how many things had no name; "" where it can."""


def described(content: Content, found: Any, one: Facts, system: Callable[[Facts], bool]) -> Iterator[Entry]:
    """Yield the entries of one name; whatever is wrong with it becomes its status, never an exception."""
    kind = "system" if system(one) else "file"
    if one.known and not one.reused:
        with suppress(BadMap, Missing, ValueError, IndexError):  # told again where the content is looked for
            content.refine(one)
    if one.reused:
        yield one.entry(kind, status="empty", reason=STILL if one.alive else TAKEN)
    elif one.type == "link":
        yield _link(content, one)
    elif one.type in SPECIAL:
        one.meta["type"] = one.type
        yield one.entry("special", status="unsupported", reason=one.type)
    elif one.directory:
        yield _directory(one)
        yield from _safely(content, found, one, kind, streams_only=True)
    elif not one.known:
        status = ("empty", GONE) if one.deleted else ("unreadable", f"inode {one.inode} cannot be read")
        yield one.entry(kind, status=status[0], reason=status[1])
    else:
        yield from _safely(content, found, one, kind, streams_only=False)


def _link(content: Content, one: Facts) -> Entry:
    try:
        one.meta["target"] = content.target(one)
    except (BadMap, Missing, OSError) as error:
        return one.entry("symlink", status="unreadable", reason=f"its target: {why_of(error)}")
    return one.entry("symlink", status="unsupported", reason="symbolic link")


def _directory(one: Facts) -> Entry:
    if not one.deleted:
        return one.entry("directory", reason=one.reason)
    one.meta["type"] = "directory"
    return one.entry("directory", status="empty", reason=one.reason or DIRECTORY)


def _safely(content: Content, found: Any, one: Facts, kind: str, *, streams_only: bool) -> Iterator[Entry]:
    begun = streams_only
    try:
        for entry in content.entries(found, one):
            if entry.place == one.place and streams_only:
                continue
            yield entry._replace(kind=kind) if entry.kind == "file" else entry
            begun = True
    except (BadMap, Missing, OSError, ValueError, IndexError) as error:
        why = why_of(error)
        if not begun:
            yield one.entry(kind, size=one.size, status="unreadable", reason=why)
        elif not one.reused and not (one.directory and one.deleted):
            yield one.entry("stream", status="unreadable", reason=f"further streams: {why}")._replace(
                place=f"{one.place}:?"
            )


def plain_runs(attribute: Any, block: int, size: int) -> list[Run]:
    """Return the runs of a sleuthkit attribute; fewer bytes than ``size`` where fewer are told. Raises BadMap.

    A chain that breaks off is no hole: what lies behind is missing, not zeros.
    """
    runs = mapped(attribute, block)
    return runs.cut(min(size, runs.end))


def mapped(attribute: Any, block: int) -> Runs:
    """Return all runs of a sleuthkit attribute, whatever its size. Raises BadMap."""
    runs = Runs()
    for run in attribute:
        flags = int(run.flags)
        if flags & (FILLER | ENCRYPTED_RUN):
            raise BadMap("a part of its run list is missing" if flags & FILLER else "an encrypted run")
        at = -1 if flags & SPARSE else int(run.addr) * block
        runs.add(int(run.offset) * block, at, int(run.len) * block)
    return runs


def behind(one: Facts, own: Entry, runs: list[Run]) -> Entry:
    """Return the entry of ``runs``, which lie behind the size of ``own``, a file or a stream."""
    size = own.size or 0
    return one.entry("stream", size=sum(length for _, length in runs), runs=runs, reason="")._replace(
        path=own.path + NAME, place=f"{own.place}:behind", meta={"offset": size}, notes=[(CODE, said(size, runs))]
    )  # fmt: skip


def none_left(one: Facts, runs: list[Run]) -> Entry | None:
    """Return the entry of a deleted file of which nothing can be told any more, or None."""
    if one.deleted and all(at < 0 for at, _ in runs):
        return one.entry("file", size=one.size, status="empty", reason=GONE)
    return None
