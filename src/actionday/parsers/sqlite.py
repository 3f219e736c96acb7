"""SQLite databases: the rows of every table, cells apart; behind them what deleted rows left.

Source: SQLite, "Database File Format": 2.6 (the schema table), 2.1 (records); "Write-Ahead Log", 4.
"""

from collections.abc import Iterable, Iterator, Sequence
from struct import unpack_from

from actionday.model import Damaged, Limits, Loss, Note, Parsed
from actionday.model.counted import counted
from actionday.parsers import _sqlite_blobs
from actionday.parsers._events import PIECE
from actionday.parsers._legible import passages
from actionday.parsers._sqlite_columns import row_number
from actionday.parsers._sqlite_pages import HEADER, Pages, Row, Value, is_leaf
from actionday.parsers._standing import missing
from actionday.parsers._unread import LEGIBLE, MARK, squeezed

DATABASE, LOG = "application/vnd.sqlite3", "application/x-sqlite-wal"
FRAME, LOG_HEADER = 24, 32


class Sqlite:
    """Databases and their write-ahead logs, read as the bytes they are: nothing of them is executed."""

    name, version = "sqlite", 1
    whole = True
    mimes = (DATABASE, LOG)
    samples = ("notes.sqlite",)

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:
        """Return the tables in the order of the schema, a line a row, a tab between cells. Raises Damaged."""
        if mime == LOG:
            return _log(data, limits)
        pages = Pages.of(data)
        if pages is None:
            raise Damaged("SQLite: no header of a database")
        text = _Text(limits.text)
        tables = list(_tables(pages))
        for name, root, sql in tables:
            if root and text.left:
                text.table(name, pages.rows(root), numbered=row_number(sql))
        old = _Text(text.left)
        for number, page in pages.unused():
            if is_leaf(page):
                old.table("", pages.records(page), numbered=None)
            else:
                old.remains(page)
            pages.seen.discard(number)
        for gap in (*pages.gaps(), *pages.reserved()):
            old.remains(gap)
        said_now = _lines(sql for _, _, sql in tables)
        left = set(_lines(old.pieces)).difference(said_now)
        more = missing(
            [*said_now, *(line for line in _lines(old.pieces) if line in left)], _lines(text.pieces)
        )
        if more:
            text.pieces.append(MARK + "".join(f"{line}\n" for line in more))
        return _result(text, pages, tables=len(tables), deleted=not left.isdisjoint(more))


def _lines(pieces: Iterable[str]) -> list[str]:
    """Return the lines that hold words."""
    lines = (squeezed(line) for piece in pieces for line in piece.split("\n"))
    return [line for line in lines if LEGIBLE.search(line)]


def _tables(pages: Pages) -> Iterator[tuple[str, int, str]]:
    """Yield name, root and statement of what the schema lists; indexes are gone through: they repeat the tables."""
    for _, values in list(pages.rows(1)):
        kind, name, _, root, sql = [*values, *[None] * 5][:5]
        page = root if isinstance(root, int) else 0
        if kind == "index":
            for _ in pages.rows(page):
                pass
            page = 0
        yield str(name or ""), page, sql if isinstance(sql, str) else ""


class _Text:
    """Lines in pieces of about a million characters, up to a limit."""

    def __init__(self, limit: int) -> None:
        self.pieces: list[str] = []
        self.left = limit
        self.cut = False
        self.blobs = 0
        """Blobs that are no text."""

    def table(self, name: str, rows: Iterable[Row], *, numbered: int | None) -> None:
        """Take the rows of a table, under its name; ``numbered``: the value that is the number of the row."""
        lines = [f"{name}\n"] if name else []
        length = 0
        for number, values in rows:
            if numbered is not None and numbered < len(values) and values[numbered] is None:
                values[numbered] = number
            line = self._line(values)
            self.left -= len(line)
            if self.left < 0:
                self.left, self.cut = 0, True
                break
            lines.append(line)
            length += len(line)
            if length > PIECE:
                self.pieces.append("".join(lines))
                lines, length = [], 0
        self.pieces.append("".join(lines) + ("\n" if name else ""))

    def _line(self, values: Sequence[Value]) -> str:
        cells = [self._blob(value) if isinstance(value, bytes) else said(value) for value in values]
        return "\t".join(cells).rstrip("\t") + "\n"

    def _blob(self, blob: bytes) -> str:
        text = _sqlite_blobs.read(blob)
        self.blobs += bool(blob) and not text
        return clean(text).strip("\n")

    def remains(self, raw: bytes) -> None:
        """Take the readable passages of bytes that belong to no row."""
        found = passages(memoryview(raw), "") if raw.strip(b"\0") else None
        if found:
            self.pieces += map(clean, found.text)


def said(value: Value) -> str:
    """Return what a cell says; numbers as they are stored."""
    return "" if value is None else clean(value) if isinstance(value, str) else str(value)


def clean(text: str) -> str:
    """Return a text without what no text may hold."""
    return text.replace("\0", "\n")


def _result(text: _Text, pages: Pages, *, tables: int, deleted: bool) -> Parsed:
    notes = []
    if pages.damaged:
        many = counted(pages.damaged, "page or record", "pages or records")
        notes.append(Note(Loss.PART_DAMAGED, f"SQLite: {many} cannot be read as what the file says they are"))
    if text.cut:
        notes.append(Note(Loss.TEXT_CUT, "SQLite: more rows than the text limit allows"))
    if text.blobs:
        notes.append(
            Note(
                "embedded_object",
                f"{counted(text.blobs, 'value in cells that is', 'values in cells that are')} no text: not read",
            )
        )
    if deleted:
        notes.append(
            Note(
                "unlinked_part",
                "SQLite: what deleted rows and unused bytes hold stands at the end, as far as it is legible",
            )
        )
    pieces = [piece for piece in text.pieces if piece.strip()]
    reason = notes[0].reason if notes else "" if pieces else "read, but no characters in the database"
    return Parsed(text=pieces, meta={"tables": tables}, reason=reason, notes=tuple(notes))


def _log(data: memoryview, limits: Limits) -> Parsed:
    """Return the rows on the pages of a write-ahead log, each row once: which of them count only the database tells."""
    size = unpack_from(">I", data, 8)[0] if len(data) >= LOG_HEADER else 0
    if size < 512 or size > 65536 or size & (size - 1):
        raise Damaged("SQLite: no header of a write-ahead log")
    text, lines = _Text(limits.text), _Text(limits.text)
    damaged = 0
    for at in range(LOG_HEADER + FRAME, len(data), size + FRAME):
        page = data[at : at + size]
        first = bytes(page[:16]) == b"SQLite format 3\0"
        pages = Pages(page, size, size, "utf-8")
        whole = bytes(page)
        if is_leaf(whole[HEADER:] if first else whole):
            lines.table("", pages.records(whole, HEADER if first else 0), numbered=None)
        elif whole[:1] not in b"\x05\x02\x0a":
            lines.remains(whole)
        damaged += pages.damaged
    rows = dict.fromkeys("".join(lines.pieces).split("\n"))
    text.pieces = ["".join(f"{row}\n" for row in rows if row)]
    text.cut, text.blobs = lines.cut, lines.blobs
    pages = Pages(data[:0], size, size, "utf-8")
    pages.damaged = damaged
    return _result(text, pages, tables=0, deleted=False)


PARSER = Sqlite()
