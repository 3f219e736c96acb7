"""What a PDF shows or holds besides its pages: bookmarks, forms, stamps, remarks, scripts, properties, attachments.

Source: PDF 1.7 (ISO 32000-1), 12.3.3 (outline), 12.5 (annotations), 12.6.4 (actions), 12.7 (forms, 12.7.8 XFA), 14.3.2
(metadata streams), 14.3.3 (information dictionary), 7.11.3 (file specifications), 8.11 (layers), 14.9 (alternative
texts).

PDFium has calls for some of these. Which strings are for reading is told by their keys, whatever object they stand in:
a kind that nobody thought of is read as well.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from actionday.model import Loss, Note
from actionday.model.counted import counted
from actionday.parsers._decode import decode
from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_called import OF_PLACES, called, of_places
from actionday.parsers._pdf_markup import markup
from actionday.parsers._pdf_names import OF_LOOKS, prosaic, speaks
from actionday.parsers._pdf_objects import MOST as MOST_OF_TEXT
from actionday.parsers._pdf_objects import Dictionary, dictionaries
from actionday.parsers._pdf_operators import prose
from actionday.parsers._pdf_told import told_otherwise
from actionday.parsers._pdf_undrawn import undrawn
from actionday.parsers._pdf_unlisted import MOST as MOST_UNLISTED
from actionday.parsers._pdf_unlisted import MOST_DRAWN, Places, unlisted
from actionday.parsers._unread import LEGIBLE, MARK, Beside

NOT_FOR_READING = frozenset(
    {"ID", "IDS", "IDTree", "O", "U", "OE", "UE", "Perms", "Cert", "ByteRange", "CheckSum", "NM", "E0", "Lock", "CO",
     "CharSet", "Panose", "FontFamily", "Registry", "RegistryName", "Ordering", "OutputConditionIdentifier", "Lang",
     "DA", "DS", "Style", "CreationDate", "ModDate", "LastModified", "M", "Names", "Limits", "D", "Dest", "Producer",
     "Creator", "Trapped", "PTEX.Fullbanner"}
)  # fmt: skip
"""Keys of identifiers, keys, dates, fonts, programs, names of places: read where they are prose."""
OF_BYTES = frozenset({"ID", "O", "U", "OE", "UE", "Perms", "Cert", "ByteRange", "CheckSum"})
OF_PROGRAMS = frozenset({"DS", "Style", "Producer", "Creator", "PTEX.Fullbanner", "Limits"})
"""Keys of what programs call themselves (the document's own are its properties), of styles, and of names said again."""
PROSE = frozenset({"", "T", "CA", "Info", "OutputCondition"})
"""Keys whose strings are names of fields, marks of buttons and the like: read where they are prose."""
KINDS = ("Title", "TU", "V", "DV", "Opt", "Contents", "T", "Subj", "RC", "Desc", "UF", "F", "JS")
"""The order of the blocks; all other keys stand behind these."""
TEXT_STREAMS = frozenset({"JS", "RC", "RV", "V", "DV", "XFA"})
"""Keys that may lead to a stream of text in the place of a string."""
MARKUP = frozenset({"RC", "RV", "XFA"})
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
TAG = re.compile(r"<[^<>]*>")
MOST_COPIED = 192 << 20
"""Bytes of a document as it is written out."""
MOST_PAGES = 2000
"""Pages whose annotations are drawn into them to be read."""
MOST_ANNOTATIONS = 10_000
"""On one page."""


class Found:
    """What was found besides the pages."""

    def __init__(self) -> None:
        self.files: list[str] = []
        """Names of embedded files."""
        self.notes: list[Note] = []
        self.others: list[str] = []
        """Other readings of broken words: no line of the text, so none is looked for in it."""
        self.beside = Beside()

    def lines(self, text: Iterable[str]) -> str:
        """Return, below a mark, what does not stand in the text."""
        block = self.beside.lines(text)
        others = "".join(f"{line}\n" for line in dict.fromkeys(self.others))
        return (block or MARK) + others if others else block


class Copy:
    """Takes a document as PDFium writes it, without its encryption, up to a limit."""

    def __init__(self) -> None:
        self.data = b""
        self.note: Note | None = None
        """Why not all of it is here."""
        self._parts: list[bytes] = []
        self._left = MOST_COPIED

    def write(self, data: Any) -> int:
        """Take a piece, as PDFium's writer hands it over."""
        if self._left >= 0:
            self._parts.append(bytes(data))
            self._left -= len(self._parts[-1])
        return len(data)

    @classmethod
    def of(cls, document: Any) -> "Copy":
        """Return the copy of a document."""
        import pypdfium2  # type: ignore[import-untyped]

        made = cls()
        try:
            document.save(made, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
        except pypdfium2.PdfiumError as error:
            made.note = Note(Loss.NOT_WHOLE, f"PDF: not looked through for bookmarks and the like ({error})")
        if made._left < 0:
            reason = f"PDF: of {MOST_COPIED} bytes and more only these are looked through for bookmarks and the like"
            made.note = Note(Loss.PARTS_LIMIT, reason)
        made.data = b"".join(made._parts)
        made._parts.clear()
        return made


def beside_pages(
    document: Any,
    copy: Copy,
    stored: memoryview,
    packed: int,
    unread: int,
    read: Callable[[Any], str],
    budget: Budget,
) -> Found:
    """Return what a document holds besides its pages; ``read`` gives the text of a page, ``unread`` cannot be loaded.

    ``stored`` are its bytes where they are not encrypted, ``packed`` the number of pages in its object streams.
    Annotations are drawn into the pages by this: the document is of no further use.
    """
    found = Found()
    if copy.note:
        found.notes.append(copy.note)
    _objects(copy.data, found, budget)
    if told := told_otherwise(copy.data, budget):
        found.notes.append(told)
    if lost := undrawn(copy.data):
        found.notes.append(lost)
    listed = len(document)
    for text in _drawn(document, found, read):
        for line in text.splitlines():
            found.beside.line(line)
    document.close()  # the library is asked about one document at a time
    outside = unlisted(Places(copy.data, stored, packed), listed, unread, read)
    for text in outside.texts:
        for line in text.splitlines():
            found.beside.line(line)
    if outside.pages:
        what = f"PDF: {counted(outside.pages, 'page')} that its page tree does not lead to, with the text at the end"
        more = f", of the first {MOST_UNLISTED} alone" if outside.pages > MOST_UNLISTED else ""
        found.notes.append(Note(Loss.PARTS_LIMIT if more else "unlinked_part", what + more))
    if outside.passed:
        forms = counted(outside.passed, "form or pattern", "forms and patterns")
        reason = f"PDF: {forms} beyond {MOST_DRAWN}: what of them no page shows is not read"
        found.notes.append(Note(Loss.PARTS_LIMIT, reason))
    return found


def _objects(data: bytes, found: Found, budget: Budget) -> None:
    all_of_them = list(dictionaries(data, frozenset({"Metadata"})))
    by_kind: dict[str, list[str]] = {}
    led: dict[int, str] = {}
    for each in all_of_them:
        for key, number in each.refers:
            if number not in led or key in TEXT_STREAMS:
                led[number] = key
    places = of_places(all_of_them)
    for each in all_of_them:
        if "EF" in each.keys:
            names = dict(each.strings)
            found.files.append(names.get("UF") or names.get("F") or names.get("Desc") or "without a name")
        for key, value in each.strings:
            key = key or led.get(each.number, "")
            if _speaks(each, key, value, named=each.number not in places and each.under not in OF_PLACES):
                by_kind.setdefault(key, []).append(TAG.sub(" ", value) if key in MARKUP else value)
    for name in called(all_of_them, led):
        by_kind.setdefault("", []).append(name)
    cut = _streams(data, {number: key for number, key in led.items() if key in TEXT_STREAMS}, by_kind, budget)
    for key in (*KINDS, *(key for key in by_kind if key not in KINDS)):
        for value in by_kind.get(key, ()):
            for line in CONTROL.sub(" ", value).splitlines():
                found.beside.line(line)
    for each in all_of_them:
        if each.keys.get("Type") == "Metadata" or each.keys.get("Subtype") == "XML":
            markup(each.content(budget), found.beside)
    cut += sum(each.cut for each in all_of_them)
    if cut:
        streams = counted(cut, "stream", "streams")
        reason = f"PDF: {streams} of text not read to the end: of one at most {MOST_OF_TEXT} bytes are"
        found.notes.append(Note(Loss.TEXT_CUT, reason))


def _speaks(each: Dictionary, key: str, value: str, *, named: bool) -> bool:
    """Say whether a string is for reading; ``named``: a name in a tree is one that somebody gave."""
    if not LEGIBLE.search(value) or key in OF_PROGRAMS:
        return False
    if key in NOT_FOR_READING and not (key == "Names" and named):
        if key == "DA":
            return bool(prose(value.encode("latin-1", "replace")))
        return (key not in OF_BYTES or value.isascii()) and speaks(value, of_looks=key in OF_LOOKS)
    signature = key == "Contents" and "ByteRange" in each.keys
    if signature or len(CONTROL.findall(value)) * 8 > len(value):
        return signature and value.isascii() and prosaic(value)
    remark = key == "T" and each.keys.get("Subtype", "Widget") != "Widget" and "FT" not in each.keys
    return remark or key not in PROSE or " " in value.strip() or prosaic(value)


def _streams(data: bytes, texts: dict[int, str], by_kind: dict[str, list[str]], budget: Budget) -> int:
    """Read the streams of text, which have these numbers and are reached by these keys; return how many not whole."""
    cut = 0
    if not texts:
        return cut
    for each in dictionaries(data, frozenset({""})):
        key = texts.get(each.number, "")
        content = each.content(budget) if key else b""
        cut += each.cut
        if not content:
            continue
        lines = by_kind.setdefault(key, [])
        if content.lstrip()[:1] == b"<":
            beside = Beside()
            markup(content, beside)
            lines.append(beside.lines([]).partition("— — —\n")[2])
        else:
            lines.append("".join(decode(memoryview(content)).pieces))
    return cut


def _drawn(document: Any, found: Found, read: Callable[[Any], str]) -> Iterator[str]:
    """Yield the text of each page with the appearance of its annotations, hidden ones too, drawn into it."""
    import pypdfium2

    raw, drawn, passed = pypdfium2.raw, 0, 0
    for number in range(len(document)):
        try:
            page = document[number]
            kinds, more = _shown_again(page, raw)
            passed += more
            flat = kinds and raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
            page.close()
            if not flat:
                continue
            drawn += 1
            if drawn > MOST_PAGES:
                found.notes.append(
                    Note(Loss.PARTS_LIMIT, f"PDF: annotations drawn on the first {MOST_PAGES} pages only")
                )
                break
            page = document[number]
            try:
                yield read(page)
            finally:
                page.close()
        except pypdfium2.PdfiumError:
            continue  # the page says so when it is read
    if passed:
        are = counted(passed, "annotation is", "annotations are")
        reason = f"PDF: {are} not looked at, beyond {MOST_ANNOTATIONS} of a page: what they draw may not be in the text"
        found.notes.append(Note(Loss.PARTS_LIMIT, reason))


def _shown_again(page: Any, raw: Any) -> tuple[bool, int]:
    """Show all annotations of a page; return whether there are others than links, and how many are beyond."""
    found, count = False, raw.FPDFPage_GetAnnotCount(page.raw)
    for at in range(min(count, MOST_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, at)
        if annotation:
            if raw.FPDFAnnot_GetSubtype(annotation) not in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP):
                found = True
                raw.FPDFAnnot_SetFlags(annotation, raw.FPDF_ANNOT_FLAG_PRINT)
            raw.FPDFPage_CloseAnnot(annotation)
    return found, max(count - MOST_ANNOTATIONS, 0)
