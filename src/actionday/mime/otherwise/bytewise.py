"""Letters whose bytes are written one by one: UTF-8 where they are, else the code that all of them together tell.

Source: RFC 3629, 3 (UTF-8); the code pages as Python's codecs have them.
"""

from collections.abc import Sequence

from actionday.mime.guess import FEW, HIGH, SAMPLE, legacy
from actionday.mime.prose import USUAL

SURE = 0.2
"""Confidence of the statistics from which a code is believed."""
LONGEST_CUT = 3
"""Bytes of a character that a cut text may lack one of."""


def utf8(raw: bytes) -> str | None:
    """Return the text of UTF-8, also where its last character is cut; None for what is none."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and error.start >= len(raw) - LONGEST_CUT
        return raw[: error.start].decode("utf-8") if cut and error.start else None


def told(runs: Sequence[bytes], *, alphabets: bool = False) -> list[str | None]:
    """Return what runs say that are no UTF-8: in one code, which is guessed by all of them; None where it is not told.

    ``alphabets``: only the codes of alphabets other than Latin are thought of.
    """
    sample = b"\n".join(runs)[:SAMPLE]
    if sum(map(len, HIGH.findall(sample))) < FEW - 2:
        return [None] * len(runs)
    code = _usual(sample)
    if not code and not alphabets:
        guess = legacy(sample)
        code = guess.encoding if guess.confidence >= SURE else ""
    return [_decoded(raw, code) for raw in runs] if code else [None] * len(runs)


def _usual(sample: bytes) -> str:
    """Return the code of an alphabet whose usual letters the bytes are, "" where none is clearly meant."""
    best, share = "", 0.0
    for code, usual in USUAL.items():
        own = [letter for letter in sample.decode(code, "replace") if letter > "\x7f"]
        lower = sum(letter.lower() in usual for letter in own) / max(len(own), 1)
        # a word in the wrong case is one in the wrong code: KOI-8 and windows-1251 have the cases exchanged
        shouted = sum(letter.isupper() for letter in own) / max(len(own), 1)
        score = lower - 0.2 * shouted
        if score > share:
            best, share = code, score
    return best if share >= 0.55 else ""


def _decoded(raw: bytes, code: str) -> str | None:
    try:
        return raw.decode(code)
    except UnicodeError:
        return None
