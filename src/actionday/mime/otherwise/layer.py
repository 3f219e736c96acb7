"""The passages of a text that are written otherwise, as they read: put at its end, the text itself stays.

Source: none. A passage is what stands on one line around readings that are near each other, so that words which are
spelt in part are whole in it, and phrases can be found. Passages do not overlap: they never add more than the text
has, and of a text without spellings one pass for their signs is all it costs.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from actionday.mime.otherwise.spelling import MOST, Reading
from actionday.mime.otherwise.spellings import ALL
from actionday.mime.otherwise.watch import Watch
from actionday.mime.terminal import ESCAPE

MARK = "\n— — —\n"
"""Stands before what is put at the end: a line that no search finds."""
NEAR = 48
"""Characters between two readings of one passage."""
AROUND = 24
"""Characters kept before and behind a passage."""
BREAKS = '\n\r\t"<>`'
"""Where values end: what stands beyond them is not of the passage."""
DEEPEST = 32
"""Spellings within spellings, as many as containers within containers; an escaped address within JSON within a log is
two. What is deeper is said."""
TWICE, GROWTH = 2, 8
"""Behind the second round, characters read again for each of the text: base64 within base64 takes less than three."""
WATCH = Watch(ALL)
CONTROLS = dict.fromkeys((*range(32), 127), " ") | {0xFFFE: " ", 0xFFFF: " "}


class Beside(NamedTuple):
    """The passages, each once, and whether there are more than are read."""

    lines: tuple[str, ...]
    more: bool


def beside(pieces: Iterable[str]) -> Beside:
    """Return what the pieces of a text say where they are written otherwise."""
    lines: dict[str, None] = {}
    more = False
    for piece in pieces:
        found, cut = _read(piece)
        more |= cut
        lines.update(dict.fromkeys(found))
    return Beside(tuple(lines), more)


def _read(piece: str) -> tuple[list[str], bool]:
    """Return the passages of a piece and of what they say in turn, each once, and whether there is more."""
    again, more = _passages(piece)
    found = dict.fromkeys(again)
    left = GROWTH * len(piece)
    for deep in range(1, DEEPEST + 1):
        again = list(dict.fromkeys(again))
        if not again:
            break
        left -= sum(map(len, again)) if deep >= TWICE else 0
        again, cut = _passages("\n".join(again))
        again = [line for line in again if line not in found]
        if again and (deep == DEEPEST or left < 0):
            return list(found), True
        more |= cut
        found.update(dict.fromkeys(again))
    return list(found), more


def _passages(text: str) -> tuple[list[str], bool]:
    readings: list[Reading] = []
    more = False
    for spelling, seen in WATCH.asked(text):
        found = list(islice(spelling.readings(text, seen), MOST + 1))
        more |= len(found) > MOST
        readings += found[:MOST]
    if not readings:
        return [], more
    lines: list[str] = []
    for group in _groups(text, sorted(readings, key=_place)):
        if any(reading.tells for reading in group):
            lines += _said(text, group)
    return lines, more


def _place(reading: Reading) -> tuple[int, int]:
    """Return where a reading stands in the order: of two at one place the longer one is first."""
    return reading.start, -reading.end


def _groups(text: str, readings: Sequence[Reading]) -> Iterator[list[Reading]]:
    """Yield the readings by passages; of two that overlap the first."""
    group: list[Reading] = []
    for reading in readings:
        if group and reading.start < group[-1].end:
            continue
        if group and (
            reading.start - group[-1].end > NEAR
            or any(sign in text[group[-1].end : reading.start] for sign in BREAKS)
        ):
            yield group
            group = []
        group.append(reading)
    if group:
        yield group


def _said(text: str, group: Sequence[Reading]) -> Iterator[str]:
    """Yield the lines of a passage, its readings in place."""
    parts = [_before(text, group[0].start)]
    for reading, following in zip(group, (*group[1:], None), strict=True):
        parts.append(reading.said)
        parts.append(text[reading.end : following.start] if following else _behind(text, reading.end))
    for line in "".join(parts).replace(ESCAPE, "").splitlines():
        kept = " ".join(line.translate(CONTROLS).split())
        if kept:
            yield kept


def _before(text: str, at: int) -> str:
    """Return what stands before a passage on its line, from the beginning of a word."""
    around = text[max(0, at - AROUND) : at]
    cut = max(map(around.rfind, BREAKS)) + 1
    if cut or len(around) == at:
        return around[cut:]
    blank = around.find(" ")
    return around[blank + 1 :] if blank >= 0 else around


def _behind(text: str, at: int) -> str:
    """Return what stands behind a passage on its line, to the end of a word."""
    around = text[at : at + AROUND]
    cuts = [cut for cut in map(around.find, BREAKS) if cut >= 0]
    if cuts or at + len(around) == len(text):
        return around[: min(cuts, default=len(around))]
    blank = around.rfind(" ")
    return around[:blank] if blank >= 0 else around
