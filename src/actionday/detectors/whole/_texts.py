"""Whether a text is whole whose grammar tells its end: JSON, a value a line, dumps of databases, keys.

Source: RFC 8259; ndjson.org 1.0; ``mysqldump`` 8.0 and ``pg_dump`` 17 (their last comment); RFC 7468 and RFC 9580, 6.2.
"""

import re

import msgspec

from actionday.detectors.whole._content import Content, broken, endless
from actionday.model import Note

ENDED_EARLY = "truncated"
"""What the library says of bytes that are the beginning of a value, and of nothing else that is wrong."""
WITHIN = 64 * 1024
"""Bytes before the end in which the last line of a dump stands."""
ARMOUR = re.compile(rb"-----(BEGIN|END) [A-Z0-9 ]{1,60}-----")
DUMPS = (
    (b"-- MySQL dump ", b"-- Dump completed", "the line with which mysqldump ends"),
    (b"-- MariaDB dump ", b"-- Dump completed", "the line with which mysqldump ends"),
    (b"--\n-- PostgreSQL database", b"dump complete", "the line with which pg_dump ends"),
)


def begins_json(text: bytes | memoryview) -> bool:
    """Say whether bytes are the beginning of a JSON value that goes on behind them (500 MB/s)."""
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except msgspec.DecodeError as error:
        return ENDED_EARLY in str(error)
    except RecursionError:
        return False
    return False


def json(content: Content) -> Note | None:
    """Read the whole value."""
    if content.held and begins_json(memoryview(content.data)):
        return broken("JSON", "it ends within a value, where brackets or quotation marks are open")
    return None


def json_lines(content: Content) -> Note | None:
    """Read the last line; one that ends behind a whole line shows nothing."""
    if not content.held:
        return None
    data = content.data
    end = len(data)
    while end and data[end - 1 : end].isspace():
        end -= 1
    start = data.rfind(b"\n", 0, end) + 1
    if begins_json(data[start:end]):
        return broken("JSON lines", f"its last line, from byte {start} on, ends within a value")
    return None


def dump(content: Content) -> Note | None:
    """Look for the comment with which a program ends a dump that it began with one."""
    tail = content.at(max(0, content.size - WITHIN), WITHIN)
    for first, last, what in DUMPS:
        if content.data[: len(first)] == first and tail is not None and last not in tail:
            return endless("SQL", what)
    return None


def armour(content: Content) -> Note | None:
    """Look for the line that ends the last of the keys or messages."""
    *_, last = ["END", *(found[1].decode() for found in ARMOUR.finditer(content.data))]
    return endless("PEM", "the line that ends its last block") if last == "BEGIN" and content.held else None
