"""Are the index's segments those that the last run left? Its words and counts, which no document's digest covers."""

from actionday.pipeline.proving.report import Subject
from actionday.pipeline.seal import differing
from actionday.storage.case_parts import INDEX
from actionday.storage.index import digests

UNSEALED = "the words of the index: proved once a run has gone through everything, as its documents are now"


def differing_seal(of: Subject) -> str | None:
    """Return the first segment that is not what the ledger says, None where all are or nothing is said of them.

    A segment is written once and never changed; which there are is recorded when a run has come to its end.
    Raises IndexDamaged.
    """
    recorded = of.told.index
    if not isinstance(recorded, dict) or of.growing:
        return None
    return differing(recorded, digests(of.case.folder / INDEX))


def unsealed(of: Subject) -> tuple[str, ...]:
    """Return the line that says what is not proved where no seal stands."""
    return () if isinstance(of.told.index, dict) and not of.growing else (UNSEALED,)
