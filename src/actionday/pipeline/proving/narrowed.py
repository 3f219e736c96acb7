"""Which rows of a checkpoint differ? Its digest covers all of them; other copies of their values tell some apart.

The index has each item's place, kind, status, time, hash and text, an id is a function of its place, a stored object
is named by its hash, the ledger has the balance of each closed exhibit, and whatever failed has a line of the issue log
that says why. What none of them repeats cannot be told: then no item is named, for most of the rows are innocent.

In memory are held id and digest of the checkpoint's documents, and the lines that are named: the index and the tables
are read through.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import chain, islice, pairwise
from typing import NamedTuple

import msgspec

from actionday.ledger import Entry
from actionday.model import Damaged
from actionday.model.counted import grouped, parted
from actionday.model.identity import exhibit_item_id, item_id
from actionday.model.progress import FAILED
from actionday.pipeline.proving.index_seal import differing_seal
from actionday.pipeline.proving.made_again import SPOILED, made_of
from actionday.pipeline.proving.put_back import put_back
from actionday.pipeline.proving.report import MOST_NAMED, Subject
from actionday.pipeline.proving.touched import by_object, item, place
from actionday.storage.case_parts import INDEX
from actionday.storage.database.balance import balance
from actionday.storage.database.lacking import TELLS_LOSS
from actionday.storage.index import Index, IndexDamaged
from actionday.storage.index.document import Record
from actionday.storage.index.folder import is_empty
from actionday.storage.objects import Location

PIECE = 4 << 20
WHOLE_CASE = "a line about the case as a whole"
TABLES = {
    "items": "item",
    "contents": "content",
    "objects": "stored object",
    "issues": "line of the issue log",
}
AS_INDEXED = (
    "every item of it has the place, kind, status, time, hash and text that the index has: it is another value, or a "
    "row that no item shows, above all a line of the issue log, was taken away or added"
)
FAILED_ALONE = (
    "SELECT i.id, e.id, i.path, i.status FROM items i JOIN exhibits e ON e.number = i.exhibit WHERE i.seq = ? "  # noqa: S608
    f"AND i.status IN ({','.join(map(repr, FAILED))}) "
    f"AND NOT EXISTS (SELECT 1 FROM issues WHERE item = i.id AND {TELLS_LOSS}) ORDER BY i.exhibit, i.path"
)
"""What failed and has no line that says why: a run stores none without one."""


class Narrowed(NamedTuple):
    """The rows that are known to differ, a line each, and what else tells them apart from the others."""

    named: list[str]
    said: list[str]
    all: bool = False
    """Whether nothing but what is named differs."""


def narrowed(of: Subject, checkpoint: Entry) -> Narrowed:
    """Return what is known of the rows of a checkpoint whose digest differs."""
    seq = int(str(checkpoint.details["seq"]))
    indexed, others, said = Few(), Few(), list[str]()
    try:
        if line := put_back(of, seq, checkpoint):
            return Narrowed([line], [], all=True)
        others.take(_misplaced(of, seq), _spoiled_objects(of, seq), _issues_gone(of), _untold(of, seq))
        try:
            indexed.take(_unlike_the_index(of, seq))
            said += [] if indexed.count or others.count else [AS_INDEXED]
        except (IndexDamaged, OSError):
            indexed = Few()
            said.append("the index is not whole, and tells nothing of it")
        said = [*_counted(of, seq, checkpoint), *_balances(of), *said]
    except sqlite3.DatabaseError:
        said.append("the rows themselves cannot be read to their end")
    named = [*indexed.lines, *others.lines][:MOST_NAMED]
    left = indexed.count + others.count - len(named)
    return Narrowed([*named, *([f"and {grouped(left)} more"] if left else [])], said)


class Few:
    """The first of any number of lines, and how many there are."""

    def __init__(self) -> None:
        self.lines, self.count = list[str](), 0

    def take(self, *given: Iterable[str]) -> None:
        """Count lines, and keep the first."""
        for line in chain(*given):
            self.count += 1
            if self.count <= MOST_NAMED:
                self.lines.append(line)


def extent(of: Subject, seq: int) -> str:
    """Return how many rows a checkpoint has now, by table."""
    counts = ((_count(of, table, seq), word) for table, word in TABLES.items())
    parts = []
    for count, word in counts:
        plural = "lines of the issue log" if word.startswith("line") else f"{word}s"
        parts += [f"{grouped(count)} {word if count == 1 else plural}"] if count else []
    return ", ".join(parts) or "none"


def _count(of: Subject, table: str, seq: int) -> int:
    query = f"SELECT COUNT(*) FROM {table} WHERE seq = ?"  # noqa: S608 - constants
    return int(of.case.database.execute(query, (seq,)).fetchone()[0])


def _unlike_the_index(of: Subject, seq: int) -> Iterator[str]:
    """Yield the items that are not as a whole index has them. Raises IndexDamaged where it is not whole."""
    folder = of.case.folder / INDEX
    if is_empty(folder) or differing_seal(of):
        raise IndexDamaged("not what was sealed")
    wanted: dict[str, bytes] = {}
    for made in made_of(of, seq):
        if made.digest is None:
            yield f"{place(*made.place)} (item {made.item}) has values that no case holds"
        else:
            wanted[made.item] = made.digest
    index = Index.open(folder)
    try:
        for each in index.records():
            yield from _unlike(of, seq, each, wanted.pop(each.item, None))
    finally:
        index.close()
    for left in islice(wanted, MOST_NAMED):
        yield f"{item(of.case, left)} was never indexed: its row is one more"
    yield from ("" for _ in range(len(wanted) - MOST_NAMED))  # counted, and not named


def _unlike(of: Subject, seq: int, held: Record, digest: bytes | None) -> Iterator[str]:
    """Yield how a document of the index is not as its row; ``digest`` is what its row gives, where it was made."""
    where = f"{place(held.exhibit, held.path)} (item {held.item})"
    if digest is not None and digest != held.digest:
        yield f"{where} is not as the index has it"
    if held.seq == seq:
        row = of.case.database.execute("SELECT seq FROM items WHERE id = ?", (_id(held.item),)).fetchone()
        if row is None:
            yield f"{where} is gone: the index has it, its row is deleted"
        elif row[0] != seq:
            yield f"{where} is said to be of another checkpoint"


def _id(held: str) -> bytes:
    """Return the id of a row by what a document says, which is no id where somebody made the document."""
    try:
        return bytes.fromhex(held)
    except ValueError:
        return b""


def _misplaced(of: Subject, seq: int) -> Iterator[str]:
    query = (
        "SELECT i.id, i.parent, i.place, e.id, i.path FROM items i JOIN exhibits e ON e.number = i.exhibit "
        "WHERE i.seq = ?"
    )
    for held, parent, at, exhibit, path in of.case.database.execute(query, (seq,)):
        try:
            wanted = exhibit_item_id(exhibit) if parent is None else item_id(parent, at)
        except (TypeError, ValueError, AttributeError):
            wanted = b""
        if wanted != held:
            yield f"{place(exhibit, path)} has an id that is not that of its place"


def _spoiled_objects(of: Subject, seq: int) -> Iterator[str]:
    """Yield the objects whose bytes are not where their rows say, or not those."""
    query = "SELECT sha256, pack, start, size, frames, skip, stored FROM objects WHERE seq = ?"
    for row in of.case.database.execute(query, (seq,)):
        if not _is_there(of, row):
            name = row[0].hex() if isinstance(row[0], bytes) else str(row[0])
            yield f"the stored object {name} is not where its row says, or not those bytes{by_object(of.case, row[0])}"


def _is_there(of: Subject, row: tuple[object, ...]) -> bool:
    total = sha256()
    try:
        location = Location.of(row[1:6])
        stream = of.packs.stream(location)
        while piece := stream.read(PIECE):
            total.update(piece)
    except (*SPOILED, Damaged, OverflowError, MemoryError):
        return False
    return total.digest() == row[0] and location.stored == row[6]


def _issues_gone(of: Subject) -> Iterator[str]:
    """Yield where lines of the issue log are missing, between which others."""
    exhibit = "COALESCE((SELECT 'exhibit ' || id FROM exhibits WHERE number = exhibit), ?)"
    name = f"CASE WHEN path = '' THEN {exhibit} ELSE path END"  # of an exhibit as a whole the path is ""
    found = of.case.database.execute(
        f"SELECT n, {name} FROM issues ORDER BY n",  # noqa: S608 - constants
        (WHOLE_CASE,),
    )
    for (before, earlier), (after, later) in pairwise(chain([(0, "its beginning")], found)):
        if after > before + 1:
            lines = f"line {before + 1}" if after == before + 2 else f"lines {before + 1} to {after - 1}"
            yield f"{lines} of the issue log: gone, between {earlier} and {later}"


def _untold(of: Subject, seq: int) -> Iterator[str]:
    """Yield the items that failed and whose line of the issue log, which no item is without, is not there."""
    for held, exhibit, path, status in of.case.database.execute(FAILED_ALONE, (seq,)):
        yield (
            f"a line of the issue log is missing: that which tells why {place(exhibit, path)} (item {held.hex()}) is "
            f"{status}"
        )


def _counted(of: Subject, seq: int, checkpoint: Entry) -> list[str]:
    """Say how many items the checkpoint has, where that is not what was recorded."""
    now, then = _count(of, "items", seq), int(str(checkpoint.details["items"]))
    return (
        [] if now == then else [f"checkpoint {seq} has {parted(now, 'item')}, recorded were {grouped(then)}"]
    )


def _balances(of: Subject) -> list[str]:
    """Say which exhibit has not as many items of a status as when it was closed."""
    found = []
    for number, name in of.case.database.execute(
        "SELECT number, id FROM exhibits ORDER BY number"
    ).fetchall():
        if (closed := of.told.closed.get(name)) is None:
            continue
        balanced = closed.details["balance"]
        then = balanced.get("by_status") if isinstance(balanced, dict) else None
        now = msgspec.to_builtins(balance(of.case.database, number))["by_status"]
        for status in sorted({*now, *(then if isinstance(then, dict) else ())}, key=str):
            recorded = then.get(status, 0) if isinstance(then, dict) else 0
            if now.get(status, 0) != recorded:
                items = parted(now.get(status, 0), "item is", "items are")
                found.append(f"exhibit {name}: {items} {status}, recorded were {recorded}")
    return found
