"""The seal of the index: which segments a run left behind when it ended, by their digests in the ledger.

A segment is written once and never changed. A run that begins holds all that it finds against the last seal, so that
it never seals what somebody changed in between. A checkpoint leaves one digest of all of them, by which a run that was
killed is gone on with. Nobody vouches for what it wrote, or merged, since: an index that holds any of it is made
anew from the stored texts, and only that is sealed.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from actionday.ledger import Action, Entry, Json, beginning
from actionday.pipeline.runs import ENDS, STARTED
from actionday.storage.case import Case
from actionday.storage.case_parts import MADE_ANEW
from actionday.storage.index import FORMAT, IndexDamaged, digests, put_back, whole

REPAIRED = f"{beginning(Action.REPAIR)}%"
UNSEALED = "no run that came to its end left it, and nobody vouches for its words"


class Seal(NamedTuple):
    """``segments``: digest by name. ``last``: whether no run has begun since.

    Of a checkpoint ``stored`` is the digest of them all, and there are no segments.
    """

    segments: Mapping[str, Json]
    last: bool
    stored: str = ""


def last_seal(entries: Iterable[Entry]) -> Seal | None:
    """Return the seal of the last run that left one, None where none did or the index was made anew since.

    ``entries``: those of runs, of repairs and the last checkpoint, in order, held against their hashes.
    """
    found: Seal | None = None
    for each in entries:
        index = each.details.get("index")
        if each.action is Action.RUN_STARTED and found:
            found = found._replace(last=False)
        elif each.action is Action.REPAIR and any(MADE_ANEW in line for line in _lines(each)):
            found = None
        elif each.action is Action.RUN_CHECKPOINT and isinstance(index, str):
            found = Seal({}, last=False, stored=index)
        elif each.action in ENDS and isinstance(index, dict):
            found = Seal(index, last=True)
        elif each.action is Action.RUN_FINISHED:  # of before there were seals
            found = None
    return found


def _lines(repair: Entry) -> list[str]:
    mended = repair.details.get("mended")
    return [str(line) for line in mended] if isinstance(mended, list) else []


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


def hold(folder: Path, seal: Seal | None) -> tuple[dict[str, str], bool]:
    """Hold an index against the last seal; return its digests, none where it is not there, and if it was put back.

    What a run committed behind the seal and was killed before any transaction knew of is undone: all else is as sealed.
    Raises ``IndexDamaged`` where it differs nevertheless, or where there is no seal.
    """
    if not (folder / "meta.json").exists():  # whoever opens it says what is missing
        return {}, False
    if seal is None:
        raise IndexDamaged(UNSEALED)
    found = digests(folder)
    if (why := _differs(seal, found)) is None:
        return found, False
    if undone := put_back(folder, lambda each: _differs(seal, each) is None):
        return undone, True
    raise IndexDamaged(why)


def _differs(seal: Seal, found: Mapping[str, str]) -> str | None:
    """Return why an index is not what was sealed, None where it is."""
    if seal.stored:
        return (
            None if whole(found) == seal.stored else f"it is not as the last checkpoint left it: {UNSEALED}"
        )
    difference = differing(seal.segments, found)
    return difference if difference is None or seal.last else f"{difference}: {UNSEALED}"
