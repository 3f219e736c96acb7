"""One item: read once, hashed, typed; then opened as a container, or parsed, or said why not."""

import re
from collections.abc import Sequence
from mmap import mmap

import msgspec

from actionday.detectors.filetype import identify_type, retold
from actionday.detectors.whole import not_whole
from actionday.mime.fields import HEADER_BYTES
from actionday.mime.sniff import MAIL, MAILBOX, begins_with_field, is_message, is_unfinished
from actionday.model import Damaged, Kind, Limits, Loss, Note, OverLimit, Parsed, Status
from actionday.model.counted import counted
from actionday.model.errors import ItemError
from actionday.model.foreign import plainly
from actionday.model.lacks import ZEROS_ALONE
from actionday.model.plugin import HEAD_BYTES
from actionday.model.waiting import waits_for
from actionday.parsers import Parsers
from actionday.parsers._legible import legible, passages
from actionday.parsers._strings import strings
from actionday.pipeline.extracted import Text
from actionday.pipeline.messages import Content
from actionday.pipeline.outcome import Verdicted
from actionday.pipeline.reading import Body
from actionday.pipeline.spelt import with_spellings

AS_TEXT = "read_as_text"
"""A remark: bytes that say they are something else, or nothing, hold a text."""
LEAST_IMAGE = 128 * 1024
"""Bytes up to which an image can hardly hold a file system: the smallest disks have 160 KiB."""
UNTOLD = frozenset({"text/plain", "application/octet-stream", MAILBOX})
"""Types of what may be a message all the same."""
FIRST_LINES = 4096
NO_TEXT = "read, but no characters"
TEXT_OF_MEMORY = 8
"""The part of a worker's memory that one text may have: it is held as bytes, as characters and as words to find."""
MOST_SEARCHED = 64 << 20
"""Bytes of what nobody reads that are searched for passages: a gigabyte of a disk's noise would take minutes."""
OF_THE_CUT = frozenset(
    {Loss.PART_DAMAGED, Loss.PAGE_DAMAGED, Loss.NOT_WHOLE, Loss.BROKEN_OFF, Loss.UNDECODED}
)
"""What a parser calls damaged or missing in a content of which it was given the beginning."""
SAID_WAITING = re.compile(r"\bwaits? for [^;:'\"]{1,60}\Z")
"""How a reason ends that says so itself: a name in it may speak of waiting as well."""
LONGEST_UTF8 = 4
LEADS = ((2, 0xE0, 0xC0), (3, 0xF0, 0xE0), (4, 0xF8, 0xF0))
"""How many bytes a character takes, by the high bits of its first (RFC 3629, section 3)."""


class Examiner:
    """Types and parses contents; a function of the bytes alone."""

    def __init__(self, parsers: Parsers, limits: Limits, secrets: Sequence[str] = ()) -> None:
        """``secrets``: passwords of the case, tried on what is encrypted."""
        self._secrets = secrets
        text = min(limits.text, limits.memory // TEXT_OF_MEMORY)
        self._parsers, self._limits = parsers, msgspec.structs.replace(limits, text=text)

    def content(self, body: Body, kind: str = Kind.FILE, *, only_strings: str = "") -> Verdicted:
        """Return what the bytes of an item of ``kind`` say. ``only_strings``: why no parser may have them."""
        content = self.bare(body, kind)
        if only_strings:
            found = strings(memoryview(body.data)[: self._limits.text])
            return self._read(content, found, Status.QUARANTINED, only_strings, by_chance=True)
        if body.size == 0:
            return Verdicted(Status.EMPTY, "", content, None, ())
        why = not_whole(content.mime, body.data, body.tail, body.size) if body.error is None else None
        return _with(self._examined(content, body, why), why)

    def _examined(self, content: Content, body: Body, why: Note | None) -> Verdicted:
        parser = self._parsers.find(content.mime)
        if parser is None:
            if body.data[:1] == b"\0" and body.zeros and body.error is None:
                said = f"{ZEROS_ALONE}: {counted(body.size, 'byte')}"
                return Verdicted(Status.EMPTY, said, content, None, ())
            unread = Verdicted(Status.UNSUPPORTED, f"no parser for {content.mime}", content, None, ())
            if why:
                unread = Verdicted(Status.UNREADABLE, why.reason, content, None, ())
            return self._unread(unread, body)
        named = msgspec.structs.replace(content, parser=f"{parser.name} {parser.version}")
        return self._parse(named, body)

    def bare(self, body: Body, kind: str = Kind.FILE) -> Content:
        """Return the content with its hashes and type alone."""
        mime = identify_type(body.data[:HEAD_BYTES], body.tail, body.size)
        if body.size > HEAD_BYTES:
            mime = retold(mime, body.data, body.tail, body.size)
        if _is_mail(body.data, mime, kind):
            mime = MAIL
        return Content(body.sha256, body.md5, body.sha1, body.size, mime)

    def text_of(
        self, body: Body, kind: str = Kind.FILE, *, beside: bool = False, bare: bool = False
    ) -> Verdicted:
        """Return the text of a container that also is a document, else the bare content.

        Whatever a parser reads is one: a message with attachments, an office package with parts beside its text,
        a picture with an archive behind its end. ``beside``: what is opened is no more than a part of it;
        ``bare``: it has no text but that of what is opened, and no parser is asked.
        """
        content = self.bare(body, kind)
        if bare or (self._parsers.find(content.mime) is None and not beside):
            return Verdicted(Status.PARSED, "", content, None, ())
        return self.content(body, kind)

    def unopened(self, found: Verdicted, body: Body) -> Verdicted:
        """Return what is known of a container in which nothing could be found, with the text its bytes hold."""
        data = memoryview(body.data)[: self._limits.text]
        text = None if found.text else legible(data) or passages(data, found.content.mime)
        if text is None:
            return found
        note = Note(AS_TEXT, "not opened; what is readable in it is kept as text")
        kept, cut = with_spellings(text.text, by_chance=True)
        notes = (*found.notes, *text.notes, *cut, note)
        return Verdicted(found.status, note.reason, found.content, kept, notes)

    def perhaps_image(self, found: Verdicted, body: Body) -> Verdicted:
        """Return what is known of an image before it is opened, with its text when it is too much text to be one.

        Whether it opens is told elsewhere, when these bytes are gone: a mark in front of a text hides none.
        """
        if found.text or not body.whole:
            return found
        data = memoryview(body.data)[: self._limits.text]
        text = legible(data) or (passages(data, found.content.mime) if len(data) <= LEAST_IMAGE else None)
        if text is None:
            return found
        note = Note(AS_TEXT, "has the mark of an image; what is readable in it is kept as text")
        kept, cut = with_spellings(text.text, by_chance=True)
        notes = (*found.notes, *text.notes, *cut, note)
        return Verdicted(found.status, note.reason, found.content, kept, notes)

    def _parse(self, content: Content, body: Body) -> Verdicted:
        mime = content.mime
        data = self._given(body, mime)
        try:
            parsed = self._parsers.parse(mime, data, self._limits, self._secrets)
            if parsed is None:
                return Verdicted(Status.UNSUPPORTED, f"no parser for {mime}", content, None, ())
            verdict = self._read(content, parsed, None, "")
        except ItemError as error:
            if len(data) < body.size and isinstance(error, Damaged):
                error = OverLimit(_first_of(len(data), body.size))
            failed = Verdicted(error.status, str(error), content, None, (Note(error.code, str(error)),))
            return self._unread(failed, body)
        except MemoryError:
            reason = "needs more memory than a worker may use"
            return Verdicted(OverLimit.status, reason, content, None, (Note(OverLimit.code, reason),))
        except Exception as error:  # a library's own fault on hostile bytes: the item's, not ours to stop for
            reason = plainly(error)
            failed = Verdicted(Status.UNREADABLE, reason, content, None, (Note("parser_failed", reason),))
            return self._unread(failed, body)
        if verdict.status == Status.QUEUED:
            return self._unread(verdict, body)
        return self._cut(verdict, len(data), body)

    def _unread(self, verdict: Verdicted, body: Body) -> Verdicted:
        """Add the text that a content holds although no parser read it: none is held back for its first bytes."""
        content, data = verdict.content, memoryview(body.data)[: self._limits.text]
        found = legible(data)
        if found and verdict.status == Status.UNSUPPORTED:
            reason = f"{verdict.reason}: read as text, which most of it is"
            read = self._read(content, found, Status.PARSED, reason, by_chance=True)
            read.notes = (Note(AS_TEXT, reason), *found.notes)
            return read
        beginning = verdict.status == Status.QUARANTINED and len(data) < body.size
        if not found and (beginning or verdict.status in (Status.UNSUPPORTED, Status.UNREADABLE)):
            data = data[:MOST_SEARCHED]
            found = passages(data, content.mime)
        if not found:
            return verdict
        reason = f"{verdict.reason}; what is readable in it is kept as text"
        text, cut = with_spellings(found.text, by_chance=True)
        notes = (*verdict.notes, *found.notes, *cut, Note(AS_TEXT, reason))
        if len(data) < body.size:
            notes += (
                Note(Loss.STRINGS_CUT, f"readable passages of the first {len(data)} of {body.size} bytes"),
            )
        return Verdicted(verdict.status, reason, content, text, notes)

    def _given(self, body: Body, mime: str) -> memoryview:
        """Return what a parser is given; where that is not all, a character of UTF-8 is not cut in two.

        A text is cut at its limit, what has a structure is given as it is: its text is not where its bytes end.
        """
        data = memoryview(body.data)
        if not getattr(self._parsers.find(mime), "whole", False):
            data = data[: self._limits.text]
        if len(data) == body.size:
            return data
        last = bytes(data[-LONGEST_UTF8:])
        lead = next((at for at in range(1, len(last) + 1) if last[-at] & 0xC0 != 0x80), 0)
        wanted = next((size for size, mask, mark in LEADS if lead and last[-lead] & mask == mark), 0)
        return data[:-lead] if wanted > lead else data

    def _cut(self, verdict: Verdicted, read: int, body: Body) -> Verdicted:
        """Return what came of the first ``read`` bytes with that said, and no damage: what is missing is behind."""
        if read == body.size or verdict.status not in (Status.PARSED, Status.EMPTY):
            return verdict
        reason = _first_of(read, body.size)
        dropped = {note.reason for note in verdict.notes if note.code in OF_THE_CUT or note.code == "no_text"}
        before = "" if verdict.reason in dropped else verdict.reason
        verdict.reason = "; ".join(part for part in (before, reason) if part)
        kept = tuple(note for note in verdict.notes if note.reason not in dropped)
        verdict.notes = (*kept, Note(Loss.TEXT_CUT, reason))
        return verdict

    def _read(
        self,
        content: Content,
        parsed: Parsed,
        status: Status | None,
        reason: str,
        *,
        by_chance: bool = False,
    ) -> Verdicted:
        text, cut = with_spellings(parsed.text, parsed.code, by_chance=by_chance)
        meta = dict(parsed.meta)
        waits = meta.pop("needs", None)
        content = msgspec.structs.replace(content, meta=msgspec.json.encode(meta) if meta else b"")
        notes = parsed.notes
        if status is None:
            status, reason, notes = self._outcome(text, parsed, waits)
        return Verdicted(status, reason, content, text, (*notes, *cut))

    def _outcome(self, text: Text, parsed: Parsed, waits: object) -> tuple[Status, str, tuple[Note, ...]]:
        if waits and not text.characters:
            return Status.QUEUED, waiting(str(waits), parsed.reason), parsed.notes
        if text.characters:
            return Status.PARSED, parsed.reason, _classed(parsed)
        reason = parsed.reason or NO_TEXT
        return Status.EMPTY, reason, (*parsed.notes, Note("no_text", reason))


def _with(verdict: Verdicted, why: Note | None) -> Verdicted:
    """Add that a content is not whole by its own structure: a line of the log, and the reason of one that was read."""
    if why is None or any(note.reason == why.reason for note in verdict.notes):
        return verdict
    verdict.notes = (*verdict.notes, why)
    if verdict.status == Status.PARSED and not verdict.reason:
        verdict.reason = why.reason
    return verdict


def _first_of(read: int, size: int) -> str:
    return f"longer than {read} bytes: of {size} the first {read} were read"


def waiting(what: str, reason: str) -> str:
    """Return the reason of a queued item; most readers end theirs with what it waits for."""
    if SAID_WAITING.search(reason):
        return reason
    return waits_for(what, reason)


def _classed(parsed: Parsed) -> tuple[Note, ...]:
    """Return the notes with one that carries the reason: every reason on a parsed item is a line of the log."""
    if not parsed.reason or any(note.reason == parsed.reason for note in parsed.notes):
        return parsed.notes
    return (Note(Loss.NOT_WHOLE, parsed.reason), *parsed.notes)


def _is_mail(data: bytes | mmap, mime: str, kind: str) -> bool:
    """Say whether what its first bytes do not show to be mail is mail.

    What a mailbox or a mail calls a message is one, whatever its fields, unless its bytes are those of another format;
    so is what turns out to be one where a header ends that is longer than what is typed.
    """
    if mime not in UNTOLD or not begins_with_field(data[:FIRST_LINES]):
        return False
    return kind == Kind.MESSAGE or (is_unfinished(data[:HEAD_BYTES]) and is_message(data[:HEADER_BYTES]))
