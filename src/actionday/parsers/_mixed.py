"""Lines of a text in old codes that are in another code than the rest: joined logs, dumps, collections of mails.

Source: windows-1251, -1253, -1255, -1256, KOI8-R, ISO 8859-5 and -6, code page 866 as Python's codecs have them.

A line is told by the bytes of the small letters of which most of any text consists, as ``mime.prose`` has them;
only lines that do not read as the code of the text are looked at any closer.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from actionday.mime.central import central
from actionday.mime.guess import legacy
from actionday.mime.prose import USUAL
from actionday.mime.wide import is_utf8

LEAST = 6
"""Bytes beyond ASCII by which a line is told; shorter ones go with the line before them."""
FITS = TOLD = 0.65
"""Share of usual letters from which a line is in a code: of prose 0.75, in the wrong code 0.5 at most."""
CLEARER = 0.1
"""By how much it must be more: KOI-8 has its small letters where windows-1251 has the capitals."""
CHARACTERS = 3
"""Characters of UTF-8 that no line of another code has by chance."""
MOST_GUESSED = 50
"""Lines of Latin script whose code is guessed, each alone: 10 ms. Further ones are in the code of most of these."""
LETTERS = bytes((*range(0x41, 0x5B), *range(0x61, 0x7B)))
ASCII = bytes(range(0x80))
IN_LATIN = re.compile(rb"[A-Za-z][\x80-\xff]{1,4}(?![\x80-\xff])|(?<![\x80-\xff])[\x80-\xff]{1,4}[A-Za-z]")
"""Accented letters within words of Latin script."""


SMALL = {code: letters.encode(code, "ignore") for code, letters in USUAL.items()}


class Line:
    """What a line of bytes is in, when it is not in ``code``."""

    def __init__(self, code: str) -> None:
        """``code`` is the Python codec of the text as a whole."""
        self.code = code
        letters = _letters(code)
        self._small = letters.encode(code, "ignore") if letters else b""
        self._capital = letters.upper().encode(code, "ignore") if letters else b""
        self._single = bool(self._small) or code.startswith(("cp12", "iso8859", "mac", "koi8", "cp8", "cp4"))
        self._before = ""
        self._guessed = Counter[str]()

    def other(self, line: bytes) -> str:
        """Return the codec of a line that is not in the code of the text, "" for one that is."""
        high = line.translate(None, ASCII)
        if not high:
            self._before = "" if not line.strip() else self._before
            return ""
        if len(high) >= LEAST:
            self._before = self._told(line, high)
        return self._before

    def _told(self, line: bytes, high: bytes) -> str:
        if is_utf8(line, CHARACTERS):
            return "utf-8"
        if not self._single:
            return ""
        if self._small:
            own = _share(high, self._small)
            if own >= FITS:
                return ""
            own = max(own, _share(high, self._capital))
            if _in_latin(line) * 10 >= len(high) * 8:
                guess = self._guess(line)
                return guess if guess not in SMALL and guess != self.code else ""
        elif _in_latin(line) * 2 >= len(high):
            return ""
        else:
            own = 0.0
        code, share = _best(high)
        return code if share >= TOLD and share >= own + CLEARER and code != self.code else ""

    def _guess(self, line: bytes) -> str:
        if self._guessed.total() >= MOST_GUESSED:
            return central(line) or self._guessed.most_common(1)[0][0]
        guess = legacy(line).encoding
        self._guessed[guess] += 1
        return guess


def codes_of(lines: Sequence[bytes]) -> Counter[str]:
    """Return how many bytes beyond ASCII the lines have in each code of an alphabet that is clearly told."""
    found: Counter[str] = Counter()
    for line in lines:
        high = line.translate(None, ASCII)
        if len(high) >= LEAST and _in_latin(line) * 2 < len(high):
            code, share = _best(high)
            found[code if share >= TOLD else ""] += len(high)
    untold = found.pop("", 0)
    return found if found.total() >= 2 * untold else Counter()


def runs(window: bytes, line: Line) -> Iterator[tuple[str, bytes]]:
    """Yield a window in runs of lines, each with its codec, "" for that of the text."""
    start = at = 0
    code = ""
    for each in window.splitlines(keepends=True):
        other = line.other(each)
        if other != code and not (not other and each.isascii() and each.strip()):
            if at > start:
                yield code, window[start:at]
            start, code = at, other
        at += len(each)
    if at > start:
        yield code, window[start:at]


def _letters(code: str) -> str:
    """Return the usual letters of the alphabet that a code of one byte a letter has, "" for other codes."""
    for letters in dict.fromkeys(USUAL.values()) if code else ():
        held = letters.encode(code, "ignore").decode(code)
        if len(held) * 5 >= len(letters) * 4 and len(held.encode(code)) == len(held):
            return letters
    return ""


def _in_latin(line: bytes) -> int:
    """Return how many bytes beyond ASCII stand in words of Latin script."""
    return sum(len(found.strip(LETTERS)) for found in IN_LATIN.findall(line))


def _share(high: bytes, small: bytes) -> float:
    return 1 - len(high.translate(None, small)) / len(high)


def _best(high: bytes) -> tuple[str, float]:
    return max(((code, _share(high, small)) for code, small in SMALL.items()), key=lambda each: each[1])
