"""Word and PowerPoint since 2007: body, headers, footers, notes, comments, deleted text, diagrams, link targets.

Source: ECMA-376 part 1, 17 (WordprocessingML), 19 (PresentationML), 21 (DrawingML).

xberg 1.3.9 was tried: it leaves out headers, footers, deleted text and link targets and adds the names of styles
and of note marks to the words, so these parts are read here.
"""

import re
from collections.abc import Sequence
from functools import partial

from actionday.model import Damaged, Limits, Loss, Note, Parsed
from actionday.parsers._events import Grammar, Reader
from actionday.parsers._masters import Masters, master_parts, shows_something
from actionday.parsers._opc import Relations, relations
from actionday.parsers._package import Package
from actionday.parsers._properties import CUT, cut_of, properties
from actionday.parsers._rest import MARKUP, RULES, Beyond, behind, rest, unlinked
from actionday.parsers._unread import Beside, with_beside
from actionday.parsers._word_changes import WordReader

VAL = frozenset({"val"})
TITLED = frozenset({"title", "alt"})
TIP = frozenset({"tooltip"})
SHOWN = {
    **dict.fromkeys(("alias", "tag", "lvlText", "statusText", "helpText", "listEntry", "default", "tblCaption",
                     "tblDescription"), VAL),
    **dict.fromkeys(("shape", "rect", "oval", "line", "roundrect", "group", "imagedata", "docPr", "cNvPr"), TITLED),
    **dict.fromkeys(("hyperlink", "hlinkClick", "hlinkHover"), TIP),
    "textpath": frozenset({"string"}),
    "listItem": frozenset({"displayText", "value"}),
    "fldSimple": frozenset({"instr"}),
    "section": frozenset({"name"}),
    "custShow": frozenset({"name"}),
    "docVar": frozenset({"name", "val"}),
    "comment": frozenset({"initials"}),
    "person": frozenset({"author", "displayName", "userId"}),
    "presenceInfo": frozenset({"userId"}),
    "cmAuthor": frozenset({"name", "initials"}),
    "author": frozenset({"name", "initials", "userId"}),
    "sheetName": frozenset({"val"}),
    **dict.fromkeys(("query", "connectString", "addressFieldName", "mailSubject", "attr"), VAL),
    "pivotCacheDefinition": frozenset({"refreshedBy"}),
    "cacheField": frozenset({"name", "caption"}),
    "worksheetSource": frozenset({"sheet", "name"}),
    "pivotTableDefinition": frozenset({"name", "rowHeaderCaption", "colHeaderCaption", "grandTotalCaption"}),
    "connection": frozenset({"name", "description", "odcFile"}),
    "webPr": frozenset({"url", "post"}),
    "definedName": frozenset({"name", "refersTo"}),
    "ddeLink": frozenset({"ddeService", "ddeTopic"}),
    "ddeItem": frozenset({"name"}),
    "table": frozenset({"name", "displayName", "comment"}),
    "tableColumn": frozenset({"name", "totalsRowLabel"}),
    "item": frozenset({"val", "n"}),
    "slicerCacheDefinition": frozenset({"name", "sourceName"}),
    "slicer": frozenset({"name", "caption"}),
}  # fmt: skip
"""Drop-down entries and names of content controls, labels of lists, word art, tips, titles of tables and pictures,
texts of form fields, sections of a presentation, people who commented (as programs know them), sheets of other books;
where the letters of a mailing come from, who refreshed a table and what its columns are called, where data came from.
Source: ECMA-376 part 1, 17.5.1, 17.5.2, 17.9.11, 17.14, 17.16, 18.5, 18.10.1, 18.13, 18.14, 19.4.2, 20.1.2.2;
[MS-DOCX] 2.5.3 (people); [MS-XLSX] 2.6.203 (person); [MS-PPTX] 2.4.1 (author)."""
GRAMMAR = Grammar(
    text=frozenset({"t", "delText", "instrText", "delInstrText", "text", "v"}),
    ends={
        **dict.fromkeys(("p", "br", "cr", "tr", "pt", "txbxContent"), "\n"),
        **dict.fromkeys(("tc", "tab", "ptab"), "\t"),
        "noBreakHyphen": "-",
    },
    starts={"txbxContent": "\n"},
    skipped=frozenset({"pPr", "tblPr", "trPr", "tcPr", "sectPr"}),
    read=frozenset({"descr"}),
    people=frozenset({"w:author"}),
    fields=frozenset({"instrText", "delInstrText"}),
    mute=frozenset({"binData", "f", "fldData", "formatCode", "align", "attrName", "posOffset", "ClientData"}),
    second=frozenset({"Fallback"}),
    shown=SHOWN,
    glyphs=frozenset({"sym"}),
)
"""``Fallback`` repeats a drawing for old readers, in documents that programs make; ``f`` are the formulas of charts
and shapes."""
WORD = (
    r"word/document\d*\.xml",
    r"word/header\d*\.xml",
    r"word/footer\d*\.xml",
    r"word/(?:footnotes|endnotes|comments)\d*\.xml",
    r"word/(?:diagrams/data|charts/chart)\d*\.xml",
    r"word/glossary/document\.xml",
)
SLIDES = (
    r"ppt/slides/slide\d+\.xml",
    r"ppt/notesSlides/notesSlide\d+\.xml",
    r"ppt/comments/[\w-]+\.xml",
    r"ppt/(?:diagrams/data|charts/chart)\d*\.xml",
)
ROLES = frozenset(
    {"officeDocument", "header", "footer", "footnotes", "endnotes", "comments", "glossaryDocument", "slide",
     "notesSlide", "diagramData", "chart"}
)  # fmt: skip
"""Kinds of relationships that lead to parts with this grammar, under whatever name the part goes."""
WITH_WORDS = ROLES | {"worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "sharedStrings", "threadedComment",
                      "drawing", "pivotCacheDefinition", "pivotCacheRecords"}  # fmt: skip
"""Kinds of parts that cost words where the package lacks them."""
TARGET = re.compile(rb"<Relationship\b[^>]*>")
URL = re.compile(rb"\bTarget\s*=\s*[\"']([^\"']{1,4096})[\"']")
WORDPROCESSING = "application/vnd.openxmlformats-officedocument.wordprocessingml."
PRESENTATION = "application/vnd.openxmlformats-officedocument.presentationml."


class Ooxml:
    """Text of word-processing and presentation packages, parts in a fixed order."""

    name, version = "ooxml", 1
    whole = True
    mimes = (
        f"{WORDPROCESSING}document",
        f"{WORDPROCESSING}template",
        f"{PRESENTATION}presentation",
        f"{PRESENTATION}slideshow",
        f"{PRESENTATION}template",
        "application/vnd.ms-word.document.macroEnabled.12",
        "application/vnd.ms-word.template.macroEnabled.12",
        "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
        "application/vnd.ms-powerpoint.slideshow.macroEnabled.12",
        "application/vnd.ms-powerpoint.template.macroEnabled.12",
    )
    samples = ("writer.docx", "writer.dotx", "impress.pptx", "impress.ppsx", "impress.potx")

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:  # noqa: ARG002
        """Return text and properties. Raises Damaged, Encrypted, OverLimit."""
        package = Package(data)
        found = relations(package)
        patterns = WORD if "word" in mime else SLIDES
        listed = [found.main] if found.main else []
        listed += [name for pattern in patterns for name in package.names(pattern)]
        listed += [part for part, kind in found.reached.items() if kind in ROLES and part.endswith(".xml")]
        return read_parts(package, list(dict.fromkeys(listed)), found)


def stray(package: Package, found: Relations) -> list[Note]:
    """Return notes on parts no relationship leads to, and on relationships that lead nowhere."""
    absent = [
        Note(
            Loss.PART_DAMAGED, f"{part}: the document names this part ({kind}), the package does not have it"
        )
        for part, kind in found.absent.items()
        if kind in WITH_WORDS
    ]
    absent += [Note("relationships_damaged", found.damaged)] if found.damaged else []
    if not found.main:  # a package without them is read by the usual names
        return absent
    names = package.names(MARKUP)
    lost = [name for name in names if name not in found.reached and not name.endswith(RULES)]
    return unlinked(lost, "parts that no relationship leads to") + absent


def read_parts(package: Package, names: list[str], found: Relations, beside: Beside | None = None,
               elsewhere: Sequence[str] = ()) -> Parsed:  # fmt: skip
    """Return the text of the named parts, of all others but ``elsewhere``, the targets of links, the properties.

    ``beside`` takes what people see besides; without it, this stands at the end of the text.
    Raises Damaged, OverLimit or Encrypted when there is no part to read, or nothing can be read of any.
    """
    reader, notes = WordReader(GRAMMAR, beside), list[Note]()
    for name in names:
        notes += _read(reader, package, name)
    reader.add("".join(f"{target}\n" for target in targets(package)))
    reader.flush()
    backs, masters = Masters(GRAMMAR, reader.beside), master_parts(package, found)
    for name in filter(partial(shows_something, package), masters):
        notes += _read(backs, package, name)
    beyond = Beyond(found.reached, SHOWN, reader.beside)
    more, damaged = rest(package, [*names, *masters, *elsewhere], beyond=beyond)
    reader.pieces += backs.pieces + more
    if not reader.pieces and not reader.beside.lines([]):
        if notes:
            raise package.nothing(notes[0].reason)
        if not names and not elsewhere:
            raise package.nothing("document package: no part that holds a text")
    if not names and not elsewhere:
        notes.append(Note("unlinked_part", "no part of the package is its document: the text of all is read"))
    notes += damaged + stray(package, found)
    people = {"contributors": list(reader.people)} if reader.people else {}
    told = facts(package)
    meta = told | people | reader.changes.meta()
    return with_beside(Parsed(text=reader.pieces, meta=meta, notes=(*notes, *cut_of(told))), reader.beside)


def _read(reader: Reader, package: Package, name: str) -> list[Note]:
    """Read a part; return the note that it is damaged, if it is. What was read before stays."""
    reader.plain = reader.tags is not None and not package.holds(name, reader.tags)
    try:
        why = reader.part(package.chunks(name))
        if reader.stopped >= 0:
            remains, why = behind(package, name, why, reader.stopped)
            reader.pieces += [remains] if remains.strip() else []
    except Damaged as error:
        why = str(error)
        reader.flush()
    return [Note("part_damaged", f"{name}: {why}")] if why else []


def targets(package: Package) -> list[str]:
    """Return the external targets of a document's links, each once, in order."""
    from html import unescape

    found: dict[str, None] = {}
    for name in package.names(r".*\.rels"):
        for element in TARGET.findall(package.salvaged(name)[0]):
            url = URL.search(element) if b"External" in element else None
            if url:
                found[unescape(url[1].decode("utf-8", "replace"))] = None
    return list(found)


def _properties(package: Package, name: str) -> dict[str, object]:
    xml, why = package.salvaged(name)
    return (properties(xml) if xml else {}) | ({"properties_damaged": True} if why else {})


def facts(package: Package) -> dict[str, object]:
    """Return the properties of the package."""
    found, cut = dict[str, object](), 0
    for name in ("docProps/custom.xml", "docProps/app.xml", "docProps/core.xml"):
        if name in package:
            told = _properties(package, name)
            cut += int(str(told.pop(CUT, 0)))
            found |= told
    return found | ({CUT: cut} if cut else {})


PARSER = Ooxml()
