"""The rows of one COPY: lines up to a line that is ``\\.``.

Source: PostgreSQL 15, "COPY" (Text Format).
"""

from collections.abc import Iterator
from typing import Any

from actionday.model import Found
from actionday.sources.databases._pgtext import bytea, cell
from actionday.sources.databases._table import Table, Told
from actionday.sources.databases._tape import Tape
from actionday.sources.databases._tuples import LONGEST_ROW

_END = (b"\\.", b"\\.\r")


class Block:
    """Rows from ``tape.at`` on; ``ended`` says whether the mark of the end was there."""

    def __init__(self, tape: Tape, table: Table, codec: str, binary: tuple[int, ...], told: Told) -> None:
        self._tape, self._table, self._codec, self._binary, self._told = tape, table, codec, binary, told
        self.ended = False

    def rows(self, after: int) -> Iterator[Found]:
        """Yield the rows from byte ``after`` on; those before it are counted line by line."""
        tape = self._tape
        while not self.ended:
            end = tape.buffer.rfind(b"\n", tape.at)
            if end < 0:
                if len(tape.buffer) - tape.at > LONGEST_ROW:
                    yield from self._rest("longer than what is taken apart")
                    return
                if not tape.more():
                    if tape.at < len(tape.buffer):
                        yield from self._last()
                    return
                continue
            yield from self._lines(tape.buffer[tape.at : end].split(b"\n"), after)

    def _lines(self, lines: list[bytes], after: int) -> Iterator[Found]:
        """Yield the rows on whole lines, which begin at ``tape.at``; move behind them.

        Half a million lines a second pass here: what is rare is called, what is common stands in the loop.
        """
        tape, table, codec, width = self._tape, self._table, self._codec, len(self._table.layout.columns)
        begun, offset, binary = tape.at, tape.offset, self._binary
        for line in lines:
            if line[:2] == b"\\." and line in _END:
                self.ended = True
                begun += len(line) + 1
                break
            table.count += 1
            if offset >= after:
                values: list[Any] | None = None
                slashes = line.count(b"\\")
                if slashes == line.count(b"\\N") and line[-1:] != b"\r":
                    try:
                        values = line.decode(codec).split("\t")
                    except UnicodeDecodeError:
                        values = None
                if values is None or len(values) != width:
                    yield from self._row(line, offset)
                else:
                    if slashes:
                        values = [None if each == "\\N" else each for each in values]
                    for at in binary:
                        if values[at] is not None:
                            yield from self._row(line, offset)
                            break
                    else:
                        yield table.texts(str(offset), values)
            offset += len(line) + 1
            begun += len(line) + 1
        tape.at = begun

    def _row(self, line: bytes, offset: int) -> Iterator[Found]:
        """Yield any row: with escapes, with bytes, with other values than there should be."""
        table, place = self._table, str(offset)
        values = self._values(line.removesuffix(b"\r"), offset)  # of Windows: in a value it would be escaped
        if not table.layout.columns and values == [""]:
            values = []  # of a table without columns
        if len(values) != len(table.layout.columns):
            why = "with other values than the table has columns"
            self._told.add("row", why, table.name, offset)
            yield table.broken(place, offset, len(line), f"pgdump: a row {why}")
            return
        for at in self._binary:
            values[at] = bytea(values[at])
        yield table.row(place, values)
        yield from table.long(place, values)

    def _values(self, line: bytes, offset: int) -> list[Any]:
        try:
            return [cell(each, self._codec) for each in line.decode(self._codec).split("\t")]
        except UnicodeDecodeError:
            self._told.add("charset", f"with bytes that are no {self._codec}", self._table.name, offset)
            return [self._cell(each) for each in line.split(b"\t")]

    def _cell(self, raw: bytes) -> str | bytes | None:
        try:
            return cell(raw.decode(self._codec), self._codec)
        except UnicodeDecodeError:
            return raw

    def _last(self) -> Iterator[Found]:
        """Yield what stands before the end of the stream without a line feed: the end itself, or half a row."""
        tape, line = self._tape, self._tape.buffer[self._tape.at :]
        if line in _END:
            self.ended = True
            tape.at = len(tape.buffer)
        else:
            yield from self._rest("that breaks off")

    def _rest(self, why: str) -> Iterator[Found]:
        tape, table = self._tape, self._table
        table.count += 1
        self._told.add("row", why, table.name, tape.offset)
        length = len(tape.buffer) - tape.at
        yield table.broken(str(tape.offset), tape.offset, length, f"pgdump: a row {why}")
        tape.at = len(tape.buffer)
