"""WARC and WARC.gz: every record is an item, every break is named and read past.

Source: ISO 28500:2017 (WARC 1.1), sections 4 (records), 5 (named fields), 6 (types), annex D (gzip).
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Peek, Stream
from actionday.model.names import text_of
from actionday.sources.archives._gzip import MAGIC
from actionday.sources.web._beginnings import first_bytes, later_records
from actionday.sources.web._block import UNKNOWN, Block, Form
from actionday.sources.web._fields import unread
from actionday.sources.web._item import Record
from actionday.sources.web._reading import Header, Reading
from actionday.sources.web._segment import Segment
from actionday.sources.web._tape import Tape

_VERSION = re.compile(rb"WARC/[01]\.\d{1,2}[ \t]*\r?\n")
_LONGEST_HEADER = 1 << 20
FORM = Form(
    "warc",
    starts=lambda data: _VERSION.match(data) is not None,
    mark=re.compile(rb"\n" + _VERSION.pattern),
    anywhere=re.compile(_VERSION.pattern + rb"(?=[A-Za-z-]+:)"),
    gap=b"\r\n\r\n",
)
_FOLDED = re.compile(rb"\r?\n[ \t]+")
_FIELD = re.compile(r"\n([^:\r\n]+):[ \t]*([^\r\n]*)")
_FACTS = {
    "warc-record-id": "id",
    "warc-ip-address": "ip",
    "content-type": "content_type",
    "warc-refers-to": "refers_to",
    "warc-refers-to-target-uri": "refers_to_uri",
    "warc-refers-to-date": "refers_to_date",
    "warc-profile": "profile",
    "warc-concurrent-to": "concurrent_to",
    "warc-identified-payload-type": "identified_type",
    "warc-filename": "filename",
}

_READ = (*_FACTS, "warc-type", "warc-target-uri", "warc-date", "warc-truncated")

SURE = 2
"""Later gzip members that begin a record make a WARC of any name."""


class Warc:
    """Records in file order; ``place`` is the byte of the record, in a gzipped file of its member."""

    name, sample = "warc", "kestrel.warc.gz"
    marks = ((0, b"WARC/"), (0, MAGIC))

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for a version line, also behind gzip, and where only the first gzip member is damaged."""
        if FORM.starts(first_bytes(peek.head)):
            return Claim.STRUCTURE
        wanted = 1 if ".warc" in peek.name.lower() else SURE
        return Claim.STRUCTURE if later_records(peek.head, FORM.starts) >= wanted else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the records behind ``around.after``.

        Raises Damaged at the end when anything was broken, with the first byte that was; records behind it
        were yielded, and what could not be understood is noted.
        """
        yield from Reading(stream, around, FORM, header).records()


def parsed(header: bytes) -> tuple[dict[str, str], list[str]]:
    """Return the first value of each field by its name in lower case, folded lines joined; and what else is said."""
    folded = b"\n " in header or b"\n\t" in header
    text = text_of(_FOLDED.sub(b" ", header) if folded else header)[0]
    fields = {name.rstrip().lower(): value.rstrip() for name, value in reversed(_FIELD.findall(text))}
    counted = fields.get("content-length", "").isdecimal()
    return fields, unread(text.split("\n")[1:], (*_READ, *(("content-length",) if counted else ())))


def header(tape: Tape, data: bytes, place: str) -> Header | str:
    """Read the header that ``data`` begins, move behind it; see ``Reader``."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        data, end = _longer(tape, data)
        if end < 0:
            return tape.failure or f"warc: the header at byte {place} has no end"
    fields, others = parsed(data[:end])
    tape.skip(end + (4 if data.startswith(b"\r\n\r\n", end) else 2))
    length = fields.get("content-length", "")
    declared = int(length) if length.isdecimal() and len(length) < 18 else UNKNOWN
    return Header(declared, lambda block: _record(place, fields, others, block))


def _longer(tape: Tape, data: bytes) -> tuple[bytes, int]:
    size = 4 * len(data)
    while size <= _LONGEST_HEADER:
        data = tape.peek(size)
        ends = [end for mark in (b"\r\n\r\n", b"\n\n") if (end := data.find(mark)) >= 0]
        if ends or len(data) < size:
            return data, min(ends, default=-1)
        size *= 4
    return data, -1


def _record(place: str, text: dict[str, str], others: list[str], block: Block) -> Record:
    digest, segment = text.get("warc-payload-digest", ""), Segment.told(text)
    uri = text.get("warc-target-uri", "").removeprefix("<").removesuffix(">")
    return Record(
        place=place, kind=text.get("warc-type", "").lower(), uri=uri or text.get("warc-record-id", ""),
        date=text.get("warc-date", ""), block=block, segment=segment,
        payload_digest="" if segment else digest, whole_digest=digest,
        block_digest=text.get("warc-block-digest", ""), truncated=text.get("warc-truncated", ""),
        http=text.get("content-type", "").lower().startswith("application/http"),
        facts={key: text[name] for name, key in _FACTS.items() if name in text}
        | ({"header": others} if others else {}),
    )  # fmt: skip


SOURCE = Warc()
