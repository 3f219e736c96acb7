"""Which characters the fonts of a report have: what none has would make a PDF that no archive takes.

Source: OpenType specification, table ``cmap`` (formats 4 and 12).
"""

import struct
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path
from unicodedata import category

from actionday.model.counted import THIN

FIRST = ("NotoSans-Regular.ttf", "NotoNaskhArabic-Regular.ttf")
"""Who is asked first; the others in the order of their names."""
NONE = frozenset[int]()
HIDDEN = "\u200c\u200d"
FAMILIES = {
    "NotoSans": "Noto Sans",
    "NotoNaskhArabic": "Noto Naskh Arabic",
    "NotoSansArmenian": "Noto Sans Armenian",
    "NotoSansBengali": "Noto Sans Bengali",
    "NotoSansDevanagari": "Noto Sans Devanagari",
    "NotoSansEthiopic": "Noto Sans Ethiopic",
    "NotoSansGeorgian": "Noto Sans Georgian",
    "NotoSansHebrew": "Noto Sans Hebrew",
    "NotoSansThai": "Noto Sans Thai",
}


class Coverage:
    """The characters of the regular fonts in a folder."""

    def __init__(self, folder: Path) -> None:
        regular = sorted(folder.glob("*-Regular.ttf"), key=lambda path: (_turn(path.name), path.name))
        self.families = [FAMILIES[path.name.removesuffix("-Regular.ttf")] for path in regular]
        self._fonts = [_ranges(path) for path in regular]

    def shown(self, text: str) -> str:
        """Return a text of which every character has a glyph; one that has none is named.

        A mark is drawn by the font of the letter it stands on: where that has no such mark, it is named too.
        """
        if text.isascii() and text.isprintable():
            return text
        found, fonts = list[str](), NONE
        for character in text:
            if character in HIDDEN and fonts:
                found.append(character)
                continue
            having = self._having(character) if character.isprintable() or character == THIN else NONE
            if category(character).startswith("M"):
                having &= fonts
            fonts = having
            found.append(character if having else f"<U+{ord(character):04X}>")
        return "".join(found)

    @lru_cache(maxsize=4096)  # noqa: B019 - one for each report
    def _having(self, character: str) -> frozenset[int]:
        """Return the fonts that have a character, by their number."""
        point = ord(character)
        return frozenset(
            at
            for at, (starts, ends) in enumerate(self._fonts)
            if (here := bisect_right(starts, point)) and point <= ends[here - 1]
        )


def _turn(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)


def _ranges(path: Path) -> tuple[list[int], list[int]]:
    """Return the beginnings and ends of the ranges of characters that a font of ours has."""
    data = path.read_bytes()
    tables = {
        data[at : at + 4]: struct.unpack_from(">II", data, at + 8)
        for at in range(12, 12 + 16 * struct.unpack_from(">H", data, 4)[0], 16)
    }
    at, _ = tables[b"cmap"]
    places = [
        struct.unpack_from(">HHI", data, at + 4 + 8 * n)[2]
        for n in range(struct.unpack_from(">H", data, at + 2)[0])
    ]
    points = set[int]()
    for place in places:
        kind = struct.unpack_from(">H", data, at + place)[0]
        points |= (
            _format4(data, at + place) if kind == 4 else _format12(data, at + place) if kind == 12 else set()
        )
    starts, ends = list[int](), list[int]()
    for point in sorted(points):
        if ends and ends[-1] == point - 1:
            ends[-1] = point
        else:
            starts.append(point)
            ends.append(point)
    return starts, ends


def _format4(data: bytes, at: int) -> set[int]:
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + 4 * count)
    base = at + 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", data, base)
    found = set[int]()
    for n, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for point in range(start, min(end, 0xFFFE) + 1):
            glyph = point + deltas[n]
            if offsets[n]:
                glyph = struct.unpack_from(">H", data, base + 2 * n + offsets[n] + 2 * (point - start))[0]
                glyph = glyph and glyph + deltas[n]
            if glyph & 0xFFFF:
                found.add(point)
    return found


def _format12(data: bytes, at: int) -> set[int]:
    count = struct.unpack_from(">I", data, at + 12)[0]
    groups = (struct.unpack_from(">III", data, at + 16 + 12 * n) for n in range(count))
    return {point for start, end, glyph in groups for point in range(start, end + 1) if glyph + point - start}
