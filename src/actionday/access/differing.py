"""Whether the last proof of a case found it not as it was recorded: then every answer says so, until a proof holds.

What was proved and differed is in the ledger (``verified``). Nobody who is shown an altered row can tell it from
another, so whoever asks after that is told with each answer; which row it is, ``verify`` says.
"""

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from actionday.access.ledger import HASH, line
from actionday.ledger import Action, Json, beginning
from actionday.ledger.tlog import leaf_hash
from actionday.model.times import stamp
from actionday.storage.case_parts import MADE_ANEW
from actionday.storage.unlogged import unlogged

HEAD, EXHIBITS, INDEX = "head", "exhibits", "index"
TELLING = tuple(beginning(action).encode() for action in (Action.VERIFIED, Action.REPAIR))


class Differing(NamedTuple):
    """The proof that counts: the number of its entry, when it was made, and the first thing that differed.

    Where an entry behind it is not as it was signed, it is that one, of no ``time``: it may have been a later proof. A
    proof that the ledger could not take down, for the ledger itself differed, has no ``entry``.
    """

    entry: int | None
    time: str
    first: str
    checks: tuple[str, ...]
    """In which of its checks something differed."""

    def as_data(self) -> dict[str, object]:
        """Return what ``--json`` prints of it."""
        return self._asdict()


def differing(database: sqlite3.Connection) -> Differing | None:
    """Return the last proof of the case where it differed, None where it held or none was made.

    A proof that could not be logged is kept beside the ledger (``storage.unlogged``). What differs only from a head
    that was given is no difference of the case; of a proof of exhibits in another folder (``verify --exhibits``) only
    that counts which is of the case itself. An index that was made anew since is not the one that differed.
    """
    return _unlogged(database) or _last(_newest(database, -1), None)


class Proofs:
    """The same of one case asked again and again: only new entries of the ledger are looked at. For many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen = -1
        self._found: Differing | None = None

    def differing(self, database: sqlite3.Connection) -> Differing | None:
        """Return what ``differing`` does."""
        with self._lock:
            last = database.execute("SELECT MAX(idx) FROM ledger_entry").fetchone()[0]
            self._found = _last(_newest(database, self._seen), self._found)
            self._seen = -1 if last is None else int(last)
            return _unlogged(database) or self._found


def _unlogged(database: sqlite3.Connection) -> Differing | None:
    """Return the proof that is newer than all in the ledger and is not there, None where there is none."""
    folder = Path(database.execute("PRAGMA database_list").fetchone()[2]).parent
    found = unlogged(folder)
    return None if found is None else Differing(None, found.time, found.first, found.checks)


Told = tuple[int, str, object, Mapping[str, Json]]
ALTERED = "altered"


def _newest(database: sqlite3.Connection, behind: int) -> Iterator[Told]:
    """Yield each proof and repair behind an entry, and each entry whose leaf was altered, the newest first.

    MUST: look at every leaf down to the proof that counts. One altered byte would let an older proof stand for it.
    """
    query = f"SELECT idx, CAST(leaf AS BLOB), {HASH} FROM ledger_entry WHERE idx > ? ORDER BY idx DESC"  # noqa: S608
    for number, leaf, signed in database.execute(query, (behind,)):
        if leaf_hash(leaf or b"") != signed:
            yield number, "", ALTERED, {}
        elif leaf.startswith(TELLING) and (found := line(number, leaf, signed)).entry is not None:
            yield number, stamp(found.entry.time), found.entry.action, found.entry.details


def _last(told: Iterator[Told], before: Differing | None) -> Differing | None:
    """Return what the newest proof says that speaks of the case, ``before`` where none does."""
    mended = set[str]()
    for number, time, action, details in told:
        if action == ALTERED:
            return Differing(number, "", f"ledger: entry {number} is not as it was signed", ("ledger",))
        if action is Action.REPAIR:
            mended |= {INDEX} if MADE_ANEW in str(details.get("mended")) else set()
            continue
        names = _names(details)
        if EXHIBITS in details and not names:  # of a copy elsewhere: what differs here still does
            continue
        return _left(Differing(number, time, str(details.get("first")), tuple(sorted(names))), mended)
    return before and _left(before, mended)


def _left(found: Differing, mended: set[str]) -> Differing | None:
    """Return a proof with what still differs, None where nothing does."""
    left = tuple(each for each in found.checks if each not in mended)
    return found._replace(checks=left) if left else None


def _names(details: Mapping[str, Json]) -> set[str]:
    """Return the checks in which the case itself differed, of an entry of an older version the first one."""
    first, told = details.get("first"), details.get("differs")
    names = {str(each) for each in told} if isinstance(told, list) else set[str]()
    if not isinstance(told, list) and first:
        names = {str(first).partition(":")[0]}
    return names - {HEAD} - ({EXHIBITS} if EXHIBITS in details else set())
