"""How far a case is, from what is stored and from the run at work."""

from typing import Any

from actionday.access import stored
from actionday.storage.case import Case
from actionday.storage.database.balance import balance


def status(case: Case) -> dict[str, Any]:
    """Return the fields of ``status --json``: state, balance, bytes, rate, eta, failures.

    ``state`` is ``empty``, ``running``, ``complete`` or ``interrupted``; counts are exact at the last checkpoint.
    """
    row = case.database.execute("SELECT state, progress FROM runs ORDER BY n DESC LIMIT 1").fetchone()
    progress = stored.facts(row[1]) if row else {}
    state = "empty" if row is None else row[0]
    if state == "running" and not case.busy():
        state = "interrupted"
    found = balance(case.database)
    codes = case.database.execute("SELECT code, COUNT(*) FROM issues GROUP BY code ORDER BY code")
    return {
        "state": state,
        "found": found.found,
        "parsed": found.parsed,
        "known_good": found.known_good,
        "skipped": found.skipped,
        "failed": found.failed,
        "bytes": progress.get("bytes", 0),
        "rate": progress.get("rate", 0.0) if state == "running" else 0.0,
        "eta": progress.get("eta") if state == "running" else None,
        "failures": dict(codes.fetchall()),
        "by_status": found.by_status,
        "total": progress.get("total", 0),
        "path": progress.get("path", "") if state == "running" else "",
    }
