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


def refound(case: Case, exhibit: int, name: str, folder: Path) -> str:
    """Return how a folder at another place is not the one that was acquired, "" when all that was read is there."""
    try:
        for row, found in listed_again(case.database, exhibit, name, folder, case.folder):
            if row is None or row.gone:
                continue
            why = "is not in it" if found is None else row.sha256 and same_bytes(folder, row, found)
            if why:
                return f"{row.path!r}: {why}"
    except Damaged as error:
        return str(error)
    return ""
