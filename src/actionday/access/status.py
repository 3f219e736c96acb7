"""How far a case is, from what is stored and from the run at work."""

from typing import Any

from actionday.access import stored
from actionday.access.caveats import Caveats, caveats
from actionday.access.issues import lost_items
from actionday.model.loss import tells_loss
from actionday.storage.case import Case
from actionday.storage.database.balance import balance, content_bytes, issue_codes
from actionday.storage.database.cut_disks import cut_disks
from actionday.storage.database.own_files import listed, own_files


def status(case: Case, said: Caveats | None = None) -> dict[str, Any]:
    """Return the fields of ``status --json``: state, balance, bytes, rate, eta, failures.

    ``failures`` are all lines of the issue log by code, ``losses`` those that say what is not in the case,
    ``remarks`` the others.
    ``state`` is ``empty``, ``running``, ``complete``, ``paused`` or ``interrupted``; counts are exact at the last
    checkpoint.
    ``lost`` items are those that the losses are about: one may have several lines. ``cut_disks``: how many disks lack
    how many bytes of how many, whether more may lack (``least``), and how many further ones lack nobody knows what.
    ``unfinished``: the exhibits that are not wholly taken in, and since when; None where all are. ``not_as_recorded``:
    the last proof, where it differed. Both are asked for here unless they are ``said``.
    ``listed``: rows of ``export items``, those that no balance counts too; ``own_files``: of how many ``files`` the
    exhibits consist, and how many of them are ``counted`` as items.
    ``slow``: of a run that is at work in the slow lane the items done and left of it, a second, and the seconds left.
    ``bytes`` are those of all contents read, what was unpacked too; ``seconds`` those of all runs together.
    """
    rows = case.database.execute("SELECT state, progress FROM runs ORDER BY n").fetchall()
    told = [stored.facts(progress) for _, progress in rows]
    progress = told[-1] if told else {}
    said = caveats(case) if said is None else said
    left = said.unfinished
    state = left.state if left else "complete" if rows else "empty"
    running = state == "running"
    found = balance(case.database)
    failures = issue_codes(case.database)
    live = int(progress.get("bytes") or 0) + int(progress.get("other") or 0)
    return {
        "state": state,
        "found": found.found,
        "parsed": found.parsed,
        "known_good": found.known_good,
        "skipped": found.skipped,
        "failed": found.failed,
        "bytes": live if running else content_bytes(case.database),
        "rate": progress.get("rate", 0.0) if running else 0.0,
        "eta": progress.get("eta") if running else None,
        "failures": failures,
        "losses": {code: count for code, count in failures.items() if tells_loss(code)},
        "remarks": {code: count for code, count in failures.items() if not tells_loss(code)},
        "lost": lost_items(case.database),
        "cut_disks": cut_disks(case.database)._asdict(),
        **said.as_data(),
        "by_status": found.by_status,
        "listed": listed(case.database),
        "own_files": own_files(case.database)._asdict(),
        "share": _share(state, progress),
        "total": progress.get("total", 0),
        "seconds": sum(float(each.get("seconds") or 0) for each in told),
        "path": progress.get("path", "") if running else "",
        "slow": progress.get("slow") if running else None,
    }


def _share(state: str, progress: dict[str, Any]) -> float | None:
    """Return what is done, 0 to 1: of the run at work, or all; None while nobody can know."""
    if state == "complete":
        return 1.0
    return progress.get("share")
