"""Exhibits at another place than they were acquired at: found by name, proved by hash."""

from pathlib import Path

import msgspec

from actionday.model import Damaged
from actionday.pipeline.custody import SourceFile
from actionday.pipeline.relisting import listed_again, same_bytes
from actionday.storage.case import Case


def at_home(before: SourceFile, now: SourceFile) -> SourceFile:
    """Return a file where it lies now, with what is known of it."""
    return msgspec.structs.replace(now, size_at_end=before.size_at_end, sha256=before.sha256, md5=before.md5)


def refound(case: Case, exhibit: int, folder: Path) -> str:
    """Return how a folder at another place is not the one that was acquired, "" when all that was read is there."""
    try:
        for row, found in listed_again(case.database, exhibit, folder, case.folder):
            if row is None:
                continue
            why = "is not in it" if found is None else row.sha256 and same_bytes(folder, row, found)
            if why:
                return f"{row.path!r}: {why}"
    except Damaged as error:
        return str(error)
    return ""


def find(source: SourceFile, elsewhere: Path | None) -> Path | None:
    """Return where a source lies: below the folder ``elsewhere`` if it is there, else where it was acquired.

    The longest end of its old path that is there wins; ``elsewhere`` may also be the source's own folder. None when
    it is at neither place.
    """
    old = Path(source.path)
    candidates = [old]
    if elsewhere is not None:
        parts = old.parts[1:]
        below = [elsewhere.joinpath(*parts[at:]) for at in range(len(parts))]
        itself = [elsewhere] if source.folder and elsewhere.name == old.name else []
        candidates = [*below, *itself, old]
    for path in candidates:
        if path.is_dir() if source.folder else path.exists() and not path.is_dir():
            return path
    return None
