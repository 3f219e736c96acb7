"""What lies in the case's folder besides the case: named, so that nobody takes it for proved."""

from actionday.model.counted import grouped
from actionday.pipeline.proving.report import MOST_NAMED, Check, Subject
from actionday.storage.case_parts import DATABASE, INDEX, LOCK, OBJECTS, TEMPORARY
from actionday.storage.hashes.sets import HASHES
from actionday.storage.own_names import strays
from actionday.storage.unlogged import NAME as UNLOGGED

PROVED = frozenset({DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", INDEX, OBJECTS, HASHES})
PASSING = {
    LOCK: "the lock: who writes just now",
    TEMPORARY: "tmp: what a run is at work on",
    UNLOGGED: f"{UNLOGGED}: that an earlier verification differed and could not be recorded",
}
STRAY = "{!r} in the case's folder is no part of the case: it is not looked into"
AT_REST = (
    "and no run is open in the ledger: one that begins or ends holds it for a moment, anybody else may for longer. "
    "The case was proved as one at rest, with its seal and checksums"
)


def check_folder(of: Subject) -> Check:
    """Name every entry of the folder that is no part of the format; never a difference."""
    names = sorted(each.name for each in of.case.folder.iterdir())
    others = [name for name in names if name not in PROVED]
    said = [PASSING.get(name) or STRAY.format(name) for name in others]
    within = list(strays(of.case.folder))
    said += [STRAY.format(name) for name in within[:MOST_NAMED]]
    if len(within) > MOST_NAMED:
        said.append(f"and {grouped(len(within) - MOST_NAMED)} more in its folders that are no part of it")
    return Check(
        name="folder",
        what="entries",
        checked=len(names) - len(others),
        said=_locked(of),
        not_proved=tuple(said),
    )


def _locked(of: Subject) -> tuple[str, ...]:
    """Say that somebody holds the lock while no run is open: anybody who can open the file can, and for any reason."""
    holder = "" if of.growing else of.case.holder()
    return (f"remark: the lock is held by {holder}, {AT_REST}",) if holder else ()
