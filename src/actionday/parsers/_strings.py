"""What is left to read of a content that no parser survived: runs of printable characters.

Used for quarantined contents and for binary parts of texts. Runs of ASCII and of ASCII in UTF-16LE, as the tool
``strings`` finds them, six characters at least; behind those of each window its passages in other scripts and codes.
"""

import re

from actionday.mime.passages.overlaps import in_order
from actionday.mime.passages.scripts import single_passages, wide_passages
from actionday.model import Note, Parsed

LEAST = 6
"""Characters; at four, one byte in forty of a compressed file becomes "text", at six one in two thousand."""
WINDOW = 4 << 20
"""Bytes scanned at once; a run across the border of two windows is cut in two."""
MOST_TEXT = 32 << 20
"""Characters kept of one content; the rest is counted as cut."""
RUNS = re.compile(rb"[\t\x20-\x7e]{%d,}|(?:[\t\x20-\x7e]\0){%d,}" % (LEAST, LEAST))


def strings(data: bytes | memoryview, reason: str = "") -> Parsed:
    """Return the printable runs of ``data``, one a line, at most 32 MiB of them; never raises.

    ``reason`` says why nothing better could be done and stands in the result.
    """
    view, pieces, kept = memoryview(data), [], 0
    for at in range(0, len(view), WINDOW):
        piece = runs(bytes(view[at : at + WINDOW]))[: MOST_TEXT - kept]
        kept += len(piece)
        if piece:
            pieces.append(piece)
        if kept >= MOST_TEXT:
            return Parsed(text=pieces, reason=reason, notes=(_cut(at),))
    return Parsed(text=pieces, reason=reason)


def runs(window: bytes) -> str:
    """Return the printable runs of one window and its passages that are no ASCII, each followed by a line feed."""
    found = RUNS.findall(window)
    plain = b"\n".join((*found, b"")).replace(b"\0", b"").decode("ascii")
    others = in_order((*wide_passages(window), *single_passages(window)))
    return plain + "".join(f"{text}\n" for text in others if not text.isascii())


def _cut(at: int) -> Note:
    return Note("strings_cut", f"more than {MOST_TEXT} characters of printable runs: stopped at byte {at}")
