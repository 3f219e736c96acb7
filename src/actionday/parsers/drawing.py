"""Visio drawings and HWPX documents: every text of their parts, names of pages, data of shapes, targets of links.

Source: [MS-VSDX] 2.2 (parts), 2.2.3.2.1 (text), 2.2.7.4 (shape data); KS X 6101 (OWPML).
"""

import re
from html import unescape

from actionday.model import Limits, Parsed
from actionday.parsers._opc import relations
from actionday.parsers._package import Package
from actionday.parsers._rest import Beyond, rest
from actionday.parsers._unread import Beside, with_beside
from actionday.parsers.ooxml import facts, stray, targets

VISIO, HWPX = "application/vnd.ms-visio.drawing", "application/hwp+zip"
SHAPE = re.compile(
    rb"<Cell\b[^<>]{0,200}?\bN\s*=\s*[\"'](?:Value|Label|Prompt|Address|SubAddress|Description|Comment)[\"'][^<>]{0,200}?"
    rb"\bV\s*=\s*(?:\"([^\"<]{1,10000})\"|'([^'<]{1,10000})')"
)
SHEETS = r"(?i)visio/(?:pages|masters)/[^/]+\.xml"
NAMES = {"Page": frozenset({"Name"}), "Master": frozenset({"Name", "Prompt"}), "Layer": frozenset({"Name"}),
         "AuthorEntry": frozenset({"Name"}), "section": frozenset({"name"})}  # fmt: skip


class Drawing:
    """Text of packages whose markup is read whole, parts in the order of their names."""

    name, version = "drawing", 1
    whole = True
    mimes = (VISIO, HWPX)
    samples = ("plan.vsdx", "letter.hwpx")

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:  # noqa: ARG002
        """Return text and properties. Raises Damaged, Encrypted, OverLimit."""
        package = Package(data)
        found = relations(package)
        beside = Beside()
        pieces, notes = rest(package, (), beyond=Beyond(found.reached, NAMES, beside))
        for name in package.names(SHEETS) if mime == VISIO else ():
            for one, other in SHAPE.findall(package.salvaged(name)[0]):
                beside.line(unescape((one or other).decode("utf-8", "replace")))
        for target in targets(package):
            beside.keep(target)
        if mime == VISIO:
            notes += stray(package, found)
        if not pieces and notes and not beside.lines([]):
            raise package.nothing(notes[0].reason)
        return with_beside(Parsed(text=pieces, meta=facts(package), notes=tuple(notes)), beside)


PARSER = Drawing()
