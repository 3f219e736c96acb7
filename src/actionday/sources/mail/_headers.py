"""Parts that are a header and no more: what closes them is the line break before the delimiter.

Source: RFC 6522 section 4 (text/rfc822-headers), RFC 2046 section 5.1.1 (that line break is the delimiter's), RFC 5322
section 2.1 (a header ends at an empty line).
"""

from collections.abc import Callable

from actionday.mime.fields import HEADER_BYTES, read_header
from actionday.mime.structure import Part
from actionday.mime.window import Window
from actionday.model import Run

LOOKED_AT = 1 << 16
BREAK = 2
"""Bytes of the longest line break."""


def header_runs(read: Callable[[int, int], bytes], part: Part) -> tuple[Run, ...]:
    """Return where the content of a part lies that is a header at least.

    Its own bytes; where the empty line behind the header is missing, the delimiter's line break too, which is that
    line, or (twice) the end of the last field and that line: a whole header does not read as one that is cut.
    """
    size = part.end - part.start
    own = ((part.start, size),)
    start = read(part.start, min(size, LOOKED_AT))
    if not size or b"\n\n" in start or b"\n\r\n" in start or start.startswith((b"\n", b"\r\n")):
        return own
    if size > LOOKED_AT:
        start = read(part.start, min(size, HEADER_BYTES))
    behind = read(part.end, BREAK)
    ended = BREAK if behind == b"\r\n" else 1 if behind[:1] == b"\n" else 0
    _, body, wrong = read_header(Window.over(start + behind[:ended]), 0)
    if not ended or body <= len(start) or size > len(start):
        return own
    return ((part.start, size + ended),) if not wrong else ((part.start, size + ended), (part.end, ended))
