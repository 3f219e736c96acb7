"""Can the case not grow: a full disk, or a file as long as it may be? Database, objects and index tell it each.

Source: setrlimit(2), RLIMIT_FSIZE; write(2), EFBIG; SQLite, "Result and Error Codes": any refused write but on a full
disk is SQLITE_IOERR_WRITE, so that a limit on the length of files is told by the limit itself.
"""

import errno
import resource
import sqlite3

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
SQLITE_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE})
"""The second is what SQLite says where there is no room for the index of its journal."""
NO_ROOM = "no space is left on the device"


def no_room(error: BaseException | None) -> bool:
    """Say whether ``error``, or what it came of, means that nothing more can be written: disk, quota, limit."""
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
    return _too_long(error) or no_room(error.__cause__ or error.__context__)


def why_no_room(error: BaseException | None) -> str:
    """Return in one sentence what an error for which ``no_room`` holds was refused for: a limit, or the full disk."""
    while error is not None and not _too_long(error):
        error = error.__cause__ or error.__context__
    if error is None:
        return NO_ROOM
    limit = _limit()
    if limit is None:
        return "a file of the case is as long as the file system there lets a file be"
    return f"a file of the case may not be longer than {limit} bytes here: that is the limit in force (ulimit -f)"


def _too_long(error: BaseException) -> bool:
    if (isinstance(error, OSError) and error.errno == errno.EFBIG) or "File too large" in str(error):
        return True
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_IOERR_WRITE and _limit() is not None


def _limit() -> int | None:
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    return None if limit == resource.RLIM_INFINITY else limit
