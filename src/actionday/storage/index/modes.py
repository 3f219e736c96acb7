"""Modes of the index's files: those of any other file of the case.

The library makes its lists for their owner alone, whatever the umask says: who may read the case could not search it.

Source: umask(2); proc(5), "Umask" in ``/proc/pid/status``.
"""

from pathlib import Path

from actionday.storage.own_names import INDEX_FILE, own_files

ANYBODY, OWNER_ALONE = 0o666, 0o600
STATUS = Path("/proc/self/status")


def open_up(folder: Path) -> None:
    """Give the files that the library made for their owner alone the mode that the umask gives to all others.

    A list that is being written anew by a merge is opened up after the next commit.
    """
    wanted = ANYBODY & ~_umask()
    if wanted == OWNER_ALONE:
        return
    for file in own_files(folder, INDEX_FILE):
        try:
            if file.stat().st_mode & 0o777 == OWNER_ALONE:
                file.chmod(wanted)
        except (FileNotFoundError, PermissionError):
            continue  # merged away meanwhile, or another account's: who owns it opens it up


def _umask() -> int:
    """Return the umask. It is read, not set and set back: another thread may be making a file just now."""
    lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines() if STATUS.exists() else []
    return next((int(line.split()[1], 8) for line in lines if line.startswith("Umask:")), 0o077)
