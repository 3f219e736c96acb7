"""A child process that starts as a worker does, locks itself, tries what is forbidden, and says what came of it.

Run as a module; prints one JSON object. Everything is loaded before the lock, as in a worker, so that a missing
model or a plug-in that breaks the start is found here and not in the middle of an ingest.
"""

import ctypes
import errno
import json
import os
import socket
from collections.abc import Callable

from actionday.model import Limits
from actionday.parsers import Parsers
from actionday.pipeline.openers import Openers
from actionday.pipeline.sandbox import LANDLOCK_CREATE_RULESET, LANDLOCK_VERSION_FLAG, lock
from actionday.pipeline.text import Reader

REFUSED = frozenset({errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EROFS, errno.EFBIG})


def landlock_version() -> int:
    """Return the kernel's Landlock ABI, 0 where it has none. Source: landlock(7)."""
    asked = ctypes.CDLL(None).syscall(LANDLOCK_CREATE_RULESET, None, 0, LANDLOCK_VERSION_FLAG)
    return max(0, int(asked))


def refused(attempt: Callable[[], object]) -> bool:
    """Say whether the kernel forbade it."""
    try:
        attempt()
    except OSError as error:
        return error.errno in REFUSED
    return False


def _forked() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def attempts() -> dict[str, bool]:
    """Try what no worker may do; each is harmless where it succeeds."""
    return {
        "network": refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM)),
        "reading": refused(lambda: os.open("/etc/passwd", os.O_RDONLY)),
        "writing": refused(lambda: os.open("/dev/null", os.O_WRONLY)),
        "programs": refused(lambda: os.execv("/nonexistent", ["no"])),  # noqa: S606 - refused, or not there
        "processes": refused(_forked),
    }


def main() -> None:
    """Load what a worker loads, lock, try, print."""
    version = landlock_version()
    openers, parsers, _ = Openers(), Parsers.load(), Reader()
    missing = [note.reason for note in (*openers.missing, *parsers.missing)]
    counts = {
        "sources": len(openers.sources),
        "images": len(openers.images),
        "types": len(parsers.mimes()),
    }
    locks = lock(Limits().memory)
    values = {
        "landlock_version": version,
        "missing": missing,
        "counts": counts,
        "locks": locks._asdict(),
        "enough": locks.enough,
        "refused": attempts(),
    }
    print(json.dumps(values), flush=True)  # noqa: T201 - this process has no other way to answer


if __name__ == "__main__":
    main()
