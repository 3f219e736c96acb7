"""What a message and an account of a chat are as contents: canonical JSON that begins with its mark.

They have no bytes of their own: an export holds them in forms that differ with the program and its version. For
``sources`` (which write them), ``detectors`` (which tell them) and ``parsers`` (which read them).

Source: RFC 8785 (canonical JSON); RFC 6838, 3.2 (types of vendors).
"""

from collections.abc import Mapping

import msgspec

MESSAGE = "application/vnd.actionday.chat-message+json"
ACCOUNT = "application/vnd.actionday.chat-account+json"
TYPE = "@type"
"""The first name of the object: it sorts before every letter."""
MARKS = {MESSAGE: b'{"@type":"chat-message/1"', ACCOUNT: b'{"@type":"chat-account/1"'}
KINDS = {MESSAGE: "chat-message/1", ACCOUNT: "chat-account/1"}

Value = str | int | bool | list["Value"] | dict[str, "Value"]

_ENCODER = msgspec.json.Encoder(order="sorted")


def content(mime: str, fields: Mapping[str, Value]) -> bytes:
    """Return the canonical JSON of a message or an account; every name in it is ASCII, every number below 2^53.

    Raises UnicodeEncodeError for half a pair of units: ``written`` shows those.
    """
    return _ENCODER.encode({TYPE: KINDS[mime], **fields})


def type_of(head: bytes) -> str | None:
    """Return which of the two a content is by its first bytes, else None."""
    return next((mime for mime, mark in MARKS.items() if head.startswith(mark)), None)


def written(text: str) -> str:
    """Return a text with halves of pairs as ``\\ud800``, and bytes that are no UTF-8 (U+DC80 … U+DCFF) as ``\\xNN``."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(_written(each) if "\ud800" <= each <= "\udfff" else each for each in text)
    return text


def _written(half: str) -> str:
    return f"\\x{ord(half) - 0xDC00:02x}" if "\udc80" <= half <= "\udcff" else f"\\u{ord(half):04x}"
