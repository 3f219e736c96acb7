"""A message: every part that is not its displayed text is an item, an inner message among them.

Source: RFC 2045, 2046 (parts), 2183 (disposition), 2231 (names); RFC 3156 (PGP/MIME), RFC 8551 section 3 (S/MIME).
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import BinaryIO

import msgspec

from actionday.mime.body import SHOWN, coding, disposition, is_shown
from actionday.mime.dates import parse_date
from actionday.mime.guess import SAMPLE
from actionday.mime.inline import may_hold_files
from actionday.mime.labelled import bears, transcoded
from actionday.mime.listed import OF_MIME, listed
from actionday.mime.outer import tail_of
from actionday.mime.sealed import sealed
from actionday.mime.structure import Part, Walk
from actionday.mime.transfer import ODD, reader
from actionday.mime.window import Window
from actionday.mime.words import decode_words
from actionday.model import Claim, Context, Found, Kind, Note, OverLimit, Peek, Run, Status, Stream
from actionday.model.counted import counted
from actionday.model.streams import read_at
from actionday.sources.mail._headers import header_runs
from actionday.sources.mail._inline import inline_files
from actionday.sources.mail._names import name_of, other_names

BEHIND = "behind the end"
NAMED = "message: it has {} file names: mail programs differ in which they show"
TAIL_BYTES, MOST_TAIL = 1 << 14, 1 << 24
"""Bytes looked at for lines behind the encoded ones, more while all of them are such lines."""
ASKED = 200
"""Parts with a charset of one message whose bytes are asked for theirs; those behind them are read by the label too."""
LONGEST_LABEL = 64
LONGEST = 1000
"""Bytes of a field that is a fact of its own: one that is longer, or not the only one, is in ``header`` too."""
MESSAGES = ("message/rfc822", "message/global")
HEADERS = (*MESSAGES, "text/rfc822-headers", "message/global-headers")


class Message:
    """Attachments, inline pictures, signatures, inner messages; the parser reads the text."""

    name, sample = "message", "attachments.eml"
    kinds = (Kind.MESSAGE,)
    beside = True

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE for a message that can hold more than one text, as far as its first bytes tell."""
        return Claim.STRUCTURE if peek.kind is Kind.MESSAGE and _may_hold_parts(peek) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the parts in order; ``place`` is the part's number, ``1.2``.

        Parts that stand as they are have ``runs``, encoded ones a reader. Raises OverLimit behind the last part
        listed where there are more than ``mime.structure.PARTS``.
        """
        walk, asked = Walk(Window.on(stream), stream.size), ASKED
        for part in walk:
            if may_hold_files(part):
                yield from inline_files(part, partial(read_at, stream), around.limits.text)
            elif not part.outside and not is_shown(part):
                end = _encoded_end(part, stream)
                found = _found(msgspec.structs.replace(part, end=end), stream, around)
                yield found
                asked -= bool(part.type.text(b"charset"))
                yield from _by_its_label(found, part, stream, asked=asked >= 0)
                if end < part.end:
                    yield _beside(part, end, around)
        if walk.shape.over:
            raise OverLimit(f"message: {walk.shape.over.reason}")


def _may_hold_parts(peek: Peek) -> bool:
    """Say whether there can be more than one text: where the head does not reach to tell, there can."""
    head, cut = peek.head, peek.size > len(peek.head)
    walk = Walk(Window.over(head), len(head))
    first = next(iter(walk), None)
    if first is None or (cut and walk.shape.body >= len(head)):
        return cut  # within the header, which goes on behind the head
    if walk.shape.type.value not in SHOWN or not is_shown(first):
        return True
    if not may_hold_files(first):
        return False
    return (
        cut
        or next(inline_files(first, lambda at, length: head[at : at + length], len(head)), None) is not None
    )


def _encoded_end(part: Part, stream: Stream) -> int:
    """Return where the encoded lines of a part end: behind them may stand some that are not."""
    encoding, _ = coding(part)
    if not encoding or part.broken:
        return part.end
    length = TAIL_BYTES
    while True:
        start = max(part.start, part.end - length)
        raw = read_at(stream, start, part.end - start)
        raw = raw[0 if start == part.start else raw.find(b"\n") + 1 :]
        at = tail_of(raw, encoding)
        if at or start == part.start or length >= MOST_TAIL:
            return part.end - len(raw) + at if at else part.end
        length *= 16


def _beside(part: Part, at: int, around: Context) -> Found:
    name = f"{name_of(part)[0]} {BEHIND}"
    around.note(
        ODD, f"message: {counted(part.end - at, 'byte')} behind the encoded ones: an item of their own", name
    )
    return Found(
        name=name,
        kind=Kind.ATTACHMENT,
        place=f"{part.path}+",
        size=part.end - at,
        runs=((at, part.end - at),),
    )


def _found(part: Part, stream: Stream, around: Context) -> Found:
    name, raw = name_of(part)
    encoding, unknown = coding(part)
    status, reason = _status(part, stream, encoding)
    runs: tuple[Run, ...] | None = ((part.start, part.end - part.start),)
    if part.type.value in HEADERS and not encoding and not part.broken:
        runs = header_runs(partial(read_at, stream), part)
    read = None
    if encoding:
        say = partial(_say, around, name)
        read, runs = partial(reader, partial(read_at, stream), part.start, part.end, encoding, say), None
    placed = disposition(part.fields)
    modified = placed.text(b"modification-date")[:LONGEST]
    when = parse_date(modified)
    others = other_names(part, name)
    return Found(
        name=name,
        raw=raw,
        kind=Kind.MESSAGE if part.type.value in MESSAGES else Kind.ATTACHMENT,
        place=part.path,
        size=None if runs is None else sum(length for _, length in runs),
        mtime=when.utc,
        status=status,
        reason=reason,
        runs=runs,
        read=read,
        meta={
            "content_type": part.type.value,
            "content_id": decode_words(part.fields.get(b"content-id")[:LONGEST]).strip("<>") or None,
            "disposition": placed.value or None,
            "transfer_coding": encoding or None,
        }
        | ({"other_names": others} if others else {})
        | _told(part),
        notes=(
            *((Note("other_name", NAMED.format(len(others) + 1)),) if others else ()),
            *((Note("transfer_coding", f"message: {unknown}", name),) if unknown else ()),
            *((Note("date", f"message: modification date {modified}: {when.reason}", name),)
              if modified and when.reason else ()),
        ),
    )  # fmt: skip


def _by_its_label(found: Found, part: Part, stream: Stream, *, asked: bool) -> Iterator[Found]:
    """Yield an attachment's text by the charset that its part names, where its bytes bear that and tell another."""
    label = part.type.text(b"charset")[:LONGEST_LABEL]
    if not label or found.status is not None or found.kind is Kind.MESSAGE:
        return

    def opened() -> BinaryIO:
        return reader(partial(read_at, stream), part.start, part.end, coding(part)[0], lambda _: None)

    if codec := bears(opened().read(SAMPLE), label, asked=asked):
        name = f"{found.name} read as {label}"
        why = f"message: the part names the charset {label}; its bytes alone would be read as another"
        yield Found(name=name, kind=Kind.ATTACHMENT, place=f"{part.path}c", read=lambda: transcoded(opened(), codec),
                    meta={"charset": label}, notes=(Note("charset", why, name),))  # fmt: skip


def _told(part: Part) -> dict[str, object]:
    """Return what else the header of a part says: where it was found (MHTML), its charset, any other field."""
    location = decode_words(part.fields.get(b"content-location")[:LONGEST]).strip()
    charset = part.type.text(b"charset")[:LONGEST_LABEL]
    facts_of = (name for name in (b"content-id", b"content-location") if _is_fact(part.fields.all(name, 2)))
    lines = listed(part.fields, (*OF_MIME, *facts_of))
    facts = {"content_location": location, "charset": charset, "header": lines}
    return {key: value for key, value in facts.items() if value}


def _is_fact(values: Sequence[bytes]) -> bool:
    return len(values) < 2 and not any(len(raw) > LONGEST for raw in values)


def _status(part: Part, stream: Stream, encoding: str) -> tuple[Status | None, str]:
    if part.broken:
        return Status.UNREADABLE, f"message: {part.broken}"
    if part.type.value.startswith("multipart/"):
        return Status.QUARANTINED, "message: too many multiparts in one another"
    why = sealed(part, encoding, partial(read_at, stream))
    return (Status.ENCRYPTED, f"message: encrypted ({why})") if why else (None, "")


def _say(around: Context, name: str, problem: Note) -> None:
    around.note(problem.code, f"message: {problem.reason}", name)


SOURCE = Message()
