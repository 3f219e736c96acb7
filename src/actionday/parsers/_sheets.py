"""A workbook since 2007: its cells, sheet by sheet under their names, and what its other parts hold.

Source: ECMA-376 part 1, 18 (SpreadsheetML).
"""

from collections.abc import Iterator

from actionday.model import Damaged, Limits, Loss, Note, Parsed
from actionday.parsers._around_cells import Collector, around_cells
from actionday.parsers._cells import Cells
from actionday.parsers._opc import relations
from actionday.parsers._package import Package
from actionday.parsers._serial import Formats
from actionday.parsers._unread import MARK, Beside, with_beside
from actionday.parsers._workbook import MOST, Named, Sheets, listed
from actionday.parsers.ooxml import read_parts

BESIDE_CELLS = (
    r"xl/(?:comments\d*|threadedComments/[\w-]+|drawings/drawing\d*|charts/chart\d*|diagrams/data\d*)\.xml"
)


def workbook(data: memoryview, limits: Limits) -> Parsed:
    """Return text and properties. Raises Damaged, Encrypted, OverLimit."""
    package = Package(data)
    found = relations(package)
    sheets = Sheets.found(package, found)
    if not sheets.linked and not sheets.workbooks:
        return read_parts(package, [], found)  # a workbook by the names of its parts alone
    beside, formats = Beside(), Formats()
    more = read_parts(package, package.names(BESIDE_CELLS), found, beside, sheets.parts())
    around = Collector(beside)
    around_cells(package, sheets, around)
    notes = [*_styles(package, sheets, formats)]
    named, damaged = listed(package, sheets, formats)
    cells = Cells(package, formats, around, limits.text)
    pieces = [*_cells(cells, sheets, named), *more.text, *_unused(cells)]
    notes += [*damaged, *cells.notes]
    if cells.cut:
        notes.append(
            Note(Loss.TEXT_CUT, f"more than {limits.text} characters of cells: the rest is left out")
        )
    kept = [piece for piece in (piece.replace("\0", "\n") for piece in pieces) if not piece.isspace()]
    if not kept and notes:
        raise Damaged(notes[0].reason)
    return with_beside(Parsed(text=kept, meta=more.meta, notes=(*notes, *more.notes)), beside)


def _styles(package: Package, sheets: Sheets, formats: Formats) -> Iterator[Note]:
    for part in sheets.styles:
        try:
            why = formats.read(package.read(part, MOST))
        except Damaged as error:
            why = str(error)
        if why:
            yield Note("second_reader", f"{part}: {why}; dates may stand as numbers")


def _cells(cells: Cells, sheets: Sheets, named: list[Named]) -> Iterator[str]:
    """Yield the sheets under their names in the order of the workbook, then those that have none."""
    behind = list(cells.share(sheets.shared)) if sheets.shared else []
    waiting = dict.fromkeys((*sheets.linked, *sheets.stray))
    for title, part in named:
        if title:
            yield f"{title}\n"
        if part in waiting:
            del waiting[part]
            yield from cells.sheet(part)
    for part in waiting:
        yield from cells.sheet(part)
    yield from behind


def _unused(cells: Cells) -> list[str]:
    """Return the strings that no cell shows, below a mark."""
    found = list(cells.unused())
    return [MARK, *found] if found else []
