"""The parts of a workbook that hold cells: which there are, what they are called, and which are not there.

Source: ECMA-376 part 1, 18.2.19 (sheets), 18.2.20 (sheet), 18.2.28 (workbookPr).
"""

from functools import partial
from pyexpat import ExpatError
from typing import NamedTuple

from actionday.mime.expat import create
from actionday.model import Loss, Note
from actionday.parsers._opc import Relations, relationships
from actionday.parsers._package import Package
from actionday.parsers._serial import Formats

SHEETS = r"(?i)xl/worksheets/[^/]+\.xml"
SHARED = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
MOST = 64 << 20
"""Bytes of the styles or of the list of sheets."""


class Named(NamedTuple):
    """A sheet as the workbook lists it; ``part`` is "" where the package does not have it."""

    title: str
    part: str


class Sheets(NamedTuple):
    """The parts of a workbook that hold cells."""

    linked: tuple[str, ...]
    """Sheets that the workbook's relationships lead to; all there are where there are no relationships."""
    stray: tuple[str, ...]
    """Sheets that lie in the package and belong to no workbook that programs open."""
    shared: str
    """The part of the shared strings, or ""."""
    workbooks: tuple[str, ...]
    styles: tuple[str, ...] = ()

    @classmethod
    def found(cls, package: Package, relations: Relations) -> "Sheets":
        """Return the sheets of a workbook."""
        there = package.names(SHEETS)
        linked = [part for part, kind in relations.reached.items() if kind == "worksheet"]
        shared = next((part for part, kind in relations.reached.items() if kind == "sharedStrings"), "")
        styles = [part for part, kind in relations.reached.items() if kind == "styles"]
        stray = [part for part in there if part not in linked] if linked else []
        main = [relations.main] if relations.main.lower().endswith(".xml") else []
        workbooks = dict.fromkeys((*main, *package.names(r"(?i)xl/workbook\d*\.xml")))
        return cls(tuple(linked or there), tuple(stray), shared or package.known(SHARED), tuple(workbooks),
                   tuple(styles or filter(None, [package.known(STYLES)])))  # fmt: skip

    def parts(self) -> tuple[str, ...]:
        """Return all parts that are read as cells, and the workbook: of others of its name all text is read."""
        return tuple(filter(None, (*self.linked, *self.stray, self.shared, *self.workbooks[:1])))


def listed(package: Package, sheets: Sheets, formats: Formats) -> tuple[list[Named], list[Note]]:
    """Return the sheets in the order of their workbooks, and what is damaged in these lists.

    ``formats`` learns which system of dates the workbook has.
    """
    found: list[Named] = []
    notes: list[Note] = []
    for workbook in sheets.workbooks:
        targets = {each.identifier: each.target for each in relationships(package, workbook)[0]}
        try:
            xml, why = package.salvaged(workbook, MOST)
            expat = create(xml)
            expat.StartElementHandler = partial(_list, package, targets, formats, found)
            expat.Parse(xml, True)
        except ExpatError as error:
            why = why or str(error)
        if why:
            notes.append(Note(Loss.PART_DAMAGED, f"{workbook}: names of sheets may be missing: {why}"))
    return found, notes


def _list(
    package: Package,
    targets: dict[str, str],
    formats: Formats,
    found: list[Named],
    name: str,
    given: dict[str, str],
) -> None:
    local = name.rpartition(":")[2]
    if local == "sheet":
        key = next((value for key, value in given.items() if key.rpartition(":")[2] == "id"), "")
        found.append(Named(given.get("name", ""), package.known(targets.get(key, ""))))
    elif local == "workbookPr" and given.get("date1904", "").lower() in ("1", "true", "on"):
        formats.since_1904 = True
