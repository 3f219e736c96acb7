"""A web archive's record as an item: its content, and what an examiner must know of it.

Source: ISO 28500:2017, sections 5 (named fields), 6.3 (response), 6.7 (revisit); DESIGN "record": the content is
the decoded body, the raw body's hash beside it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO, NamedTuple

from actionday.mime.guess import SAMPLE
from actionday.mime.labelled import bears, transcoded
from actionday.mime.labels import codec_of
from actionday.mime.parameters import structured
from actionday.model import Damaged, Found, Kind, Loss, Note, Status
from actionday.model.counted import counted
from actionday.sources.archives._leftover import LEAST
from actionday.sources.archives._streams import Body, Notes, body
from actionday.sources.web import _http
from actionday.sources.web._block import UNKNOWN, Block
from actionday.sources.web._body import Unwrapped
from actionday.sources.web._digest import Check
from actionday.sources.web._fields import described
from actionday.sources.web._segment import Segment

LONGEST_TRAILER = 2000
"""Characters of trailer fields that the issue log keeps; more are an item."""
BEHIND = "~"
"""Stands in the place of what is behind a record's last chunk, and before the number of a coding it is behind."""
Sink = Callable[[bytes], object]
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?)Z")


@dataclass(frozen=True, slots=True)
class Record:
    """What the header of one record says; ``uri`` as stored."""

    place: str
    kind: str
    uri: str
    date: str
    block: Block
    payload_digest: str = ""
    whole_digest: str = ""
    """That of the payload of all segments: none of this one alone."""
    segment: Segment | None = None
    block_digest: str = ""
    truncated: str = ""
    http: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)


class Opened(NamedTuple):
    """A record with the head of its message, and its body where that has to be unwrapped."""

    record: Record
    head: _http.Head | None
    unwrapped: Unwrapped | None


def opened(record: Record, note: Notes) -> Opened:
    """Return a record with its head and, where a response is wrapped, its body."""
    head = _head(record.block) if record.http else None
    if record.kind != "response" or head is None or not (head.chunked or head.codings):
        return Opened(record, head, None)
    length = head.length
    return Opened(record, head, Unwrapped(lambda: _from(record.block.chunks(), length), head, note))


def item(of: Opened) -> Found:
    """Return the item of a record: a body decoded, a revisit without content, everything else its block."""
    record, head, unwrapped = of
    block, notes = record.block, list(_notes(record))
    meta: dict[str, object] = {"type": record.kind, "uri": record.uri, **record.facts}
    if head:
        meta |= described(head)
    elif record.http and record.kind == "response" and block.size:
        notes.append(Note("no_http_head", "http: the block begins with no status line and is given whole"))
    if record.kind == "revisit":
        return _revisit(record, meta, notes)
    body_of = head if record.kind == "response" else None
    length = body_of.length if body_of else 0
    _hashed(record, head, unwrapped is not None, meta, notes)
    declared = None if block.declared == UNKNOWN else block.declared - length
    size = declared if block.cut and declared is not None else block.size - length
    found: dict[str, object] = {"name": _name(record), "kind": Kind.RECORD, "place": record.place,
                                "mtime": _mtime(record, meta), "meta": meta}  # fmt: skip
    if unwrapped is not None:
        found["read"] = lambda: body(unwrapped.content())
    elif block.start is not None:
        there = block.size - length
        found |= {"runs": ((block.start + length, there),) if there else (), "size": size}
    else:
        found |= {"read": lambda: _reader(block, length), "size": size}
    if body_of is not None and unwrapped is None:
        notes += _short(body_of, block.size - length)
    return Found(**found, notes=tuple(notes))  # type: ignore[arg-type]


def behind(of: Opened, note: Notes) -> Iterator[Found]:
    """Yield what a record holds and no browser shows, as items; trailer fields are told to ``note``.

    That is what follows the last chunk or the end of a coding, and a revisit's body.
    """
    record, head, unwrapped = of
    if record.kind == "revisit":
        yield from _left_over(record, head.length if head else 0, "body of a revisit")
    elif unwrapped is not None and head is not None:
        if head.chunked:
            yield from _behind_chunks(record, head, note)
        for number, length, chunks in unwrapped.rests():
            what = f"behind the end of the {head.codings[-1 - number]} body"
            yield _rest(
                record, f"{BEHIND}{number + 1}", what, length, read=lambda chunks=chunks: body(chunks())
            )
    if record.kind == "response" and head is not None:
        yield from _by_its_label(of, head)


def _by_its_label(of: Opened, head: _http.Head) -> Iterator[Found]:
    """Yield the text by the charset that the server named, where the bytes bear that and tell another."""
    record, _, unwrapped = of
    label = structured(head.fields.get("content-type", "").encode("latin-1", "replace")).text(b"charset")[:64]
    if codec_of(label) in ("", "ascii", "utf-8"):
        return

    def opened() -> BinaryIO:
        return _reader(record.block, head.length) if unwrapped is None else body(unwrapped.content())

    try:
        codec = bears(opened().read(SAMPLE), label)
    except Damaged:
        return  # the record's own content says so
    if codec:
        name = f"{_name(record)} read as {label}"
        note = Note(
            "charset", f"http: the server named the charset {label}; the bytes would be read as another"
        )
        yield Found(name=name, kind=Kind.RECORD, place=f"{record.place}{BEHIND}c", notes=(note,),
                    meta={"charset": label}, read=lambda: transcoded(opened(), codec))  # fmt: skip


def _behind_chunks(record: Record, head: _http.Head, note: Notes) -> Iterator[Found]:
    try:
        end, beside, trailer, more = _http.chunks_end(Body(_from(record.block.chunks(), head.length)))
    except Damaged:
        return  # the record's own content says so
    if trailer:
        said = trailer.decode("utf-8", "backslashreplace")[:LONGEST_TRAILER]
        note("trailer_fields", f"http: fields behind the last chunk: {said!r}")
    if len(trailer) > LONGEST_TRAILER:
        yield _rest(record, f"{BEHIND}t", "of trailer fields", len(trailer), read=lambda: BytesIO(trailer))
    if more:
        note(Loss.DAMAGED, f"http: {counted(more, 'byte')} more beside the sizes of chunks, in no item")
    if len(beside) >= LEAST:
        yield _rest(record, f"{BEHIND}x", "beside the chunks", len(beside), read=lambda: BytesIO(beside))
    yield from _left_over(record, head.length + end, "behind the last chunk")


def _left_over(record: Record, over: int, what: str) -> Iterator[Found]:
    left = record.block.size - over
    if left <= 0:
        return
    if record.block.start is None:
        yield _rest(record, BEHIND, what, left, read=lambda: _reader(record.block, over))
    else:
        yield _rest(record, BEHIND, what, left, runs=((record.block.start + over, left),))


def _rest(record: Record, mark: str, what: str, length: int, **where: object) -> Found:
    note = Note("trailing", f"http: {counted(length, 'byte is', 'bytes are')} {what}")
    return Found(name=f"{_name(record)} {what}", kind=Kind.RECORD, place=f"{record.place}{mark}", size=length,
                 notes=(note,), **where)  # type: ignore[arg-type]  # fmt: skip


def _name(record: Record) -> str:
    byte, plus, inside = record.place.partition(BEHIND)[0].partition("+")
    return f"{int(byte):012d}{plus}{inside} {record.uri}".rstrip()


def _mtime(record: Record, meta: dict[str, object]) -> str | None:
    found = _TIME.fullmatch(record.date)
    if found:
        return record.date
    if record.date:
        meta["mtime_raw"] = record.date
    return None


def _notes(record: Record) -> Iterator[Note]:
    if record.block.damage:
        yield Note("damaged", record.block.damage)
    if record.truncated:
        yield Note("truncated", f"the archiver kept only a part of it ({record.truncated})")


def _head(block: Block) -> _http.Head | None:
    if block.held is not None:
        return _http.head(block.held)
    content = Body(block.chunks())
    size = 4096
    while (found := _http.head(data := content.peek(size))) is None:
        if not _http.begins(data) or len(data) < size or size > _http.LONGEST_HEAD:
            return None
        size *= 4
    return found


def _revisit(record: Record, meta: dict[str, object], notes: list[Note]) -> Found:
    """A revisit has no body of its own: its content is that of another record, named as far as it is."""
    of = record.facts.get("refers_to_uri") or record.uri
    when = record.facts.get("refers_to_date")
    digest = f", {record.payload_digest}" if record.payload_digest else ", which is not named by a digest"
    meta["payload_digest"] = record.payload_digest
    return Found(
        name=_name(record), kind=Kind.REVISIT, place=record.place, mtime=_mtime(record, meta), meta=meta,
        notes=tuple(notes), status=Status.UNSUPPORTED,
        reason=f"revisit: the content is that of {of}{f' of {when}' if when else ''}{digest}",
    )  # fmt: skip


def _reader(block: Block, length: int) -> BinaryIO:
    return BytesIO(block.held[length:]) if block.held is not None else body(_from(block.chunks(), length))


def _from(chunks: Iterator[bytes], length: int) -> Iterator[bytes]:
    """Yield what comes after ``length`` bytes."""
    for chunk in chunks:
        if length < len(chunk):
            yield chunk[length:] if length else chunk
        length = max(0, length - len(chunk))


def _hashed(
    record: Record, head: _http.Head | None, wrapped: bool, meta: dict[str, object], notes: list[Note]
) -> None:
    """Hold the digests against the bytes and keep the raw body's hash where the content is a decoded one."""
    whole, payload = Check(record.block_digest), Check(record.payload_digest)
    if record.payload_digest or record.block_digest or wrapped:
        raw = sha256()
        sinks = (payload.update, raw.update) if wrapped else (payload.update,)
        try:
            _feed(record.block.chunks(), head.length if head else 0, whole.update, sinks)
        except Damaged:
            meta["digest"] = "not checked"
            return
        if wrapped:
            meta["raw_sha256"] = raw.hexdigest()
    results = {"payload": payload.result(), "block": whole.result()}
    if results["payload"] == "failed" and head is not None:
        results["payload"] = _otherwise(record, head)
    checked = {result for result in results.values() if result != "not checked"}
    meta["digest"] = "failed" if "failed" in checked else "passed" if checked else "not checked"
    for what in (what for what, result in results.items() if result == "failed"):
        notes.append(Note(Loss.DIGEST, f"the {what} digest of the record is not that of its bytes"))


def _feed(chunks: Iterator[bytes], head: int, whole: Sink, body_of: tuple[Sink, ...]) -> None:
    """Give all bytes to ``whole``, those behind the ``head`` ones to each of ``body_of``."""
    for chunk in chunks:
        whole(chunk)
        if head < len(chunk):
            part = chunk[head:] if head else chunk
            for sink in body_of:
                sink(part)
        head = max(0, head - len(chunk))


def _otherwise(record: Record, head: _http.Head) -> str:
    """Writers take for the payload what the standard leaves open: a body without its chunks, a whole request."""
    check, chunks = Check(record.payload_digest), record.block.chunks()
    if record.kind == "response":
        if not head.chunked:
            return "failed"
        chunks = _http.dechunked(Body(_from(chunks, head.length)), lambda *_: None)
    try:
        for chunk in chunks:
            check.update(chunk)
    except Damaged:
        return "failed"
    return check.result()


def _short(head: _http.Head, size: int) -> list[Note]:
    declared = head.fields.get("content-length", "")
    if declared.isdecimal() and len(declared) < 16 and size < int(declared):
        return [Note("short_body", f"http: {size} of {counted(int(declared), 'byte')} archived")]
    return []
