"""Letters of a PDF that a font of drawings (Type 3) has by its map and draws by nothing: PDFium leaves them out.

Source: PDF 1.7 (ISO 32000-1), 9.6.5 (Type 3 fonts: ``CharProcs``, ``Encoding``, ``Widths``), 9.10.3 (ToUnicode CMaps).

A letter of such a font is there by three things: a width, a name among the ``Differences``, and a drawing of that name.
One damaged byte among the names moves all that follow, and the letter goes without a word.
"""

import re
from collections.abc import Iterator

from actionday.model import Loss, Note
from actionday.model.counted import counted
from actionday.parsers._pdf_rebuilt import STREAM, objects, unpacked
from actionday.parsers._pdf_told import codes_of

FONT = re.compile(rb"/Subtype\s*/Type3\b")
FIRST = re.compile(rb"/FirstChar\s+(\d{1,3})\b")
MAP = re.compile(rb"/ToUnicode\s+(\d{1,8})\s+\d{1,5}\s+R\b")
VALUES = {
    b"[": re.compile(rb"\[([^\[\]]*)\]"),
    b"<": re.compile(rb"<<((?:[^<>]|<<[^<>]*>>)*)>>"),
}
REFERENCE = re.compile(rb"\s*(\d{1,8})\s+\d{1,5}\s+R\b")
WORD = re.compile(rb"/([^\s/<>\[\]()]*)|([-+.\d]+)")
DRAWING = re.compile(rb"/([^\s/<>\[\]()]+)\s*(\d{1,8})\s+\d{1,5}\s+R\b")
CODES = 256


def undrawn(copy: bytes) -> Note | None:
    """Return the loss of letters that nothing draws, in a document as PDFium writes it; linear in its length."""
    if not FONT.search(copy):
        return None
    bodies = objects(copy).bodies
    found = {number: lost for number, body in bodies.items() if (lost := _lost(body, bodies))}
    if not found:
        return None
    letters = counted(sum(found.values()), "letter has", "letters have")
    fonts = counted(len(found), "font", "fonts")
    why = f"PDF: {letters} a place and no drawing in {fonts} of drawings, words may lack them"
    return Note(Loss.PAGE_DAMAGED, f"{why}: object {min(found)} is damaged")


def _lost(body: bytes, bodies: dict[int, bytes]) -> int:
    """Return how many letters of a font have a width and no drawing."""
    named = MAP.search(body) if FONT.search(body) else None
    first = FIRST.search(body)
    if not named or not first or STREAM.search(body):
        return 0
    widths = (WORD.findall(_value(b"Widths", b"[", body, bodies)))[:CODES]
    wide = {int(first[1]) + at for at, (_, width) in enumerate(widths) if _number(width)}
    names = dict(_names(_value(b"Differences", b"[", _value(b"Encoding", b"<", body, bodies), bodies)))
    drawings = dict(DRAWING.findall(_value(b"CharProcs", b"<", body, bodies)))
    if not names:
        return 0
    told = codes_of(unpacked(bodies.get(int(named[1]), b"")))
    letters = (code for code in wide if chr(told.get(code, 0)).isalnum())
    return sum(not _is_drawn(drawings.get(names.get(code, b""), b""), bodies) for code in letters)


def _is_drawn(number: bytes, bodies: dict[int, bytes]) -> bool:
    return bool(number) and STREAM.search(bodies.get(int(number), b"")) is not None


def _value(key: bytes, kind: bytes, body: bytes, bodies: dict[int, bytes]) -> bytes:
    """Return what stands within an array or a dictionary that has a key, wherever it stands."""
    at = re.search(rb"/%s\b\s*" % key, body)
    if not at:
        return b""
    reference = REFERENCE.match(body, at.end())
    held, begin = (bodies.get(int(reference[1]), b""), 0) if reference else (body, at.end())
    found = VALUES[kind].search(held, begin)
    return found[1] if found and (reference or found.start() == begin) else b""


def _names(differences: bytes) -> Iterator[tuple[int, bytes]]:
    code = 0
    for name, number in WORD.findall(differences):
        if number:
            code = int(_number(number))
        else:
            yield code, name
            code += 1


def _number(written: bytes) -> float:
    try:
        return float(written)
    except ValueError:
        return 0
