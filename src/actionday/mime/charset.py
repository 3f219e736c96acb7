"""Bytes of a mail to text: the charset it names, an alias of it, or the best guess with the reason.

Source: RFC 2046 section 4.1.2 (the charset parameter); what the labels mean: ``labels``.
"""

import codecs
import re

import msgspec

from actionday.mime.guess import LIKELY, WESTERN, escaped, legacy
from actionday.mime.japanese import extended
from actionday.mime.labels import codec_of
from actionday.mime.stretches import spliced

GUESS_BYTES = 1 << 16
"""What a guess looks at: more does not change it and costs seconds."""
WELL = 4
"""Characters that are read for one that is not, where nothing says that the text is UTF-8."""
LEAST = 16
"""Bytes of a short text that may have one bad place."""
ESCAPE = b"\x1b"
_ASCII = tuple(map(chr, range(128)))
_SEVEN_BITS = ("iso2022", "hz", "utf-7")
"""Charsets whose text looks like plain ASCII: it must not be taken for UTF-8."""
_WIDE = ("utf-16", "utf-32")
_TWO_BYTES = (*_WIDE, "gb", "big5", "cp932", "cp949", "cp950", "euc", "shift", "johab", "hz")
_SEVEN = bytes(range(0x80))
_LETTERS = bytes(range(0xA1, 0x100))
FEW, SOME = 4, 6
"""Characters beyond ASCII from which a text of UTF-8 is no chance, in a code of one byte and of two bytes a letter."""
ACCENTED = re.compile(r"(?<=[A-Za-z])[\xc0-\u024f]|[\xc0-\u024f](?=[a-z])")
"""A letter with its accent in a Latin word, where a code of two bytes has a Chinese character."""
ROW = re.compile(rb"[\xa1-\xff]{4,}")
LONG_ROWS = 8


class Text(msgspec.Struct, frozen=True):
    """Text, the Python codec that gave it, and why it is not the one that was named ("" if it is)."""

    text: str
    codec: str
    reason: str = ""


def decode(raw: bytes, label: str = "") -> Text:
    """Return ``raw`` as text by the named charset, by UTF-8 where it is valid, else by the best guess.

    A wrong or unknown label never loses the text: ``reason`` says what was done instead.
    """
    codec = codec_of(label) if label else ""
    if b"\0" in raw and not codec.startswith(_WIDE) and (mended := spliced(raw)):
        raw = mended.data  # lines of UTF-16 within it, or all of it
    if raw.isascii() and not codec.startswith(_SEVEN_BITS):
        hidden = escaped(raw[:GUESS_BYTES])
        if hidden:
            return Text(_replaced(raw, hidden), hidden, _instead(label, codec, hidden))
        named = codec or not label
        if not codec.startswith(_WIDE):
            return Text(raw.decode("ascii"), codec or "ascii", "" if named else _unknown(label))
    if codec and _is_utf8_in_truth(raw[:GUESS_BYTES], codec):
        codec = ""
    if codec in WESTERN and (guess := _not_western(raw[:GUESS_BYTES])):
        return Text(raw.decode(guess, "replace"), guess, _instead(label, codec, guess))
    if codec and codec != "ascii":
        text = _strictly(raw, codec)
        if text is not None:
            return Text(text, codec)
    if codec.startswith("iso2022_jp") and ESCAPE in raw:
        return _partly(raw, codec, label)
    text = _strictly(raw, "utf-8")
    if text is not None:
        return Text(text, "utf-8", _instead(label, codec, "utf-8") if label else "")
    if _is_utf8(raw, 1 if codec == "utf-8" else WELL):
        return _partly(raw, "utf-8", label)
    if codec and codec not in ("ascii", "utf-8") and _mostly(raw, codec):
        return _partly(raw, codec, label)
    guess = legacy(raw).encoding
    return Text(raw.decode(guess, "replace"), guess, _instead(label, codec, guess))


def _is_utf8_in_truth(sample: bytes, codec: str) -> bool:
    """Say whether a text that another charset is named for is UTF-8.

    No Western text happens to be UTF-8, much UTF-8 is labelled Western. In other codes of one byte a letter a text of
    letters alone may be, while it is very short; in those of two bytes one in eight Chinese characters is, so that of
    texts of six one in a million is misread.
    """
    if codec == "utf-8" or not _is_utf8(sample, WELL) or (codec.startswith(_WIDE) and b"\0" in sample):
        return False
    if codec == "cp1252":
        return True
    text = sample.decode("utf-8", "replace")
    found = len(text) - sum(map(text.count, _ASCII))
    if codec.startswith(_TWO_BYTES):
        accented = len(ACCENTED.findall(text))
        return found >= SOME or (accented > 1 and accented * 2 >= found)
    return found >= FEW or not sample.translate(None, _SEVEN).decode(codec, "replace").isalpha()


def _not_western(sample: bytes) -> str:
    """Return the code of a text that no Western language writes, by rows of letters beyond ASCII; "" for Western.

    Accented letters stand alone or in twos; of an alphabet that is not Latin every word is such a row.
    """
    rows = [row for row in ROW.findall(sample) if len(set(row)) > 2]
    beyond = len(sample) - len(sample.translate(None, _LETTERS))
    if sum(map(len, rows)) < max(LONG_ROWS, beyond / 2):
        return ""
    guess = legacy(sample)
    return "" if guess.encoding in WESTERN or guess.confidence < LIKELY else guess.encoding


def _partly(raw: bytes, codec: str, label: str) -> Text:
    """Return text in which some places may not be read."""
    text = _replaced(raw, codec)
    whole = "\ufffd" not in text
    return Text(
        text, codec, "" if whole else f"not all of it is {label or codec}: the rest is shown as U+FFFD"
    )


def _replaced(raw: bytes, codec: str) -> str:
    return extended(raw) if codec.startswith("iso2022_jp") else raw.decode(codec, "replace")


def _is_utf8(raw: bytes, least: int) -> bool:
    """Say whether raw is UTF-8 but for a few places: ``least`` characters that are no ASCII for each of them."""
    sample = raw[:GUESS_BYTES].decode("utf-8", "replace")
    bad = sample.count("\ufffd")
    if len(raw) > GUESS_BYTES and sample.endswith("\ufffd"):
        bad -= 1  # a character that the end of the sample cuts
    good = len(sample) - sum(map(sample.count, _ASCII)) - sample.count("\ufffd")
    return good > 0 and good >= least * bad


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _mostly(raw: bytes, codec: str) -> bool:
    """Say whether ``codec`` reads all but a few bytes (a cut character, a stray quote) of ``raw``."""
    sample = raw[:GUESS_BYTES]
    try:
        bad = sample.decode(codec, "replace").count("\ufffd")
        codecs.getincrementaldecoder(codec)().decode(sample)
    except (UnicodeError, ValueError):
        return bad * 50 <= len(sample) or (bad == 1 and len(sample) >= LEAST)
    return True  # but for the last character


def _unknown(label: str) -> str:
    return f"charset {label[:64]!r} is not known; the text is plain ASCII"


def _instead(label: str, codec: str, used: str) -> str:
    if not label:
        return f"no charset is named: guessed {used}"
    if not codec and not codec_of(label):
        return f"charset {label[:64]!r} is not known: read as {used}"
    return f"the text is not {label[:64]}: read as {used}"
