"""Whether a font's map to Unicode says other letters than its encoding: then a page shows other words than its text.

Source: PDF 1.7 (ISO 32000-1), 9.6.6 (encodings of simple fonts), 9.10.3 (ToUnicode CMaps).

Only fonts of one byte a letter whose encoding tells the letters by itself are compared, and only Latin letters.
"""

import re
from collections.abc import Iterator

from actionday.model import Note
from actionday.model.counted import counted
from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_objects import dictionaries

LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
FONT = re.compile(rb"/Type\s*/Font\b")
SIMPLE = re.compile(rb"/Subtype\s*/(?:Type1|MMType1|TrueType)\b")
ENCODED = re.compile(rb"/Encoding\s*/(?:WinAnsi|MacRoman|Standard)Encoding\b")
STANDARD = re.compile(rb"/BaseFont\s*/(?:Helvetica|Times|Courier|Arial)[^\s/<>\[\]()]*")
MAP = re.compile(rb"/ToUnicode\s+(\d{1,8})\s+\d{1,5}\s+R")
ROWS = re.compile(rb"begin(bfchar|bfrange)")
PAIR = re.compile(rb"<([0-9A-Fa-f]{2})>\s*<([0-9A-Fa-f]{4,64})>")
RANGE = re.compile(rb"<([0-9A-Fa-f]{2})>\s*<([0-9A-Fa-f]{2})>\s*<([0-9A-Fa-f]{4})>")
LEAST = 5
"""Letters that a map must have to be compared."""


def told_otherwise(copy: bytes, budget: Budget) -> Note | None:
    """Return the remark that fonts of a document, as PDFium writes it, map most of their letters to others."""
    maps = _maps(copy)
    if not maps:
        return None
    lying = 0
    for each in dictionaries(copy, frozenset({""})):
        if each.number in maps:
            letters = {code: to for code, to in codes_of(each.content(budget)).items() if code in LETTERS}
            wrong = sum(code != letter for code, letter in letters.items())
            lying += len(letters) >= LEAST and wrong * 2 > len(letters)
    if not lying:
        return None
    fonts = counted(lying, "font maps its letters to others than its encoding says",
                    "fonts map their letters to others than their encodings say")  # fmt: skip
    return Note("encoding_unsure", f"PDF: {fonts}: the pages may show other words than the text has")


def _maps(copy: bytes) -> set[int]:
    """Return the numbers of the maps of fonts whose encoding tells their letters."""
    found: set[int] = set()
    for font in FONT.finditer(copy):
        begin = copy.rfind(b" obj", 0, font.start())
        end = copy.find(b"endobj", font.end())
        body = copy[begin : end if end >= 0 else len(copy)][:4096]
        named = MAP.search(body)
        known = ENCODED.search(body) or (b"/Encoding" not in body and STANDARD.search(body))
        if named and known and SIMPLE.search(body):
            found.add(int(named[1]))
    return found


def _rows(cmap: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and the rows of each table of a map that is closed; what is not closed is looked for once."""
    end, none = 0, dict.fromkeys((b"bfchar", b"bfrange"), False)
    for begin in ROWS.finditer(cmap):
        kind = begin[1]
        if begin.start() < end or none[kind]:
            continue
        closing = cmap.find(b"end" + kind, begin.end())
        if closing < 0:
            none[kind] = True
            continue
        end = closing + 3 + len(kind)
        yield kind, cmap[begin.end() : closing]


def codes_of(cmap: bytes) -> dict[int, int]:
    """Return what a map of one byte a letter makes of each code, of several letters the first unit of UTF-16."""
    found: dict[int, int] = {}
    for kind, rows in _rows(cmap):
        if kind == b"bfchar":
            pairs = ((int(code, 16), int(to[:4], 16)) for code, to in PAIR.findall(rows))
        else:
            pairs = ((code, int(to, 16) + code - int(low, 16)) for low, high, to in RANGE.findall(rows)
                     for code in range(int(low, 16), int(high, 16) + 1))  # fmt: skip
        found.update(pairs)
    return found
