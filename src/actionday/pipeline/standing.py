"""What stands at a path of the host where a file is looked for: what has bytes of its own, or one of the others.

Source: POSIX.1-2024 ``<sys/stat.h>`` (file types). A FIFO waits for a writer, and a device may give bytes without end:
neither is ever read in the place of a file.
"""

import errno
import os
import stat
from typing import Final

SPECIAL: Final = {
    stat.S_IFIFO: "FIFO",
    stat.S_IFSOCK: "socket",
    stat.S_IFBLK: "block device",
    stat.S_IFCHR: "character device",
}
NO_FILE: Final = "stands in the place of the file: never opened"


def special(mode: int) -> str:
    """Return the name of a kind that is neither file, folder nor link."""
    return SPECIAL.get(stat.S_IFMT(mode), "special file")


def has_bytes(mode: int) -> bool:
    """Say whether it can be read from end to end: a file, or a block device."""
    return stat.S_ISREG(mode) or stat.S_ISBLK(mode)


def no_file(mode: int) -> str:
    """Return that something without bytes of its own stands where a file was, "" for what has some, and a folder."""
    return "" if has_bytes(mode) or stat.S_ISDIR(mode) else f"a {special(mode)} {NO_FILE}"


def with_bytes(path: bytes | str | os.PathLike[str], *, directory: int | None = None) -> None:
    """Raise OSError (ENXIO) where something without bytes of its own stands at a path; links are not followed."""
    mode = os.stat(path, dir_fd=directory, follow_symlinks=False).st_mode
    if not stat.S_ISLNK(mode) and (why := no_file(mode)):
        raise OSError(errno.ENXIO, why)
