"""PDF: text page by page, annotations, form fields, targets of links, properties, and what stands besides the pages.

Source: PDF 1.7 (ISO 32000-1), 7.6 (encryption), 9.10 (text), 12.5 (annotations), 12.7 (forms), 14.3 (metadata).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import structs

from actionday.model import Damaged, Encrypted, Limits, Loss, Note, Parsed
from actionday.model.counted import counted
from actionday.model.loss import PAGES_WAIT
from actionday.parsers._bidi import RTL
from actionday.parsers._pdf_beside import Found, beside_pages, named
from actionday.parsers._pdf_lines import lines as lines_of
from actionday.parsers._pdf_revisions import alone, revisions
from actionday.parsers._pdf_streams import streams

NAMES = {"Title": "title", "Author": "author", "Subject": "subject", "Keywords": "keywords",
         "Creator": "creator_tool", "Producer": "producer"}  # fmt: skip
DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?)?")
SCANNED = "no characters: pages are pictures; waits for OCR"
BLANK = "read, but no characters: blank pages"
MOST_ANNOTATIONS = 10_000
"""Annotations looked at on one page."""
PASSWORD_ERROR = 4
"""Source: PDFium, ``FPDF_ERR_PASSWORD``."""
LONGEST = 64 * 1024
"""Characters of one annotation, field or property."""


class Pdf:
    """Text in reading order, also of right-to-left pages; a page that cannot be read costs itself alone."""

    name, version = "pdf", 1
    mimes = ("application/pdf",)
    samples = ("writer.pdf", "chromium.pdf")

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:
        """Return the text, one piece a page. Raises Encrypted or Damaged.

        ``meta["needs"]`` is ``"ocr"`` when pages are pictures without text; ``meta["pages_without_text"]`` counts
        them, and when no page has text the result has none and the reason says what it waits for.
        """
        return self.unlock(data, mime, limits, ())

    def unlock(self, data: memoryview, mime: str, limits: Limits, secrets: Sequence[str]) -> Parsed:  # noqa: ARG002
        """Return what ``parse`` does for a document that one of ``secrets`` opens."""
        document = _opened(data, secrets)
        try:
            parsed = _read(document, limits)
            found = beside_pages(document, _page_text)
        finally:
            document.close()
        parsed = _with_beside(_with_streams(parsed, data, found), found)
        lengths, count = revisions(data)
        return (
            _with_revisions(parsed, count, _earlier(data, lengths, secrets, limits, parsed))
            if count
            else parsed
        )


def _with_beside(now: Parsed, found: Found) -> Parsed:
    """Return the result with what stands besides the pages, and the names of embedded files."""
    block, meta, notes = found.beside.lines(now.text), dict(now.meta), [*now.notes, *found.notes]
    if found.beside.left_out:
        notes.append(
            Note(
                "unread_words",
                f"words in {counted(found.beside.left_out, 'more string')}: not in the text",
            )
        )
    if found.files:
        meta["embedded_files"] = len(found.files)
        files = counted(len(found.files), "embedded file was", "embedded files were")
        reason = f"PDF: {files} not opened: {named(found.files)}"
        notes.append(Note("embedded_files", reason))
    reason = "" if block and now.reason == BLANK else now.reason or next((n.reason for n in found.notes), "")
    text = [*now.text, *([block] if block else [])]
    return structs.replace(now, text=text, meta=meta, reason=reason, notes=tuple(notes))


def _with_streams(now: Parsed, data: memoryview, beside: Found) -> Parsed:
    """Return the result with what is wrong in its compressed streams, which PDFium passes over.

    Raises Damaged when there is nothing else.
    """
    found = streams(data)
    reason = found.reason()
    if not reason and not now.text and found.shows_text:
        reason = "PDF: its pages have no text, and a stream that shows text is in it"
    if not reason:
        return now
    if not now.text and "needs" not in now.meta and not beside.beside.lines([]):
        raise Damaged(reason)
    notes = (*now.notes, Note(Loss.PAGE_DAMAGED, reason))
    return structs.replace(now, reason=reason, notes=notes)


def _earlier(
    data: memoryview, lengths: list[int], secrets: Sequence[str], limits: Limits, now: Parsed
) -> list[str]:
    """Return the lines that earlier revisions have alone, at most as many characters as a text may have."""
    known: set[str] = set()
    alone("".join(now.text).split("\n"), known)
    pieces: list[str] = []
    left = limits.text - sum(map(len, now.text))
    for length in lengths:
        try:
            document = _opened(data[:length], secrets)
        except (Damaged, Encrypted):
            continue  # no revision by itself: a PDF within this one has marks of its own
        try:
            text = "".join(_read(document, limits).text)
            text += beside_pages(document, _page_text).beside.lines([])
            lines = alone(text.split("\n"), known)
        finally:
            document.close()
        text = "".join(f"{line}\n" for line in lines)[: max(left, 0)]
        left -= len(text)
        pieces += [text] if text else []
    return pieces


def _with_revisions(now: Parsed, count: int, pieces: list[str]) -> Parsed:
    """Return the text with what earlier revisions said, which is named; the number of revisions in ``meta``."""
    meta = {**now.meta, "earlier_revisions": count}
    if not pieces:
        return structs.replace(now, meta=meta)
    reason = f"PDF: {count} earlier revisions; the lines that they alone have stand at the end of the text"
    notes = (*now.notes, Note("earlier_revisions", reason))
    said = now.reason if now.text and now.reason else reason
    return structs.replace(now, text=[*now.text, *pieces], meta=meta, reason=said, notes=notes)


def _opened(data: memoryview, secrets: Sequence[str]) -> Any:
    import pypdfium2  # type: ignore[import-untyped]

    content = bytes(data)
    for secret in (None, *secrets):
        try:
            return pypdfium2.PdfDocument(content, password=secret)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) != PASSWORD_ERROR and "password" not in str(error).lower():
                raise Damaged(f"PDF: {error}") from error
        except (ValueError, OSError) as error:
            raise Damaged(f"PDF: {error}") from error
    raise Encrypted("PDF: needs a password")


def _read(document: Any, limits: Limits) -> Parsed:
    count, pieces, notes = len(document), [], []
    pictures, left = 0, limits.text
    for number in range(count):
        text, note = _page(document, number)
        if note:
            notes.append(note)
        if text and not text.isspace():
            pieces.append(f"{text}\n")
            left -= len(text)
        elif not note and _has_pictures(document, number):
            pictures += 1
        if left < 0:
            notes.append(
                Note(Loss.TEXT_CUT, f"more than {limits.text} characters: stopped after page {number + 1}")
            )
            break
    meta = _properties(document) | {"pages": count}
    if pictures:
        meta |= {"needs": "ocr", "pages_without_text": pictures}
    if pictures and pieces:
        notes.append(
            Note(
                PAGES_WAIT,
                f"pictures without text, which wait for OCR: {pictures} of {counted(count, 'page')}",
            )
        )
    return Parsed(text=pieces, meta=meta, reason=_reason(pieces, pictures, notes), notes=tuple(notes))


def _reason(pieces: list[str], pictures: int, notes: list[Note]) -> str:
    if notes:
        return notes[0].reason
    if not pieces:
        return SCANNED if pictures else BLANK
    return ""


def _page(document: Any, number: int) -> tuple[str, Note | None]:
    """Return the text of a page, or why it could not be read."""
    import pypdfium2

    try:
        page = document[number]
        try:
            text = _page_text(page)
            return "\n".join([text, *_annotations(page, document, pypdfium2.raw)]), None
        finally:
            page.close()
    except pypdfium2.PdfiumError as error:
        return "", Note(Loss.PAGE_DAMAGED, f"PDF: page {number + 1}: {error}")


def _page_text(page: Any) -> str:
    from pypdfium2 import raw

    held = page.get_textpage()
    try:
        text: str = held.get_text_range()
        if RTL.search(text):
            return lines_of(held.raw, raw)
        return text.replace("\r\n", "\n").replace("\ufffe", "-").replace("\x02", "-").replace("\0", "")
    finally:
        held.close()


def _annotations(page: Any, document: Any, raw: Any) -> Iterator[str]:
    """Yield what notes, form fields and links of a page say."""
    for at in range(min(raw.FPDFPage_GetAnnotCount(page.raw), MOST_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, at)
        if not annotation:
            continue
        for key in (b"Contents", b"V"):
            if text := _string(raw.FPDFAnnot_GetStringValue, annotation, key):
                yield text
        link = raw.FPDFAnnot_GetLink(annotation)
        action = raw.FPDFLink_GetAction(link) if link else None
        if action and (target := _bytes(raw.FPDFAction_GetURIPath, document.raw, action)):
            yield target.decode("utf-8", "replace")
        raw.FPDFPage_CloseAnnot(annotation)


def _string(call: Any, holder: Any, key: bytes) -> str:
    """Return a UTF-16 string of PDFium, whose calls say the length first; what is not valid becomes U+FFFD."""
    import ctypes

    length = min(call(holder, key, None, 0), 2 * LONGEST)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    kind = call.argtypes[2]
    call(holder, key, buffer if kind is ctypes.c_void_p else ctypes.cast(buffer, kind), length)
    return buffer.raw.decode("utf-16-le", "replace").partition("\0")[0].strip()


def _bytes(call: Any, document: Any, action: Any) -> bytes:
    import ctypes

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


def _properties(document: Any) -> dict[str, object]:
    import pypdfium2

    found: dict[str, object] = {}
    for name, key in NAMES.items():
        if value := _string(pypdfium2.raw.FPDF_GetMetaText, document.raw, name.encode()):
            found[key] = value[:LONGEST]
    for name, key in (("CreationDate", "created"), ("ModDate", "modified")):
        if value := _string(pypdfium2.raw.FPDF_GetMetaText, document.raw, name.encode()):
            found[key] = _date(value)
    return found


def _date(value: str) -> str:
    """Return a PDF date as RFC 3339, in UTC where it names its zone; as it stands when it is none."""
    from datetime import UTC, datetime, timedelta

    found = DATE.match(value)
    if not found:
        return value[:100]
    parts = [int(part or (1 if place in (1, 2) else 0)) for place, part in enumerate(found.groups()[:6])]
    try:
        moment = datetime(*parts)  # type: ignore[arg-type]
    except ValueError:
        return value[:100]
    if not found[7] and not found[8]:
        return moment.isoformat()
    offset = timedelta(hours=int(found[9] or 0), minutes=int(found[10] or 0))
    moment = moment.replace(tzinfo=UTC) - (
        offset if found[8] == "+" else -offset if found[8] else timedelta(0)
    )
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


PARSER = Pdf()
