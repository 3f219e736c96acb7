"""The walk over a dump of MySQL: statement by statement, the rows of INSERT one by one.

Source: MySQL 8.0, "INSERT", "REPLACE", "CREATE TABLE", "SET NAMES", "USE"; "mysql" (the command DELIMITER).
"""

import re
from collections.abc import Iterator, Sequence

from actionday.model import Context, Damaged, Found, Stream
from actionday.sources.databases._ending import lacking
from actionday.sources.databases._mysqltypes import CHARSETS, Column, columns, named
from actionday.sources.databases._mysqlvalues import plain_values_of, values_of
from actionday.sources.databases._rest import Rest
from actionday.sources.databases._statements import HELD, MYSQL, Skimmer
from actionday.sources.databases._table import Table, Told
from actionday.sources.databases._tape import Tape
from actionday.sources.databases._tuples import Raw, rows

_NAME = rb"(?:`(?>(?:[^`]|``)*)`|\"(?>(?:[^\"]|\"\")*)\"|[\w$\x80-\xff]++)"
_TABLE = rb"(" + _NAME + rb"(?>(?:\." + _NAME + rb")?))"
_INSERT = re.compile(
    rb"(?:INSERT|REPLACE)\s++(?>(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\s++)*)(?>(?:INTO\s++)?)" + _TABLE
    + rb"\s*+(?>(?:\(((?>(?:`[^`]*+`|[^)`])*))\)\s*+)?)VALUES?\s*+(?=\()", re.IGNORECASE,
)  # fmt: skip
_CREATE = re.compile(
    rb"(?:/\*M?!\d*\s*)?CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF NOT EXISTS\s+)?" + _TABLE + rb"\s*\(",
    re.IGNORECASE,
)
_NAMES = re.compile(rb"\bSET NAMES\s+'?(\w+)'?", re.IGNORECASE)
_USE = re.compile(rb"USE\s+(" + _NAME + rb")\s*;", re.IGNORECASE)
_DELIMITER = re.compile(rb"DELIMITER\s+(\S+)\s*", re.IGNORECASE)
_EACH = re.compile(_NAME)
_FIRST = (b"INSE", b"REPL")


class Walk:
    """One pass over a dump; rows before byte ``after`` are counted and not yielded."""

    def __init__(self, stream: Stream, around: Context, after: int) -> None:
        self._tape, self._around, self._before = Tape(stream), around, after
        self._stream, self._size = stream, stream.size
        self._skimmer = Skimmer(self._tape, MYSQL)
        self._told, self._rest = Told("mysqldump"), Rest()
        self._tables: dict[str, Table] = {}
        self._columns: dict[str, list[Column]] = {}
        self._session = self._database = self._damage = ""
        self._ends = b";"

    def found(self) -> Iterator[Found]:
        """Yield what is in it. Raises Damaged where it breaks off."""
        while not self._damage and self._skimmer.blank():
            yield from self._statement()
        yield from self._rest.found(self._size, self._around, "mysqldump")
        self._told.tell(self._around)
        if not self._damage and (why := lacking(self._stream)):
            self._damage = f"mysqldump: breaks off: {why}"
        if self._damage:
            raise Damaged(self._damage)

    def _statement(self) -> Iterator[Found]:
        tape, at = self._tape, self._tape.offset
        tape.have(HELD >> 4)
        start = tape.buffer[tape.at : tape.at + 10].upper()
        if start.startswith(b"DELIMITER"):
            line = tape.line(HELD)
            found = _DELIMITER.match(line)
            self._ends = found[1] if found else b";"
            tape.at += len(line)
        elif start[:4] in _FIRST and (found := _INSERT.match(tape.buffer, tape.at)):
            yield from self._insert(found, at)
        else:
            text, ended = self._skimmer.statement(self._ends)
            yield from self._other(text, at)
            if not ended and text.strip() and not text.lstrip().startswith(b"/*"):
                self._damage = f"mysqldump: breaks off in the statement at byte {at}"

    def _other(self, text: bytes, at: int) -> Iterator[Found]:
        if found := _CREATE.match(text):
            name = self._named(found[1])
            self._columns[name] = columns(text, found.end())
            yield from self._begun(name, at)
        elif found := _USE.match(text):
            self._database = named(found[1]) + "/"
        elif found := _NAMES.search(text):
            said = found[1].decode("ascii", "replace").lower()
            self._session = CHARSETS.get(said, "")
            if said not in CHARSETS and said not in ("binary", "default"):
                why = f"mysqldump: the character set {said!r} is not known here: read as its columns say"
                self._around.note("charset", why)

    def _begun(self, name: str, at: int) -> Iterator[Found]:
        if name not in self._tables:
            listed = [each.name for each in self._columns.get(name, ())]
            self._tables[name] = Table(name, listed, {"byte": at})
            if at >= self._before:
                yield self._tables[name].directory(f"t{at}")

    def _insert(self, found: re.Match[bytes], at: int) -> Iterator[Found]:
        tape, name = self._tape, self._named(found[1])
        yield from self._begun(name, at)
        table, known = self._tables[name], self._columns.get(name, [])
        listed = [named(each) for each in _EACH.findall(found[2] or b"")]
        by_name = {each.name: each for each in known}
        wanted = [by_name.get(each, Column(each, "utf-8")) for each in listed] or known
        head = found[0]
        tape.at = found.end()
        begun, whole = tape.offset, True
        row = _Rows(table, wanted)
        for raw in rows(tape, len(wanted), escapes=True):
            table.count, whole = table.count + 1, raw.whole
            if raw.offset >= self._before:
                yield from row.found(raw, self._session, self._told)
        _, ended = self._skimmer.statement(self._ends)
        self._rest.rows(begun, tape.offset, head)
        if not (whole and ended):
            self._damage = f"mysqldump: breaks off in the rows of {name}, at byte {tape.offset}"

    def _named(self, raw: bytes) -> str:
        parts = [named(each) for each in _EACH.findall(raw)]
        return "/".join(parts) if len(parts) > 1 else self._database + parts[0]


class _Rows:
    """The rows of one statement."""

    def __init__(self, table: Table, wanted: list[Column]) -> None:
        self._table, self._wanted = table, wanted
        self._of_bytes = [at for at, each in enumerate(wanted) if each.binary]
        if wanted and table.layout.columns != tuple(each.name for each in wanted):
            table.layout = Table("", [each.name for each in wanted]).layout

    def found(self, raw: Raw, session: str, told: Told) -> Iterator[Found]:
        """Yield a row and what is too long for it."""
        table, place = self._table, str(raw.offset)
        literals = raw.literals
        if literals is not None and not self._wanted:
            self._wanted = [Column(f"column{n + 1}", "utf-8") for n in range(len(literals))]
            table.layout = Table("", [each.name for each in self._wanted]).layout
        if literals is None or len(literals) != len(self._wanted):
            why = "with other values than the table has columns" if literals else "that breaks off"
            told.add("row", why, table.name, raw.offset)
            yield table.broken(place, raw.offset, raw.length, f"mysqldump: a row {why}")
            return
        if raw.plain and session == "utf-8" and self._no_bytes(literals):
            try:
                yield table.texts(place, [None if each is None else each.decode() for each in literals])
                return
            except UnicodeDecodeError:
                pass  # told below, value by value
        values = (plain_values_of if raw.plain else values_of)(literals, self._wanted, session)
        for value, column in zip(values, self._wanted, strict=True):
            if isinstance(value, bytes) and not column.binary and column.text:
                told.add("charset", "with text that is not in its character set", table.name, raw.offset)
                break
        yield table.row(place, values)
        yield from table.long(place, values)

    def _no_bytes(self, literals: Sequence[bytes | None]) -> bool:
        return not self._of_bytes or all(literals[at] is None for at in self._of_bytes)
