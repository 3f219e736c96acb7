"""Passages of China, Japan and Korea within what bytes read as in UTF-16: characters of daily use, few others between.

Source: Unicode 16.0, ``Blocks.txt``; which characters are in daily use: ``mime.prose.everyday``.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from math import log

from actionday.mime.passages.overlaps import Found
from actionday.mime.prose import EVERYDAY, everyday

LEAST = 8
"""Characters of a passage."""
BY_CHANCE = 8000
"""Looks at a place (four lists, two orders of bytes), for a stretch to be there by chance once in a thousand times."""
RATE = 1.59
"""Root of 0.2 exp(x) + 0.8 exp(-3 x) = 1: how fast scores of stretches become rare among characters by chance.

Source: Karlin and Altschul, "Methods for assessing the statistical significance of molecular sequence features by using
general scoring schemes" (1990).
"""
AROUND = 32
"""Characters on either side of a seed that may belong to its passage."""
_EAST = r"[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9f]"
EASTERN = re.compile(
    rf"(?:[\x20-\x7e]{{0,16}}{_EAST}++(?>(?:[\t\n\r\x20-\x7e]{{1,16}}{_EAST}++)*)[\x20-\x7e]{{0,16}})"
)
"""Characters of East Asia with a few of ASCII between, before and behind them: blanks, figures, names."""
_PRINTED = "".join(f"\\u{high:02x}20-\\u{high:02x}7e" for high in range(0x4E, 0x7F))
_ANYWHERE = r"\t\n\r\x20-\x7e\u3000-\u30fe\uff01-\uff9f"
"""What no list has to hold."""
SINGLE = re.compile(f"[{_PRINTED}]")
"""Characters whose bytes are two letters of ASCII: of a Chinese text one in five."""
PAIR = re.compile(f"[{_PRINTED}]{{2}}")


def eastern(text: str, at: int) -> list[Found]:
    """Return the passages of a text that was read as UTF-16 from the byte ``at`` on."""
    found = []
    for run in EASTERN.finditer(text):
        if len(run[0]) < LEAST:
            continue
        best = max(
            (
                list(_stretches(run[0], common, seed))
                for common, seed in zip(everyday(), _seeds(), strict=True)
            ),
            key=_length,
        )
        for start, end in best:
            begins = at + 2 * (run.start() + start)
            found.append(Found(begins, begins + 2 * (end - start), run[0][start:end]))
    return found


@cache
def _seeds() -> tuple[re.Pattern[str], ...]:
    """Return for each list what is in every passage of it: six in a row of which none is odd."""
    return tuple(
        re.compile(f"[\t\n\r\x20-\x7e\u3000-\u30fe\uff01-\uff9f{_class(common)}]{{6,}}")
        for common in everyday()
    )


def _class(common: frozenset[str]) -> str:
    return "".join(sorted(letter for letter in common if letter > "\x7f"))


def _stretches(text: str, common: frozenset[str], seed: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a run, looked for around seeds alone, which noise hardly has: at the speed of ``re``."""
    begin = stop = -1
    for found in seed.finditer(text):
        if begin >= 0 and found.start() - stop > 2 * AROUND:
            yield from _shifted(text, begin, stop + AROUND, common)
            begin = -1
        if begin < 0:
            begin = max(found.start() - AROUND, stop + AROUND if stop >= 0 else 0, 0)
        stop = found.end()
    if begin >= 0:
        yield from _shifted(text, begin, stop + AROUND, common)


def _shifted(text: str, start: int, end: int, common: frozenset[str]) -> Iterator[tuple[int, int]]:
    return ((start + first, start + last) for first, last in _usual(text[start:end], common))


def none_by_chance(found: list[Found], looked_at: int) -> list[Found]:
    """Return the passages that are longer than any that noise has by chance, of which there may be ``looked_at``.

    What of the characters looked at is in no passage is the noise: in a table of words there is none, in a sound of
    eight bits a sample there is nothing else.
    """
    noise = looked_at - sum(len(each.text) for each in found)
    return [
        each
        for each in found
        if _score(each.text) * RATE >= log(BY_CHANCE * (max(noise, 0) + len(each.text)))
    ]


def _score(text: str) -> int:
    return max(sum(_weight(letter, common) for letter in text) for common in everyday())


def _length(spans: list[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


def _usual(text: str, common: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield where the characters are those of daily use but for a few: before and behind it stands what is no text.

    Linear: of the places between two stretches none is looked at more than twice.
    """
    weights = [_weight(letter, common) for letter in text]
    at = 0
    while at < len(weights):
        score = best = 0
        start = end = at
        while at < len(weights):
            score += weights[at]
            at += 1
            if score > best:
                best, end = score, at
            if score <= 0:
                break
        begin, stop = _without_ascii(text, start, end)
        if stop - begin >= LEAST and _is_east(text[begin:stop], common):
            yield begin, stop
        at = max(end, start + 1)


def _without_ascii(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without what may be text of one byte a letter at its ends: pairs of ASCII, two and more."""
    while start + 1 < end and PAIR.match(text, start):
        start += 1
    while start + 1 < end and PAIR.match(text, end - 2):
        end -= 1
    return start, end


def _weight(letter: str, common: frozenset[str]) -> int:
    """Return how much a character tells of a text of East Asia; most pairs of ASCII are none in daily use."""
    if letter in common or "\u3000" <= letter < "\u30ff" or letter > "\uff00":
        return 1
    return 0 if letter < "\x7f" else -3


def _is_east(text: str, common: frozenset[str]) -> bool:
    """Say whether a stretch is long enough, hardly any of it odd, and most of it letters."""
    letters = [letter for letter in text if letter > "\x7f"]
    own = [letter for letter in letters if letter in common or "\u3040" < letter < "\u3100"]
    if len(letters) < LEAST or len(own) * 2 < len(letters) or repeats(own):
        return False
    if len(SINGLE.findall(text)) * 2 > len(letters):
        return False
    return sum(_weight(letter, common) > 0 for letter in letters) >= EVERYDAY * len(letters)


def repeats(letters: list[str]) -> bool:
    """Say whether letters are too few kinds for a text: tables of numbers repeat themselves."""
    return len(set(letters)) < 4 or Counter(letters).most_common(1)[0][1] * 5 > len(letters) * 2
