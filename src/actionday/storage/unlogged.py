"""That a proof found the case not as it was recorded, where the ledger cannot take it down: kept in a file beside it.

A ledger that differs is not made longer. Without this, whoever asks after such a proof would be told of the one before
it. Source: none.
"""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from actionday.model.times import stamp

NAME = "unlogged-proof.json"
LARGEST = 64 << 10
LONGEST_FIRST = 4000
"""Characters kept of what differed first."""
UNREADABLE = f"{NAME}: it says that a verification differed, and cannot be read"


class Unlogged(NamedTuple):
    """When the proof was made ("" where the file does not say), the first thing that differed, and in which checks."""

    time: str
    first: str
    checks: tuple[str, ...]


def keep(folder: Path, first: str, checks: tuple[str, ...]) -> str:
    """Write down that a proof differed; return why it could not be, "" when it is: who proves must be told.

    What stood in the way is left as it is. Nothing of ours is left half written.
    """
    kept = {"time": stamp(datetime.now(UTC)), "first": first[:LONGEST_FIRST], "checks": list(checks)}
    part = folder / f".{NAME}.part"
    try:
        part.unlink(missing_ok=True)  # what somebody put there may lead elsewhere
        with part.open("x", encoding="utf-8") as file:
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / NAME)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        return f"{NAME} cannot be written: {error.strerror or error}"
    return ""


def forget(folder: Path) -> None:
    """Take back what ``keep`` wrote: a later proof is in the ledger, whatever it found."""
    with suppress(OSError):
        (folder / NAME).unlink(missing_ok=True)


def unlogged(folder: Path) -> Unlogged | None:
    """Return what was kept, None where nothing was. Never raises for what somebody put in its place."""
    path = folder / NAME
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            told = json.loads(file.read(LARGEST))
        return Unlogged(
            str(told["time"]), str(told["first"])[:LONGEST_FIRST], tuple(map(str, told["checks"]))
        )
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return Unlogged("", UNREADABLE, ("ledger",))
