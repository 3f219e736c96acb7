"""What lies in the case's folder besides the case: named, so that nobody takes it for proved."""

from actionday.pipeline.proving.report import Check, Subject
from actionday.storage.case import DATABASE, INDEX, LOCK, OBJECTS, TEMPORARY

PROVED = frozenset({DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", INDEX, OBJECTS})
PASSING = {LOCK: "the lock: who writes just now", TEMPORARY: "tmp: what a run is at work on"}


def check_folder(of: Subject) -> Check:
    """Name every entry of the folder that is no part of the format; never a difference."""
    names = sorted(each.name for each in of.case.folder.iterdir())
    others = [name for name in names if name not in PROVED]
    said = tuple(
        PASSING.get(name, f"{name!r} in the case's folder is no part of the case") for name in others
    )
    return Check(name="folder", what="entries", checked=len(names) - len(others), not_proved=said)
