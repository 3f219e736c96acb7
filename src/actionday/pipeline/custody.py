"""Files of exhibits on the host: what the host says of them, and whether they still are what they were.

Source: POSIX.1-2024 ``stat`` (a content that is written changes both times; only the clock of the host can set ctime
back), Linux stat(2).
"""

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import msgspec

from actionday.model import UsageError
from actionday.model.counted import counted
from actionday.model.times import microseconds, nanoseconds
from actionday.pipeline.folder import open_long
from actionday.pipeline.standing import has_bytes, special

PIECE = 4 << 20


class SourceFile(msgspec.Struct):
    """One file or folder of an exhibit on the host. ``named``: given by the person, else found beside one.

    Times are RFC 3339 UTC to the nanosecond, ``device`` is ``major:minor``; None for a folder, whose files have their
    own, and for a block device, whose node tells nothing of its content.
    """

    path: str
    size: int
    folder: bool
    named: bool = True
    size_at_end: int | None = None
    sha256: str | None = None
    md5: str | None = None
    mtime: str | None = None
    ctime: str | None = None
    device: str | None = None
    inode: str | None = None
    sha1: str | None = None
    called: str | None = None
    """The name of the link that it was given by, where that is another than its own: by it parts find one another."""

    @property
    def time(self) -> str | None:
        """Time of its last change as items have it, to the microsecond; None where no calendar has it."""
        return None if self.mtime is None else microseconds(self.mtime)

    def now(self) -> "SourceFile":
        """Return what the host says of it now. Raises UsageError when it is not there."""
        return source_file(Path(self.path), named=self.named)


def called(source: SourceFile) -> str:
    """Return the name by which a file of an exhibit is known to the others of it."""
    return source.called or Path(source.path).name


def source_file(path: Path, *, named: bool = True) -> SourceFile:
    """Return what the host says of a source. Raises UsageError when it can be none."""
    try:
        facts = path.stat()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    folder = stat.S_ISDIR(facts.st_mode)
    if not (folder or has_bytes(facts.st_mode)):
        raise UsageError(f"{path}: a {special(facts.st_mode)}, neither a file, a folder nor a block device")
    resolved = str(path.resolve())
    if not resolved.isprintable() and any("\udc80" <= each <= "\udcff" for each in resolved):
        raise UsageError(
            f"{path}: its path holds bytes that are no UTF-8: mount or take in a folder above them"
        )
    found = SourceFile(resolved, 0 if folder else facts.st_size, folder, named)
    if path.is_symlink() and path.name != Path(resolved).name:
        found.called = path.name
    if folder:
        _listable(path)
    elif stat.S_ISBLK(facts.st_mode):
        descriptor = os.open(path, os.O_RDONLY)
        found.size = os.lseek(descriptor, 0, os.SEEK_END)
        os.close(descriptor)
    else:
        found.mtime, found.ctime = nanoseconds(facts.st_mtime_ns), nanoseconds(facts.st_ctime_ns)
        found.device = f"{os.major(facts.st_dev)}:{os.minor(facts.st_dev)}"
        found.inode = str(facts.st_ino)
    return found


def _listable(folder: Path) -> None:
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}") from error


def altered(before: SourceFile, now: SourceFile) -> str:
    """Return how size or time of change differ from before, "" if they do not: its content was written to."""
    if before.folder != now.folder:
        return f"is {_what(now)}, it was {_what(before)}"
    if before.size != now.size:
        return f"has {counted(now.size, 'byte')}, it had {before.size}"
    if before.mtime is not None and before.mtime != now.mtime:
        return f"was changed at {now.mtime}, it had been at {before.mtime}"
    return ""


def _what(source: SourceFile) -> str:
    return "a folder" if source.folder else "a file"


def replaced(before: SourceFile, now: SourceFile) -> str:
    """Return what tells that it may be another file, or one written to under a time set back; "" for nothing."""
    pairs = (
        ("ctime", before.ctime, now.ctime),
        ("inode", before.inode, now.inode),
        ("device", before.device, now.device),
    )
    found = [f"{name} {new}, it was {old}" for name, old, new in pairs if old is not None and old != new]
    return "; ".join(found)


def hash_of(path: bytes, count: Callable[[int], None] = lambda _: None) -> bytes:
    """Return the SHA-256 of a file of the host, whatever its length; ``count`` is told of each piece how long it is.

    Raises OSError.
    """
    total = hashlib.sha256()
    with os.fdopen(open_long(path), "rb", buffering=0) as file:
        while piece := file.read(PIECE):
            total.update(piece)
            count(len(piece))
    return total.digest()
