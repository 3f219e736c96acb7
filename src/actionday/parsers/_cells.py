"""The cells of a workbook as they are stored, row by row: the second reader, for sheets too large for the first.

Source: ECMA-376 part 1, 18.3.1.4 (cells), 18.4.8 (shared strings). Numbers stand as stored: a date is its serial
number, which only the cell's style would tell.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from pyexpat import ExpatError
from typing import NamedTuple

from actionday.mime.expat import create
from actionday.model import Damaged
from actionday.parsers._opc import Relations
from actionday.parsers._package import Package

SHEETS = r"(?i)xl/worksheets/[^/]+\.xml"
SHARED = "xl/sharedStrings.xml"
LONGEST_LINE = 1 << 20
"""Characters collected before a piece is closed."""


class Sheets(NamedTuple):
    """The parts of a workbook that hold cells."""

    linked: tuple[str, ...]
    """Sheets that the workbook's relationships lead to; all there are where there are no relationships."""
    stray: tuple[str, ...]
    """Sheets that lie in the package and belong to no workbook that programs open."""
    shared: str
    """The part of the shared strings, or ""."""
    workbooks: tuple[str, ...]

    @classmethod
    def found(cls, package: Package, relations: Relations) -> "Sheets":
        """Return the sheets of a workbook."""
        there = package.names(SHEETS)
        linked = [part for part, kind in relations.reached.items() if kind == "worksheet"]
        shared = next((part for part, kind in relations.reached.items() if kind == "sharedStrings"), "")
        stray = [part for part in there if part not in linked] if linked else []
        return cls(tuple(linked or there), tuple(stray), shared or package.known(SHARED),
                   tuple(package.names(r"(?i)xl/workbook\d*\.xml")))  # fmt: skip

    def parts(self) -> tuple[str, ...]:
        """Return all parts that are read as cells."""
        return tuple(filter(None, (*self.linked, *self.stray, self.shared, *self.workbooks)))


def cells(package: Package, names: Iterable[str], shared_part: str) -> Iterator[str]:
    """Yield the rows of the named sheets, cells separated by tabs, in pieces of a million characters.

    Raises Damaged with what is wrong in a part; what was yielded before stays.
    """
    shared = _Shared()
    if shared_part:
        _feed(package, shared_part, shared)
    for name in names:
        yield from _Sheet(shared.strings).pieces(package, name)


def _feed(package: Package, name: str, handler: "_Shared") -> None:
    for _ in _fed(package, name, handler):
        pass


def _fed(package: Package, name: str, handler: "_Shared | _Sheet") -> Iterator[None]:
    """Parse a part, giving control back after each chunk."""
    chunks = package.chunks(name)
    first = next(chunks, b"")
    expat = create(first)
    expat.buffer_text = True
    expat.StartElementHandler = handler.start
    expat.EndElementHandler = handler.end
    expat.CharacterDataHandler = handler.text
    expat.StartDoctypeDeclHandler = _refuse
    try:
        for chunk in chain((first,), chunks):
            expat.Parse(chunk, False)
            yield
        expat.Parse(b"", True)
    except ExpatError as error:
        raise Damaged(f"{name}: XML not well-formed: {error}") from error


def _refuse(*_: object) -> None:
    raise Damaged("workbook: XML with a document type: office documents have none")


class _Shared:
    """The shared strings by number; phonetic readings are left out."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._parts: list[str] = []
        self._inside = False
        self._phonetic = False

    def start(self, name: str, _: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self._phonetic = self._phonetic or local == "rPh"
        self._inside = local == "t" and not self._phonetic

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        self._inside = False
        if local == "rPh":
            self._phonetic = False
        elif local == "si":
            self.strings.append("".join(self._parts))
            self._parts = []

    def text(self, value: str) -> None:
        if self._inside:
            self._parts.append(value)


class _Sheet:
    """The rows of one sheet."""

    def __init__(self, shared: list[str]) -> None:
        self._shared = shared
        self._row: list[str] = []
        self._rows: list[str] = []
        self._length = 0
        self._kind = ""
        self._value: list[str] = []
        self._inside = False

    def pieces(self, package: Package, name: str) -> Iterator[str]:
        for _ in _fed(package, name, self):
            if self._length > LONGEST_LINE:
                yield self._taken()
        yield self._taken()

    def _taken(self) -> str:
        text, self._rows, self._length = "".join(self._rows), [], 0
        return text

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._kind, self._value = attributes.get("t", ""), []
        self._inside = local in ("v", "t")

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        self._inside = False
        if local == "c":
            self._row.append(self._shown("".join(self._value)))
        elif local == "row" and self._row:
            line = "\t".join(self._row) + "\n"
            self._rows.append(line)
            self._length += len(line)
            self._row = []

    def text(self, value: str) -> None:
        if self._inside:
            self._value.append(value)

    def _shown(self, value: str) -> str:
        if self._kind == "s" and value.isascii() and value.isdigit() and int(value[:9]) < len(self._shared):
            return self._shared[int(value[:9])]
        return value
