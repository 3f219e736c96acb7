"""Text in bytes that no field of a format accounts for, and in the rooms that formats leave to programs.

Source: none. A part is believed for what its structure accounts for, never for its first bytes alone.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from actionday.mime.passages.found import RUN
from actionday.mime.prose import EASTERN, is_passage, is_written
from actionday.parsers._legible import passages

LEAST = 20
"""Bytes of a passage among numbers, as among the bytes of programs."""
LIKE_TEXT = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xf4]{20,}")
WORDS = re.compile(
    rb"[A-Za-z]{2}[,.:;-]?[ \r\n][A-Za-z]{2}|[\xc3-\xf4][\x80-\xbf]{1,3} ?[\xc3-\xf4][\x80-\xbf]"
)
LEAST_WRITTEN = 0.85
"""Share of letters, figures and blanks of a passage among numbers: tables spell letters and signs in any mixture."""
WHOLE_WORDS = re.compile(r"\b(?:[A-Z]?[a-z]{2,}|[A-Z]{3,})\b")
LEAST_LETTERS, STUCK = 8, 2
LEAST_PARTED = 0.05
"""Share of blanks, of scripts that have them."""
Ranges = Sequence[tuple[int, int]]


def texts(body: bytes | memoryview, *, numbers: bool = False) -> Iterator[str]:
    """Yield the passages in some bytes; among ``numbers`` ASCII and UTF-8 alone, which tables hardly ever spell."""
    body = bytes(body)
    if len(body) < LEAST:
        return
    if numbers:
        for run in LIKE_TEXT.finditer(body):
            for found in RUN.finditer(run[0]):
                if len(found[0]) >= LEAST and WORDS.search(found[0]):
                    text = found[0].decode("utf-8", "replace").strip()
                    if _is_sentence(text):
                        yield text
    else:
        read = passages(memoryview(body), "")
        lines = "".join(read.text).splitlines() if read else ()
        yield from (line for line in lines if line.isascii() or _is_words(line))


def _is_words(text: str) -> bool:
    """Say whether a passage of a small room is writing: noise that reads as a few letters of some script is not."""
    letters = sum(map(str.isalpha, text))
    if letters < LEAST_LETTERS or letters * 5 < len(text) * 3:
        return False
    return is_written(text) or is_written(text[STUCK:])  # bytes in front may have been read as letters


def _is_sentence(text: str) -> bool:
    """Say whether a run of characters among numbers is writing: sizes and colours rise and fall like letters too."""
    if text.isascii():
        words = sum(map(len, WHOLE_WORDS.findall(text)))
        likely = words * 2 >= len(text) and text.count(" ") >= LEAST_PARTED * len(text)
    else:
        scripts = Counter(0 if EASTERN.match(each) else ord(each) >> 9 for each in text if each.isalpha())
        letters = scripts.total()
        likely = letters >= LEAST_LETTERS and scripts.most_common(1)[0][1] * 10 >= letters * 9
    written = sum(each.isalnum() or each.isspace() for each in text)
    return likely and written >= LEAST_WRITTEN * len(text) and is_written(text) and is_passage(text)


def gaps(taken: Ranges, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what lies between ``begin`` and ``end`` in none of the ranges."""
    at = begin
    for start, stop in [*sorted(taken), (end, end)]:
        if start > at:
            yield at, min(start, end)
        at = max(at, stop)
        if at >= end:
            return


class Once:
    """Bytes of a block that were not looked at yet: thousands of entries may all point at the same ones."""

    def __init__(self, size: int) -> None:
        """The block has ``size`` bytes."""
        self._seen = bytearray(size)

    def fresh(self, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges between ``begin`` and ``end`` that are new, which afterwards they are not."""
        end = min(end, len(self._seen))
        at = self._seen.find(0, begin, end)
        while at >= 0:
            stop = self._seen.find(1, at, end)
            stop = end if stop < 0 else stop
            self._seen[at:stop] = b"\1" * (stop - at)
            yield at, stop
            at = self._seen.find(0, stop, end)
