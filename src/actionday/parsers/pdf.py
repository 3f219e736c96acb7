"""PDF: text page by page, annotations, form fields, targets of links, properties, and what stands besides the pages.

Source: PDF 1.7 (ISO 32000-1), 7.6 (encryption), 9.10 (text), 12.5 (annotations), 12.7 (forms), 14.3 (metadata).
"""

from collections.abc import Sequence
from functools import partial

from msgspec import structs

from actionday.model import Damaged, Encrypted, Limits, Loss, Note, Parsed
from actionday.model.counted import counted
from actionday.model.loss import PAGES_WAIT, is_loss
from actionday.parsers._pdf_beside import CONTROL, Copy, Found, beside_pages
from actionday.parsers._pdf_budget import MOST_SIGNS, Budget
from actionday.parsers._pdf_contents import Contents, contents, nameless, silent, unread
from actionday.parsers._pdf_fonts import may_not_tell
from actionday.parsers._pdf_open import Opened, opened, opened_somehow
from actionday.parsers._pdf_pages import BLANK, UNMAPPED, Pages, page_text, read_pages
from actionday.parsers._pdf_revisions import alone, revisions
from actionday.parsers._pdf_stray import beyond_tables
from actionday.parsers._pdf_streams import Streams, streams


class Pdf:
    """Text in reading order, also of right-to-left pages; a page that cannot be read costs itself alone."""

    name, version = "pdf", 1
    whole = True
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
        packed, budget = streams(data), Budget(signs=MOST_SIGNS + 2 * len(data))
        begun = opened_somehow(packed.flattened(data), secrets)
        try:
            parsed, found = _read(begun, limits, packed, budget)
        finally:
            begun.document.close()
        parsed = _with_beside(_with_streams(parsed, packed, found), found)
        data = begun.data
        lengths, count = revisions(data)
        if not count:
            return parsed
        earlier = _earlier(data, lengths, secrets, limits, parsed, packed, budget)
        return _with_revisions(parsed, count, earlier)


def _read(begun: Opened, limits: Limits, packed: Streams, budget: Budget) -> tuple[Parsed, Found]:
    """Return what the pages say, and what stands besides them; of the document there is no further use."""
    copy = Copy.of(begun.document)
    pages = read_pages(begun.document, limits, asks=may_not_tell(copy.data), shows=packed.shows_text,
                       moves=packed.moves, tells=packed.tells)  # fmt: skip
    stored = memoryview(b"") if packed.encrypted else begun.data
    reads = partial(page_text, moves=packed.moves, tells=packed.tells)
    unread = sum(note.code == Loss.PAGE_DAMAGED for note in pages.parsed.notes)
    found = beside_pages(begun.document, copy, stored, packed.pages, unread, reads, budget)
    found.others = pages.others
    drawn = contents(b"" if copy.note else copy.data)
    said = _contents(drawn, pages, found, budget)
    if len(begun.data):  # no earlier revision, of which the lines alone are asked for
        found.notes += said
        beyond_tables(begun.data, b"" if packed.encrypted or copy.note else copy.data, found, budget)
    notes = (*begun.notes, *pages.parsed.notes)
    reason = begun.notes[0].reason if begun.notes and pages.parsed.text else pages.parsed.reason
    return structs.replace(pages.parsed, notes=notes, reason=reason), found


def _contents(drawn: Contents, pages: Pages, found: Found, budget: Budget) -> list[Note]:
    """Return what is to be said of what the pages are drawn with, words of what no page names put beside."""
    loose = nameless(drawn, budget)
    for text in loose.texts:
        for line in CONTROL.sub(" ", text).splitlines():
            found.beside.line(line)
    notes = [*unread(drawn, budget), *loose.notes()]
    mute = silent(drawn, pages.blank, int(str(pages.parsed.meta["pages"])))
    if mute and not notes:
        what = counted(len(mute), "page shows", "pages show")
        why = f"PDF: {what} text of which not one character can be read, the first is page {mute[0] + 1}"
        notes.append(Note(Loss.PAGE_DAMAGED, why))
    return notes


def _with_beside(now: Parsed, found: Found) -> Parsed:
    """Return the result with what stands besides the pages, and the names of embedded files."""
    block, meta, notes = found.lines(now.text), dict(now.meta), [*now.notes, *found.notes]
    if found.beside.left_out:
        notes.append(
            Note(
                Loss.UNREAD_WORDS,
                f"words in {counted(found.beside.left_out, 'more string')}: not in the text",
            )
        )
    if found.files:
        meta["embedded_files"] = len(found.files)  # items of their own: the source ``attached`` yields them
    if block and not now.text and "needs" in now.meta and not now.notes:
        notes.append(Note(PAGES_WAIT, now.reason))
    if now.reason == BLANK:
        reason = _unread(notes) or ("" if block else BLANK)
    else:
        reason = now.reason or next((note.reason for note in found.notes), "")
    text = [*now.text, *([block] if block else [])]
    return structs.replace(now, text=text, meta=meta, reason=reason, notes=tuple(notes))


def _unread(notes: list[Note]) -> str:
    """Return why a document without a character was not read whole, "" if it was: then alone it is blank."""
    return next((note.reason for note in notes if is_loss(note.code)), "")


def _with_streams(now: Parsed, found: Streams, beside: Found) -> Parsed:
    """Return the result with what is wrong in its compressed streams, which PDFium passes over.

    Raises Damaged when there is nothing else.
    """
    reason = found.reason()
    if not reason and not now.text and found.shows_text and now.reason != UNMAPPED:
        reason = "PDF: its pages have no text, and a stream that shows text is in it"
    if not reason:
        return now
    if not now.text and "needs" not in now.meta and not beside.beside.lines([]):
        raise Damaged(reason)
    notes = (*now.notes, Note(Loss.PAGE_DAMAGED, reason))
    return structs.replace(now, reason=reason, notes=notes)


def _earlier(
    data: memoryview,
    lengths: list[int],
    secrets: Sequence[str],
    limits: Limits,
    now: Parsed,
    packed: Streams,
    budget: Budget,
) -> list[str]:
    """Return the lines that earlier revisions have alone, at most as many characters as a text may have."""
    known: set[str] = set()
    alone("".join(now.text).split("\n"), known)
    pieces: list[str] = []
    left = limits.text - sum(map(len, now.text))
    same = Streams()
    same.moves, same.tells = packed.moves, packed.tells
    for length in lengths:
        try:
            document = opened(data[:length], secrets)
        except (Damaged, Encrypted):
            continue  # no revision by itself: a PDF within this one has marks of its own
        try:
            parsed, beside = _read(Opened(document, data[:0]), limits, same, budget)
            text = "".join(parsed.text) + beside.lines([])
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


PARSER = Pdf()
