"""PDF documents: the last end mark whose cross-reference lies where it says.

Source: ISO 32000-1, 7.5.2 (header), 7.5.4 to 7.5.6 (cross-reference, trailer, incremental updates).
"""

import re
from collections.abc import Iterator

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.carving._base import Plain
from actionday.sources.carving._carver import Carved

HEAD = re.compile(rb"%PDF-(?:1\.\d|2\.0)")
MARKS = re.compile(rb"%%EOF(?:\r\n|\r|\n)?|%PDF-\d|endobj")
END = re.compile(rb"startxref\s{1,4}(\d{1,12})\s{1,4}\Z")
TABLE = re.compile(rb"\s{0,4}(?:xref|\d{1,10} \d{1,5} obj)")
PIECE, OVERLAP = 256 << 10, 16
SECTOR = 512
FURTHER = 16 << 20
"""Bytes behind an end mark in which a later one is looked for: updates are short beside that."""
WITHOUT = 1 << 20
"""Bytes without the end of an object behind which nothing of the document is expected, where it has no end."""


class Pdf(Plain):
    """PDF, with its updates; what another document begins behind is no part of it."""

    name, suffix = "carve-pdf", ".pdf"
    marks = (b"%PDF-",)
    most = 256 << 20

    def carve(self, stream: Stream) -> Carved | None:
        """Return a document by its last end; one that has none is cut behind its last object."""
        if not HEAD.match(read_at(stream, 0, 8)):
            return None
        end = last = 0
        for at, mark in _marks(stream):
            if (end and at - end > FURTHER) or (at - last > WITHOUT and not end and last):
                break
            if mark.startswith(b"%%EOF"):
                end = at + len(mark) if _is_end(stream, at) else end
            elif mark == b"endobj":
                last = at + len(mark)
            elif not at % SECTOR:
                break  # another document, which lies where files begin
        if end:
            return Carved(end)
        return Carved(last, whole=False) if last else None


def _marks(stream: Stream) -> Iterator[tuple[int, bytes]]:
    at = 8
    while at < stream.size:
        block = read_at(stream, at, PIECE)
        if not block:
            return
        last = at + len(block) >= stream.size
        keep = len(block) if last else max(1, len(block) - OVERLAP)
        for found in MARKS.finditer(block):
            if found.start() < keep:
                yield at + found.start(), found[0]
        at += keep
        if not block.strip(b"\0") and not last:  # nothing goes on behind so much of nothing
            return


def _is_end(stream: Stream, at: int) -> bool:
    """Say whether the place before an end mark leads to a cross-reference."""
    start = max(0, at - 32)
    told = END.search(read_at(stream, start, at - start))
    place = int(told[1]) if told else 0
    return 0 < place < at and TABLE.match(read_at(stream, place, 24)) is not None


CARVER = Pdf()
