r"""Lines of UTF-16 within a text of another code, in either order and at any offset, as UTF-8.

Source: Unicode 16.0, 3.10 (UTF-16LE, UTF-16BE); RFC 3629, 3 (UTF-8). ``>>`` of PowerShell appends UTF-16 to what is
ASCII, ``copy /b`` and ``cat`` join files with their marks, text mode puts one byte into UTF-16 at each line end: none
of it can be decoded as a whole, and each line is of one code.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from actionday.mime.wide import FIRST, is_line, may_begin, reads_as

LITTLE, BIG = "utf-16-le", "utf-16-be"
SIGN = re.compile(rb"\0(?:[^\0]\0|\r?\n|(?<=\n\0)[^\0])")
"""What UTF-16 has: letters with NUL bytes between them, or the end of a line. Begins with a byte few texts have."""
SHIFTED = "".join(chr(letter << 8) for letter in range(0x20, 0x7F))
TORN = re.compile(
    "(?<![\u0a00-\u0aff])[\u0a20-\u0a7e](?![\u0a00-\u0aff])|(?<![\u0d00-\u0d7f])\u0d0a(?![\u0d00-\u0d7f])"
    f"|[\x00-\x08\u0a0d\ufeff\ufffd\ufffe]|[{SHIFTED}]{{3}}"
)
"""What UTF-16 with lines of another code or order reads as: their line ends, marks, letters at an odd place."""
QUICK = re.compile(f"[\x00-\x08\u0a0d\u0a20-\u0a7e\u0d0a\ufeff\ufffd\ufffe{SHIFTED}]")
MARKS = re.compile(rb"\xff\xfe|\xfe\xff")
LETTERS = re.compile(rb"(?:[\t\x20-\x7e]\0){4,}")
"""ASCII with a NUL byte behind each, within a line that is none of UTF-16."""
ALTERNATE = re.compile(rb"\0[^\0]\0[^\0]\0[^\0]\0")
FEWEST = 3
"""Characters of all lines of UTF-16 together: one or two may be letters of ASCII and a NUL that ends a string."""
LINE = 1 << 16
"""Bytes of a line that are looked at."""
FEEDS = re.compile(rb"\n(?=\0)|(?<=[\0\r])\n")
"""Where a line may end; elsewhere a line feed is a byte of a letter, or stands by itself in a text of Latin letters."""
PLAIN = re.compile(rb"[\x20-\x7e]{16}|[\t\x20-\x7e]{3,16}\r?\n(?!\0)")
"""ASCII, which no eight characters of UTF-16 are, nor the first ones of a line."""
LATIN = {
    LITTLE: re.compile(rb"(?>(?:(?>(?:[\t\r\x20-\xff]\0)*)\n\0)*)"),
    BIG: re.compile(rb"(?>(?:(?>(?:\0[\t\r\x20-\xff])*)\0\n)*)"),
}
"""Whole lines of Latin letters."""
ATTEMPTS = 100_000
"""Places of one window at which a line of UTF-16 may begin that are looked at: two seconds. Lines of Latin letters that
follow each other count as one."""
TRIES = 4
"""Places at which a line may begin or end."""
BEFORE = 2048
"""Bytes before the first NUL in which its line begins."""


class Spliced(NamedTuple):
    """Bytes with their lines of UTF-16 as UTF-8, and the codes of these."""

    data: bytes
    codes: frozenset[str]


class _Line(NamedTuple):
    code: str
    start: int
    stop: int
    """Where its characters end, before the line feed."""
    end: int


def spliced(data: bytes) -> Spliced | None:
    """Return ``data`` with its lines of UTF-16 as UTF-8; None where it has none. Linear in its length."""
    if b"\0" not in data or not SIGN.search(data):
        return None
    parts: list[bytes] = []
    codes, within = set[str](), set[str]()
    at = letters = 0
    for line in _lines(data):
        letters += (line.stop - line.start) // 2
        parts.append(_letters(data[at : line.start], within))
        raw = data[line.start : line.stop].decode(line.code, "replace").removeprefix("\ufeff").encode()
        parts += [raw, b"\n"] if line.stop < line.end else [raw]
        codes.add(line.code)
        at = line.end
    parts.append(_letters(data[at:], within))
    if letters < FEWEST and not within:
        return None
    return Spliced(b"".join(parts), frozenset(codes | within)) if codes or within else None


def torn(pieces: Iterable[str]) -> int:
    """Return how many places of a text that was read as UTF-16 show that not all of it is."""
    return sum(len(TORN.findall(piece)) for piece in pieces if QUICK.search(piece))


def _letters(plain: bytes, codes: set[str]) -> bytes:
    if not ALTERNATE.search(plain):
        return plain
    text, count = LETTERS.subn(lambda found: found[0].replace(b"\0", b""), plain)
    if count:
        codes.add(LITTLE)
    return text


def _lines(data: bytes) -> Iterator[_Line]:
    """Yield the lines of UTF-16 in order, of Latin ones as many as follow each other together."""
    at, nul, left, code = 0, data.find(b"\0"), ATTEMPTS, ""
    feeds = _Feeds(data)
    while nul >= 0 and left > 0:
        line = None
        for start in _starts(data, at, nul):
            left -= 1
            if line := _line(data, start, feeds):
                break
        if line:
            yield line
            at, code = line.end, line.code
            if (more := LATIN[line.code].match(data, at)) and more.end() > at:
                yield _Line(line.code, at, more.end(), more.end())
                at = more.end()
        else:
            at, code = data.find(b"\n", nul) + 1 or len(data), ""
        nul = data.find(b"\0", at)
    if code and at < len(data) and reads_as(data[at:], code):  # a last word without a blank or a line end
        yield _Line(code, at, len(data), len(data))


def _starts(data: bytes, at: int, nul: int) -> Iterator[int]:
    """Yield where the line that holds a NUL byte may begin: at a mark, else behind a line feed, the farthest first.

    Behind a nearer one it is not read in the same order: then the byte is a letter's.
    """
    low = max(at, nul - BEFORE)
    yield from (found.start() for found in MARKS.finditer(data, low, nul + 1))
    starts: list[int] = []
    end = nul
    while len(starts) < TRIES and (feed := data.rfind(b"\n", low, end)) >= 0:
        if starts and is_line(data[feed + 1 : end]):
            break
        starts.append(feed + 1)
        end = feed
    else:
        if low == at and len(starts) < TRIES and not (starts and is_line(data[at:end])):
            yield at
    yield from reversed(starts)


class _Feeds:
    """Where lines may end; each byte is looked at once, however far the next of them is."""

    def __init__(self, data: bytes) -> None:
        self._found = (each.start() for each in FEEDS.finditer(data))
        self._places = array("Q")

    def behind(self, start: int) -> list[int]:
        """Return the first ones of the line that begins at ``start``."""
        at = bisect_left(self._places, start)
        for place in self._found if len(self._places) - at < TRIES else ():
            self._places.append(place)
            at += place < start
            if len(self._places) - at == TRIES:
                break
        return [place for place in self._places[at : at + TRIES] if place < start + LINE]


def _line(data: bytes, start: int, feeds: _Feeds) -> _Line | None:
    if PLAIN.match(data, start):
        return None
    single = data.find(b"\n", start, start + LINE)
    if single < 0:
        return _last(data, start) if len(data) - start <= LINE else None
    first = data[start : start + 2 * FIRST]
    begins = {code for code in (LITTLE, BIG) if may_begin(first, code)}
    near = start + 2 * FIRST + 1
    ends = (feed for feed in (*feeds.behind(start), single) if begins or feed < near)
    return next((line for feed in ends if (line := _ended(data, start, feed))), None)


def _last(data: bytes, start: int) -> _Line | None:
    """Return what stands behind the last line feed; of its last character one byte may be missing."""
    stop = len(data) - (len(data) - start) % 2
    raw = data[start:stop]
    code = next((code for code in (LITTLE, BIG) if raw and reads_as(raw, code)), "")
    return _Line(code, start, stop, stop) if code else None


def _ended(data: bytes, start: int, feed: int) -> _Line | None:
    """Return the line of UTF-16 that ends at a line feed of two bytes, or of one that a program put there."""
    behind = data[feed + 1 : feed + 2] == b"\0"
    if (feed - start) % 2 == 0:
        raw = data[start:feed]
        if reads_as(raw, LITTLE, latin=not behind):
            return _Line(LITTLE, start, feed, feed + 1 + behind)
        return _Line(BIG, start, feed, feed + 1) if reads_as(raw, BIG, latin=True) else None
    raw = data[start : feed - 1]
    if data[feed - 1] == 0 and reads_as(raw, BIG):
        return _Line(BIG, start, feed - 1, feed + 1)
    if data[feed - 1 : feed] == b"\r" and reads_as(raw, LITTLE):
        return _Line(LITTLE, start, feed - 1, feed + 1 + behind)
    return None
