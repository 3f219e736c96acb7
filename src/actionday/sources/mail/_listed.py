"""What the listing of a mailbox tells of a message: the facts of its header that the reading tells too, cut short.

Source: RFC 5322 sections 3.6.1 (Date), 3.6.2 (From), 3.6.5 (Subject).
"""

from actionday.mime.dates import parse_date
from actionday.mime.fields import Fields
from actionday.mime.words import decode_words

SHOWN = 200
"""Characters of a header value that the listing keeps; the parser reads the whole."""


def listed_facts(fields: Fields) -> tuple[str | None, dict[str, object]]:
    """Return the time of a message (RFC 3339 UTC, None where none can be told) and what its header says.

    ``date_reason`` says why there is no time, or what was assumed of it, in the words of the reading.
    """
    date = decode_words(fields.get(b"date")[:SHOWN])
    when = parse_date(date)
    return when.utc, {
        "subject": _short(fields, b"subject") or None,
        "sender": _short(fields, b"from") or None,
        "date_raw": date or None,
        "date_reason": when.reason or None,
    }


def _short(fields: Fields, name: bytes) -> str:
    return decode_words(fields.get(name)[: 4 * SHOWN])[:SHOWN]
