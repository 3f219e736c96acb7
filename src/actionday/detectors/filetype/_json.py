"""Whether a text that begins with a bracket is JSON: the whole of it where it is seen whole, both ends otherwise.

One that breaks off is JSON as well, where it is the beginning of a value and nothing in it is wrong.

Source: RFC 8259; ndjson.org 1.0 (one value a line); nbformat 4.5 (notebooks); RFC 7946 (GeoJSON).
"""

import re

import msgspec

from actionday.detectors.whole import begins_json
from actionday.mime.chat import type_of as chat_type

OPENING = re.compile(rb'\s*(?:\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})|\[\s*(?:[\[{"\-\d\]]|true|false|null))')
BEGUN = re.compile(
    rb'\s*(?:\{\s*"(?:[^"\\]|\\.)*"\s*:|\[\s*(?:\{\s*"|\[\s*["{\d]|"(?:[^"\\]|\\.)*"\s*,|-?\d[\d.eE+-]*\s*,))'
)
"""How a value begins that breaks off and yet is one beyond doubt: an object with a key, a list with an element."""
OPENING_WITHIN = 4096
"""Bytes in which the first key or value must end."""
WHOLE_UP_TO = 32 * 1024
"""Bytes that are validated whole (some 300 MB/s); beyond, the opening and the end are believed."""


def json_type(head: bytes, tail: bytes, size: int) -> str | None:
    """Return the type of a JSON text, a notebook or a text of one JSON value a line, else None."""
    if not OPENING.match(head, 0, OPENING_WITHIN):
        return None
    if size <= len(head) <= WHOLE_UP_TO:
        if _valid(head):
            return _vocabulary(head)
    elif not _lines(head) and (tail or head).rstrip()[-1:] in (b"}", b"]"):
        return _vocabulary(head)
    if _lines(head):
        return "application/x-ndjson"
    return _vocabulary(head) if BEGUN.match(head, 0, OPENING_WITHIN) and begins_json(head) else None


def _valid(text: bytes) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _lines(head: bytes) -> bool:
    first, _, rest = head.partition(b"\n")
    second = rest.partition(b"\n")[0]
    pair = first.lstrip()[:1] == b"{" and second[:1] == b"{"
    return pair and len(first) < WHOLE_UP_TO and _valid(first) and (_valid(second) or b"\n" not in rest)


def _vocabulary(head: bytes) -> str:
    if head.startswith(b'{"@type":"chat-') and (chat := chat_type(head)):
        return chat
    if b'"cells"' in head and (b'"nbformat"' in head or b'"cell_type"' in head):
        return "application/x-ipynb+json"
    if b'"FeatureCollection"' in head[:512]:
        return "application/geo+json"
    return "application/json"
