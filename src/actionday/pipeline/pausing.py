"""Pausing a run from another process: asked for in a file of the run, acted on where all is whole.

The folder it lies in is the run's own, made empty when it begins and gone when it ends: no request outlives its run.
"""

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from actionday.model import UsageError
from actionday.storage.actor import actor
from actionday.storage.case import Case
from actionday.storage.case_parts import TEMPORARY

REQUEST = "pause"
LOOK_SECONDS = 0.1
MOST_ACTOR = 200
MOST_BYTES = 1 << 12


class Ended(NamedTuple):
    """How the run ended that was asked to: ``state`` of its row, and its number; ``running`` while it has not yet."""

    run: int
    state: str


def asked(temporary: Path) -> str | None:
    """Return who asked the run to pause that has this folder, None where nobody did."""
    request = temporary / REQUEST
    if not request.exists():
        return None
    try:
        with request.open("rb") as file:
            by = json.loads(file.read(MOST_BYTES))
    except (OSError, ValueError):
        by = ""
    named = by if isinstance(by, str) and by.isprintable() else ""
    return named[:MOST_ACTOR] or "another process"


def pause(case: Case, seconds: float) -> Ended:
    """Ask the run that is at work to pause, and wait until it has, ``seconds`` at most; return how it ended.

    Raises UsageError where no run is at work, or the case cannot be written.
    """
    if case.readonly:
        raise UsageError(f"{case.folder}: {case.why_readonly}: no run of it can be asked to pause")
    if not case.busy():
        raise UsageError(f"{case.folder}: no run is at work")
    folder, until = case.folder / TEMPORARY, time.monotonic() + seconds
    _request(folder)
    while case.busy() and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        _request(folder)
    return _last(case, "running" if case.busy() else "")


def _request(folder: Path) -> None:
    """Put the request where the run looks for it, once its folder is there."""
    if folder.is_dir() and not (folder / REQUEST).exists():
        written = folder / f".{REQUEST}"
        with suppress(OSError):  # it may come to its end meanwhile
            written.write_text(json.dumps(actor()))
            written.replace(folder / REQUEST)


def _last(case: Case, still: str) -> Ended:
    row = case.database.execute("SELECT n, state FROM runs ORDER BY n DESC LIMIT 1").fetchone()
    if row is None:
        raise UsageError(f"{case.folder}: no run is at work")
    return Ended(int(row[0]), still or str(row[1]))
