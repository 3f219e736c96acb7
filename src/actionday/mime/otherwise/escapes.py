r"""Escapes of programs: ``\uXXXX``, ``\u{…}``, ``\UXXXXXXXX``, ``\xXX``, ``\ooo``, however many backslashes.

Source: ECMA-262, 12.9.4; RFC 8259, 7; Java Language Specification, 3.3; Python Language Reference, 2.4.1; POSIX
shells and Git's core.quotePath (octal). Facebook's downloads write each byte of UTF-8 as ``\u00XX``.

A set of characters in a regular expression is no text. The end of a line that is written as an escape sticks to the
word behind it, as mysqldump, COPY of PostgreSQL and JSON within JSON write it; a path of Windows (``C:\new``) and a
command of TeX look alike. ``\0`` and ``\Z`` are MySQL's (Reference Manual, 11.1.1).
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import groupby

from actionday.mime.otherwise.bytewise import told, utf8
from actionday.mime.otherwise.signs import FIGURE, FOREIGN, Seen, Sign
from actionday.mime.otherwise.spelling import MOST, Reading, in_a_word

FIGURES = r"u(?:([0-9a-fA-F]{4})|\{([0-9a-fA-F]{1,6})\})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([0-3][0-7]{2})"
CODE = re.compile(rf"\\{{1,8}}(?:{FIGURES}|[nrtbvf0Z])")
_ONE = (
    r"\\{,7}(?:u(?:[0-9a-fA-F]{4}|\{[0-9a-fA-F]{1,6}\})|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[0-3][0-7]{2}"
    r"|[nrtbvf0Z](?=[^\W\d_]\w|\\[0-9xuUnrtbvfZ\\]))"
)
RUN = re.compile(rf"\\{_ONE}(?>(?:\\{_ONE})*)")
"""Begins with a letter of its own, so that a text is searched for it at the speed of memory."""
SIGN = Sign(
    ("\\\\", "u", f"{FIGURE}{{"),
    ("\\\\", "Ux", FIGURE),
    ("\\\\", "0-3", "0-7"),
    ("\\\\", "nrtbvf0Z", f"A-Za-z{FOREIGN}\\\\"),
)
"""The last of the backslashes, and what stands behind it."""
RANGE = re.compile(r"-\\{1,4}[ux]")
SET = 200
"""Characters before an escape in which a set of characters may begin."""
OPENED = re.compile(r"\[[^\]\"'\s]*$")
PATH = re.compile(r"(?:\b[A-Za-z]:|\\\\[\w.-]+)(?:\\{1,4}[^\\\s\"'<>|*?]*)*$")
LINES = re.compile(r"\\(?:(?<=[.,;!?'\">)\]]\\)|(?<=[.,;!?'\">)\]] \\))\\{,3}(?:r\\{1,4})?n")
"""Where a sentence ends and the end of its line is written as an escape; begins as ``RUN`` does."""
BEFORE_A_COMMAND = ("", " ", "\t", "\n", "\r", "{", "$")
SHORT = 16
"""Characters of a run that is remembered: tables of characters repeat a few hundred of them."""
HIDDEN = 3
"""Letters of ASCII in a row that are written as escapes to hide a word."""
HIGHEST = 0x10FFFF
FEW = 2
"""Bytes of an old code: a single one is a character of Latin 1, as JavaScript and C have them."""


class Escapes:
    """Letters as escapes of a programming language."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each run of escapes; one that stands for bytes in a code that is guessed at the end."""
        others: list[tuple[re.Match[str], list[int]]] = []
        lines = cache(lambda: LINES.search(text) is not None)
        for found in RUN.finditer(text):
            said = _short(found[0]) if len(found[0]) <= SHORT else _read(found[0])
            if said is None and len(others) <= MOST:
                others.append((found, _units(found[0])))
            elif said:
                yield Reading(found.start(), found.end(), said, _tells(text, found, said, lines=lines))
        guesses = told([bytes(units) for _, units in others], alphabets=True)
        for (found, units), guessed in zip(others, guesses, strict=True):
            if guessed or len(units) <= FEW:
                said = guessed or bytes(units).decode("cp1252", "replace")
                yield Reading(found.start(), found.end(), said, _tells(text, found, said, lines=lines))


def _units(written: str) -> list[int]:
    return [_unit(codes) for codes in CODE.findall(written)]


def _read(written: str) -> str | None:
    return _joined(_units(written), bytewise="u" not in written)


_short = lru_cache(maxsize=1 << 12)(_read)


def _unit(codes: tuple[str, ...]) -> int:
    four, braced, eight, two, octal = codes
    return int(octal, 8) if octal else int(four or braced or eight or two or "20", 16)


def _joined(units: list[int], *, bytewise: bool) -> str | None:
    """Return the text of the units of a run; "" for what is no text, None for bytes in a code that is to be guessed."""
    if max(units) > HIGHEST:
        return ""
    parts: list[str] = []
    for narrow, group in groupby(units, lambda unit: unit < 0x100):
        codes = list(group)
        if narrow:
            high = [code for code in codes if code > 0x7F]
            read = utf8(bytes(codes)) if high else None
            if read is None and bytewise and len(high) >= FEW:
                return None
            parts.append(read if read is not None else bytes(codes).decode("cp1252", "replace"))
        else:
            parts += map(chr, codes)
    joined = "".join(parts)
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _tells(text: str, found: re.Match[str], said: str, *, lines: Callable[[], bool]) -> bool:
    start, end = found.span()
    if said.isascii():
        if not said[-1:].isalnum() and text[end : end + 1].isalpha():
            return not _is_set(text, start, end) and not (
                said.isspace() and _is_name(text, start, end, lines=lines)
            )
        return sum(map(str.isalpha, said)) >= HIDDEN
    return in_a_word(text, start, end, said) and not _is_set(text, start, end)


def _is_name(text: str, start: int, end: int, *, lines: Callable[[], bool]) -> bool:
    """Say whether a backslash begins a name in small letters: in a path of Windows, or of a command of TeX.

    Behind a blank it does, unless lines of the text end so elsewhere.
    """
    before = text[max(0, start - SET) : start]
    if not "a" <= text[end] <= "z":
        return False
    return PATH.search(before) is not None or (before[-1:] in BEFORE_A_COMMAND and not lines())


def _is_set(text: str, start: int, end: int) -> bool:
    """Say whether a run stands in a set of characters with ranges."""
    before = text[max(0, start - SET) : start]
    if not OPENED.search(before):
        return False
    return RANGE.match(text, end) is not None or re.search(r"\\\S{1,8}-$", before) is not None


SPELLING = Escapes()
