"""The header of a message as metadata, and as the first lines of its text.

Source: RFC 5322 sections 3.6 (fields; all but Received and the like stand once), 3.6.4 (message ids).
"""

import re
from collections.abc import Iterator, Sequence

from actionday.mime.addresses import addresses
from actionday.mime.dates import parse_date
from actionday.mime.fields import Fields
from actionday.mime.listed import OF_MIME, Within, listed
from actionday.mime.structure import Part, Walk
from actionday.mime.words import decode_words
from actionday.model import Note
from actionday.model.counted import counted
from actionday.model.loss import Loss

_LINES = (
    b"Subject", b"From", b"Sender", b"Reply-To", b"To", b"Cc", b"Bcc", b"Date", b"Organization", b"Newsgroups",
)  # fmt: skip
"""What people search for; the order in which it is shown."""
_ONCE = (b"subject", b"from", b"date", b"message-id", b"to")
REPEATS = 20
"""Fields of one name that are shown: more are a fault or an attack, and said."""
_ID = re.compile(rb"<([^<>\s]{1,998})>")
IDS = 1000
"""Message ids of one field that are facts, by which messages are linked; one with more is kept as it stands, too."""
_ID_FIELDS = (b"message-id", b"in-reply-to", b"references")
_IN_TEXT = tuple(name.lower() for name in _LINES)
_READ = (*_IN_TEXT, *_ID_FIELDS, b"user-agent", *OF_MIME)


def header_lines(fields: Fields) -> Iterator[str]:
    """Yield ``Subject: …`` and the like, decoded, a line each."""
    for name in _LINES:
        for raw in fields.all(name.lower(), REPEATS):
            yield f"{name.decode('ascii')}: {decode_words(raw)}\n"


def other_lines(fields: Fields) -> Iterator[str]:
    """Yield every other field likewise: for a header that is none of mail, whose lines say something."""
    shown = {name.lower() for name in _LINES}
    for name in fields.names():
        if name not in shown:
            for raw in fields.all(name):
                yield f"{name.decode('ascii')}: {decode_words(raw)}\n"


def header_notes(fields: Fields) -> Iterator[Note]:
    """Yield what is odd: a field that stands twice (one reader shows the first, another the last)."""
    for name in _ONCE:
        count = len(fields.all(name, REPEATS + 1))
        if count > 1:
            many = f"more than {REPEATS}" if count > REPEATS else str(count)
            yield Note("repeated_field", f"mail: {many} fields {name.decode('ascii')}; the first one counts")


def header_problems(fields: Fields) -> Iterator[Note]:
    """Yield why a field of the text is not read by the charset that it names, or by none."""
    said: list[str] = []
    for name in _LINES:
        for raw in fields.all(name.lower(), REPEATS):
            decode_words(raw, said)
    for reason in dict.fromkeys(said):
        yield Note("charset", f"mail: header: {reason}")


def every_field(walk: Walk, displayed: Sequence[Part]) -> tuple[dict[str, object], tuple[Note, ...]]:
    """Return what the header, and those of multiparts and ``displayed`` parts, say that is read nowhere else.

    That are all fields but those of the text and the typed facts. Behind them what is not kept of those of parts.
    """
    fields = walk.shape.fields
    read = {name for name in _READ if _is_read(fields, name)}
    facts: dict[str, object] = {"header": listed(fields, read)}
    within = Within()
    for path, inner in (
        *walk.shape.multiparts,
        *((part.path, part.fields) for part in displayed if part.within and not part.outside),
    ):
        within.add(f"{path} {line}" for line in listed(inner, OF_MIME))
    many = counted(
        within.cut, "character of header fields of parts is", "characters of header fields of parts are"
    )
    notes = (Note(Loss.HEADER_KEPT, f"mail: {many} not kept as metadata"),) if within.cut else ()
    return ({**facts, "part_header": within.lines} if within.lines else facts), notes


def _is_read(fields: Fields, name: bytes) -> bool:
    """Say whether all that the fields ``name`` say is in the text or in typed facts."""
    values = fields.all(name, REPEATS + 1)
    if name in _IN_TEXT:
        return len(values) <= REPEATS
    return len(values) <= 1 and (name not in _ID_FIELDS or all(map(_is_ids, values)))


def _is_ids(raw: bytes) -> bool:
    """Say whether a field holds message ids and nothing else, no more of them than are facts."""
    rest, number = _ID.subn(b"", raw)
    return number <= IDS and not re.search(rb"\w", rest)


def metadata(fields: Fields) -> dict[str, object]:
    """Return the fields that are searched, sorted and linked by; absent ones are None or empty lists."""
    date_raw = _text(fields, b"date")
    when = parse_date(date_raw or "")
    hops = fields.all(b"received")
    return {
        "subject": _text(fields, b"subject"),
        "from": _people(fields, b"from"),
        "to": _people(fields, b"to"),
        "cc": _people(fields, b"cc"),
        "bcc": _people(fields, b"bcc"),
        "reply_to": _people(fields, b"reply-to"),
        "date": when.utc,
        "date_raw": date_raw,
        "date_reason": when.reason or None,
        "message_id": next(iter(_ids(fields, b"message-id")), None) or _text(fields, b"message-id"),
        "in_reply_to": _ids(fields, b"in-reply-to"),
        "references": _ids(fields, b"references"),
        "received_hops": len(hops),
        "received_first": decode_words(hops[-1][:2000]) if hops else None,
        "user_agent": _text(fields, b"user-agent") or _text(fields, b"x-mailer"),
    }


def _text(fields: Fields, name: bytes) -> str | None:
    return decode_words(fields.get(name)) or None


def _people(fields: Fields, name: bytes) -> list[dict[str, str]]:
    return [{"name": each.name, "address": each.address} for each in addresses(fields.get(name))]


def _ids(fields: Fields, name: bytes) -> list[str]:
    return [decode_words(found) for found in _ID.findall(fields.get(name))[:IDS]]
