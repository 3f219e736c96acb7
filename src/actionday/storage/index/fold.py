"""One character → what the index knows it as: the tables behind ``normalise``.

Source: Unicode Standard Annex 15 (NFKC, stream-safe text), Core Specification 3.13 (case folding);
Arabic, Hebrew, Turkish and European letters as ``docs/search.md`` lists them.
"""

import re
import unicodedata

KNOWN_AT_MOST = 100_000  # characters remembered by a table: more only a hostile text would bring

# Letters that neither compatibility nor case folding brings together, but readers do.
LETTERS = {
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىی", "ي"),
    **dict.fromkeys("کڪ", "ك"),
    **dict.fromkeys("ہۂۀ", "ه"),
    "ۃ": "ة",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ŧ": "t",
    "װ": "וו",
    "ױ": "וי",
    "ײ": "יי",
    **dict.fromkeys(
        "ʹʺʻʼʽʾʿ", " "
    ),  # written as an apostrophe as often, which parts words: oʻzbek and o'zbek
    **dict.fromkeys("\u115f\u1160\u3164\uffa0", " "),  # fillers of Hangul: letters that are seen as a blank
}
SPELT_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}  # the second spelling, in ``alt`` only
SPELT_OUT_LETTERS = frozenset("äöüøåÄÖÜØÅ")
OWN_LETTERS = frozenset("йўї")  # marked, but letters of their alphabets: й is not и
MARKED_SCRIPTS = re.compile("[a-z\u0370-\u03ff\u0400-\u04ff]")  # Latin, Greek, Cyrillic: marks are optional
DROPPED_MARKS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\U000e0100-\U000e01ef"  # European
    "\u0640\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff"  # Arabic
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew
    "\u17b4\u17b5\u180b-\u180d\u180f]"  # never seen: vowels of Khmer, selectors of Mongolian
)
UNASSIGNED_DROPPED = range(
    0xE0000, 0xE1000
)  # nothing that is seen will ever be there (Default_Ignorable_Code_Point)
PICTURES = (0x2600, 0x27BF), (0x1F000, 0x1FAFF)  # symbols people search for: each a word of its own


def folded(char: str) -> str:
    """Return the normalised spelling: word characters, "" for what is dropped, " " for what separates."""
    if char in LETTERS:
        return LETTERS[char]
    if DROPPED_MARKS.match(char) or unicodedata.category(char) == "Cf":
        return ""
    for step in (unicodedata.normalize("NFKC", char), char.casefold()):
        if step != char:
            return "".join(folded(part) for part in step if part != char)
    return _unmarked(char)


def _unmarked(char: str) -> str:
    """Return a character that is NFKC and case-folded already, without its optional marks."""
    category = unicodedata.category(char)
    if category[0] == "L":
        base = unicodedata.normalize("NFD", char)
        optional = len(base) > 1 and char not in OWN_LETTERS and MARKED_SCRIPTS.match(base)
        return LETTERS.get(base[0], base[0]) if optional else char
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category[0] in "MN":
        return char
    if category in ("So", "Cn") and any(low <= ord(char) <= high for low, high in PICTURES):
        return f" {char} "
    return _unassigned(ord(char)) if category == "Cn" else " "


def _unassigned(code: int) -> str:
    """Return what this interpreter's Unicode does not know as the letter that it most likely is by now."""
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:  # will never be anything
        return " "
    return "" if code in UNASSIGNED_DROPPED else chr(code)


class Table(dict[int, str]):
    """A table for ``str.translate`` that learns each character when it is first met."""

    def __init__(self, exceptions: dict[str, str] | None = None) -> None:
        super().__init__({code: folded(chr(code)) for code in range(128)})
        self.exceptions = exceptions or {}

    def __missing__(self, code: int) -> str:
        """Return and remember the spelling of a character; forget nothing, but stop remembering in time."""
        char = chr(code)
        exception = self.exceptions.get(char.lower())
        spelling = folded(char) if exception is None else exception
        if len(self) < KNOWN_AT_MOST:
            self[code] = spelling
        return spelling


def composed(text: str) -> str:
    """Return NFKC in linear time.

    Python sorts a run of combining marks by insertion, in quadratic time: 100 kB of them would hold a
    worker for a minute. Marks after the 30th of a run are cut off from it by U+034F, which folding drops.

    Source: Unicode Standard Annex 15, section 13 (stream-safe text format).
    """
    if unicodedata.is_normalized("NFKC", text):  # says no, or never sorts, where marks are out of order
        return text
    if "\u309b" in text or "\u309c" in text:
        text = SPACING_VOICE.sub(_voiced, text)
    if LONG_MARKS.search(text) or (beyond_bmp(text) and ASTRAL_MARKS.search(text)):
        text = ANY_LONG_MARKS.sub("\\g<0>\u034f", text)
    return unicodedata.normalize("NFKC", text)


def _voiced(mark: re.Match[str]) -> str:
    return "\u3099" if mark[0] == "\u309b" else "\u309a"


def beyond_bmp(text: str) -> bool:
    """Tell whether a character lies beyond U+FFFF."""
    return len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)


def _marks(first: int, last: int) -> str:
    """Return the characters that canonical ordering could move."""
    return "".join(filter(unicodedata.combining, map(chr, range(first, last))))


SPACING_VOICE = re.compile(
    "(?<=[\u3041-\u3096\u309d\u30a1-\u30fa\u30fd\uff66-\uff6f\uff71-\uff9d])[\u309b\u309c]"
)
"""Marks of voice behind a kana that take a place of their own, as fonts of fixed width and old files have them (カ゛).

NFKC would part them from it by a blank.
"""
# Apart, because a class with characters beyond U+FFFF is searched twenty times slower.
LONG_MARKS = re.compile(f"[{_marks(0x300, 0x10000)}]{{30}}")
ASTRAL_MARKS = re.compile("[\U000101fd-\U0001e94a]{30}")
ANY_LONG_MARKS = re.compile(f"[{_marks(0x300, 0x1E94B)}]{{30}}")
