"""Text in contents that no parser reads, or that begin as something else: kept, with the reason.

Source: none. A few bytes in front, a foreign mark, control characters between words: none of them may hide a text.
"""

from collections.abc import Iterator

from actionday.mime.guess import SAMPLE
from actionday.mime.passages.found import BREAKS, passages_in
from actionday.mime.passages.overlaps import in_order
from actionday.mime.prose import is_passage, is_prose
from actionday.mime.wide import BYTE_ORDER_MARKS, wide
from actionday.model import Loss, Note, Parsed
from actionday.model.counted import counted
from actionday.parsers._decode import CONTROLS, decode, unmarked
from actionday.parsers._decoded import Decoded
from actionday.parsers._programs import is_catalogue, others

WINDOW = 4096
MOST_WINDOWS = 32
"""Windows looked at, evenly spread: 4 µs each."""
MOST_CONTROLS = 0.04
"""Share of control characters up to which a window is text: random and compressed bytes have 0.105."""
FRONT = 64
"""Bytes in front of a text that may be anything: the marks and heads of other formats."""
BEGINNING = 256
"""Bytes that are looked at first: most contents are told by them."""
UTF_16 = ("utf-16-le", "utf-16-be")
LIKELY = 0.9
WIDE = ("utf-16", "utf-32")
STEADY = 0.8
"""Share of the windows that must read as UTF-16 for the whole to be: of byte code, the beginning alone does."""
CERTAIN = 512
"""Bytes from which the share of control characters alone tells; below, letters must be letters too."""
STEP = 4 << 20
MOST_TEXT = 32 << 20
"""Characters kept of one content."""


def legible(data: memoryview) -> Parsed | None:
    """Return the content read as text when most of it is writing, whatever its first bytes say; else None.

    Letters alone are no text: sound, packed data and keys are full of them, in one code or another.
    """
    if is_catalogue(data):
        return None
    for decoded in _readings(data):
        pieces = [piece for piece in decoded.pieces if piece and not piece.isspace()]
        if is_prose(pieces):
            return Parsed(text=pieces, meta=decoded.meta(), notes=decoded.notes())
    return None


def _readings(data: memoryview) -> Iterator[Decoded]:
    """Yield what the content may be read as, the likeliest first."""
    whole = _whole(data) if _mostly_text(data) else None
    if whole and whole.encoding == "utf-8" and not whole.lines_in:
        yield whole
    elif whole:
        behind = _behind_front(data)
        yield from (behind, whole) if behind else (whole,)
    behind = _wide_behind_front(data)
    if behind:
        yield behind


def _whole(data: memoryview) -> Decoded | None:
    start = bytes(data[:SAMPLE])
    marked = start.startswith(tuple(mark for mark, _ in BYTE_ORDER_MARKS))
    code = None if marked else unmarked(start)  # looked at first: programs begin like that and are megabytes
    if code and not _throughout(data, code):
        return None
    decoded = decode(data)
    doubtful = marked and decoded.confidence < 1 and decoded.encoding.startswith(WIDE)
    return None if doubtful and not _throughout(data, decoded.encoding) else decoded


def _behind_front(data: memoryview) -> Decoded | None:
    """Return what stands behind the control characters of the first bytes, which mislead any guess at its code."""
    front = bytes(data[:FRONT])
    begins = len(front) - len(front.translate(BREAKS).rpartition(b"\0")[2])
    if not 0 < begins < len(front):
        return None
    decoded = decode(data[begins:])
    decoded.pieces[:0] = decode(data[:begins]).pieces
    return decoded


def _wide_behind_front(data: memoryview) -> Decoded | None:
    """Return UTF-16 that begins at an even or odd place behind a few bytes of something else."""
    for odd in (len(data) & 1, ~len(data) & 1):  # as a rule it ends with its last character
        behind = data[FRONT + odd :]
        code = wide(bytes(behind[:BEGINNING])) and wide(bytes(behind[:WINDOW]))
        if code in UTF_16 and _throughout(behind, code):
            text = (bytes(data[odd:]) + bytes(len(data) - odd & 1)).decode(code, "replace")
            return Decoded([text.replace("\0", "\n")], code, LIKELY)
    return None


def passages(data: memoryview, mime: str) -> Parsed | None:
    """Return the readable passages of a content that nobody reads, a line feed behind each; None for none.

    What the structure of a program, of its message catalogue or of a font says to be its own is left out.
    """
    pieces: list[str] = []
    notes: tuple[Note, ...] = ()
    kept = crowded = 0
    for part in others(data, mime):
        for at in range(0, len(part), STEP):
            if kept >= MOST_TEXT:
                reason = (
                    f"more than {MOST_TEXT} characters of readable passages: stopped within {len(data)} bytes"
                )
                notes = (Note(Loss.STRINGS_CUT, reason),)
                break
            block = bytes(part[at : at + STEP])
            if not block.strip(b"\0"):  # room kept for later: much of databases, logs and memory
                continue
            beyond: set[int] = set()
            for text in in_order(passages_in(block, beyond)):
                if (" " in text.strip() or not text.isascii()) and is_passage(text):
                    pieces.append(f"{text}\n")
                    kept += len(text)
            crowded += bool(beyond)
    if crowded:
        where = counted(crowded, "block")
        reason = f"more passages than are judged in {where} of {STEP} bytes: some may not be in the text"
        notes = (*notes, Note("unjudged", reason))
    return Parsed(text=["".join(pieces)], notes=notes) if pieces else None


def _mostly_text(data: memoryview) -> bool:
    looked = _windows(data)
    written = others = 0
    for window in looked:
        if _is_text(bytes(window)):
            written += 1
        else:
            others += 1
        if written * 2 > len(looked) or others * 2 >= len(looked):
            break
    return written * 2 > len(looked)


def _throughout(data: memoryview, encoding: str) -> bool:
    looked = [window for window in _windows(data) if len(window) >= CERTAIN] or [data]
    left = len(looked)
    # of byte code the first ones tell: all of them took a third of the time of ``legible``
    for window in looked:
        left -= wide(bytes(window)) != encoding
        if left < STEADY * len(looked):
            return False
    return True


def _windows(data: memoryview) -> list[memoryview]:
    """Return windows evenly spread, each at an even place."""
    count = -(-len(data) // WINDOW)
    step = max(1, count // MOST_WINDOWS)
    return [data[at * WINDOW : (at + 1) * WINDOW] for at in range(0, count, step)]


def _is_text(window: bytes) -> bool:
    controls = len(window) - len(window.translate(None, CONTROLS))
    if controls > MOST_CONTROLS * len(window) + 2 or not window.strip(b"\0\xff\xfe \r\n\t"):
        return False
    readable = window.decode("utf-8", "ignore")
    return len(window) >= CERTAIN or len(readable.encode()) * 10 >= len(window) * 9
