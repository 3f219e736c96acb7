"""The pages of a PDF: their text, what is written on them besides, and which wait for OCR.

Source: PDF 1.7 (ISO 32000-1), 9.10 (text), 12.5 (annotations), 12.6.4.7 (targets of links).
"""

import ctypes
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from actionday.model import Limits, Loss, Note, Parsed
from actionday.model.counted import counted
from actionday.model.loss import PAGES_WAIT
from actionday.parsers._bidi import RTL
from actionday.parsers._pdf_actual import MARKED, Actual
from actionday.parsers._pdf_hyphens import over_the_page, rejoined
from actionday.parsers._pdf_lines import lines as lines_of
from actionday.parsers._pdf_placed import placed
from actionday.parsers._pdf_properties import LONGEST, properties, string
from actionday.parsers._properties import cut_of

SCANNED = "no characters: pages are pictures; waits for OCR"
UNMAPPED = "text without Unicode mapping: what its glyphs mean waits for OCR"
BLANK = "read, but no characters: blank pages"
MOST_ANNOTATIONS = 10_000
"""Annotations looked at on one page."""
STRIDE = 11
"""Every eleventh character of a long page is asked if its font says what it means: to ask all takes a tenth longer."""
LONG = 400
"""Characters of a page that is asked so."""
SOME = 4
"""Characters without a meaning, from which a page is said to hold such text: fewer are bullets."""

CODES = re.compile(r"[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
"""Control codes, but for the hyphen of PDFium (2) and the line of EBCDIC (0x85): where a font says nothing, PDFium
gives the codes of glyphs for letters."""
CODED = 5
"""Of so many characters one is such a code, from which a page's text is codes: those of frequent letters are low."""


class Pages(NamedTuple):
    """What the pages say, and the other readings of words that lines break."""

    parsed: Parsed
    others: list[str]
    blank: list[int]
    """Pages without one character, blanks included, and without a picture."""


def read_pages(document: Any, limits: Limits, *, asks: bool, shows: bool, moves: bool, tells: bool) -> Pages:
    """Return the text of all pages.

    ``asks`` says that a font may not tell what its characters mean, ``shows`` that there is something to be read,
    ``moves`` that letters may be moved before others within one operator, ``tells`` that the document may say what
    glyphs mean together (ActualText).
    """
    count, pieces, notes, others = len(document), list[str](), list[Note](), list[str]()
    blank: list[int] = []
    pictures, unmapped, untold, left, before = 0, 0, 0, limits.text, ""
    for number in range(count):
        page = _page(document, number, asks=asks, moves=moves, tells=tells)
        if page.note:
            notes.append(page.note)
        unmapped += page.unmapped
        untold += page.untold
        if page.text and not page.text.isspace():
            others += [*over_the_page(before, page.text), *page.others]
            before = page.text
            pieces.append(f"{page.text}\n")
            left -= len(page.text)
        elif not page.note and (page.unmapped or _has_pictures(document, number)):
            pictures += 1
        elif not page.note and not page.characters:
            blank.append(number)
        if left < 0:
            notes.append(
                Note(Loss.TEXT_CUT, f"more than {limits.text} characters: stopped after page {number + 1}")
            )
            break
    if asks and shows and not pieces and not pictures:  # glyphs that nobody gave so much as a name
        unmapped = pictures = count
    said = properties(document)
    notes += cut_of(said)
    meta = said | {"pages": count}
    if pictures:
        meta |= {"needs": "ocr", "pages_without_text": pictures}
    if unmapped and pieces:
        notes.append(Note(PAGES_WAIT, f"PDF: {unmapped} of {counted(count, 'page')} have {UNMAPPED}"))
    elif pictures and pieces:
        notes.append(
            Note(
                PAGES_WAIT,
                f"pictures without text, which wait for OCR: {pictures} of {counted(count, 'page')}",
            )
        )
    if untold:
        letters = counted(untold, "character", "characters")
        notes.append(Note(PAGES_WAIT, f"PDF: {letters} that no font tells: not in the text, waits for OCR"))
    reason = _reason(pieces, pictures, unmapped, notes)
    return Pages(Parsed(text=pieces, meta=meta, reason=reason, notes=tuple(notes)), others, blank)


def _reason(pieces: list[str], pictures: int, unmapped: int, notes: list[Note]) -> str:
    if notes:
        return notes[0].reason
    if not pieces:
        return UNMAPPED if unmapped else SCANNED if pictures else BLANK
    return ""


class _Page(NamedTuple):
    text: str = ""
    others: tuple[str, ...] = ()
    note: Note | None = None
    unmapped: bool = False
    """Whether some of its characters have no meaning that can be told; text that is mostly such is left out."""
    untold: int = 0
    """Characters that are not in the text, for no font says what they are."""
    characters: int = 0
    """How many PDFium finds on it, blanks too."""


def _page(document: Any, number: int, *, asks: bool, moves: bool, tells: bool) -> _Page:
    """Return the text of a page, or why it could not be read."""
    import pypdfium2  # type: ignore[import-untyped]

    try:
        page = document[number]
        try:
            held = page.get_textpage()
            try:
                characters = pypdfium2.raw.FPDFText_CountChars(held.raw)
                without, count = _without_meaning(held.raw, pypdfium2.raw) if asks else (0, 0)
                said, again, why, untold = "", list[str](), "", 0
                if without * 2 <= count:
                    said, again, why, untold = _read(page, held, moves=moves, tells=tells)
            finally:
                held.close()
            said, coded = _without_codes(said)
            text, others = rejoined(said)
            text = "\n".join([text, *_annotations(page, document, pypdfium2.raw)])
            note = Note("order_unsure", f"PDF: page {number + 1}: {why}") if why else None
            unmapped = coded or without >= min(SOME, max(count / 2, 1))
            again = [each for each in again if not CODES.search(each)] if coded else again
            return _Page(text, (*others, *again), note, unmapped, untold, characters)
        finally:
            page.close()
    except pypdfium2.PdfiumError as error:
        return _Page(
            note=Note(Loss.PAGE_DAMAGED, f"PDF: page {number + 1}: its reader cannot read it ({error})")
        )


def _without_codes(said: str) -> tuple[str, bool]:
    """Return a text without the lines that are codes of glyphs, and whether there were such."""
    codes = len(CODES.findall(said))
    if codes * CODED < len(said) or codes < SOME:
        return said, False
    told = (line for line in said.split("\n") if not CODES.search(line))
    return "\n".join(line for line in told if line.strip()), True


def _without_meaning(held: Any, raw: Any) -> tuple[int, int]:
    """Return of how many characters no font says what they mean, and how many there are."""
    count = raw.FPDFText_CountChars(held)
    stride = STRIDE if count > LONG else 1
    missing = sum(raw.FPDFText_HasUnicodeMapError(held, at) == 1 for at in range(0, count, stride))
    return missing * stride if missing > 1 or stride == 1 else 0, count


def _untold(held: Any, raw: Any, length: int) -> int:
    """Return how many characters with ink a text of this length leaves out, for no font says what they are."""
    count = raw.FPDFText_CountChars(held)
    if length >= count:
        return 0
    box, found = [ctypes.c_double() for _ in range(4)], 0
    for at in range(count):
        if raw.FPDFText_GetUnicode(held, at) == 0 and raw.FPDFText_GetCharBox(held, at, *box):
            found += box[1].value > box[0].value and raw.FPDFText_IsGenerated(held, at) == 0
    return found


def page_text(page: Any, *, moves: bool, tells: bool) -> str:
    """Return the text of a page of PDFium; what it shows in another order than it is drawn in at the end."""
    held = page.get_textpage()
    try:
        said, again, *_ = _read(page, held, moves=moves, tells=tells)
        return "\n".join([rejoined(said)[0], *again])
    finally:
        held.close()


def _read(page: Any, held: Any, *, moves: bool, tells: bool) -> tuple[str, list[str], str, int]:
    """Return the text of a page, what it shows in another order, why that was not looked for, and what is untold."""
    from pypdfium2 import raw

    text: str = held.get_text_range()
    actual = Actual(page.raw, held.raw, raw, text, tells=tells)
    if RTL.search(text) or MARKED.search(text):
        said = lines_of(held.raw, raw, actual)
    else:
        said = actual.without(text).replace("\r\n", "\n").replace("\0", "")
    again, why = placed(held.raw, raw, text, said, moves=moves, left_out=actual.left_out)
    return said, again, why, _untold(held.raw, raw, len(text))


def _annotations(page: Any, document: Any, raw: Any) -> Iterator[str]:
    """Yield what notes, form fields and links of a page say."""
    for at in range(min(raw.FPDFPage_GetAnnotCount(page.raw), MOST_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, at)
        if not annotation:
            continue
        for key in (b"Contents", b"V"):
            if text := string(raw.FPDFAnnot_GetStringValue, annotation, key):
                yield text
        link = raw.FPDFAnnot_GetLink(annotation)
        action = raw.FPDFLink_GetAction(link) if link else None
        if action and (target := _bytes(raw.FPDFAction_GetURIPath, document.raw, action)):
            yield target.decode("utf-8", "replace")
        raw.FPDFPage_CloseAnnot(annotation)


def _bytes(call: Any, document: Any, action: Any) -> bytes:
    length = min(call(document, action, None, 0), LONGEST)
    buffer = ctypes.create_string_buffer(max(length, 1))
    call(document, action, buffer, length)
    return buffer.raw.partition(b"\0")[0]


def _has_pictures(document: Any, number: int) -> bool:
    import pypdfium2

    try:
        page = document[number]
        found = any(
            raw.type in (pypdfium2.raw.FPDF_PAGEOBJ_IMAGE, pypdfium2.raw.FPDF_PAGEOBJ_SHADING)
            for raw in page.get_objects(max_depth=4)
        )
        page.close()
    except pypdfium2.PdfiumError:
        return True  # not knowing, a person should look
    return found
