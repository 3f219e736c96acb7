"""The lock of a case: one process writes, and says who it is to others that would."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from actionday.model import UsageError
from actionday.model.times import stamp
from actionday.storage.actor import moment

LOOKS, LOOK_SECONDS = 10, 0.05
"""Half a second is ample for one that only looks (``status``), and short for one that waits to be refused."""
UNNAMED = "another process"
MOST_SAID = 4096
"""Characters of a lock that are read: ours are some hundred."""


@contextmanager
def held(path: Path, purpose: str) -> Iterator[None]:
    """Hold the lock. Raises UsageError naming the process that has it."""
    with path.open("a+") as file:
        if not _taken(file):
            file.seek(0)
            raise UsageError(f"{path.parent}: being written by {_holder(file.read(MOST_SAID))}")
        file.truncate(0)
        file.write(
            json.dumps(
                {"pid": os.getpid(), "purpose": purpose, "since": stamp(moment().replace(microsecond=0))}
            )
        )
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def is_held(path: Path) -> bool:
    """Say whether a process holds the lock just now."""
    try:
        with path.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def said_by(path: Path) -> str:
    """Return whom the lock names as the one that holds it."""
    try:
        with path.open("r", errors="replace") as file:
            return _holder(file.read(MOST_SAID))
    except OSError:
        return UNNAMED


def _taken(file: TextIO) -> bool:
    """Take the lock if it is free; one that looks whether the case is busy holds it for a moment."""
    for _ in range(LOOKS):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOOK_SECONDS)
        else:
            return True
    return False


def _holder(text: str) -> str:
    try:
        held = json.loads(text)
        return f"process {held['pid']} ({held['purpose']}, since {held['since']})"
    except (ValueError, KeyError, TypeError):
        return UNNAMED
