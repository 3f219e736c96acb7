"""mbox: every message is an item, addressed in place by the byte offset of its From_ line.

Source: RFC 4155; qmail's mbox(5) for the dialects mboxo, mboxrd, mboxcl and mboxcl2. Quoted ``>From`` lines stay
as they are stored: bytes are evidence.
"""

from collections.abc import Iterator

from actionday.mime.sniff import MARK, is_mailbox
from actionday.mime.window import Window
from actionday.mime.words import decode_words
from actionday.model import Claim, Context, Damaged, Found, Kind, Note, Peek, Status, Stream
from actionday.model.counted import counted
from actionday.sources.mail._listed import SHOWN, listed_facts
from actionday.sources.mail._splitter import Span, first, split


class Mbox:
    """A mailbox in one file, of any size: resumes at any message without reading what lies before it."""

    name, sample = "mbox", "mailbox.mbox"

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE for a From_ line and a header behind it; a name alone is nothing."""
        if peek.kind is Kind.MESSAGE or not is_mailbox(peek.head):
            return Claim.NO
        return Claim.STRUCTURE

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the messages in order; name and place are the offset of the From_ line.

        ``runs`` are the message's bytes as stored, without the From_ line and the blank line behind it.
        """
        window = Window.on(stream)
        after = around.after or ""
        begin = (
            int(after)
            if after.isdigit() and int(after) < stream.size
            else self._first(window, stream, around)
        )
        for span in split(window, stream.size, begin):
            if str(span.place) != after:
                yield _found(span, "" if after or span.place != begin else _before(window, begin))

    def _first(self, window: Window, stream: Stream, around: Context) -> int:
        begin = first(window, stream.size)
        if begin >= stream.size > 0:
            raise Damaged("mbox: no From_ line in it")
        if window.look(0, begin if begin < SHOWN else SHOWN).removeprefix(MARK).strip(b"\r\n"):
            around.note("before_first", f"mbox: {counted(begin, 'byte')} before the first From_ line")
        return begin


def _before(window: Window, begin: int) -> str:
    """Return what stands before the first From_ line, as far as the listing keeps it."""
    start = window.look(0, min(begin, 4 * SHOWN)).removeprefix(MARK).strip()
    return start.decode("utf-8", "backslashreplace")


def _found(span: Span, before: str) -> Found:
    mtime, facts = listed_facts(span.fields)
    empty = span.end == span.start
    return Found(
        name=f"{span.place:012d}",
        kind=Kind.MESSAGE,
        place=str(span.place),
        size=span.end - span.start,
        mtime=mtime,
        runs=((span.start, span.end - span.start),),
        status=Status.UNREADABLE if empty else None,
        reason="mbox: nothing behind the From_ line" if empty else "",
        meta=_envelope(span) | facts | ({"before_first": before} if before else {}),
        notes=tuple(_notes(span)),
    )


def _envelope(span: Span) -> dict[str, object]:
    return {
        "envelope_sender": decode_words(span.sender) or None,
        "envelope_date": span.date.decode("ascii", "replace") or None,
    }


def _notes(span: Span) -> Iterator[Note]:
    name = f"{span.place:012d}"
    if span.doubtful:
        why = f"mbox: the From_ line at byte {span.place} has no date as mailers write it; a header is behind it"
        yield Note("from_line", why, name)
    if span.refused:
        yield Note("content_length", f"mbox: {span.refused}", name)
    if span.hidden:
        yield Note("from_line_inside", f"mbox: {span.hidden} From_ lines within its Content-Length", name)


SOURCE = Mbox()
