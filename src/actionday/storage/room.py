"""Is the disk full? Database, objects and index each say so in their own way."""

import errno
import sqlite3

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
SQLITE_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
"""The second is what SQLite says where there is no room for the index of its journal."""
NO_ROOM = "no space is left on the device"


def no_room(error: BaseException | None) -> bool:
    """Say whether ``error``, or what it came of, means that a disk is full or a quota is used up."""
    if error is None:
        return False
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    if getattr(error, "sqlite_errorcode", None) in SQLITE_FULL:
        return True
    if "No space left on device" in str(error) or "quota exceeded" in str(
        error
    ):  # tantivy has but the sentence
        return True
    return no_room(error.__cause__ or error.__context__)
