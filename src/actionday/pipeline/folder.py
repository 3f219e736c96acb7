"""A folder as an exhibit: listed by the main process (names only), read by workers through descriptors.

Nothing is followed: symbolic links, FIFOs, sockets and devices are items and never opened.

Source: POSIX openat(2), O_NOFOLLOW; Linux O_NOATIME (reading must not change an access time).
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from actionday.model import Damaged, ItemError, Kind, Status
from actionday.model.errors import Refused
from actionday.model.names import text_of
from actionday.model.unopened import LINK_LEFT, never_opened
from actionday.pipeline.attributes import attributes_of
from actionday.pipeline.folder_items import file_of, plain
from actionday.pipeline.messages import Located
from actionday.pipeline.standing import no_file, special, with_bytes

FAR = 4096 - 256 - 2
"""Bytes of a folder's path from which on a name in it may make more than PATH_MAX."""


class Entry(Protocol):
    """A name in a folder, as ``os.scandir`` gives it."""

    @property
    def name(self) -> bytes:
        """The name alone."""

    def stat(self, *, follow_symlinks: bool) -> os.stat_result:
        """Return what the host says of it. Raises OSError."""


class _Far:
    """An entry of a folder whose path is longer than the kernel takes: looked at while the folder was open."""

    def __init__(self, name: bytes, folder: int) -> None:
        self.name = name
        self._facts: os.stat_result | OSError
        try:
            self._facts = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except OSError as error:
            self._facts = error

    def stat(self, *, follow_symlinks: bool) -> os.stat_result:
        """Return what the host said of it; links were not followed. Raises OSError."""
        if follow_symlinks or isinstance(self._facts, OSError):
            raise (
                self._facts
                if isinstance(self._facts, OSError)
                else OSError(errno.EINVAL, "links are not followed")
            )
        return self._facts


Entries = list[Entry]


def open_readonly(path: bytes | Path | str, *, directory: int | None = None) -> int:
    """Return a descriptor on a file, following no link in its last part. Raises OSError, for a FIFO or a device too.

    It is looked at first: to open a tape or a terminal does something to it already.
    """
    with_bytes(path, directory=directory)
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags | os.O_NOATIME, dir_fd=directory)
    except PermissionError:  # only the owner may leave the access time alone
        descriptor = os.open(path, flags, dir_fd=directory)
    if why := no_file(os.fstat(descriptor).st_mode):  # put there since
        os.close(descriptor)
        raise OSError(errno.ENXIO, why)
    return descriptor


def open_long(path: bytes) -> int:
    """Return a descriptor on the file at an absolute path, however long it is. Raises OSError."""
    if len(path) < FAR:
        return open_readonly(path)
    top = os.open("/", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        return open_below(top, path.lstrip(b"/"))
    finally:
        os.close(top)


def open_below(folder: int, path: bytes) -> int:
    """Return a descriptor on the file at ``path`` below the open directory ``folder``. Raises OSError.

    No part of the path may be ``..`` or a link: whoever asks may have been taken over by what it read, and a
    folder may have been exchanged for a link since it was listed.
    """
    above, _, name = path.rpartition(b"/")
    if name in (b"", b".", b".."):
        raise PermissionError(errno.EPERM, "is no path below the exhibit")
    at = folder_below(folder, above)
    try:
        return open_readonly(name, directory=at)
    finally:
        os.close(at)


def folder_below(folder: int, path: bytes) -> int:
    """Return a descriptor on the folder at ``path`` (b"": itself) below the open one ``folder``. Raises OSError.

    It goes down part by part: a path may be longer than the kernel takes, and no part may be a link.
    """
    parts = path.split(b"/") if path else []
    if any(part in (b"", b".", b"..") for part in parts):
        raise PermissionError(errno.EPERM, "is no path below the exhibit")
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
    at = os.dup(folder)
    try:
        for part in parts:
            below = os.open(part, flags, dir_fd=at)
            os.close(at)
            at = below
    except OSError:
        os.close(at)
        raise
    return at


class Folder:
    """Walks a folder in the order of its names' bytes, so that every run is alike."""

    def __init__(self, root: Path, exclude: Path | None = None) -> None:
        self._root = os.fsencode(root)
        self._exclude = None if exclude is None else _identity(exclude.stat())
        """By device and inode: to resolve every folder's path would look at each of its parents again."""

    def items(self) -> Iterator[Located]:
        """Yield everything below the root, folders before what is in them. Raises Damaged for the root alone."""
        entries, why = self._entries(b"")
        if why:
            raise Damaged(f"{os.fsdecode(self._root)}: {why.strerror or why}")
        waiting = self._sorted(b"", entries)
        while waiting:
            relative, entry = waiting.pop()
            found = self._located(relative, entry)
            if found.kind == Kind.DIRECTORY and found.status is None:
                entries, why = self._entries(relative)
                waiting.extend(self._sorted(relative, entries))
                if why:
                    told = _told(why)
                    found = msgspec.structs.replace(
                        found, status=Status.UNREADABLE, reason=str(told), code=told.code
                    )
            yield found

    def _sorted(self, folder: bytes, entries: Entries) -> list[tuple[bytes, Entry]]:
        """Return entries with their paths, the first by name last, as they are taken from the end."""
        found = ((os.path.join(folder, entry.name), entry) for entry in entries)
        return sorted(found, key=lambda each: each[0], reverse=True)

    def _entries(self, path: bytes) -> tuple[Entries, OSError | None]:
        """Return what is in a folder, and why that may not be all."""
        if self._is_far(path):
            return self._far(path)
        found: Entries = []
        try:
            with os.scandir(os.path.join(self._root, path) if path else self._root) as entries:
                found.extend(entries)
        except OSError as error:
            return found, error
        return found, None

    def _is_far(self, path: bytes) -> bool:
        """Say whether the path of a folder, or of what is in it, may be longer than the kernel takes at once."""
        return len(self._root) + len(path) > FAR

    def _far(self, path: bytes) -> tuple[Entries, OSError | None]:
        """Return what is in a folder whose path is too long to be opened at once, and why that may not be all."""
        found: Entries = []
        try:
            with self._below(path) as folder, os.scandir(folder) as entries:
                found.extend(_Far(os.fsencode(entry.name), folder) for entry in entries)
        except OSError as error:
            return found, error
        return found, None

    @contextmanager
    def _below(self, path: bytes) -> Iterator[int]:
        root = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            at = folder_below(root, path)
        finally:
            os.close(root)
        try:
            yield at
        finally:
            os.close(at)

    def _target(self, relative: bytes) -> bytes:
        """Return where a link points. Raises OSError."""
        above, _, name = relative.rpartition(b"/")
        if not self._is_far(above):
            return os.readlink(os.path.join(self._root, relative))
        with self._below(above) as folder:
            return os.readlink(name, dir_fd=folder)

    def _located(self, relative: bytes, entry: Entry) -> Located:
        try:
            facts = entry.stat(follow_symlinks=False)
        except OSError as error:
            told = _told(error)
            return plain(relative, Kind.FILE, None, Status.UNREADABLE, str(told), told.code)
        kind = stat.S_IFMT(facts.st_mode)
        if kind == stat.S_IFREG:
            return self._with_attributes(relative, file_of(relative, facts))
        if kind == stat.S_IFDIR:
            return self._folder(relative, facts)
        if kind == stat.S_IFLNK:
            return self._link(relative, facts)
        why = never_opened(special(kind))
        return self._with_attributes(relative, plain(relative, Kind.SPECIAL, facts, Status.UNSUPPORTED, why))

    def _link(self, relative: bytes, facts: os.stat_result) -> Located:
        try:
            target = text_of(self._target(relative))[0]
        except OSError as error:
            told = _told(error)
            return plain(relative, Kind.SYMLINK, facts, Status.UNREADABLE, str(told), told.code)
        found = plain(relative, Kind.SYMLINK, facts, Status.UNSUPPORTED, LINK_LEFT)
        found = msgspec.structs.replace(found, meta=msgspec.json.encode({"target": target}))
        return self._with_attributes(relative, found)

    def _folder(self, relative: bytes, facts: os.stat_result) -> Located:
        if _identity(facts) == self._exclude:
            return plain(relative, Kind.DIRECTORY, facts, Status.UNSUPPORTED, "the case itself: not ingested")
        return self._with_attributes(relative, plain(relative, Kind.DIRECTORY, facts, None, ""))

    def _with_attributes(self, relative: bytes, found: Located) -> Located:
        """Return ``found`` with its extended attributes among its facts."""
        above, _, name = relative.rpartition(b"/")
        if not self._is_far(above):
            told, notes = attributes_of(os.path.join(self._root, relative))
        else:
            try:
                with self._below(above) as folder:
                    told, notes = attributes_of(b"/proc/self/fd/%d/%s" % (folder, name))
            except OSError:  # told where it is opened
                return found
        if not told and not notes:
            return found
        meta = msgspec.json.decode(found.meta) | told
        return msgspec.structs.replace(found, meta=msgspec.json.encode(meta), notes=notes)


def _told(error: OSError) -> ItemError:
    return Refused.or_damaged(error.strerror or str(error))


def _identity(facts: os.stat_result) -> tuple[int, int]:
    return facts.st_dev, facts.st_ino
