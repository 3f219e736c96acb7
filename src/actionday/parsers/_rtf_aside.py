"""What stands in the tables of a rich text file: names of fonts, styles, lists, and whatever somebody wrote there.

Source: Rich Text Format 1.9.1: Font Table, Color Table, Style Sheet, List Tables, Track Changes (Revision Marks).

No page shows them. Names that programs give are left out; what is no such name is somebody's text.
"""

import re

from actionday.mime.prose import EASTERN

DATA = frozenset(
    b"pict objdata datastore themedata colorschememapping blipuid panose background nonshppict".split()
)
"""Destinations of bytes in hexadecimal."""
HEX = re.compile(rb"[0-9a-fA-F \t\r\n]*+")
NO_NAMES = frozenset(b"colortbl listname filetbl company revtbl deep".split())
"""Destinations that hold no names of programs: any word in them is somebody's."""
NAMING = frozenset(
    [
        "heading",
        "char",
        "body",
        "text",
        "of",
        "table",
        "list",
        "index",
        "contents",
        "header",
        "footer",
        "title",
        "and",
        "with",
        "first",
        "line",
        "indent",
        "page",
        "number",
        "annotation",
        "reference",
        "subject",
        "default",
        "paragraph",
        "font",
        "style",
        "normal",
        "caption",
        "figures",
        "authorities",
        "toa",
        "macro",
        "http",
        "https",
        "www",
        "schemas",
        "com",
        "microsoft",
        "office",
        "word",
    ]
)
"""Words of the names that programs give."""
LEGIBLE = re.compile(r"[^\W\d_]{2}|[\u0900-\uffff]")
WORDS = re.compile(r"[^\W\d_]{2,}")
ENDS = re.compile(r"[;\n]")
FEWEST, FEWEST_OWN, EASTERN_OWN = 4, 3, 12
"""Words of a sentence, those of them that are no name of programs and begin small; characters of East Asia of one."""


class Aside:
    """Gathers the pieces of text in such destinations, each once, that may be somebody's."""

    def __init__(self) -> None:
        self.lines: dict[str, None] = {}
        self._word = b""
        self._parts: list[str] = []

    def add(self, word: bytes, text: str) -> None:
        """Take characters that stand in the destination ``word``."""
        if word != self._word:
            self.end()
            self._word = word
        self._parts.append(text)

    def end(self) -> None:
        """Take the end of a group: words do not go on behind it."""
        for piece in ENDS.split("".join(self._parts)) if self._parts else ():
            if is_said(self._word, said := " ".join(piece.split())):
                self.lines[said] = None
        self._parts.clear()


def is_said(word: bytes, said: str) -> bool:
    """Say whether a piece of the destination ``word`` is more than a name that programs give."""
    if word in NO_NAMES:
        return said != "Unknown" and LEGIBLE.search(said) is not None
    words = set(WORDS.findall(said))
    own = [each for each in words if not each[0].isupper() and each not in NAMING]
    return (len(words) >= FEWEST and len(own) >= FEWEST_OWN) or len(EASTERN.findall(said)) >= EASTERN_OWN


def is_data(word: bytes, plain: bytes) -> bool:
    """Say whether characters are bytes in hexadecimal where such stand."""
    return word in DATA and HEX.fullmatch(plain) is not None
