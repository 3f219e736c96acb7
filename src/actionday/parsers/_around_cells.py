"""What a workbook shows besides its cells: printed headers, prompts, lists to choose from, tips, texts of formulas.

Source: ECMA-376 part 1, 18.3.1.30 (dataValidation), 18.3.1.39 (evenHeader and its codes), 18.3.1.47 (hyperlink),
18.3.1.10 (cfRule), 18.2.5 (definedName), 18.8.30 (numFmt), 18.17.2.2 (texts within formulas).
"""

import re
from collections.abc import Iterator
from html import unescape
from pyexpat import ExpatError

from actionday.mime.expat import create
from actionday.model import Damaged
from actionday.parsers._cells import Sheets
from actionday.parsers._opc import Relations
from actionday.parsers._package import Package
from actionday.parsers._unread import Beside

END = b"</sheetData>"
END_EMPTY = b"<sheetData/>"
FORMULA = re.compile(rb"<(?:\w+:)?f\b[^<>]{0,1000}>([^<]{0,8192}?(?:\"|&quot;|&#34;)[^<]{0,32768})<")
OVERLAP = 48 * 1024
"""Bytes carried over from a chunk: a formula has 8,192 characters at most."""
MOST_TAIL = 16 << 20
"""Bytes read behind the cells of a sheet."""
QUOTED = re.compile(r'"((?:[^"]|""){2,})"')
HEADER_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d+|[A-Za-z&])')
TEXTS = frozenset({"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"})
FORMULAS = frozenset({"formula", "formula1", "formula2", "f", "definedName", "calculatedColumnFormula"})
SHOWN = {
    "dataValidation": frozenset({"prompt", "promptTitle", "error", "errorTitle"}),
    "hyperlink": frozenset({"tooltip", "display", "location"}),
    "cfRule": frozenset({"text"}),
    "definedName": frozenset({"name", "comment", "description", "help", "customMenu"}),
    "numFmt": frozenset({"formatCode"}),
    "protectedRange": frozenset({"name"}),
    "scenario": frozenset({"name", "comment"}),
    "customWorkbookView": frozenset({"name"}),
    "sheet": frozenset(),
}
BUILT_IN = re.compile(r"_xlnm\.|_FilterDatabase", re.IGNORECASE)


def around_cells(package: Package, sheets: Sheets, found: Relations, beside: Beside) -> None:
    """Put into ``beside`` what people see of a workbook that is no cell. What is damaged is said by other readers."""
    collector = _Collector(beside)
    styles = [part for part, kind in found.reached.items() if kind == "styles"] or package.names(
        r"(?i)xl/styles\.xml"
    )
    for name in (*sheets.workbooks, *styles):
        if name.endswith(".xml"):
            _fed(package.read(name, MOST_TAIL) if name in package else b"", collector)
    for name in dict.fromkeys((*sheets.linked, *sheets.stray)):
        if name.endswith(".xml"):
            try:
                _fed(_tail(package, name, collector), collector)
            except Damaged:
                continue  # the reader of the cells says so


def _tail(package: Package, name: str, collector: "_Collector") -> bytes:
    """Return what stands behind the cells of a sheet, having looked for formulas that hold texts."""
    carried, tail = b"", None
    for chunk in package.chunks(name):
        window = carried + chunk
        if tail is None:
            cells, marks, behind = window.partition(END)
            if not marks:
                cells, marks, behind = window.partition(END_EMPTY)
            for formula in _formulas(cells):
                collector.formula(formula)
            tail = behind if marks else None
        elif len(tail) < MOST_TAIL:
            tail += chunk
        carried = window[-OVERLAP:]
    return b"<r>" + tail if tail else b""


def _formulas(cells: bytes) -> Iterator[str]:
    for found in FORMULA.finditer(cells):
        yield unescape(found[1].decode("utf-8", "replace"))


def _fed(xml: bytes, collector: "_Collector") -> None:
    """Parse markup that need not be whole: the outer element of a tail is cut off."""
    expat = create(xml)
    expat.buffer_text = True
    expat.StartElementHandler = collector.start
    expat.EndElementHandler = collector.end
    expat.CharacterDataHandler = collector.text
    try:
        expat.Parse(xml, True)
    except ExpatError:
        expat.buffer_text = False  # a tail ends with the end of an element that it does not begin


class _Collector:
    def __init__(self, beside: Beside) -> None:
        self._beside, self._inside, self._value = beside, "", ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "numFmt":
            self.formula(next((value for key, value in attributes.items() if key.endswith("formatCode")), ""))
        elif not BUILT_IN.match(attributes.get("name", "")):
            self._beside.show(SHOWN.get(local, frozenset()), attributes)
        if local in TEXTS or local in FORMULAS:
            self._inside, self._value = local, ""

    def text(self, value: str) -> None:
        if self._inside:
            self._value += value

    def end(self, name: str) -> None:
        if self._inside and name.rpartition(":")[2] == self._inside:
            if self._inside in TEXTS:
                self._beside.keep(HEADER_CODE.sub(" ", self._value))
            else:
                self.formula(self._value)
            self._inside = ""

    def formula(self, value: str) -> None:
        """Keep the texts that stand in quotes within a formula or a number format."""
        for text in QUOTED.findall(value):
            self._beside.show(frozenset({"text"}), {"text": text.replace('""', '"')})
