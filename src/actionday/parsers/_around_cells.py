"""What a workbook shows besides its cells: printed headers, prompts, lists to choose from, tips, texts of formulas.

Source: ECMA-376 part 1, 18.3.1.30 (dataValidation), 18.3.1.39 (evenHeader and its codes), 18.3.1.47 (hyperlink),
18.3.1.10 (cfRule), 18.2.5 (definedName), 18.8.30 (numFmt), 18.2.12 (fileSharing), 18.3.2 (filters), 18.3.1.59
(oleObject), 18.3.1.98 (webPublishItem), 18.17.2.2 (texts within formulas).
"""

import re
from contextlib import suppress
from pyexpat import ExpatError

from actionday.mime.expat import create
from actionday.parsers._package import Package
from actionday.parsers._unread import Beside
from actionday.parsers._workbook import Sheets

MOST = 64 << 20
"""Bytes read of a workbook's or a styles part."""
QUOTED = re.compile(r'"((?:[^"]|""){2,})"')
JOINED = re.compile(r'"\s{0,9}&\s{0,9}"')
"""Between two texts that a formula puts together: what it shows is one."""
HEADER_CODE = re.compile(r'&(?:"[^"]*"|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|\d{1,3}|[A-Za-z&])')
LOOKS = frozenset('BIUSEXYOHK0123456789"')
"""First signs of the codes that change how letters look: such a code stands within a word."""
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
    "fileSharing": frozenset({"userName"}),
    "filter": frozenset({"val"}),
    "customFilter": frozenset({"val"}),
    "cellSmartTagPr": frozenset({"val"}),
    "webPublishItem": frozenset({"destinationFile", "title"}),
    "oleObject": frozenset({"link"}),
}
BUILT_IN = re.compile(r"_xlnm\.|_FilterDatabase", re.IGNORECASE)


def around_cells(package: Package, sheets: Sheets, collector: "Collector") -> None:
    """Collect what workbooks and styles say. What is damaged in them is said by other readers."""
    for name in (*sheets.workbooks, *sheets.styles):
        if name.endswith(".xml"):
            _fed(package.salvaged(name, MOST)[0], collector)


def _fed(xml: bytes, collector: "Collector") -> None:
    expat = create(xml)
    expat.buffer_text = True
    expat.StartElementHandler = collector.start
    expat.EndElementHandler = collector.end
    expat.CharacterDataHandler = collector.text
    with suppress(ExpatError):
        expat.Parse(xml, True)


def _header_code(found: re.Match[str]) -> str:
    """Return what a code of a printed header stands for: an ampersand, nothing, or (a section, a number) a blank."""
    sign = found[0][1].upper()
    return "&" if sign == "&" else "" if sign in LOOKS else " "


class Collector:
    """Takes the events of parts, and of sheets outside their cells."""

    def __init__(self, beside: Beside) -> None:
        self._beside, self._inside, self._value = beside, "", ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "numFmt":
            self.formula(next((value for key, value in attributes.items() if key.endswith("formatCode")), ""))
        elif local in SHOWN and not BUILT_IN.match(attributes.get("name", "")):
            self._beside.show(SHOWN[local], attributes)
        if local in TEXTS or local in FORMULAS:
            self._inside, self._value = local, ""

    def text(self, value: str) -> None:
        if self._inside:
            self._value += value
        elif not value.isspace():
            self.look(value)

    def end(self, name: str) -> None:
        if self._inside and name.rpartition(":")[2] == self._inside:
            if self._inside in TEXTS:
                self._beside.keep(HEADER_CODE.sub(_header_code, self._value))
            else:
                self.formula(self._value)
            self._inside = ""

    def look(self, value: str) -> None:
        """Keep characters that stand where none belong, if they are prose."""
        self._beside.look("", value)

    def formula(self, value: str) -> None:
        """Keep the texts that stand in quotes within a formula or a number format."""
        if '"' not in value:
            return
        for text in (*QUOTED.findall(value), *QUOTED.findall(JOINED.sub("", value))):
            self._beside.show(frozenset({"text"}), {"text": text.replace('""', '"')})
