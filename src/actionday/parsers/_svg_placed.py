"""Words of a drawing whose letters are set one by one: each row of short pieces as it is seen, from left to right.

Source: SVG 2, 11.2 (``text``, ``tspan``), 11.4 (lists of ``x``), 8.5 (``transform``). How wide a letter is, no drawing
says: the distances between the letters of a row tell it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import NamedTuple

NUMBER = re.compile(r"[-+]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?:[eE][-+]?\d{1,2})?")
MOVED = re.compile(r"\s*(translate|matrix)\(([^()]{1,200})\)\s*")
SIZE = re.compile(r"(?:^|;)\s*font-size\s*:\s*([\d.]{1,12})")
DRAWN = frozenset({"text", "tspan"})
MOST = 20_000
"""Pieces of one drawing."""
SHORT = 3
"""Characters of a piece that may be a part of a word: longer ones are words by themselves."""
FEWEST = 3
LEVEL = 0.3
"""Part of the size by which letters of one row may stand higher or lower."""
APART, SURELY = 1.35, 2.2
"""Times the usual distance: from here on a blank may stand between two letters, and surely does."""
WIDEST = 1.6
"""Times its size: what stands further apart are marks of a scale."""
USUAL = 16.0


class _Piece(NamedTuple):
    around: str
    y: float
    x: float
    order: int
    text: str
    size: float


class _Place(NamedTuple):
    """Where the text of an element stands; those ``xs`` that its letters have not used, the last one first."""

    around: str
    y: float
    xs: list[float]
    size: float
    drawn: bool


class Placed:
    """Takes the events of a drawing and keeps where its letters stand."""

    def __init__(self) -> None:
        self._open: list[_Place] = [_Place("", 0.0, [], USUAL, False)]
        self._pieces: list[_Piece] = []
        self.more = False
        """Whether there are more pieces than are looked at."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        above = self._open[-1]
        said = attributes.get("font-size", "") or "".join(SIZE.findall(attributes.get("style", ""))[-1:])
        size = (_numbers(said) or [above.size])[0] or above.size
        around, across, up = above.around, 0.0, 0.0
        if moved := attributes.get("transform", ""):
            rest, across, up = _moved(moved)
            around = f"{around} {rest}" if name.rpartition(":")[2] in DRAWN else f"{around} {moved}"
        drawn = name.rpartition(":")[2] in DRAWN
        xs, ys = _numbers(attributes.get("x", "")), _numbers(attributes.get("y", ""))
        if drawn and moved and not xs:
            xs = [0.0]
        y = (ys[0] if ys else above.y if drawn and above.drawn else 0.0) + up
        self._open.append(_Place(around[-400:], y, [x + across for x in reversed(xs)], size, drawn))

    def end(self) -> None:
        """Close it."""
        if len(self._open) > 1:
            self._open.pop()

    def text(self, value: str) -> None:
        """Take the letters of an element; what has no place goes on behind what was placed last."""
        place = self._open[-1]
        if not place.drawn or (value.isspace() and "\n" in value):
            return
        while value and place.xs:
            here = value if len(place.xs) == 1 else value[0]
            self._keep(place, place.xs.pop(), here)
            value = value[len(here) :]
        last = self._pieces[-1] if self._pieces else None
        if value and last and len(last.text) <= SHORT:
            self._pieces[-1] = last._replace(text=last.text + value)

    def _keep(self, place: _Place, x: float, text: str) -> None:
        if len(self._pieces) < MOST:
            self._pieces.append(
                _Piece(place.around, place.y, x, len(self._pieces), text.strip("\r\n"), place.size)
            )
        else:
            self.more = True

    def lines(self, known: frozenset[str]) -> Iterator[str]:
        """Yield each row of letters as it is seen, where it has words that are not ``known``."""
        for row in self._rows():
            for said in dict.fromkeys(_said(row)):
                if any(word not in known for word in said.split()):
                    yield said

    def _rows(self) -> Iterator[list[_Piece]]:
        row: list[_Piece] = []
        for piece in sorted(each for each in self._pieces if len(each.text) <= SHORT):
            if row and (piece.around != row[0].around or piece.y - row[-1].y > LEVEL * piece.size):
                yield row
                row = []
            row.append(piece)
        if row:
            yield row


def _numbers(said: str) -> list[float]:
    return [float(each) for each in NUMBER.findall(said)[:MOST]]


def _moved(transform: str) -> tuple[str, float, float]:
    """Return what a transformation does besides moving, and how far it moves."""
    found = MOVED.fullmatch(transform)
    numbers = _numbers(found[2]) if found else []
    if found and found[1] == "translate" and numbers:
        return "", numbers[0], numbers[1] if len(numbers) > 1 else 0.0
    if len(numbers) == 6 and numbers[:4] == [1, 0, 0, 1]:
        return "", numbers[4], numbers[5]
    return transform, 0.0, 0.0


def _said(row: list[_Piece]) -> Iterator[str]:
    """Yield a row with blanks where some may be, and with those alone that surely are."""
    letters = sorted((each for each in row if each.text.strip()), key=lambda each: each.x)
    steps = [(now.x - before.x) / len(before.text) for before, now in pairwise(letters)]
    if len(letters) < FEWEST or not any(each.text.isalpha() for each in letters):
        return
    usual = median(steps)
    if not 0 < usual <= WIDEST * letters[0].size:
        return
    blanks = sorted(each.x for each in row if each.text.isspace())
    for bound in (APART, SURELY):
        parts = [letters[0].text]
        for step, before, now in zip(steps, letters, letters[1:], strict=False):
            apart = step > bound * usual or bisect_right(blanks, before.x) < bisect_left(blanks, now.x)
            parts += [" ", now.text] if apart else [now.text]
        yield "".join(parts)
