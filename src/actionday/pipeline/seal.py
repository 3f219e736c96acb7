"""The seal of the index: which segments a run left behind when it ended, by their digests in the ledger.

A segment is written once and never changed. A run that begins holds all that it finds against the last seal, so that
it never seals what somebody changed in between. A checkpoint leaves one digest of all of them, by which a run that was
killed is gone on with. Nobody vouches for what it wrote, or merged, since: an index that holds any of it is made
anew from the stored texts, and only that is sealed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from actionday.ledger import Action, Json
from actionday.storage.case import Case
from actionday.storage.index import FORMAT, IndexDamaged, digests, whole

MADE_ANEW = "index: made anew"
FINISHED = f'{{"action":"{Action.RUN_FINISHED}"%'
STOPPED = f'{{"action":"{Action.RUN_INTERRUPTED}"%,"details":{{"index":{{%'
"""A run that said itself that it ended, and sealed."""
STORED = f'{{"action":"{Action.RUN_CHECKPOINT}"%,"details":{{"index":"%'
"""A checkpoint that says what the index was then."""
STARTED = f'{{"action":"{Action.RUN_STARTED}"%'
REPAIRED = f'{{"action":"{Action.REPAIR}"%'
MENDED = f'{{"action":"{Action.REPAIR}"%{MADE_ANEW}%'
UNSEALED = "no run that came to its end left it, and nobody vouches for its words"


class Seal(NamedTuple):
    """``segments``: digest by name. ``last``: whether no run has begun since.

    Of a checkpoint ``stored`` is the digest of them all, and there are no segments.
    """

    segments: Mapping[str, Json]
    last: bool
    stored: str = ""


def last_seal(case: Case) -> Seal | None:
    """Return the seal of the last run that left one, None where none did or the index was made anew since."""
    found = case.database.execute(
        "SELECT idx, leaf FROM ledger_entry WHERE leaf LIKE ? OR leaf LIKE ? OR leaf LIKE ? ORDER BY idx DESC LIMIT 1",
        (FINISHED, STOPPED, STORED),
    ).fetchone()
    sealed = msgspec.json.decode(found[1])["details"].get("index") if found else None
    if not isinstance(sealed, dict | str):
        return None
    anew, started = (
        case.database.execute(
            "SELECT EXISTS (SELECT 1 FROM ledger_entry WHERE idx > ? AND leaf LIKE ?)", (found[0], kind)
        ).fetchone()[0]
        for kind in (MENDED, STARTED)
    )
    if anew:
        return None
    return Seal({}, last=False, stored=sealed) if isinstance(sealed, str) else Seal(sealed, not started)


def last_run(case: Case) -> int:
    """Return the number of the ledger's last entry that a run writes when it begins, -1 where there is none."""
    query = "SELECT MAX(idx) FROM ledger_entry WHERE leaf LIKE ? OR leaf LIKE ?"
    found = case.database.execute(query, (STARTED, REPAIRED)).fetchone()[0]
    return -1 if found is None else int(found)


def differing(segments: Mapping[str, Json], found: Mapping[str, str]) -> str | None:
    """Return the first segment that is not what the seal says, None where all are."""
    for name in sorted(segments.keys() | found.keys()):
        if name not in found:
            return f"{name} is gone since the last run came to its end"
        if name not in segments and name == FORMAT:  # a seal of before it was part of it
            continue
        if name not in segments:
            return f"{name} was not there when the last run came to its end"
        if found[name] != segments[name]:
            return f"{name} is not as it was when the last run came to its end"
    return None


def hold(folder: Path, seal: Seal | None) -> None:
    """Hold an index against the last seal. Raises ``IndexDamaged`` where it differs, or where there is none."""
    if not (folder / "meta.json").exists():  # whoever opens it says what is missing
        return
    if seal is None:
        raise IndexDamaged(UNSEALED)
    found = digests(folder)
    if seal.stored:
        if whole(found) != seal.stored:
            raise IndexDamaged(f"it is not as the last checkpoint left it: {UNSEALED}")
    elif difference := differing(seal.segments, found):
        raise IndexDamaged(difference if seal.last else f"{difference}: {UNSEALED}")
