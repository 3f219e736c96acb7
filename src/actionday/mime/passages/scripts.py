"""Passages of any script between binary bytes: UTF-16 in either order and place, and codes of one byte a letter.

Source: Unicode 16.0, 3.10 (UTF-16) and ``Blocks.txt``; the code pages as Python's codecs have them.

A plane is every second byte. In UTF-16 the high bytes of a text stand in one plane and are few: a run of them is
found at the speed of ``bytes.translate``, and only what lies around such a run is decoded and judged.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice, pairwise
from operator import itemgetter
from unicodedata import category

from actionday.mime.passages.eastern import eastern, none_by_chance, repeats
from actionday.mime.passages.overlaps import Found
from actionday.mime.prose import USUAL, USUALLY

LEAST = 10
"""Characters of a passage."""
MOST, MOST_EASTERN = 20_000, 4000
"""Runs judged in one block; a hostile one could hold nothing but candidates. One costs up to 40 microseconds, of East
Asia 180: less than a second for each code and order of bytes."""


def _table(spans: Iterable[tuple[int, int]]) -> bytes:
    """Return a translation: bytes within the spans become 1, others 0."""
    inside = {byte for low, high in spans for byte in range(low, high + 1)}
    return bytes(int(byte in inside) for byte in range(256))


def _blank(table: bytes) -> bytes:
    return b"\2" + table[1:]


LETTERS = _table([(0x00, 0x06), (0x09, 0x0E), (0x10, 0x10), (0x1E, 0x20)])
"""High bytes of alphabets, and of the signs between their words."""
HAN = _blank(_table([(0x30, 0x30), (0x4E, 0x9F), (0xFF, 0xFF)]))
HANGUL = _blank(_table([(0x30, 0x30), (0xAC, 0xD7)]))
"""High bytes of characters of East Asia; those of the blanks and figures between them are 2."""
TOGETHER = re.compile(rb"\x01\x01[\x01\x02]{8,}")
BEFORE = 16
"""Characters of a run that stand before the first two of East Asia."""
PRINTED = _table([(0x09, 0x0A), (0x0D, 0x0D), (0x20, 0x7E), (0xA0, 0xFF)])
ROW = b"\1" * LEAST
ALPHABETS = re.compile(
    r"[\t\n\r\x20-\x7e\xa0-\u024f\u0300-\u036f\u0386-\u03ce\u0401-\u045f\u0490-\u04f9\u0531-\u0587\u05b0-\u05f4"
    r"\u060c\u061b-\u063a\u0640-\u0669\u066e-\u06d3\u06f0-\u06f9\u0900-\u0dff\u0e01-\u0e5b\u10d0-\u10fc\u1e00-\u1eff"
    r"\u200c-\u203a\u20ac]{10,}"
)
AFTER_ASCII = re.compile(r"(?<=[\x20-\x7e])[^\x00-\x7f]{1,3}$")
OWN = r"[^\W\d_a-zA-Z\xaa-\u024f\u1e00-\u1eff]"
GLUED = re.compile(rf"[A-Za-z0-9]{OWN}|{OWN}[A-Za-z0-9]")
"""A letter of another script beside an ASCII one: what bytes read in the wrong order are full of."""
ENDS = frozenset((0x09, 0x0A, 0x0D))
"""High bytes of letters of India, and tabs and line ends beside a passage."""
LONGEST_END = 2
FEW = 0.75
"""Share of a passage that must be letters and blanks."""


def wide_passages(block: bytes, beyond: set[int] | None = None) -> Iterator[Found]:
    """Yield the passages of UTF-16 in a block, whatever their order of bytes and whether they begin even or odd.

    ``beyond`` takes the bytes at which runs begin that are no more judged.
    """
    for plane in (0, 1):
        high = block[plane::2]
        for start, end in _judged(_letters(block, plane, high), beyond):
            yield from _read(block, plane + 2 * start, plane + 2 * end, _alphabetic)
        for table in (HAN, HANGUL):
            runs = list(_judged(_east(high.translate(table)), beyond, MOST_EASTERN))
            found = [
                each
                for start, end in runs
                for each in _read(block, plane + 2 * start, plane + 2 * end, eastern)
            ]
            yield from none_by_chance(found, sum(end - start for start, end in runs))


def _judged(
    runs: Iterator[tuple[int, int]], beyond: set[int] | None, most: int = MOST
) -> Iterator[tuple[int, int]]:
    """Yield the first ``most`` runs; ``beyond`` takes where the next one begins."""
    yield from islice(runs, most)
    if beyond is not None and (more := next(runs, None)):
        beyond.add(more[0])


def _letters(block: bytes, plane: int, high: bytes) -> Iterator[tuple[int, int]]:
    """Yield the runs of high bytes of alphabets that are more than NULs, or have printed letters beside these."""
    for start, end in _runs(high.translate(LETTERS), LEAST):
        if high.count(0, start, end) < end - start or _printed(block, plane + 2 * start, end - start):
            yield start, end


def _east(marks: bytes) -> Iterator[tuple[int, int]]:
    """Yield the runs of high bytes that begin with two of East Asia in a row, with a few signs before them."""
    behind = 0
    for found in TOGETHER.finditer(marks):
        start, end = found.span()
        before = marks[max(behind, start - BEFORE) : start]
        behind = end
        if marks.count(1, start, end) >= LEAST - 2:
            yield start - (len(before) - before.rfind(0) - 1), end


def _printed(block: bytes, start: int, count: int) -> bool:
    """Say whether NULs are the high bytes of ten letters in a row, before or behind them."""
    low = block[max(0, start - 1) : start + 2 * count : 2]
    return ROW in low.translate(PRINTED)


def _runs(marks: bytes, least: int) -> Iterator[tuple[int, int]]:
    """Yield where bytes 1 stand, ``least`` of them at least, side by side."""
    wanted = b"\1" * least
    at = marks.find(wanted)
    while at >= 0:
        end = marks.find(b"\0", at)
        end = len(marks) if end < 0 else end
        yield at, end
        at = marks.find(wanted, end)


def _read(block: bytes, start: int, end: int, judge: "Judge") -> list[Found]:
    """Return the better of two readings of a run of high bytes: those before the low ones, those behind them."""
    first = start - 1 if start else 1
    if not block[first:end].strip(b"\0") or (judge is eastern and block[first:end].isascii()):
        return []
    little = judge(block[first : end - 1].decode("utf-16-le", "replace"), first)
    big = judge(block[start:end].decode("utf-16-be", "replace"), start)
    if little and len(little) == len(big) == 1 and little[0].text[1:] == big[0].text[:-1]:
        return [
            Found(little[0].at, big[0].end, little[0].text + big[0].text[-1])
        ]  # one alphabet, no blank: both read alike
    return max(little, big, key=_worth)


def _worth(found: list[Found]) -> float:
    text = " ".join(each.text for each in found)
    return len(text) + 3 * text.count(" ") - 6 * len(GLUED.findall(text))


def _alphabetic(text: str, at: int) -> list[Found]:
    found = []
    for run in ALPHABETS.finditer(text):
        before, kept = _bare(run[0])
        tail = AFTER_ASCII.search(kept)
        if tail and not tail[0].islower() and kept[: tail.start()].isascii():
            kept = kept[: tail.start()]  # the bytes behind a text, read as letters
        if len(kept) >= LEAST and _is_text(kept):
            begins = at + 2 * (run.start() + before)
            found.append(Found(begins, begins + 2 * len(kept), kept))
    return found


def _bare(text: str) -> tuple[int, str]:
    """Return a passage without line ends of one byte at its ends, which read as letters of India, and how many before.

    What is of the same block as its neighbour is a letter.
    """
    blocks = [ord(letter) >> 8 for letter in (*text[: LONGEST_END + 1], *text[-LONGEST_END - 1 :])]
    first, last = blocks[: LONGEST_END + 1], blocks[:LONGEST_END:-1]
    before = _strange(first)
    return before, text[before : len(text) - _strange(last)]


def _strange(blocks: list[int]) -> int:
    """Return how many of the first characters are none of the text's."""
    count = next((at for at, block in enumerate(blocks) if block not in ENDS), 0)
    return count or int(blocks[0] in ENDS and blocks[1] in ENDS and blocks[0] != blocks[1] == blocks[2])


Judge = Callable[[str, int], list[Found]]


def _is_text(text: str) -> bool:
    """Say whether characters of alphabets are words of one script, with ASCII between them at most."""
    if text.isascii():
        return True
    letters = [
        letter
        for letter in text
        if letter.isalpha() or category(letter)[0] == "M" or letter in "\u200c\u200d"
    ]
    if (len(letters) + text.count(" ")) < FEW * len(text) or repeats(letters):
        return False
    foreign = sum(letter > "\x7f" for letter in letters)
    others = Counter(
        ord(letter) >> 8 for letter in letters if letter > "\u024f" and not "\u1e00" <= letter < "\u1f00"
    )
    if not others:  # Latin: accents are fewer than plain letters
        return foreign * 2 <= len(letters)
    if (foreign - others.total()) * 10 > foreign:
        return False
    return (
        len(GLUED.findall(text)) * 12 <= len(text)
        and _one_case(text)
        and _one_family(others)
        and _likely(letters)
    )


def _likely(letters: list[str]) -> bool:
    """Say whether half of the letters are usual ones, where it is known which these are."""
    own = [letter.lower() for letter in letters if "\u036f" < letter < "\u06ff"]
    usual = sum(letter in USUALLY for letter in own)
    return not own or category(own[0])[0] == "M" or "\u0530" < own[0] < "\u0590" or usual * 2 >= len(own)


def _one_family(families: Counter[int]) -> bool:
    return max(families.values()) * 10 >= sum(families.values()) * 9


def _one_case(text: str) -> bool:
    """Say whether capitals begin words or fill them: random letters have them everywhere."""
    changes = sum(left.islower() and right.isupper() for left, right in pairwise(text))
    return changes * 10 <= len(text)


SEPARATORS = [
    (0x20, 0x22),
    (0x27, 0x29),
    (0x2C, 0x3B),
    (0x3F, 0x3F),
    (0x0A, 0x0A),
    (0x0D, 0x0D),
    (0x09, 0x09),
]
WINDOWS = _table([*SEPARATORS, (0xA3, 0xA3), (0xA8, 0xA8), (0xAA, 0xAA), (0xAF, 0xAF), (0xB2, 0xB4), (0xB8, 0xB8),
                  (0xBA, 0xBA), (0xBF, 0xFF)])  # fmt: skip
DOS = _table([*SEPARATORS, (0x80, 0xAF), (0xDF, 0xFE)])
"""Where the letters of code pages stand: above 0xC0, on DOS and Macintosh in two ranges."""
LONGEST = 1 << 16
"""Bytes of a run of such letters that are decoded at once."""
SAMPLED = 400
"""Letters by which a code is told."""
ENOUGH = 0.62
ASCII = bytes(range(0x80))


def single_passages(block: bytes, beyond: set[int] | None = None) -> Iterator[Found]:
    """Yield the passages of a block in codes of one byte a letter: Cyrillic, Arabic, Greek, Hebrew.

    ``beyond`` is as above.
    """
    for table, codes in ((WINDOWS, tuple(USUAL)), (DOS, ("cp866", "mac_cyrillic"))):
        for start, end in _judged(_runs(block.translate(table), 2 * LEAST), beyond):
            for at in range(start, end, LONGEST):
                piece = block[at : min(end, at + LONGEST)]
                text = _told(piece, codes)
                if text:
                    yield Found(at, at + len(piece), text)


def _told(piece: bytes, codes: tuple[str, ...]) -> str:
    """Return the piece in the code whose usual letters it has, "" where none has enough of them."""
    if b" " not in piece.strip() or len(set(piece)) < 8:
        return ""
    share, best = max(((_share(piece, code), code) for code in codes), key=itemgetter(0))
    return piece.decode(best, "replace") if share else ""


@cache
def _unusual(code: str) -> bytes:
    """Return the bytes that are no usual letter of a code."""
    return bytes(
        byte for byte in range(256) if bytes([byte]).decode(code, "replace").lower() not in USUAL[code]
    )


def _share(piece: bytes, code: str) -> float:
    """Return the share of usual letters among those that are no ASCII; 0 where it is not enough, or capitals stand
    within words.

    Counted as bytes, and decoded only where they suffice: of nine codes one or two are left.
    """
    sample = piece[:SAMPLED]
    own = len(sample.translate(None, ASCII))
    usual = len(sample.translate(None, _unusual(code)))
    if own * 2 < len(sample) or usual < ENOUGH * own or not _one_case(sample.decode(code, "replace")):
        return 0.0
    return usual / own
