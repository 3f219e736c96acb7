"""Excel, Word and PowerPoint up to 2003, RTF, EPUB and other office formats, read by xberg.

Source: [MS-DOC] 2.5.2 (fEncrypted in FibBase); [MS-PPT] 2.1.3 (EncryptedSummary); [MS-XLS] 2.4.117 (FilePass);
[MS-XLSB]; ECMA-376 part 1, 18 (SpreadsheetML); Rich Text Format 1.9.1; EPUB 3.3.
"""

from collections.abc import Iterator, Sequence

from msgspec import structs

from actionday.mime.compound import MAGIC
from actionday.mime.offcrypto import INFO, LARGEST_INFO, NotOpened, opened
from actionday.model import Damaged, Encrypted, Limits, Loss, Note, OverLimit, Parsed
from actionday.model.counted import counted
from actionday.parsers._biff import check_extent
from actionday.parsers._biff_texts import saver, texts
from actionday.parsers._book import beside_the_spine, described_book
from actionday.parsers._book_changes import CONTAINER, accepted_book
from actionday.parsers._events import PIECE
from actionday.parsers._legible import passages
from actionday.parsers._ole import Ole, is_sealed_show, summary, with_plain_names, with_remarks
from actionday.parsers._ole_stray import with_stray
from actionday.parsers._opc import relations
from actionday.parsers._package import Package
from actionday.parsers._properties import cut_of
from actionday.parsers._rtf import all_texts, known, without_bytes
from actionday.parsers._rtf_changes import accepted
from actionday.parsers._rtf_info import changes, information, times
from actionday.parsers._sheets import BESIDE_CELLS, workbook
from actionday.parsers._slides import STREAM, beyond_slides
from actionday.parsers._unread import LEGIBLE, Beside, with_beside
from actionday.parsers._word import WORD, stories
from actionday.parsers._word6 import is_word6, word6
from actionday.parsers._xberg import Library, properties
from actionday.parsers.ooxml import facts, read_parts

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOOK = "application/epub+zip"
SEALED_PACKAGE = "application/x-ooxml-encrypted"
BINARY_SHEET = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
SHEETS = (
    SHEET,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
    "application/vnd.ms-excel.sheet.macroEnabled.12",
    "application/vnd.ms-excel.template.macroEnabled.12",
)
SAMPLED = 4000
"""Characters of a text of which half must be letters."""
MOST_PROMISED = 1 << 24


class Office:
    """Text by one library call; what it is known to leave out of workbooks is added from their parts."""

    name, version = "office", 1
    whole = True
    mimes = (
        *SHEETS,
        BINARY_SHEET,
        BOOK,
        "application/msword",
        "application/rtf",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        SEALED_PACKAGE,
    )
    samples = ("calc.xlsx", "calc.xltx", "calc.xls", "writer.doc", "writer.rtf", "impress.ppt", "pandoc.epub")

    def __init__(self) -> None:
        self._library = Library()

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:
        """Return text and properties, and that there are macros. Raises Damaged, Encrypted, OverLimit."""
        parsed = self._parsed(data, mime, limits)
        if bytes(data[:8]) == MAGIC:
            parsed = with_stray(parsed, Ole(data), mime, len(data))
        return with_remarks(parsed, data)

    def unlock(self, data: memoryview, mime: str, limits: Limits, secrets: Sequence[str]) -> Parsed:
        """Return nothing for a package that one of ``secrets`` opens: the document in it is an item of its own."""
        if mime != SEALED_PACKAGE:
            return self.parse(data, mime, limits)
        ole = Ole(data)
        found = opened(ole.read(INFO, LARGEST_INFO), secrets)
        if isinstance(found, NotOpened):
            more = f": {found.why}" if found.why else ""
            tried = f"{counted(found.tried, 'secret')} of the case tried, none opens it{more}"
            raise Encrypted(f"office document: needs a password ([MS-OFFCRYPTO] package; {tried})")
        return Parsed(meta={"secret": found.secret}, reason="its text is that of the document in it")

    def _parsed(self, data: memoryview, mime: str, limits: Limits) -> Parsed:
        if mime == SEALED_PACKAGE:
            raise Encrypted("office document: needs a password ([MS-OFFCRYPTO] package)")
        if mime == BINARY_SHEET:
            return self._binary_workbook(data, mime)
        if mime in SHEETS:
            return workbook(data, limits)
        described = _described(data)
        if bytes(data[:8]) == MAGIC:
            data = with_plain_names(data)
        if mime == "application/vnd.ms-excel" and bytes(data[:8]) == MAGIC:
            return self._old_workbook(data, mime, described)
        if mime == BOOK:
            return self._book(data, mime)
        if mime == "application/msword" and bytes(data[:8]) == MAGIC and is_word6(ole := Ole(data)):
            pieces, notes = word6(ole, len(data))
            return _result(pieces, described, notes)
        document = self._library.extract(
            known(accepted(without_bytes(bytes(data)))) if mime == "application/rtf" else data, mime
        )
        found = _result([document.content], properties(document) | described, [])
        if mime == "application/msword":
            return _all_of_word(data, _checked(data, found))
        if mime == "application/vnd.ms-powerpoint":
            return _all_of_slides(data, found)
        return _all_of_rtf(data, found) if mime == "application/rtf" else found

    def _book(self, data: memoryview, mime: str) -> Parsed:
        """Return the library's reading of a book and what that leaves out; all pages where it finds no order."""
        package = Package(data)
        try:
            document = self._library.extract(accepted_book(data), mime)
        except Damaged as error:
            part = CONTAINER if "container.xml" in str(error) else "its package document"
            pieces, notes = beside_the_spine(package, "")
            if not any(map(LEGIBLE.search, pieces)):
                raise package.nothing(f"EPUB: {part}: {error}") from error
            lost = Note(Loss.PART_DAMAGED, f"{part}: the order of the pages is lost: {error}")
            return _result(pieces, described_book(package), [lost, *notes])
        pieces, notes = beside_the_spine(package, document.content)
        return _result([document.content, *pieces], described_book(package) | properties(document), notes)

    def _old_workbook(self, data: memoryview, mime: str, described: dict[str, object]) -> Parsed:
        """Return the library's reading of an xls, and behind it what texts of its records that lacks."""
        if who := saver(Ole(data)):
            described = described | {"last_user": who}
        lines = (line for text in texts(Ole(data)) for line in text.splitlines() if LEGIBLE.search(line))
        try:
            document = self._library.extract(data, mime)
        except Damaged as error:
            stored = "".join(f"{line}\n" for line in dict.fromkeys(lines))
            if not stored:
                raise
            note = Note(Loss.PART_DAMAGED, f"numbers and the order of the cells are lost: {error}")
            return _result([stored], described, [note])
        beside, known = Beside(), set(WORD.findall(document.content))
        for line in lines:
            if not known.issuperset(WORD.findall(line)):
                beside.keep(line)
        return with_beside(_result([document.content], properties(document) | described, []), beside)

    def _binary_workbook(self, data: memoryview, mime: str) -> Parsed:
        """Return what the library finds in an xlsb, and behind it what other parts hold."""
        package = Package(data)
        found = relations(package)
        beside = Beside()
        cells = [part for part in found.reached if not part.lower().endswith(".xml")]
        more = read_parts(package, package.names(BESIDE_CELLS), found, beside, cells or [""])
        try:
            document = self._library.extract(data, mime)
        except (Damaged, OverLimit) as error:
            if not more.text:
                raise
            notes = (Note(Loss.PART_DAMAGED, f"the cells are not read: {error}"), *more.notes)
            return with_beside(structs.replace(more, notes=notes), beside)
        made = _result([document.content, *more.text], properties(document) | facts(package), [*more.notes])
        return with_beside(made, beside)


def _checked(data: memoryview, found: Parsed) -> Parsed:
    """Add the readable passages of a Word file whose text is not what its header promises: one bit can do that."""
    word = Ole(data).read("WordDocument", 80) if bytes(data[:8]) == MAGIC else b""
    promised = int.from_bytes(word[76:80], "little") if len(word) == 80 else 0
    text = "".join(found.text)
    letters = sum(map(str.isalpha, text[:SAMPLED]))
    if sum(map(len, text.split())) * 2 >= min(promised, MOST_PROMISED) // 2 and letters * 2 >= len(
        text[:SAMPLED]
    ):
        return found
    readable = passages(data, "")
    lines = set(text.splitlines())
    found_lines = (line for piece in (readable.text if readable else ()) for line in piece.splitlines())
    more = [line for line in found_lines if line not in lines]
    if not more:
        return found
    note = Note(
        Loss.NOT_WHOLE, "the text is not what the header promises: readable passages of the file are kept"
    )
    pieces = [*found.text, "".join(f"\n{line}" for line in more)]
    return Parsed(text=pieces, meta=found.meta, reason=note.reason, notes=(*found.notes, note))


def _all_of_word(data: memoryview, found: Parsed) -> Parsed:
    """Add headers, notes, targets of links and whatever else of the file's text is not there, and who worked on it."""
    if bytes(data[:8]) != MAGIC:
        return found
    beside = Beside()
    more = stories(Ole(data), len(data), "".join(found.text), beside)
    people = {"contributors": more.people} if more.people else {}
    saved = {"saved_by": more.saved} if more.saved else {}
    meta = {**found.meta, **people, **saved, **more.changes}
    text = list(_cut(more.body)) if more.body else found.text
    return with_beside(structs.replace(found, text=text, meta=meta), beside)


def _all_of_slides(data: memoryview, found: Parsed) -> Parsed:
    """Add notes, headers, comments and links of a presentation."""
    if bytes(data[:8]) != MAGIC:
        return found
    beside = Beside()
    beyond_slides(Ole(data).read(STREAM, len(data)), beside)
    return with_beside(found, beside)


def _all_of_rtf(data: memoryview, found: Parsed) -> Parsed:
    """Add what a page does not show: hidden runs, annotations, targets of links, objects."""
    beside = Beside()
    notes = all_texts(data, beside)
    if not found.text and beside.lines([]):
        notes.append(
            Note("second_reader", "the first reader finds no text in it: all that the file says is kept")
        )
    return with_beside(Parsed(text=found.text, meta=found.meta, notes=(*found.notes, *notes)), beside)


def _described(data: memoryview) -> dict[str, object]:
    """Return the properties that the bytes hold. Raises Encrypted where the format says so itself."""
    start = bytes(data[:8])
    if start == MAGIC:
        ole = Ole(data)
        names = ole.names()
        if is_sealed_show(ole):
            raise Encrypted("office document: needs a password")
        word = ole.read("WordDocument", 32)
        if len(word) == 32 and word[:2] == b"\xec\xa5" and word[11] & 1:
            raise Encrypted("office document: needs a password (fEncrypted)")
        if "Workbook" in names or "Book" in names:
            check_extent(ole)
        return summary(ole)
    if start.startswith(b"{\\rtf"):
        return times(data) | information(data) | changes(data)
    return {}


def _result(pieces: list[str], meta: dict[str, object], notes: list[Note]) -> Parsed:
    parts = (part for piece in pieces for part in _cut(piece.replace("\0", "\n")))
    kept = [part for part in parts if not part.isspace()]
    reason = notes[0].reason if notes else "" if kept else "read, but no characters in the document"
    return Parsed(text=kept, meta=meta, reason=reason, notes=(*notes, *cut_of(meta)))


def _cut(text: str) -> Iterator[str]:
    """Yield a text in pieces that end with a line, a million characters or a little more each."""
    at = 0
    while at < len(text):
        end = text.find("\n", at + PIECE) + 1 or len(text)
        yield text[at:end]
        at = end


PARSER = Office()
