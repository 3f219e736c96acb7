"""UTF-8 that a program took for a code of one byte a letter and wrote as UTF-8 again.

Source: RFC 3629, 3; windows-1252, 1251 and 1256 as WHATWG Encoding has them (what has no letter stays as control).
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.bytewise import utf8
from actionday.mime.otherwise.signs import ANY, BEYOND_LATIN, Seen, Sign
from actionday.mime.otherwise.spelling import Reading, in_a_word

WESTERN = re.compile(
    rb"\xc3[\x82-\xb0](?:\xc2[\x80-\xbf]|\xc5[\x92-\xbe]|\xc6\x92|\xcb|\xe2\x80|\xe2\x82\xac|\xe2\x84)"
)
"""A letter of windows-1252 that begins a character of UTF-8, and one that goes on with it, both as UTF-8."""

SIGN = Sign(("\xc2-\xf0", f"\x80-\xbf{BEYOND_LATIN}", ANY))


def _letters(code: str) -> dict[int, str]:
    return {byte: bytes([byte]).decode(code, "ignore") or chr(byte) for byte in range(0x80, 0x100)}


def _pattern(letters: dict[int, str], leads: range, least: int) -> re.Pattern[str]:
    def signs(span: range) -> str:
        plain = "".join(map(chr, span)) if letters[0xC4] == "Ä" else ""
        return re.escape("".join(letters[byte] for byte in span) + plain)

    behind = f"[{signs(range(0x80, 0xC0))}]"
    two = f"[{signs(range(max(leads.start, 0xC2), min(leads.stop, 0xE0)))}]{behind}"
    more = (
        f"|[{signs(range(0xE0, 0xF0))}]{behind}{{2}}|{letters[0xF0]}{behind}{{3}}"
        if leads.stop > 0xE0
        else ""
    )
    return re.compile(f"(?:{two}{more}){{{least},}}+")


class Mojibake:
    """Letters whose bytes were each taken for one."""

    def __init__(self, code: str, leads: range, least: int, marks: tuple[str, ...] = ()) -> None:
        """``leads`` are the first bytes of characters that are looked for, ``least`` how many stand together.

        ``marks``: of these one stands in any text of the kind, without them it is told by what UTF-8 makes of it.
        """
        letters = _letters(code)
        self._bytes = {ord(letter): chr(byte) for byte, letter in letters.items()}
        self._pattern = _pattern(letters, leads, least)
        self._marks = re.compile("|".join(marks)) if marks else None
        self.signs = (Sign(beyond="".join(mark[0] for mark in marks)) if marks else SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield what is UTF-8 once each letter is its byte again."""
        if not self._may_be_in(text):
            return
        for found in self._pattern.finditer(text):
            try:
                said = utf8(found[0].translate(self._bytes).encode("latin-1"))
            except UnicodeEncodeError:
                continue
            if said:
                yield Reading(found.start(), found.end(), said, in_a_word(text, *found.span(), said))

    def _may_be_in(self, text: str) -> bool:
        """Say whether a text has letters as only the kind has them beside each other."""
        if self._marks:
            return self._marks.search(text) is not None
        return WESTERN.search(text.encode("utf-8", "replace")) is not None


SPELLINGS = (
    Mojibake("cp1252", range(0xC2, 0xF1), 1),
    Mojibake("cp1251", range(0xD0, 0xD2), 2, ("Р°", "Рѕ", "Рµ", "Рё")),
    Mojibake("cp1256", range(0xD8, 0xDC), 2, ("ط§", "ظ„")),
)
"""Of Western letters one is enough, Ã and © stand beside each other nowhere else; of others two."""
