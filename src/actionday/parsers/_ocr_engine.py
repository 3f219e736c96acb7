"""Tesseract on one picture of a page: its lines that can be believed, and how sure it is of them.

Source: none; the calls are those of tesserocr 2.13. It is imported by the first picture that is read.
"""

from collections import OrderedDict
from itertools import groupby
from statistics import median
from time import process_time
from typing import Any, NamedTuple

from actionday.parsers._ocr_models import Models

PAGE_SECONDS = 15.0
"""For one page. A densely printed one at 300 dpi takes 1.5 s; who passes it is a picture of noise."""
KILLED_AFTER = 3 * PAGE_SECONDS
"""Of processor time: what looks for the layout of a page does not look at the clock."""
LEAST_CONFIDENCE = 40.0
"""Percent, of a line: below it stand the branches of trees and the weave of cloth, read as letters."""
SMALL = 22
"""Pixels that a word is high of 10 points at 150 dpi: what is smaller is read better when it is made larger."""
LITTLE, DOUBLED = 1 << 20, 16 << 20
"""Pixels of a picture in which words may be so small that none is found, and of what is made of one at most."""
QUICK = 2.5
"""Seconds of a page of letters at most: what took longer is noise, of which four times as much would not end."""
WORD, CONFIDENCE, TEXT, HEIGHT = "5", 10, 11, 9
"""The level of a word in tab-separated values, and the columns of what is told of it."""
ENGINES_KEPT = 3
"""Each holds its models: 20 to 60 MB."""


class Line(NamedTuple):
    """A line as it is read, in the order of reading, and how sure that is, in percent."""

    text: str
    confidence: float


class Page(NamedTuple):
    """The lines of a page; ``whole``: it was read to its end in time."""

    lines: tuple[Line, ...]
    whole: bool
    height: int
    """That of most words, in pixels; 0 where there is none."""


class Engine:
    """The models of one folder, those used last at hand."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._kept: OrderedDict[tuple[str, ...], Any] = OrderedDict()

    @property
    def version(self) -> str:
        """Return which Tesseract it is."""
        import tesserocr  # type: ignore[import-untyped]

        return f"Tesseract {tesserocr.tesseract_version().split()[1]}"

    def script(self, picture: Any) -> str:
        """Return the script of a page, "" where it cannot be told or nothing is there to tell it by."""
        if "osd" not in self._models.names:
            return ""
        api = self._api(("osd",))
        api.SetImage(picture)
        told = api.DetectOrientationScript()
        return str(told["script_name"]) if told else ""

    def page(self, picture: Any, names: tuple[str, ...]) -> Page:
        """Return what stands on a page, read with some models: twice as large again where its letters are small."""
        from PIL import Image

        begun = process_time()
        read = self._read(picture, names)
        if process_time() - begun > QUICK:
            return read
        small = 0 < read.height < SMALL or (not read.height and picture.width * picture.height < LITTLE)
        if not small or not read.whole or 4 * picture.width * picture.height > DOUBLED:
            return read
        size = 2 * picture.width, 2 * picture.height
        again = self._read(picture.resize(size, Image.Resampling.LANCZOS), names)
        return max(read, again, key=lambda each: sum(len(line.text) * line.confidence for line in each.lines))

    def _read(self, picture: Any, names: tuple[str, ...]) -> Page:
        api = self._api(names)
        api.SetImage(picture)
        whole = bool(api.Recognize(int(PAGE_SECONDS * 1000)))
        lines, heights = lines_of(api.GetTSVText(0))
        api.Clear()
        return Page(lines, whole, int(median(heights)) if heights else 0)

    def _api(self, names: tuple[str, ...]) -> Any:
        import tesserocr

        if names not in self._kept:
            mode = tesserocr.PSM.OSD_ONLY if names == ("osd",) else tesserocr.PSM.AUTO
            self._kept[names] = tesserocr.PyTessBaseAPI(
                path=self._models.folder, lang="+".join(names), psm=mode
            )
            if len(self._kept) > ENGINES_KEPT:
                self._kept.popitem(last=False)[1].End()
        self._kept.move_to_end(names)
        return self._kept[names]


def lines_of(told: str) -> tuple[tuple[Line, ...], list[int]]:
    """Return the lines that can be believed of tab-separated values, and the heights of all words in them.

    Words come in the order of reading, also those of right-to-left lines, which the iterator over lines cuts.
    """
    rows = [row for line in told.splitlines() if len(row := line.split("\t")) > TEXT and row[0] == WORD]
    lines, heights = [], []
    for _, words in groupby(rows, key=lambda row: row[1:5]):
        kept = [
            (row[TEXT].strip(), float(row[CONFIDENCE]), int(row[HEIGHT]))
            for row in words
            if row[TEXT].strip()
        ]
        text = " ".join(word for word, *_ in kept)
        if not any(sign.isalnum() for sign in text):
            continue
        sure = sum(len(word) * confidence for word, confidence, _ in kept) / sum(
            len(word) for word, *_ in kept
        )
        if sure >= LEAST_CONFIDENCE:
            lines.append(Line(text, sure))
            heights += [height for *_, height in kept]
    return tuple(lines), heights
