"""Where a picture, a film, a sound or a PDF ends by its own marks, whatever is appended to it.

Source: PNG (third edition) 5.3 and 5.6; ISO/IEC 10918-1 B.1 (JPEG markers); GIF89a, 12 to 27; RIFF 1.0 (1991);
ISO/IEC 14496-12, 4.2 (boxes); PDF 1.7, 7.5.5 (``%%EOF``); Rich Text Format 1.9.1 (groups, ``bin`` data).
"""

import re
from collections.abc import Callable, Mapping

from actionday.mime.boxes import BOXES
from actionday.mime.window import Window
from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.archives._ends_more import (
    EBML,
    FORM,
    OGG,
    bitmap_end,
    ebml_end,
    form_end,
    is_bitmap,
    ogg_end,
)
from actionday.sources.archives._streams import BLOCK

MOST_STEPS = 1_000_000
"""Chunks, segments or blocks gone through; a film of two hours as GIF has fewer."""
MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""In a JPEG's entropy-coded data: a byte 0xFF that is neither stuffed (00) nor a restart (D0-D7) nor fill (FF)."""
END_OF_PDF, HEAD_OF_PDF = b"%%EOF", b"%PDF-"
LATE_PDF, WITHIN_FIRST = b"%PDF-1.", 1024
"""What a document begins with behind other bytes, and within how many it does."""
BETWEEN = 1024
"""Bytes that may stand between two documents, the end mark of the first included."""
RTF = re.compile(rb"[{}]|\\bin(\d{1,9}) ?|\\.", re.DOTALL)
"""A brace, binary data of so many bytes, or a backslash and what it takes with it."""
MOST_RTF = 64 << 20


def png_end(stream: Stream, limit: int) -> int:
    """Return the first byte behind IEND, 0 where the chunks break off before."""
    at = 8
    for _ in range(MOST_STEPS):
        head = read_at(stream, at, 8)
        at += 12 + int.from_bytes(head[:4], "big")
        if len(head) < 8 or at > limit:
            return 0
        if head[4:] == b"IEND":
            return at
    return 0


def jpeg_end(stream: Stream, limit: int) -> int:
    """Return the first byte behind the end marker of the first picture, 0 where there is none."""
    at = 2
    for _ in range(MOST_STEPS):
        head = read_at(stream, at, 4)
        if len(head) < 2 or at >= limit:
            return 0
        if head[0] != 0xFF:  # whoever draws it passes over to the next marker
            at = marker_from(stream, at, limit)
            continue
        marker = head[1]
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF or 0xD0 <= marker <= 0xD8 or marker == 1:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int.from_bytes(head[2:4], "big")
        if marker == 0xDA:
            at = marker_from(stream, at, limit)
    return 0


def marker_from(stream: Stream, at: int, limit: int) -> int:
    """Return where the next marker of a JPEG stands, ``limit`` for nowhere."""
    while at < limit:
        block = read_at(stream, at, min(BLOCK, limit - at))
        found = MARKER.search(block)
        if found:
            return at + found.start()
        at += max(len(block) - 1, 1)
    return limit


def gif_end(stream: Stream, limit: int) -> int:
    """Return the first byte behind the trailer, 0 where the blocks break off before."""
    head = read_at(stream, 0, 13)
    if len(head) < 13:
        return 0
    at = 13 + _colours(head[10])
    for _ in range(MOST_STEPS):
        kind = read_at(stream, at, 10)
        if not kind or at >= limit:
            return 0
        if kind[:1] == b";":
            return at + 1
        if kind[:1] == b"!":
            at = _blocks(stream, at + 2, limit)
        elif kind[:1] == b"," and len(kind) == 10:
            at = _blocks(stream, at + 11 + _colours(kind[9]), limit)
        else:
            return 0
    return 0


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(stream: Stream, at: int, limit: int) -> int:
    """Return where a row of sub-blocks ends."""
    while at < limit:
        length = read_at(stream, at, 1)
        at += 1 + (length[0] if length else limit)
        if length == b"\0":
            return at
    return limit


def riff_end(stream: Stream, limit: int) -> int:
    """Return the end of a RIFF file by the size in its header; larger ones have more such chunks behind them."""
    at = 0
    for _ in range(MOST_STEPS):
        head = read_at(stream, at, 8)
        if len(head) < 8 or head[:4] != b"RIFF":
            return at
        size = int.from_bytes(head[4:], "little")
        at += 8 + size
        at += size % 2 if read_at(stream, at, 1) == b"\0" else 0  # some writers leave the padding out
        if at >= limit:
            return limit
    return 0


def boxes_end(stream: Stream, limit: int) -> int:
    """Return where the boxes of an ISO media file end, 0 where one says more than there is."""
    at = 0
    for _ in range(MOST_STEPS):
        head = read_at(stream, at, 16)
        size = int.from_bytes(head[:4], "big")
        if len(head) < 8 or head[4:8] not in BOXES:
            return at
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if size < 8 or at + size > limit:
            return limit if size == 0 else 0
        at += size
    return 0


def pdf_end(stream: Stream, limit: int) -> int:
    """Return the first byte behind the last ``%%EOF`` and its line end, 0 where there is none.

    A second document that begins behind the first one's mark is none of its revisions: the first ends there.
    """
    limit = _second_pdf(stream, limit)
    at = limit
    while at > 0:
        start = max(0, at - BLOCK)
        block = read_at(stream, start, min(at - start + len(END_OF_PDF) - 1, limit - start))
        found = block.rfind(END_OF_PDF)
        if found >= 0:
            end = start + found + len(END_OF_PDF)
            return end + len(re.match(rb"\r?\n?", read_at(stream, end, 2))[0])  # type: ignore[index]
        at = start
    return 0


def _second_pdf(stream: Stream, limit: int) -> int:
    """Return where a second document begins, ``limit`` for nowhere."""
    window = Window.on(stream)
    at = window.find(HEAD_OF_PDF, 0)
    while at >= 0 and 0 <= (at := window.find(HEAD_OF_PDF, at + 1)) < limit:
        before = window.look(max(0, at - BETWEEN), min(BETWEEN, at))
        mark = before.rfind(END_OF_PDF)
        if mark >= 0 and b"obj" not in before[mark:]:  # else it lies within a stream of the first
            return at
    return limit


def rtf_end(stream: Stream, limit: int) -> int:
    """Return the first byte behind the brace that closes the document, 0 where none does."""
    text = read_at(stream, 0, min(limit, MOST_RTF))
    depth = at = 0
    while found := RTF.search(text, at):
        at = found.end() + int(found[1] or 0)
        if found[0] == b"{":
            depth += 1
        elif found[0] == b"}":
            depth -= 1
            if not depth:
                return at
    return 0


End = Callable[[Stream, int], int]
ENDS: Mapping[bytes, End] = {
    b"\x89PNG\r\n\x1a\n": png_end,
    b"\xff\xd8\xff": jpeg_end,
    b"GIF87a": gif_end,
    b"GIF89a": gif_end,
    b"%PDF-": pdf_end,
    b"RIFF": riff_end,
    b"{\\rtf": rtf_end,
    OGG: ogg_end,
    FORM: form_end,
    EBML: ebml_end,
}
"""By the bytes a content begins with."""

BEGINNINGS = tuple(ENDS)


def end_of(head: bytes) -> End | None:
    """Return what finds the end of a content that begins with ``head``, or None where no format tells."""
    if head.startswith(BEGINNINGS):
        return next(end for mark, end in ENDS.items() if head.startswith(mark))
    if head[4:8] == b"ftyp":
        return boxes_end
    if is_bitmap(head):
        return bitmap_end
    return pdf_end if is_late_pdf(head) else None


def is_pdf(head: bytes) -> bool:
    """Say whether a content that begins with ``head`` is a PDF, also behind a few other bytes."""
    if head.startswith(BEGINNINGS) or head[4:8] == b"ftyp":
        return head.startswith(HEAD_OF_PDF)
    return is_late_pdf(head)


def is_late_pdf(head: bytes) -> bool:
    """Say whether a PDF begins with ``head`` or a few bytes behind its beginning."""
    return head.find(LATE_PDF, 0, WITHIN_FIRST) >= 0
