"""Verification: of a stored log, and of an exported one without any store.

What it shows and what it cannot is in the format document, section "What verification proves".
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import merge

from actionday.ledger.checkpoint import Checkpoint
from actionday.ledger.errors import BadNote, Differs, LedgerError
from actionday.ledger.note import Verifier, parse_note
from actionday.ledger.store import LogStore
from actionday.ledger.tlog import fold
from actionday.ledger.walk import Due, Walk, Warned

STEP = 4096  # entries between two calls of ``progress``: about ten a second


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that is not as it must be; ``entry`` is where the pass stood (0-based)."""

    entry: int
    what: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"entry {self.entry}: {self.what}: expected {self.expected}, got {self.got}"


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found. ``size`` and ``root`` are what holds: all, if ``difference`` is None."""

    origin: str
    size: int
    root: bytes
    heads: int  # signed heads that were checked
    keys: tuple[str, ...]  # verifier keys that the log declares, in order
    difference: Difference | None
    warnings: tuple[Warned, ...]  # the first 100
    warned: int  # of this many

    @property
    def ok(self) -> bool:
        """Whether every entry is whole and under a head signed by a trusted key."""
        return self.difference is None


def verify_log(
    store: LogStore,
    verifiers: Iterable[Verifier] | None,
    witnessed: Iterable[str] = (),
    progress: Callable[[int], object] | None = None,
) -> Report:
    """Return what a pass over every stored entry, hash and head shows, up to the first difference.

    ``verifiers`` are the keys to be trusted; None trusts those that the log itself declares, which
    shows damage but not a log that was written anew with another key. ``witnessed`` are signed heads
    kept outside the store: the log must begin with each. ``progress`` is called with the entries read
    so far, every 4096. Within one read transaction of the caller's, if others may append meanwhile.
    """
    try:
        origin = store.origin()
        stored = (Due(head.size, head.note, head.key) for head in store.heads())
        rows = ((row.index, row.leaf, row.hashes) for row in store.scan())
        return _report(origin, rows, stored, verifiers, witnessed, progress)
    except LedgerError as error:
        return Report(
            "", 0, fold(()), 0, (), Difference(0, "ledger", "one that can be read", str(error)), (), 0
        )


def verify_leaves(
    origin: str, leaves: Iterable[bytes], heads: Iterable[str], verifiers: Iterable[Verifier] | None
) -> Report:
    """Return what a pass over an exported log shows: its leaves in order and at least its latest head.

    As ``verify_log``, without a store.
    """
    rows = ((index, leaf, None) for index, leaf in enumerate(leaves))
    return _report(origin, rows, (), verifiers, heads, None)


def _report(
    origin: str,
    rows: Iterable[tuple[int, bytes, bytes | None]],
    stored: Iterable[Due],
    verifiers: Iterable[Verifier] | None,
    witnessed: Iterable[str],
    progress: Callable[[int], object] | None,
) -> Report:
    trusted = None if verifiers is None else tuple(verifiers)
    try:
        outside = sorted(_due(note) for note in witnessed)
    except BadNote as error:
        found = Difference(0, "head from outside", "a signed checkpoint", str(error))
        return Report(origin, 0, fold(()), 0, (), found, (), 0)
    walk = Walk(origin, trusted, iter(merge(stored, outside, key=lambda due: due.size)))
    difference = _walk_through(walk, rows, progress)
    return Report(
        origin, walk.size, fold(walk.edge), walk.heads, tuple(walk.declared), difference,
        tuple(walk.warnings), walk.warned,
    )  # fmt: skip


def _walk_through(
    walk: Walk, rows: Iterable[tuple[int, bytes, bytes | None]], progress: Callable[[int], object] | None
) -> Difference | None:
    try:
        for index, leaf, hashes in rows:
            walk.entry(index, leaf, hashes)
            if progress and walk.size % STEP == 0:
                progress(walk.size)
        walk.end()
    except Differs as error:
        return Difference(walk.size, error.what, error.expected, error.got)
    except LedgerError as error:
        return Difference(walk.size, "stored row", "one that can be read", str(error))
    return None


def _due(note: str) -> Due:
    """Return a head from outside, its size as it says itself; its signature is checked on the way."""
    return Due(Checkpoint.parse(parse_note(note).text).size, note, None)
