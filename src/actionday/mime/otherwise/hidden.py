"""Text in characters that are never seen: tags, which mirror ASCII, and variation selectors, of which each is a byte.

Source: Unicode 16.0, 23.4 (variation selectors) and 23.9 (tag characters); UTS 51, C.1 (flags of subdivisions); UTS 37
(variants of ideographs). A byte below 16 is U+FE00 plus it, any other U+E00F0 plus it: what hides text
behind a letter or an emoji for programs to read. A flag has its region in tags, an ideograph one selector behind it.
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.coded import text_of
from actionday.mime.otherwise.signs import Seen, Sign
from actionday.mime.otherwise.spelling import Reading

TAG = "\U000e0020-\U000e007e"
TAGS = re.compile(f"[{TAG}]++(?>(?:[^{TAG}\\s]{{1,2}}[{TAG}]++)*)")
"""Also one by one between letters that are seen."""
FLAG = re.compile(
    "\U0001f3f4[\U000e0061-\U000e007a]{2}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,3}\U000e007f"
)
LONGEST_FLAG = 7
BYTES = "\U000e0100-\U000e01ef"
BYTE = f"[\ufe00-\ufe0f{BYTES}]"
SELECTORS = re.compile(
    f"{BYTE}++(?>(?:[^\ufe00-\ufe0f{BYTES}\\s\u3400-\u9fff\U00020000-\U0003ffff]{{1,2}}{BYTE}++)*)"
)
FEWEST = 2
LOWEST, HIGHER = 0xFE00, 0xE0100 - 16
MIRROR = {0xE0000 + code: code for code in range(0x20, 0x7F)}


class Tags:
    """Letters of ASCII as tags."""

    signs = (Sign(beyond="".join(map(chr, MIRROR))),)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield what is hidden behind what is seen between; regions of flags are passed over."""
        flags = {each.start() + 1 for each in FLAG.finditer(text)}
        for found in TAGS.finditer(text):
            start, end = found.span()
            if start in flags:
                start = text.index("\U000e007f", start)
            parts = [(letter, ord(letter) in MIRROR) for letter in text[start:end]]
            hidden = "".join(letter for letter, unseen in parts if unseen).translate(MIRROR)
            if len(hidden) >= FEWEST and any(map(str.isalnum, hidden)):
                yield Reading(start, end, _said(parts, hidden))


class Selectors:
    """Bytes of UTF-8 as variation selectors."""

    signs = (Sign(beyond="".join(map(chr, range(0xE0100, 0xE01F0)))),)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield what is hidden behind what is seen between, where it is text."""
        for found in SELECTORS.finditer(text):
            parts = [(letter, _byte(letter) is not None) for letter in found[0]]
            raw = bytes(byte for letter in found[0] if (byte := _byte(letter)) is not None)
            if len(raw) >= FEWEST and (hidden := text_of(raw, marked=True)):
                yield Reading(*found.span(), _said(parts, hidden))


def _byte(letter: str) -> int | None:
    code = ord(letter)
    if LOWEST <= code < LOWEST + 16:
        return code - LOWEST
    return code - HIGHER if HIGHER + 16 <= code < HIGHER + 256 else None


def _said(parts: list[tuple[str, bool]], hidden: str) -> str:
    seen = "".join(letter for letter, unseen in parts if not unseen)
    return f"{seen} {hidden} "


SPELLINGS = (Tags(), Selectors())
