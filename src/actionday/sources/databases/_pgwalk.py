"""The walk over a plain dump of PostgreSQL: statement by statement, the rows of COPY line by line.

Source: PostgreSQL 15, "COPY", "CREATE TABLE", "INSERT", psql's ``\\connect``; 24.3 (client_encoding).
"""

import re
from collections.abc import Iterator

from actionday.model import Context, Damaged, Found, Stream
from actionday.sources.databases._definition import taken_apart
from actionday.sources.databases._ending import lacking
from actionday.sources.databases._pgcopy import Block
from actionday.sources.databases._pginsert import values_of
from actionday.sources.databases._pgtext import ENCODINGS
from actionday.sources.databases._rest import Rest
from actionday.sources.databases._statements import HELD, POSTGRES, Skimmer
from actionday.sources.databases._table import Table, Told
from actionday.sources.databases._tape import Tape
from actionday.sources.databases._tuples import rows

_NAME = rb"(?:\"(?>(?:[^\"]|\"\")*)\"|[^\s\"(.,;]++)"
_TABLE = rb"(" + _NAME + rb"(?>(?:\." + _NAME + rb")?))"
_COPY = re.compile(rb"COPY " + _TABLE + rb"(?: \(([^\n]*)\))? ++FROM stdin([^\n]*)\r?\n")
_INSERT = re.compile(
    rb"INSERT INTO "
    + _TABLE
    + rb"\s*+(?>(?:\(((?>(?:\"[^\"]*+\"|[^)\"])*))\)\s*+)?)(?:OVERRIDING \w+ VALUE )?VALUES\s*+"
)
_CREATE = re.compile(rb"CREATE (?:UNLOGGED |FOREIGN )?TABLE (?:IF NOT EXISTS )?" + _TABLE + rb"\s*\(")
_COLUMN = re.compile(rb"(" + _NAME + rb")\s++(.+)", re.DOTALL)
_DEFAULTS = re.compile(rb"INSERT INTO " + _TABLE + rb" DEFAULT VALUES")
_ENCODING = re.compile(rb"SET client_encoding (?:=|TO) '([^']+)'", re.IGNORECASE)
_CONNECT = re.compile(rb"\\connect (?:-reuse-previous=on )?(.+)")
_EACH = re.compile(_NAME)
_NO_COLUMN = (b"CONSTRAINT", b"CHECK", b"PRIMARY", b"UNIQUE", b"EXCLUDE", b"FOREIGN", b"LIKE")


class Walk:
    """One pass over a dump; rows before byte ``after`` are counted and not yielded."""

    def __init__(self, stream: Stream, around: Context, after: int) -> None:
        self._tape, self._around, self._before = Tape(stream), around, after
        self._stream = stream
        self._skimmer = Skimmer(self._tape, POSTGRES)
        self._told, self._rest, self._size = Told("pgdump"), Rest(), stream.size
        self._tables: dict[str, Table] = {}
        self._types: dict[str, dict[str, str]] = {}
        self._codec, self._database = "utf-8", ""
        self._damage = ""

    def found(self) -> Iterator[Found]:
        """Yield what is in it. Raises Damaged where it breaks off."""
        while not self._damage and self._skimmer.blank():
            yield from self._statement()
        yield from self._rest.found(self._size, self._around, "pgdump")
        self._told.tell(self._around)
        if not self._damage and (why := lacking(self._stream)):
            self._damage = f"pgdump: breaks off: {why}"
        if self._damage:
            raise Damaged(self._damage)

    def _statement(self) -> Iterator[Found]:
        tape, at = self._tape, self._tape.offset
        tape.have(8)
        start = tape.buffer[tape.at : tape.at + 8]
        if start.startswith(b"\\"):
            self._meta(tape.line(HELD))
            return
        if start.startswith(b"COPY ") and (found := _COPY.match(tape.line(HELD))):
            yield from self._copy(found, at)
        elif start.startswith(b"INSERT I") and (found := self._match(_INSERT)):
            yield from self._insert(found, at)
        else:
            text, ended = self._skimmer.statement()
            yield from self._other(text, at)
            if not ended:
                self._damage = f"pgdump: breaks off in the statement at byte {at}"

    def _match(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        self._tape.have(HELD >> 4)
        return pattern.match(self._tape.buffer, self._tape.at)

    def _meta(self, line: bytes) -> None:
        self._tape.at += max(len(line), 1)
        if found := _CONNECT.match(line.rstrip()):
            name = found[1].decode("utf-8", "backslashreplace").strip("\"'")
            self._database = name.removeprefix("dbname=").strip("\"'") + "/"
            self._codec = "utf-8"

    def _other(self, text: bytes, at: int) -> Iterator[Found]:
        if found := _DEFAULTS.match(text):
            yield from self._defaults(self._named(found[1]), at, text)
        elif text.startswith(b"SET ") and (found := _ENCODING.match(text)):
            said = found[1].decode("ascii", "replace")
            codec = ENCODINGS.get(said.upper().replace("-", ""))
            if codec is None:
                self._around.note(
                    "charset", f"pgdump: the encoding {said!r} is not known here: read as UTF-8"
                )
            self._codec = codec or "utf-8"
        elif text.startswith(b"COPY ") and b"FROM stdin" in text:
            self._around.note(
                "statement", f"pgdump: the COPY at byte {at} is not understood: no rows are told of it"
            )
        elif text.startswith(b"CREATE ") and (found := _CREATE.match(text)):
            name = self._named(found[1])
            parts = taken_apart(text, found.end()).parts
            pairs = (_COLUMN.match(part) for part in parts if not part.startswith(_NO_COLUMN))
            types = {self._text(each[1]): self._text(each[2]) for each in pairs if each}
            self._types[name] = types
            yield from self._begun(name, list(types), at)

    def _begun(self, name: str, columns: list[str], at: int) -> Iterator[Found]:
        """Yield the table where it is met for the first time; its columns are those of the last statement on it."""
        table = self._tables.get(name)
        if table is None:
            table = self._tables[name] = Table(name, columns, {"byte": at})
            if at >= self._before:
                yield table.directory(f"t{at}")
        elif columns and table.layout.columns != tuple(columns):
            again = Table(name, columns)
            again.count, self._tables[name] = table.count, again

    def _copy(self, found: re.Match[bytes], at: int) -> Iterator[Found]:
        name, columns = self._named(found[1]), self._columns(found[2])
        yield from self._begun(name, columns, at)
        self._tape.at += found.end()
        table, begun = self._tables[name], self._tape.offset
        block = Block(self._tape, table, self._codec, self._binary(table), self._told)
        yield from block.rows(self._before)
        self._rest.rows(begun, self._tape.offset)
        if not block.ended:
            self._damage = f"pgdump: breaks off in the rows of {name}, at byte {self._tape.offset}"

    def _defaults(self, name: str, at: int, text: bytes) -> Iterator[Found]:
        """Yield a row that says nothing of itself: of a table without columns, or of defaults alone."""
        yield from self._begun(name, [], at)
        table = self._tables[name]
        table.count += 1
        if at >= self._before:
            why = "whose values are the defaults of its columns"
            if not table.layout.columns:
                yield table.row(str(at), [])
                return
            self._told.add("row", why, name, at)
            yield table.broken(str(at), at, len(text), f"pgdump: a row {why}")

    def _binary(self, table: Table) -> tuple[int, ...]:
        types = self._types.get(table.name, {})
        return tuple(
            at for at, column in enumerate(table.layout.columns) if types.get(column, "").startswith("bytea")
        )

    def _insert(self, found: re.Match[bytes], at: int) -> Iterator[Found]:
        name = self._named(found[1])
        types = self._types.get(name, {})
        columns = self._columns(found[2]) or list(types)
        yield from self._begun(name, columns, at)
        tape, table = self._tape, self._tables[name]
        head = found[0]
        tape.at = found.end()
        binary, whole, begun = self._binary(table), True, tape.offset
        for raw in rows(tape, len(columns), escapes=False):
            table.count, whole = table.count + 1, raw.whole
            if raw.literals is not None and not table.layout.columns:
                table.layout = Table("", [f"column{n + 1}" for n in range(len(raw.literals))]).layout
            if raw.offset < self._before:
                continue
            place = str(raw.offset)
            if raw.literals is None or len(raw.literals) != len(table.layout.columns):
                why = "with other values than the table has columns" if raw.literals else "that breaks off"
                self._told.add("row", why, name, raw.offset)
                yield table.broken(place, raw.offset, raw.length, f"pgdump: a row {why}")
                continue
            values = values_of(raw.literals, self._codec, binary, plain=raw.plain)
            yield table.row(place, values)
            yield from table.long(place, values)
        _, ended = self._skimmer.statement()
        self._rest.rows(begun, tape.offset, head)
        if not (whole and ended):
            self._damage = f"pgdump: breaks off in the rows of {name}, at byte {tape.offset}"

    def _columns(self, listed: bytes | None) -> list[str]:
        return [self._text(each) for each in _EACH.findall(listed or b"") if each.strip()]

    def _named(self, raw: bytes) -> str:
        parts = [self._text(each) for each in _EACH.findall(raw)]
        return self._database + ".".join(parts)

    def _text(self, raw: bytes) -> str:
        if raw.startswith(b'"') and raw.endswith(b'"'):
            raw = raw[1:-1].replace(b'""', b'"')
        return raw.decode(self._codec, "backslashreplace")
