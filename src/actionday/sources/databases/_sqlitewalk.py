"""The walk over an SQLite database: the schema, each table's tree, then the pages that no table has.

Source: SQLite, "Database File Format": 1.5 (freelist), 1.6 (b-trees), 2.5 and 2.6 (rowid tables, the schema table).
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from msgspec.structs import replace

from actionday.model import Context, Damaged, Found, Kind
from actionday.sources.databases._sqlitefree import Left, leaves, left_over
from actionday.sources.databases._sqlitepages import Pages
from actionday.sources.databases._sqliterecords import (
    INDEX_INNER,
    TABLE_INNER,
    TABLE_LEAF,
    Record,
    below,
    kind_of,
    records,
)
from actionday.sources.databases._sqliteschema import Schema, schema
from actionday.sources.databases._table import SHOWN, Table

SCHEMA = Schema(["type", "name", "tbl_name", "rootpage", "sql"], -1, (None,) * 5)
DEEPEST = 64
"""Levels of a tree: of 20 a database has never more, for each page leads to two at least."""


class Walk:
    """One pass over a database."""

    def __init__(self, pages: Pages, around: Context) -> None:
        self._pages, self._around = pages, around
        self._seen: set[int] = set()
        self._wrong: list[str] = []
        self._many = 0
        self._gone: set[int] = set()
        """What stands on pages in no use, until it is met in a table: a row that moved is not deleted."""

    def found(self, size: int) -> Iterator[Found]:
        """Yield all that is in it. Raises Damaged at the end where not all could be read."""
        pages = self._pages
        if pages.log_says:
            self._around.note("log", f"sqlite: {pages.log_says}: not read with the database")
        if self._journal():
            why = "sqlite: a rollback journal stands beside it: a transaction was not ended, and is not undone here"
            self._around.note("journal", why)
        here = size // pages.size + (size % pages.size > 0)
        if pages.declared > max(here, pages.count) or (size % pages.size and not pages.frames):
            self._say(
                f"the file ends within its pages: {pages.declared} are declared, {size // pages.size} are whole"
            )
        self._gone.update(hash((each.number, *each.values)) for _, _, each in self._old())
        self._gone.update(_mark(each) for _, _, _, each in self._left())
        tables: list[tuple[str, int, Schema]] = [("sqlite_schema", 1, SCHEMA)]
        yield from self._table("sqlite_schema", 1, SCHEMA, tables)
        for name, root, columns in tables[1:]:
            yield from self._table(name, root, columns, None)
        yield from self._unused()
        if self._many:
            more = f" and {self._many - len(self._wrong)} more" if self._many > len(self._wrong) else ""
            raise Damaged(f"sqlite: {'; '.join(self._wrong)}{more}")

    def _journal(self) -> bool:
        beside = self._around.sibling(f"{self._around.name}-journal") if self._around.name else None
        return (
            beside is not None and beside.size > 512 and beside.read(8) == b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
        )

    def _say(self, what: str) -> None:
        self._many += 1
        if len(self._wrong) < SHOWN:
            self._wrong.append(what)

    def _table(
        self, name: str, root: int, columns: Schema, tables: list[tuple[str, int, Schema]] | None
    ) -> Iterator[Found]:
        """Yield a table and its rows; ``tables``: where those that the schema names are added."""
        table = Table(name, columns.columns, {"root": root})
        yield table.directory(f"t{root}")
        for record in self._tree(root, name):
            if record.wrong:
                self._say(f"a row of {name} on page {record.page} {record.wrong}")
                continue
            yield from _row(table, record, columns, f"{record.page}:{record.cell}")
            if tables is not None:
                self._listed(record.values, tables)

    def _listed(self, values: list[Any], tables: list[tuple[str, int, Schema]]) -> None:
        kind, name, _, root, sql = [*values, *[None] * 5][:5]
        if kind == "table" and isinstance(root, int) and root > 0:
            if any(root == other for _, other, _ in tables[:1]):
                return
            tables.append((str(name), root, schema(sql if isinstance(sql, str) else "")))
        elif kind == "index" and isinstance(root, int):
            self._pass(root)

    def _pass(self, root: int) -> None:
        """Mark the pages of an index as used: it repeats what its table holds."""
        for _ in self._leaves(root, "an index"):
            pass

    def _tree(self, root: int, name: str) -> Iterator[Record]:
        gone = self._gone
        for number, page in self._leaves(root, name):
            for record in records(self._pages, page, number):
                if gone:
                    gone.discard(hash((record.number, *record.values)))
                    gone.discard(hash((None, *record.values)))
                yield record

    def _leaves(self, root: int, name: str) -> Iterator[tuple[int, bytes]]:
        """Yield the pages of a tree that have records, in order; each page of the file belongs to one tree, once."""
        waiting = [(root, 0)]
        while waiting:
            number, depth = waiting.pop()
            if not 0 < number <= self._pages.count or number in self._seen or depth > DEEPEST:
                why = "is in use elsewhere" if number in self._seen else "is not there"
                self._say(f"page {number} of {name} {why}")
                continue
            self._seen.add(number)
            page = self._pages.page(number)
            kind = kind_of(page, number)
            if kind == 0:
                self._say(f"page {number} of {name} is no page of a tree")
                continue
            if kind in (TABLE_INNER, INDEX_INNER):
                waiting += reversed([(each, depth + 1) for each in below(page, number)])
            if kind != TABLE_INNER:
                yield number, page

    def _old(self) -> Iterator[tuple[int, str, Record]]:
        """Yield the records on pages of the freelist, and on versions of pages that newer ones replace, in order."""
        free = ((number, self._pages.page(number), "on the freelist") for number in self._pages.free())
        for order, (number, page, where) in enumerate(chain(free, self._pages.covered())):
            if kind_of(page, number) == TABLE_LEAF:
                for record in records(self._pages, page, number, chains=False):
                    if record.values and not record.wrong:
                        yield order, where, record

    def _unused(self) -> Iterator[Found]:
        """Yield the rows that stand in no table now, each once."""
        for order, where, record in self._old():
            what = hash((record.number, *record.values))
            if what not in self._gone:
                continue
            self._gone.discard(what)
            columns = [f"column{n + 1}" for n in range(len(record.values))]
            table = Table(f"deleted/page {record.page}", columns)
            for found in _row(table, record, Schema(columns), f"{order}d{record.page}:{record.cell}"):
                kind = Kind.DELETED if found.kind is Kind.ROW else found.kind
                yield replace(found, kind=kind, meta={"deleted": where, "page": record.page})
        yield from self._unused_in_pages()

    def _left(self) -> Iterator[tuple[str, int, Schema, Left]]:
        """Yield the rows in the free bytes of pages in use: table, page, columns. All leaves are read for it."""
        tables, seen = list[tuple[str, int, Schema]](), set[int]()
        for number, page in leaves(self._pages, 1, seen):
            for record in records(self._pages, page, number):
                kind, name, _, root, sql = [*record.values, *[None] * 5][:5]
                if kind == "table" and isinstance(root, int):
                    tables.append((str(name), root, schema(sql if isinstance(sql, str) else "")))
        for name, root, columns in tables:
            for number, page in leaves(self._pages, root, seen):
                for each in left_over(page, number, columns, self._pages.codec):
                    yield name, number, columns, each

    def _unused_in_pages(self) -> Iterator[Found]:
        """Yield the rows that were deleted of pages in use and stand nowhere else, each once."""
        for name, number, columns, each in self._left():
            if (what := _mark(each)) not in self._gone:
                continue
            self._gone.discard(what)
            table, record = (
                Table(f"deleted/page {number}", columns.columns),
                Record(number, each.at, each.number, each.values),
            )
            known = columns if each.number else Schema(columns.columns, -1, columns.defaults)
            for found in _row(table, record, known, f"f{number}:{each.at}"):
                kind = Kind.DELETED if found.kind is Kind.ROW else found.kind
                yield replace(found, kind=kind, meta={"deleted": each.where, "page": number, "table": name})


def _mark(each: Left) -> int:
    """Return by what a row that was left is known: its values alone where its number is gone."""
    return hash((each.number or None, *each.values))


def _row(table: Table, record: Record, columns: Schema, place: str) -> Iterator[Found]:
    """Yield a row and what is too long for it, under the number of the row."""
    values, wanted = record.values, len(table.layout.columns)
    if len(values) < wanted:
        values = [*values, *columns.defaults[len(values) : wanted]]
    if 0 <= columns.alias < len(values) and values[columns.alias] is None:
        values[columns.alias] = record.number
    if len(values) > wanted:
        table = Table(
            table.name, [*table.layout.columns, *(f"column{n + 1}" for n in range(wanted, len(values)))]
        )
    name = f"{table.name}/{record.number or f'{record.page}.{record.cell}'}"
    yield replace(table.row(place, values), name=name)
    for found in table.long(place, values):
        yield replace(found, name=f"{name}/{found.name.rpartition('/')[2]}")
