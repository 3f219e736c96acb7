r"""Text whose bytes stand one by one in hexadecimal figures: ``48 65 6c``, ``48:65``, ``0x48, 0x65``, and dumps.

Source: none; POSIX.1-2024, od (offsets in octal); ``xxd(1)``, ``hexdump(1)`` (``-C``; groups of two bytes, the lower
first). What a dump shows beside its figures ends with each line, so words are broken there. Decimal figures look alike:
where no letter is among them, only what is written in words is believed.
"""

import re
from collections.abc import Iterable, Iterator

from actionday.mime.otherwise.coded import text_of
from actionday.mime.otherwise.signs import FIGURE, PARTING, ROW, Seen, Sign
from actionday.mime.otherwise.spelling import Reading
from actionday.mime.prose import is_written

FEWEST = 8
"""Bytes that are believed to be text."""
HEX = "[0-9A-Fa-f]"
BARE = re.compile(
    rf"(?<![\w.+]){HEX}{{2}}(?>(?:(?:[ :,;-]|, |;\s?|:?[ \t]*\r?\n[ \t]{{0,40}}|  ){HEX}{{2}}(?![\w.])){{7,}})"
)
MARKED = re.compile(
    rf"['\"]?(?:0|\\)x{HEX}{{2}}['\"]?(?>(?:[ \t]{{0,3}}[,;]?\s{{0,40}}['\"]?(?:0|\\)x{HEX}{{2}}['\"]?){{7,}})"
)
GROUPS = "|".join(
    (
        rf"(?:{HEX}{{2}}[ -]){{8}} ?(?:{HEX}{{2}}[ -]){{0,23}}{HEX}{{2}}",
        rf"(?:{HEX}{{8}} ){{1,7}} {{1,6}}(?:{HEX}{{2}}){{1,3}}(?=  )",
        rf"(?:(?:{HEX}{{2}}){{1,4}} ){{0,31}}(?:{HEX}{{2}}){{1,4}}",
    )
)
"""Of one byte, with a gap behind the eighth; of four, the last one less and to the right; of one to four."""
LINE = re.compile(
    rf"^[ \t]{{0,8}}({HEX}{{4,16}}):?[ \t]{{1,3}}(?:({GROUPS})(?=  | ?\||\s*$))[^\n]*$", re.MULTILINE
)
"""A line of a dump: where it begins, its bytes, and what they look like."""
OCTAL = re.compile("[0-7]+")
BYTE = re.compile(rf"(?:[0\\]x)?({HEX}{{2}})")
LETTER = re.compile("[A-Fa-f]")
GROUP = re.compile(rf"{HEX}+")
LEGIBLE = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]{%d,}" % FEWEST)
OF = {"H": "0123456789abcdefABCDEF", "x": "x", " ": " \t\r\n,:;-"}
KINDS = bytes(
    next((ord(kind) for kind, own in OF.items() if chr(code) in own), ord(".")) for code in range(256)
)
LISTED = (b"HH HH HH HH HH HH HH HH", b"HH  HH  HH  HH  HH  HH")
IN_GROUPS = (b"HHHH HHHH HHHH HHHH", b"HHHHHHHH HHHHHHHH HHHHHHHH")
"""What a text has, letter by letter of a kind, that has bytes so: sought at the speed of memory, for hardly any has."""
WITH_MARKS = re.compile(rb"xHH[ .]{1,48}H?xHH[ .]{1,48}H?xHH")
THREE_MARKED = re.compile(rb"xHH[ .]{,48}H?xHH[ .]{,48}H?xHH")
"""What a run of them has at its beginning, where nothing need stand between two."""
BEFORE_X = 2
"""Letters of a byte that stand before its ``x``: a quote, and a zero or backslash."""
IN_FIGURES = Sign((FIGURE, PARTING, "0-9"), (",;\r", " \n", "0-9"))
MARKS = Sign(("0\\\\", "x", FIGURE))


class Dumped:
    """Bytes one by one, whatever stands between them."""

    signs = (IN_FIGURES, ROW, MARKS)

    def readings(self, text: str, seen: Seen) -> Iterator[Reading]:
        """Yield what is text, in order; the bytes of a dump together."""
        in_figures = seen.signs >= {IN_FIGURES, ROW}
        if not (in_figures or MARKS in seen.signs):
            return
        kinds = text.encode("latin-1", "replace").translate(KINDS)
        found: list[Reading] = []
        if in_figures:
            listed = [(each, at) for each in LISTED if (at := kinds.find(each)) >= 0]
            first = [at for _, at in listed] + [at for each in IN_GROUPS if (at := kinds.find(each)) >= 0]
            found += _dumps(text, text.rfind("\n", 0, min(first)) + 1) if first else ()
            for start, end in _regions(kinds, listed):
                found += _lists(BARE.finditer(text, start, end + 1), marked=False)
        if MARKS in seen.signs and WITH_MARKS.search(kinds):
            found += _lists(_marked(text, kinds), marked=True)
        done = 0
        for each in sorted(found, key=lambda reading: (reading.start, -reading.end)):
            if each.start >= done:
                yield each
                done = each.end


def _regions(kinds: bytes, listed: Iterable[tuple[bytes, int]]) -> Iterator[tuple[int, int]]:
    """Yield where a text has figures and what may stand between them alone, and bytes one by one among these.

    ``listed``: what of LISTED it has, and where first.
    """
    for needle, first in listed:
        at, end = first, 0
        while at >= 0:
            start = kinds.rfind(b".", end, at) + 1 or end
            end = kinds.find(b".", at)
            end = end if end >= 0 else len(kinds)
            yield start, end
            at = kinds.find(needle, end)


def _marked(text: str, kinds: bytes) -> Iterator[re.Match[str]]:
    """Yield what ``MARKED`` finds: each begins where three of its bytes do, with what stands before the ``x``."""
    done = at = 0
    while near := THREE_MARKED.search(kinds, at):
        at = near.start()
        for start in range(max(done, at - BEFORE_X), at):
            if found := MARKED.match(text, start):
                yield found
                done = at = found.end()
                break
        else:
            at += 1


def _lists(runs: Iterable[re.Match[str]], *, marked: bool) -> Iterator[Reading]:
    for found in runs:
        figures = "".join(BYTE.findall(found[0]))
        said = text_of(bytes.fromhex(figures))
        if said and (marked or LETTER.search(figures) or is_written(said)):
            yield Reading(*found.span(), f" {said} ")


def _dumps(text: str, begin: int) -> Iterator[Reading]:
    """Yield what the lines of each dump say together: those of which each begins where the last one ended."""
    start = end = 0
    groups, shown = list[str](), ""
    places: set[int] = set()
    for found in LINE.finditer(text, begin):
        own, here = GROUP.findall(found[2]), _offsets(found[1])
        if not groups or found.start() - end > len("\r\n") or not here & places:
            yield from _said(start, end, groups, shown)
            start, groups, places = found.start(), [], here
            shown = text[found.end(2) : found.end()].strip(" |\r")
        groups += own
        end, size = found.end(), sum(map(len, own)) // 2
        places = {place + size for place in here & places}
    yield from _said(start, end, groups, shown)


def _offsets(figures: str) -> set[int]:
    """Return what the place of a line may be: in hexadecimal, and in octal figures."""
    return {int(figures, 16)} | ({int(figures, 8)} if OCTAL.fullmatch(figures) else set())


def _said(start: int, end: int, groups: list[str], shown: str) -> Iterator[Reading]:
    """Yield what the groups of bytes say, in the order of what the first line shows of them, else in both."""
    raw = [bytes.fromhex(group) for group in groups]
    straight, turned = b"".join(raw), b"".join(group[::-1] for group in raw)
    orders = [turned, straight] if straight != turned else [straight]
    if shown:
        orders = [order for order in orders if _alike(order, shown)] or orders[-1:]
    letter = any(map(LETTER.search, groups))
    pieces = [said for order in orders for said in _legible(order) if letter or is_written(said)]
    if pieces:
        yield Reading(start, end, f" {' '.join(pieces)} ")


def _alike(raw: bytes, shown: str) -> bool:
    """Say whether the letters that a dump shows are those of the bytes."""
    return all(letter == chr(byte) or letter in " ." for byte, letter in zip(raw, shown, strict=False))


def _legible(raw: bytes) -> list[str]:
    """Return all that bytes say, or the passages of them that are text."""
    whole = text_of(raw) if len(raw) >= FEWEST else ""
    if whole:
        return [whole]
    pieces = (text_of(each[0]) for each in LEGIBLE.finditer(raw))
    return [said for said in pieces if said]


SPELLING = Dumped()
