"""What a PDF page shows where its glyphs are not drawn in the order in which they stand: a second reading, by place.

Source: PDF 1.7 (ISO 32000-1), 9.4.2 (text matrix), 9.4.3 (TJ moves back and forth), 9.10 (extraction of text). PDFium
puts what is drawn one after the other on one line in order; not what another line was drawn between, nor what is moved
within one operator. The reading in the order of drawing stays: this one adds the words that it has alone.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from math import inf
from typing import Any
from unicodedata import category

import numpy as np

from actionday.parsers._bidi import letters, logical
from actionday.parsers._pdf_glyphs import Box, Glyphs, Span

MOST_CHARACTERS, MOST_LINES = 50_000, 20_000
"""Of a page that is read by place: 15 µs a character, 5 a line. Dense pages of newspapers have 25,000 and 500."""
BLANK = 0.15
"""Part of the height of a line from which a gap is a blank, as in ``_pdf_lines``."""
SPACED = 0.3
"""Below this it may be none: letters that are set one by one."""
COLUMN = 1.0
"""From here on it parts columns, whose lines are not read across."""
LEVEL = 0.3
"""Part of the height by which glyphs of one line may stand higher or lower."""
SAME = 0.5
"""Part of its width which a letter that is drawn over another shares with it: the same shifted for bold, or one of what
is stamped over the page."""
LAYERS = 8
"""Texts that are drawn over each other and told apart."""
STRUCK_TWICE = b"\1\0\1\0\1"
"""Three letters in a row that are all doubled: no word has them."""
LAST_SIGN = ord("@")
"""Figures and signs are before this letter."""


def placed(
    page: Any, raw: Any, text: str, said: str, *, moves: bool, left_out: Collection[int] = ()
) -> tuple[list[str], str]:
    """Return what a page shows and ``said`` does not have; or why that was not looked for. ``text`` is PDFium's.

    ``moves`` says that within one operator letters may be moved before others: each letter is asked then. What is
    ``left_out`` is no letter of the page.
    Of an ordinary page the first glyph of each line is asked. Linear but for the sorting of lines.
    """
    glyphs = Glyphs(page, raw, left_out)
    spans = list(_spans(text) if len(text) == glyphs.count else glyphs.spans())
    if not spans:
        return [], ""
    if len(spans) > MOST_LINES:
        return [], _not_read(len(spans), "pieces")
    groups = [*_beside(glyphs, spans), *_moved(glyphs, spans, text, moves=moves)]
    if sum(last - first + 1 for group in groups for first, last in group) > MOST_CHARACTERS:
        return [], _not_read(glyphs.count, "characters")
    if not groups:
        return [], ""
    known = frozenset(said.split())
    read = (line for group in groups for line in _lines(glyphs, group))
    return [line for line in read if any(word not in known for word in line.split())], ""


def _not_read(count: int, what: str) -> str:
    return f"{count} {what}: not read a second time, in the order in which they stand"


def _spans(text: str) -> Iterator[Span]:
    """Yield the lines of a page's text."""
    begin = 0
    for line in text.split("\r\n"):
        if bare := line.strip():
            first = begin + line.find(bare[0])
            yield first, first + len(bare) - 1
        begin += len(line) + 2


def _beside(glyphs: Glyphs, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Yield lines that stand on one level near each other, or one over the other; and of the turned what runs back."""
    band: list[Span] = []
    level = angle = inf
    for turned, middle, height, number in (*glyphs.levels(spans), (inf, inf, 0.0, 0)):
        if turned != angle or middle - level > LEVEL * height:
            if len(band) > 1 or (band and angle):
                yield from _near(glyphs, band, turned=angle != 0)
            band = []
        band.append(spans[number])
        angle, level = turned, middle


def _near(glyphs: Glyphs, spans: Iterable[Span], *, turned: bool) -> Iterator[list[Span]]:
    """Yield the lines of one level, of which others are near, together."""
    found: list[Box] = []
    back: set[int] = set()
    for first, last in spans:
        box = glyphs.box(first, exact=False)
        pieces = glyphs.pieces((first, last)) if turned else []
        if not pieces:
            end = glyphs.box(last, exact=False)
            pieces = [(box.begin, box.end), (end.begin, end.end)]
        elif any(now[0] < before[0] for before, now in pairwise(pieces)):
            back.add(first)
        found.append(box._replace(begin=min(pieces)[0], end=max(end for _, end in pieces), to=last))
    group, behind = list[Span](), -inf
    for box in sorted(found, key=_begin):
        if box.begin - behind > (SPACED if turned else BLANK) * box.height:  # of pieces only the ink is told
            if len(group) > 1 or (group and group[0][0] in back):
                yield group
            group = []
        group.append((box.at, box.to))
        behind = max(behind, box.end)
    if len(group) > 1 or (group and group[0][0] in back):
        yield group


def _moved(glyphs: Glyphs, spans: Sequence[Span], text: str, *, moves: bool) -> Iterator[list[Span]]:
    """Yield lines in which letters are drawn twice, one over the other, or ``moves`` puts one before another."""
    for span in spans if moves else _doubled(glyphs, spans, text):
        seen = [glyphs.box(at, exact=False) for at in range(span[0], span[1] + 1) if glyphs.letter(at)]
        if any(_overtakes(before, now) for before, now in pairwise(seen)):
            yield [span]


def _doubled(glyphs: Glyphs, spans: Sequence[Span], text: str) -> Iterator[Span]:
    """Yield the lines in which three letters in a row are doubled."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    twice = ((codes[1:] == codes[:-1]) & (codes[1:] > LAST_SIGN)).tobytes()
    at = twice.find(STRUCK_TWICE)
    if at < 0 or len(text) != glyphs.count:
        yield from spans if at >= 0 else ()
        return
    for first, last in spans:
        if first <= at < last:
            yield first, last
        if at < last:
            at = twice.find(STRUCK_TWICE, last)
            if at < 0:
                return


def _overtakes(before: Box, now: Box) -> bool:
    """Say whether a letter stands on the line of the one drawn before it, and before its end."""
    back = before.end - now.begin
    return now.angle == before.angle and back > SAME * min(now.end - now.begin, before.end - before.begin) > 0


def _rows(boxes: list[Box]) -> Iterator[list[Box]]:
    """Yield what stands on one level, from left to right; the highest first."""
    row: list[Box] = []
    for box in sorted(boxes, key=_level):
        if row and (
            box.angle != row[0].angle
            or row[-1].level - box.level > LEVEL * min(box.height, row[-1].height)
            or row[0].level - box.level > 2 * LEVEL * max(box.height, row[0].height)
        ):
            yield sorted(row, key=_begin)
            row = []
        row.append(box)
    if row:
        yield sorted(row, key=_begin)


def _level(box: Box) -> tuple[int, float]:
    return box.angle, -box.level


def _begin(box: Box) -> float:
    return box.begin


def _lines(glyphs: Glyphs, spans: Iterable[Span]) -> Iterator[str]:
    """Yield the parts of lines between columns that are not drawn from left to right, as they stand."""
    asked = (at for first, last in spans for at in range(first, last + 1))
    texts = {at: letter for at in asked if (letter := glyphs.letter(at))}
    for row in _rows(_ligatures([glyphs.box(at, exact=True) for at in texts], texts)):
        for layer in _layers(row, texts):
            for part in _parts(layer):
                if any(not _follows(now, before, texts) for before, now in pairwise(part)):
                    yield from _said(part, texts)


def _ligatures(boxes: Sequence[Box], texts: dict[int, str]) -> list[Box]:
    """Return the boxes; letters that share one are together, and marks with the letter before them."""
    found: list[Box] = []
    for box in boxes:
        last = found[-1] if found else box
        whole = last[:5] == box[:5] and texts[last.at] != texts[box.at]
        if box.at - last.to == 1 and (whole or category(texts[box.at]) == "Mn"):
            texts[last.at] += texts[box.at]
            found[-1] = last._replace(to=box.at)
        else:
            found.append(box)
    return found


def _layers(row: Sequence[Box], texts: dict[int, str]) -> list[list[Box]]:
    """Return a row; what is drawn over it apart, and letters that are drawn twice once."""
    layers: list[list[Box]] = []
    drawn = {box.at: box for box in row}
    for box in row:
        within = box.begin + SAME * (box.end - box.begin)
        if any(each[-1].end > within and texts[each[-1].at] == texts[box.at] for each in layers):
            continue
        free = [
            each for each in layers if each[-1].end <= within and not _parted(each[-1], box, drawn, texts)
        ]
        if free:
            max(free, key=partial(_nearness, box, texts)).append(box)
        elif len(layers) < LAYERS:
            layers.append([box])
    return layers


def _parted(last: Box, now: Box, drawn: dict[int, Box], texts: dict[int, str]) -> bool:
    """Say whether the letter that is drawn behind the last one of a layer stands where the next would."""
    behind = drawn.get(last.to + 1) or drawn.get(last.to + 2)
    return (
        behind is not None
        and behind.at != now.at
        and last.end - SAME * (last.end - last.begin)
        <= behind.begin
        < now.begin + SAME * (now.end - now.begin)
        and texts[behind.at] != texts[now.at]
    )


def _nearness(box: Box, texts: dict[int, str], layer: Sequence[Box]) -> tuple[bool, float]:
    """Return how well a letter goes behind the last of a layer: drawn behind it, then near it."""
    return _follows(box, layer[-1], texts), layer[-1].end


def _follows(now: Box, before: Box, texts: dict[int, str]) -> bool:
    """Say whether a letter is drawn behind another, or with a blank between."""
    return now.at - before.to == 1 or _behind_blank(now, before, texts)


def _behind_blank(now: Box, before: Box, texts: dict[int, str]) -> bool:
    return now.at - before.to == 2 and now.at - 1 not in texts


def _parts(row: Iterable[Box]) -> Iterator[list[Box]]:
    part: list[Box] = []
    for box in row:
        if part and box.begin - part[-1].end > COLUMN * box.height:
            yield part
            part = []
        part.append(box)
    if part:
        yield part


def _said(part: Sequence[Box], texts: dict[int, str]) -> Iterator[str]:
    """Yield a part with blanks in its gaps; where some may be none, without these, too."""
    sure, perhaps = [texts[part[0].at]], [texts[part[0].at]]
    for before, now in pairwise(part):
        gap = (now.begin - before.end) / now.height
        if gap > BLANK:
            sure.append(" ")
            if gap > SPACED or _follows(now, before, texts):
                perhaps.append(" ")
        sure.append(texts[now.at])
        perhaps.append(texts[now.at])
    yield letters(logical(sure))
    if len(perhaps) < len(sure):
        yield letters(logical(perhaps))
