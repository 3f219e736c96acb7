"""May this account read what belongs to a case? Where it may not, nothing is known of the case, and that is said.

A file that cannot be opened for want of a permission is neither torn nor changed: it is unusable input.

Source: access(2).
"""

import os
from collections.abc import Iterable
from pathlib import Path
from re import Pattern

from actionday.model import UsageError
from actionday.storage.own_names import INDEX_FILE, OF_FOLDER, own_files
from actionday.storage.plain import FILES, LOOKED_INTO

CLOSED = "cannot be read by this account: its owner can let others read it (chmod); nothing is said of what it holds"

FAILS = "cannot be read from the disk, or from where it is mounted ({}); nothing is said of what it holds"


class NotReadable(UsageError):
    """This account may not read something that belongs to the case, or a disk does not give it; names it.

    ``why`` is what the system says of a disk, "" where it is a permission that is wanting.
    """

    def __init__(self, path: Path, why: str = "") -> None:
        super().__init__(f"{path}: {FAILS.format(why) if why else CLOSED}")


def check_folder(folder: Path) -> None:
    """Check a folder alone. Raises NotReadable."""
    _check([folder])
    if folder.is_dir() and not os.access(folder, os.X_OK):
        raise NotReadable(folder)


def check_files(folder: Path) -> None:
    """Check the case's own files, which every command reads. Raises NotReadable."""
    _check(folder / name for name in FILES)


def check_within(folder: Path, names: Pattern[str] = INDEX_FILE) -> None:
    """Check a folder of a case and every file in it that is the case's own. Raises NotReadable."""
    check_folder(folder)
    if folder.is_dir():
        _check(own_files(folder, names))


def check_whole(folder: Path) -> None:
    """Check everything that belongs to the case: what a proof reads. Raises NotReadable."""
    check_files(folder)
    for name in LOOKED_INTO:
        check_within(folder / name, OF_FOLDER[name])


def _check(paths: Iterable[Path]) -> None:
    for path in paths:
        if not os.access(path, os.R_OK) and is_there(path):
            raise NotReadable(path)


def is_there(path: Path) -> bool:
    """Say whether something is at ``path``. Raises NotReadable where that cannot be told."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except PermissionError as error:
        raise NotReadable(path) from error
    except OSError as error:
        raise NotReadable(path, error.strerror or str(error)) from error
    return True
