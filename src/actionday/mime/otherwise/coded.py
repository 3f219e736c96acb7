"""Bytes that a text has in letters or figures (base64, hexadecimal), as text: only where they surely are one.

Source: RFC 3629 (UTF-8), RFC 2781 (UTF-16), RFC 1950 to 1952 (what a script packs before it writes it in letters).

A digest or a key is printable by chance once in ten million times at sixteen bytes; a word says more than signs do.
"""

import re
import zlib

from actionday.mime.guess import legacy
from actionday.mime.prose import is_written
from actionday.mime.wide import wide

CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd-\uffff]")
WORD = re.compile(r"[^\W\d_]{3}")
PAIR = re.compile(r"[^\W\d_]{2}")
TOLD = re.compile(r"[^\W_]| ")
"""Letters, figures and blanks: of prose and programs two thirds, of printable signs by chance the same."""
VOWEL = re.compile("[aeiouyAEIOUY\x80-\U0010ffff]")
SHORT = 24
"""Characters below which nearly all must be of words."""
LEGACY = 24
"""Bytes of an old code that is guessed."""
MOST_NULS = 2
"""Between a name and its password (RFC 4616); arguments of a command have one behind each."""
FEW = 6
"""Values of every other byte at the beginning, where those tell the alphabet."""
LARGEST = 1 << 20
"""Bytes unpacked of one stream."""
PACKED = (b"\x1f\x8b\x08", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


def text_of(raw: bytes, *, marked: bool = False, packed: bool = False) -> str:
    """Return the text that bytes are, "" for none. ``marked``: what stands before them says what they are.

    ``packed``: they are said to be a bare stream of deflate.
    """
    if packed or raw.startswith(PACKED):
        raw = _unpacked(raw, bare=packed) or raw
    if raw.count(0) * 3 > len(raw):
        return _wide(raw)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _wide(raw) or (_legacy(raw) if marked else "")
    text = text.strip("\0").replace("\0", " ", -1 if marked else MOST_NULS)
    if CONTROLS.search(text):
        return _wide(raw)
    return text if _is_legible(text, marked=marked) else ""


def _is_legible(text: str, *, marked: bool) -> bool:
    told = len(TOLD.findall(text))
    if marked:
        return told * 2 >= len(text) and PAIR.search(text) is not None
    if not WORD.search(text):
        return False
    if len(text) < SHORT:
        return told * 10 >= len(text) * 9 and VOWEL.search(text) is not None
    return told * 5 >= len(text) * 3 and len(VOWEL.findall(text)) * 12 >= len(text)


def _wide(raw: bytes) -> str:
    """Return UTF-16: of ASCII letters with NUL between them whatever its length, of others as ``wide`` tells."""
    half = raw[: len(raw) & ~1]
    for code, first in (("utf-16-le", 0), ("utf-16-be", 1)):
        letters = half[first::2]
        if len(letters) > 2 and not half[1 - first :: 2].strip(b"\0") and letters.isascii():
            text = half.decode(code)
            return text if not CONTROLS.search(text) and WORD.search(text) else ""
    if len(half) < 2 * LEGACY or min(len(set(half[at : 2 * LEGACY : 2])) for at in (0, 1)) > FEW:
        return ""
    code = wide(half) or ""
    text = half.decode(code, "replace") if code.startswith("utf-16") else ""
    return text if text and not CONTROLS.search(text) and is_written(text) else ""


def _legacy(raw: bytes) -> str:
    if len(raw) < LEGACY:
        return ""
    text = raw.decode(legacy(raw).encoding, "replace")
    return text if not CONTROLS.search(text) and is_written(text) else ""


def _unpacked(raw: bytes, *, bare: bool) -> bytes:
    for width in (-15, 47) if bare else (47,):
        try:
            return zlib.decompressobj(width).decompress(raw, LARGEST)
        except zlib.error:
            continue
    return b""
