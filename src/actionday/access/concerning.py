"""What the ledger holds about one thing: every access to an item or its content, and the custody of an exhibit."""

import sqlite3
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from actionday.access.items import Item
from actionday.access.ledger import HASH, PAGE, Line, ended, line
from actionday.ledger import Action
from actionday.ledger.entry import beginning

OF_CONTENT = (Action.VIEWED, Action.DOWNLOAD_BEGUN, Action.DOWNLOADED)
"""Acts on one item; their details name the content it had."""
OF_LISTS = (Action.EXPORT_BEGUN, Action.EXPORTED)
CUSTODY = '{"action":"exhibit.'
"""How every leaf begins that is about an exhibit as a thing; a search may have an exhibit's ID for its words."""


class Concerning(NamedTuple):
    """Entries about one thing, newest first; ``total`` is exact, ``older`` the number to go on from."""

    lines: list[Line]
    total: int
    older: int | None

    @property
    def looks(self) -> list[list[Line]]:
        """The lines in their order, neighbouring looks of one person at one thing within one hour together."""
        return [list(each) for _, each in groupby(self.lines, _look)]


def accesses(database: sqlite3.Connection, item: Item, lists: Sequence[str], *, older: int = 0) -> Concerning:
    """Return the accesses to an item with index < ``older`` (0: from the newest).

    They are those to the item, those to its content at any place, and exports that took all rows of one of ``lists``.
    What a search, a list or an export of what was found had in its answer is not in its entry, so those are not here.
    """
    ours = "(instr(leaf, ?) > 0"
    values: list[object] = [f',"subject":"{item.id}","time":']
    if item.sha256:
        ours += " OR instr(leaf, ?) > 0"
        values.append(f'"sha256":"{item.sha256}"')
    parts = [f"({_begins(OF_CONTENT)}) AND {ours})"]
    values[:0] = _beginnings(OF_CONTENT)
    if lists:
        parts.append(
            f"({_begins(OF_LISTS)}) AND instr(leaf, '\"query\":') = 0 "
            f"AND ({' OR '.join('instr(leaf, ?) > 0' for _ in lists)})"
        )
        values += [*_beginnings(OF_LISTS), *(f',"subject":"{each}","time":' for each in lists)]
    return _page(database, " OR ".join(f"({part})" for part in parts), values, older)


def custody(database: sqlite3.Connection, exhibit: str, *, older: int = 0) -> Concerning:
    """Return what was done with an exhibit, by its ID, as ``accesses`` does; that it was looked at is not custody."""
    where = """substr(leaf, 1, ?) = ? AND instr(leaf, ',"subject":' || json_quote(?) || ',"time":') > 0"""
    return _page(database, where, [len(CUSTODY), CUSTODY, exhibit], older)


def _look(line: Line) -> tuple[object, ...]:
    """Return what looks must share to stand together; every other line stands for itself."""
    one = line.entry
    if one is None or one.action != Action.VIEWED:
        return (line.number,)
    return one.actor, one.subject, f"{one.time:%Y-%m-%dT%H}"


def _begins(actions: Sequence[Action]) -> str:
    return " OR ".join("substr(leaf, 1, ?) = ?" for _ in actions)


def _beginnings(actions: Sequence[Action]) -> list[object]:
    return [value for each in actions for value in (len(beginning(each)), beginning(each))]


def _page(database: sqlite3.Connection, where: str, values: Sequence[object], older: int) -> Concerning:
    """Return a page of the entries that fit: one pass over the ledger, only the page is read whole."""
    found = [
        int(row[0])
        for row in database.execute(f"SELECT idx FROM ledger_entry WHERE {where} ORDER BY idx DESC", values)  # noqa: S608
    ]
    behind = [number for number in found if number < older] if older else found
    shown = behind[:PAGE]
    marks = ",".join("?" for _ in shown)
    rows = database.execute(
        f"SELECT idx, CAST(leaf AS BLOB), {HASH} FROM ledger_entry WHERE idx IN ({marks}) ORDER BY idx DESC",  # noqa: S608
        shown,
    )
    lines = ended(database, [line(*row) for row in rows])
    return Concerning(lines, len(found), shown[-1] if len(behind) > PAGE else None)
