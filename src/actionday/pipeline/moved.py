"""Exhibits at another place than they were acquired at, or of another time: found by name, proved by hash."""

import os
from pathlib import Path

import msgspec

from actionday.model import Damaged, UsageError
from actionday.pipeline.custody import SourceFile, hash_of, replaced
from actionday.pipeline.known_folder import NOT_TOLD
from actionday.pipeline.messages import Located
from actionday.pipeline.relisting import Row, listed_again, same_bytes
from actionday.storage.case import Case


def at_home(before: SourceFile, now: SourceFile) -> SourceFile:
    """Return a file where it lies now, with what is known of it."""
    return msgspec.structs.replace(
        now, size_at_end=before.size_at_end, sha256=before.sha256, md5=before.md5, sha1=before.sha1
    )


def refound(case: Case, exhibit: int, name: str, folder: Path) -> str:
    """Return how a folder at another place is not the one that was acquired, "" when all that was read is there.

    Raises UsageError where that cannot be told.
    """
    try:
        for pair in listed_again(case.database, exhibit, name, folder, case.folder):
            row = pair.row
            if row is None or row.gone:
                continue
            if pair.untold is not None:
                raise UsageError(f"{folder}/{pair.untold.at}: {pair.untold.cause}: {NOT_TOLD}")
            why = "is not in it" if pair.found is None else row.sha256 and _other(folder, row, pair.found)
            if why:
                return f"{row.path!r}: {why}"
    except Damaged as error:
        raise UsageError(f"{error}: {NOT_TOLD}") from error
    return ""


def _other(folder: Path, row: Row, found: Located) -> str:
    try:
        return same_bytes(folder, row, found)
    except OSError as error:
        raise UsageError(f"{folder}/{row.path}: cannot be read ({error.strerror}): {NOT_TOLD}") from error


def is_other(before: SourceFile, now: SourceFile) -> bool:
    """Say whether a file lies elsewhere, or has another time of change."""
    return now.path != before.path or (before.mtime is not None and now.mtime != before.mtime)


def other_bytes(before: SourceFile, now: SourceFile) -> str:
    """Return how the bytes of a file are not those that were hashed, "" if they are.

    Raises UsageError where it cannot be read.
    """
    try:
        found = hash_of(os.fsencode(now.path)).hex()
    except OSError as error:
        raise UsageError(f"{now.path}: cannot be read ({error.strerror}): {NOT_TOLD}") from error
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
