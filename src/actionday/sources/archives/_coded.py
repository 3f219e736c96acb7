"""Readable text at the beginning or the end of coded data: no picture, sound or film is coded as words.

Source: none. Of random bytes 24 in a row are printable once in 10^10 places; here two places of each are looked at.
"""

import re
from collections.abc import Iterator

from actionday.model import Stream

RUN = re.compile(
    rb"(?:[\t\n\r\x20-\x7e]|[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2})+"
)
"""ASCII and UTF-8."""
WORDS = re.compile(
    rb"[A-Za-z]{2}[ ,.:;-]{1,3}[A-Za-z]{2}|(?:[\xc3-\xdf][\x80-\xbf]){2}|(?:[\xe0-\xef][\x80-\xbf]{2}){2}"
)
LEAST = 24
REACH = 64 * 1024


def readable(stream: Stream, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield begin and length of the text that coded data, from ``start`` to ``end``, begin or end with."""
    stream.seek(start)
    head = stream.read(max(0, min(REACH, end - start)))
    first = RUN.match(head)
    over = first.end() if first else 0
    if first and _is_text(first[0]):
        yield start, over
    low = max(start + over, end - REACH)
    stream.seek(low)
    tail = stream.read(max(0, end - low))
    last = None
    for last in RUN.finditer(tail):  # noqa: B007
        pass
    if last and last.end() == len(tail) and _is_text(last[0]):
        yield low + last.start(), len(last[0])


def _is_text(run: bytes) -> bool:
    return len(run) >= LEAST and WORDS.search(run) is not None
