"""Exhibits at another place than they were acquired at, or of another time: found by name, proved by hash."""

import os
from pathlib import Path

import msgspec

from actionday.model import Damaged
from actionday.pipeline.custody import SourceFile, hash_of, replaced
from actionday.pipeline.relisting import listed_again, same_bytes
from actionday.storage.case import Case


def at_home(before: SourceFile, now: SourceFile) -> SourceFile:
    """Return a file where it lies now, with what is known of it."""
    return msgspec.structs.replace(
        now, size_at_end=before.size_at_end, sha256=before.sha256, md5=before.md5, sha1=before.sha1
    )


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


def is_other(before: SourceFile, now: SourceFile) -> bool:
    """Say whether a file lies elsewhere, or has another time of change."""
    return now.path != before.path or (before.mtime is not None and now.mtime != before.mtime)


def other_bytes(before: SourceFile, now: SourceFile) -> str:
    """Return how the bytes of a file are not those that were hashed, "" if they are."""
    try:
        found = hash_of(os.fsencode(now.path)).hex()
    except OSError as error:
        return error.strerror or str(error)
    return "" if found == before.sha256 else f"its SHA-256 is {found}, it was {before.sha256}"


def unproved(before: SourceFile, now: SourceFile) -> str:
    """Return what cannot be proved of a file that a run begins to read anew, "" when nothing speaks against it."""
    if before.folder or before.sha256 is not None:
        return ""
    if before.mtime is None:
        why = "its time of change is not known"
    elif other := replaced(before, now):
        why = other
    else:
        return ""
    return (
        f"{now.path}: {why}; it has the size and the time of change that it had when it was acquired, but it had not "
        "been hashed when the run before was cut off: that its content is the same cannot be proved"
    )
