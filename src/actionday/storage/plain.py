"""Is a case folder what it says: files and folders of its own, that lead nowhere else?

A link, or a file with a second name, would have us read, and write, something that is not in the folder and that
whoever copies or seals it does not see; a pipe would have us wait for ever. What belongs to the case is looked at
before anything of it is opened.

Source: lstat(2); SQLite documentation, "How To Corrupt An SQLite Database File", section 2.5 (a database with two
names has two journals).
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from actionday.model import Damaged
from actionday.storage.own_names import OF_FOLDER, own_files

FILES, FOLDERS = ("case.db", "case.db-wal", "case.db-shm", "lock"), ("objects", "index", "hashes", "tmp")
LOOKED_INTO = tuple(OF_FOLDER)
"""What lies in ``tmp/`` is removed unread."""
KINDS = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
INSTEAD = "a case holds files and folders of its own alone, nothing of it was opened"


class NotPlain(Damaged):
    """A part of a case that is none of its own: the case cannot be used, and nothing is said of what it holds."""

    exit_code = 2


def check_plain(folder: Path) -> None:
    """Look at all that belongs to the case in ``folder``; the way to the folder may be a link. Raises NotPlain."""
    for path, as_folder in _entries(folder):
        try:
            facts = path.lstat()
        except FileNotFoundError:
            continue  # not there, or gone meanwhile: its reader says so
        if reason := _foreign(facts, as_folder=as_folder):
            raise NotPlain(f"{path}: {reason}: {INSTEAD}")


def _entries(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Yield what belongs to the case, and whether it is a folder; each is judged before the next is asked for.

    What has none of the case's names is nobody's concern: it is not looked at.
    """
    yield from ((folder / name, False) for name in FILES)
    for name in FOLDERS:
        yield folder / name, True
        if name in LOOKED_INTO and (folder / name).is_dir():
            yield from ((each, False) for each in own_files(folder / name, OF_FOLDER[name]))


def _foreign(facts: os.stat_result, *, as_folder: bool) -> str:
    """Return what a thing is that it may not be, "" when it is what it should be."""
    if as_folder:
        return "" if stat.S_ISDIR(facts.st_mode) else f"is {_kind(facts)}, not a folder"
    if not stat.S_ISREG(facts.st_mode):
        return f"is {_kind(facts)}, not a file"
    if facts.st_nlink > 1:
        return f"has {facts.st_nlink} names (hard links), what is written under one changes the other; a copy has one"
    return ""


def _kind(facts: os.stat_result) -> str:
    return KINDS.get(stat.S_IFMT(facts.st_mode), "a file" if stat.S_ISREG(facts.st_mode) else "a device")
