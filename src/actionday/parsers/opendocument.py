"""OpenDocument and its predecessor: texts, tables, slides, drawings, templates, zipped or flat.

Source: OpenDocument 1.3 part 3, 3 (documents), 5 (text), 9 (tables), 10 (drawings); part 2, 4 (encryption).

xberg 1.3.9 was tried: it repeats titles of slides and adds the master pages' placeholders, and reads neither
templates nor flat files.
"""

from collections.abc import Iterator

from msgspec import structs

from actionday.mime.manifest import BEGIN, DOCUMENT, MANIFEST, Listed, is_clear, listed, locks
from actionday.model import Damaged, Encrypted, Limits, Note, Parsed
from actionday.parsers._decode import decode
from actionday.parsers._events import Grammar, Reader
from actionday.parsers._odf_changes import ChangedReader
from actionday.parsers._package import Package
from actionday.parsers._properties import cut_of, properties
from actionday.parsers._rest import MARKUP, Beyond, behind, rest, unlinked
from actionday.parsers._unread import with_beside
from actionday.parsers.ooxml import targets

ENDS = {
    **dict.fromkeys(
        ("p", "h", "line-break", "table-row", "title", "desc", "creator", "date", "note", "frame"), "\n"
    ),
    **dict.fromkeys(("tab", "table-cell"), "\t"),
    "s": " ",
}
STARTS = dict.fromkeys(("note-body", "annotation", "frame", "custom-shape"), "\n")
LAYOUT = frozenset(
    {"binary-data", "automatic-styles", "font-face-decls", "note-citation", "scripts", "settings"}
)
TITLES = frozenset({"title", "help-text", "value", "current-value", "label", "text"})
SHOWN = {
    **dict.fromkeys(("text", "textarea", "formatted-text", "password", "combobox", "listbox", "option", "item",
                     "button",
                     "checkbox", "radio", "fixed-text", "label", "dropdown", "text-input", "drop-down"), TITLES),
    **dict.fromkeys(("list-level-style-number", "list-level-style-bullet", "outline-level-style"),
                    frozenset({"num-prefix", "num-suffix"})),
    **dict.fromkeys(("help-message", "error-message"), frozenset({"title"})),
    **dict.fromkeys(("a", "image-map", "area-rectangle", "area-circle", "area-polygon"), frozenset({"title", "name"})),
    "named-range": frozenset({"name"}),
    "named-expression": frozenset({"name", "expression"}),
    "placeholder": frozenset({"description"}),
    "user-field-decl": frozenset({"string-value", "name"}),
    "variable-set": frozenset({"string-value"}),
    "variable-decl": frozenset({"name"}),
    "user-defined": frozenset({"name"}),
    "section": frozenset({"name"}),
    "conditional-text": frozenset({"string-value-if-true", "string-value-if-false", "condition"}),
    "hidden-text": frozenset({"string-value", "condition"}),
    "hidden-paragraph": frozenset({"condition"}),
    "content-validation": frozenset({"condition"}),
    **dict.fromkeys(("alphabetical-index-mark", "alphabetical-index-mark-start", "user-index-mark", "toc-mark"),
                    frozenset({"string-value", "key1", "key2"})),
    "bibliography-mark": frozenset({"identifier", "author", "editor", "title", "booktitle", "publisher", "note", "url",
                                    "annote", "address", "organizations", "custom1", "custom2"}),
    "dde-connection-decl": frozenset({"dde-application", "dde-topic", "dde-item"}),
    "database-display": frozenset({"database-name", "table-name", "column-name"}),
}  # fmt: skip
"""Fields of forms, labels of lists, prompts of cells, tips of links, names that a formula may use; of fields that show
one text or another, or none, all of them; entries of indexes, works that are cited, files and databases that text comes
from."""
MUTE = LAYOUT - {"note-citation"}
GRAMMAR = Grammar(
    text=frozenset({"p", "h", "title", "desc", "annotation", "header-decl", "footer-decl", "date-time-decl"}),
    ends={**ENDS, **dict.fromkeys(("header-decl", "footer-decl", "date-time-decl"), "\n")},
    starts=STARTS,
    skipped=LAYOUT | {"styles", "master-styles", "meta"},
    read=frozenset({"xlink:href", "form:label"}),
    mute=MUTE | {"styles", "master-styles", "meta"},
    shown=SHOWN,
)
SHEETS = structs.replace(GRAMMAR, read=GRAMMAR.read | {"table:name"})
"""The names of sheets are content; those of tables in a text are the program's."""
STYLES = Grammar(
    text=frozenset({"header", "footer", "header-left", "footer-left", "header-first", "footer-first"}),
    ends=ENDS,
    starts=STARTS,
    skipped=LAYOUT | {"styles", "meta", "body", "frame", "sheet-name"},
    read=frozenset(),
    mute=MUTE | {"meta", "body", "frame", "sheet-name", "text-style", "date-style", "time-style"},
    shown=SHOWN,
)
"""Of the styles the running headers and footers of pages are text; frames are the masters' placeholders, but for text
boxes that are none (``MASTERS``)."""
MASTERS = Grammar(
    text=frozenset({"p", "h", "title", "desc"}),
    ends=ENDS,
    starts=STARTS,
    skipped=LAYOUT | {"styles", "meta", "body", "header", "footer", "header-left", "footer-left", "header-first",
                      "footer-first", "notes", "handout-master", "forms"},
    read=frozenset(),
    mute=LAYOUT | {"styles", "meta", "body", "header", "footer", "header-left", "footer-left", "notes",
                   "header-first", "footer-first", "handout-master", "forms"},
)  # fmt: skip
OASIS = "application/vnd.oasis.opendocument."
SUN = "application/vnd.sun.xml."


class OpenDocument:
    """Text of OpenDocument files; headers and footers of pages come last."""

    name, version = "opendocument", 1
    whole = True
    mimes = (
        *(f"{OASIS}{kind}{form}" for kind in ("text", "spreadsheet", "presentation", "graphics")
          for form in ("", "-template", "-flat-xml")),
        *(f"{OASIS}{kind}{form}" for kind in ("chart", "formula", "text-master", "text-web")
          for form in ("", "-template")),
        *(f"{SUN}{kind}{form}" for kind in ("writer", "calc", "impress", "draw", "writer.global", "writer.web")
          for form in ("", ".template")),
    )  # fmt: skip
    samples = ("writer.odt", "writer.ott", "writer.fodt", "calc.ods", "calc.ots", "calc.fods", "impress.odp",
               "impress.otp", "impress.fodp", "draw.odg", "draw.fodg")  # fmt: skip

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:
        """Return text and properties. Raises Damaged, Encrypted, OverLimit."""
        grammar = SHEETS if "spreadsheet" in mime or mime.startswith(f"{SUN}calc") else GRAMMAR
        return (
            _flat(data[: limits.text], grammar) if mime.endswith("xml") else _zipped(Package(data), grammar)
        )


def _zipped(package: Package, grammar: Grammar) -> Parsed:
    manifest = listed(
        package.salvaged(MANIFEST)[0] if MANIFEST in package else b""
    )  # ``rest`` says its damage
    notes = _opened(package, manifest)
    lacks = "content.xml" not in package
    reader = ChangedReader(grammar)
    why = "" if lacks else _part(reader, package, "content.xml")
    if lacks and "content.xml" in manifest.parts:  # else it is a template of styles alone
        why = "is not in the package"
    reader.left()
    if why:
        notes.append(Note("part_damaged", f"content.xml: {why}"))
    margins = Reader(STYLES, reader.beside)
    if "styles.xml" in package and (broken := _part(margins, package, "styles.xml")):
        notes.append(Note("part_damaged", f"styles.xml: {broken}"))
    masters = Backs(MASTERS, reader.beside)
    if "styles.xml" in package:
        _part(masters, package, "styles.xml")
    pieces = reader.pieces + margins.pieces + masters.pieces
    for name in package.names(r"[^/]+/(?:.+/)?content\.xml"):  # charts, formulas and documents within
        inner = ChangedReader(grammar, reader.beside)
        if broken := _part(inner, package, name):
            notes.append(Note("part_damaged", f"{name}: {broken}"))
        inner.left()
        pieces += inner.pieces
    more, damaged = rest(package, ["content.xml", *package.names(r".+/content\.xml")],
                         beyond=Beyond(shown=SHOWN, beside=reader.beside))  # fmt: skip
    for target in targets(package):
        reader.beside.keep(target)
    notes += damaged + _unlisted(package, manifest)
    no_document = lacks and "styles.xml" not in package
    if (why or no_document) and not pieces + more and not reader.beside.lines([]):
        raise package.nothing(f"OpenDocument: {why or 'no content.xml'}")
    if no_document:
        notes.append(
            Note("part_damaged", "content.xml: is not in the package; the text of all other parts is read")
        )
    meta = _meta(package) | _changed(reader)
    return with_beside(Parsed(text=pieces + more, meta=meta, notes=(*notes, *cut_of(meta))), reader.beside)


def _changed(reader: ChangedReader) -> dict[str, object]:
    """Return who changed the document, and when, while changes were tracked."""
    people = {"contributors": list(reader.people)} if reader.people else {}
    return people | reader.changes.meta()


def _opened(package: Package, manifest: Listed) -> list[Note]:
    """Return the note on a document that is called encrypted and is not. Raises Encrypted."""
    if not locks(manifest.sealed, has_text=DOCUMENT in package):
        return []
    if DOCUMENT not in package or not is_clear(package.salvaged(DOCUMENT, BEGIN)[0]):
        raise Encrypted("OpenDocument: needs a password")
    return [
        Note("local_differs", "OpenDocument: said to be encrypted, and its bytes are not: read as they are")
    ]


def _unlisted(package: Package, manifest: Listed) -> list[Note]:
    """Return the note on markup parts that the manifest does not list."""
    if "content.xml" not in manifest.parts:
        return []  # no manifest to speak of
    parts = package.names(MARKUP)
    lost = [name for name in parts if name not in manifest.parts and not name.startswith("META-INF/")]
    return unlinked(lost, "parts that the manifest does not list")


def _part(reader: Reader, package: Package, name: str) -> str:
    reader.plain = reader.tags is not None and not package.holds(name, reader.tags)
    try:
        why = reader.part(package.chunks(name))
        if reader.stopped < 0 or isinstance(reader, Backs):  # another reader has it as well
            return why
        remains, why = behind(package, name, why, reader.stopped)
    except Damaged as error:
        reader.flush()
        return str(error)
    reader.pieces += [remains] if remains.strip() else []
    return why


def _meta(package: Package) -> dict[str, object]:
    xml, why = package.salvaged("meta.xml") if "meta.xml" in package else (b"", "")
    found = properties(xml, opendocument=True) if xml else {}
    return found | ({"properties_damaged": True} if why else {})


def _flat(data: memoryview, grammar: Grammar) -> Parsed:
    """Read a flat file: the same elements in one piece of XML, of any size."""
    reader = ChangedReader(grammar)
    pieces = decode(data).pieces
    why = reader.part(_encoded(pieces), "utf-8")
    reader.left()
    if why and not reader.pieces:
        raise Damaged(f"OpenDocument: {why}")
    start = pieces[0] if pieces else ""
    head, found, _ = start.partition("</office:meta>")
    meta = head[head.find("<office:meta>") :] + found if found and "<office:meta>" in head else ""
    margins = Reader(STYLES, reader.beside)
    margins.part(_encoded(pieces), "utf-8")
    masters = Backs(MASTERS, reader.beside)
    masters.part(_encoded(pieces), "utf-8")
    facts = properties(meta.encode("utf-8", "replace"), opendocument=True) if meta else {}
    facts.pop("properties_damaged", None)
    facts |= _changed(reader)
    notes = (*((Note("part_damaged", why),) if why else ()), *cut_of(facts))
    return with_beside(
        Parsed(text=reader.pieces + margins.pieces + masters.pieces, meta=facts, notes=notes), reader.beside
    )


def _encoded(pieces: list[str]) -> Iterator[bytes]:
    for number, piece in enumerate(pieces):
        yield (piece.lstrip("\ufeff \r\n") if number == 0 else piece).encode("utf-8", "replace")


class Backs(Reader):
    """Reads what stands on master pages and is no place for the text of a page."""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        place = "presentation:class" in attributes or attributes.get("presentation:placeholder") == "true"
        super()._start("office:styles" if place else name, attributes)

    def _end(self, name: str) -> None:
        self._names.setdefault(name, name.rpartition(":")[2])
        super()._end(name)


PARSER = OpenDocument()
