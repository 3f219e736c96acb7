"""Which sets of known hashes a case has: its signed ledger says so, and what their files must be.

A set is there from the entry ``hashes.imported`` on that names it: a file without one never happened. There is no
table of them.

Source: ``docs/case-format.md``, "hashes/".
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from actionday.ledger import Action, Entry, Json, vouched
from actionday.model import Damaged
from actionday.storage.hashes.known import HashFile, Known, Named
from actionday.storage.ledger_store import SqliteLogStore

HASHES = "hashes"
"""The folder in the case's."""
TELLING = (Action.HASHES_IMPORTED,)
MOST_SETS = 100
"""So many descriptors go to a worker beside its first message; Linux takes 253."""
PIECE = 4 << 20
GOOD, BAD = "good", "bad"


def file_of(number: int) -> str:
    """Return the name of a set's file."""
    return f"set-{number:06}.hashes"


def named(entries: Iterable[Entry]) -> list[Named]:
    """Return the sets that entries of ``TELLING`` name, in the order of their import. Raises Damaged for an odd one."""
    found = []
    for each in entries:
        if each.action is not Action.HASHES_IMPORTED:
            continue
        try:
            found.append(msgspec.convert({**each.details, "name": each.subject}, Named))
        except msgspec.ValidationError as error:
            raise Damaged(
                f"what the ledger says of the set of hashes {each.subject!r} is not as we write it"
            ) from error
        if found[-1].number != len(found):
            raise Damaged(
                f"the ledger's set of hashes {each.subject!r} has the number {found[-1].number}, not {len(found)}"
            )
    return found


def recorded(database: sqlite3.Connection) -> list[Entry]:
    """Return the entries of all imports, once the ledger is as it was signed. Raises LedgerError."""
    database.execute("BEGIN")
    try:
        return vouched(SqliteLogStore(database), TELLING)
    finally:
        if database.in_transaction:
            database.execute("ROLLBACK")


def told(sets: Iterable[Named]) -> list[Json]:
    """Return the sets as ``run.started`` has them."""
    return [
        {
            "number": each.number,
            "name": each.name,
            "kind": each.kind,
            "version": each.version,
            "sha256": each.sha256,
        }
        for each in sets
    ]


def differs(folder: Path, each: Named, pace: Callable[[int], None] = lambda _: None) -> str:
    """Return how the file of a set in the case's ``folder`` is not what was imported, "" where it is.

    All of it is read. Raises OSError where the disk fails.
    """
    try:
        descriptor = os.open(
            folder / HASHES / file_of(each.number), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
        )
    except FileNotFoundError:
        return _gone(each)
    try:
        return _differs(descriptor, each, pace)
    finally:
        os.close(descriptor)


def _gone(each: Named) -> str:
    return f"{HASHES}/{file_of(each.number)} is gone: the set of known hashes {each.called!r}"


def _differs(descriptor: int, each: Named, pace: Callable[[int], None]) -> str:
    total, at = hashlib.sha256(), 0
    while piece := os.pread(descriptor, PIECE, at):
        total.update(piece)
        at += len(piece)
        pace(len(piece))
    if total.hexdigest() == each.sha256:
        return ""
    return (
        f"{HASHES}/{file_of(each.number)} is not what was imported: the set of known hashes {each.called!r} "
        f"has the SHA-256 {total.hexdigest()}, recorded was {each.sha256}"
    )


@contextmanager
def opened(folder: Path, sets: Iterable[Named]) -> Iterator[list[int]]:
    """Give a descriptor of each set's file. Raises Damaged where one is gone."""
    found = list[int]()
    try:
        for each in sets:
            path = folder / HASHES / file_of(each.number)
            try:
                found.append(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW))
            except FileNotFoundError as error:
                raise Damaged(f"{folder}: {_gone(each)}: nothing is read. Put it back from a copy") from error
        yield found
    finally:
        for descriptor in found:
            os.close(descriptor)


@contextmanager
def held(folder: Path, sets: Sequence[Named]) -> Iterator[list[int]]:
    """Give a descriptor of each set's file, which is what was imported. Raises Damaged where one is not.

    Reads each file whole: of 97 million hashes 2 to 3 GB, some seconds.
    """
    with opened(folder, sets) as found:
        for descriptor, each in zip(found, sets, strict=True):
            if difference := _differs(descriptor, each, lambda _: None):
                raise Damaged(f"{folder}: {difference}: nothing is read. actionday verify names it")
        yield found


def mapped(descriptors: Iterable[int], sets: Iterable[Named]) -> Known:
    """Return the look-up in sets whose descriptors are given; these are closed."""
    files = []
    for descriptor, each in zip(descriptors, sets, strict=True):
        try:
            files.append(HashFile(descriptor, each))
        finally:
            os.close(descriptor)
    return Known(files)
