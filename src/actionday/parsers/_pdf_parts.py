"""The code of a PDF by what it is: operators and operands, comments, inline images, and strings that nothing shows.

Source: PDF 1.7 (ISO 32000-1), 7.2.3 (comments), 7.3.4 (strings), 8.9.7 (inline images), 9.4.3 (operators that show
text).
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from actionday.parsers._decode import CONTROLS, decode
from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_filters import undone_to
from actionday.parsers._pdf_names import prosaic
from actionday.parsers._pdf_objects import decoded, literal

SIGN = re.compile(rb"\\[\s\S]|[()%]|(?<![^\s\])>])BI(?=[\s/])")
"""What begins and ends a literal string, a comment, and what begins an inline image."""
LINE = re.compile(rb"[^\r\n]*")
IDLE = re.compile(rb"(?>(?:%[^A-Za-z\x80-\xff\0\r\n]*+[\r\n]\s*+)+)")
"""Comments without a letter, one behind the other."""
IMAGE_END = re.compile(rb"\sEI(?!\S)")
IMAGE_DATA = re.compile(rb"(?<![^\s\])>])ID\s")
IMAGE_FILTER = re.compile(rb"/F(?=[\s/\[])")
OPERANDS = rb"[-+.\d\s]*+(?>(?:<[0-9A-Fa-f\s]*+>[-+.\d\s]*+)*)"
SHOWS = re.compile(OPERANDS + rb"\]?\s*+(?:T[jJ](?![A-Za-z*])|['\"])")
GOES_ON = re.compile(OPERANDS)
GLYPHS = b"/ActualText"
"""Says what the glyphs behind it mean: read with these; one without glyphs is words only if it is two and more."""
FIGURES = re.compile(rb"(/ActualText\s*+)?<([0-9A-Fa-f\s]*+)>|[A-Za-z'\"*]++")
SHOWN = frozenset((b"Tj", b"TJ", b"'", b'"'))
MOST_OF_IMAGE, BEGIN = 1 << 20, 4096
"""Bytes of one inline image that are unpacked, and those by which is told that it is no text."""
MOST = 100_000
"""Comments of a code, and strings of it that nothing shows; those of the largest that is known are 2,000."""


@dataclass(slots=True)
class Parts:
    """What a code consists of."""

    outside: bytearray = field(default_factory=bytearray)
    """All that is no comment, image or string, a line for each piece."""
    comments: list[bytes] = field(default_factory=list)
    """Without their sign."""
    images: list[bytes] = field(default_factory=list)
    """From behind ``BI`` to the end."""
    strings: list[bytes] = field(default_factory=list)
    """Literal strings that no operator shows, as they are written."""
    cut: bool = False
    """Whether some of these are not here."""

    def keep(self, kept: list[bytes], pieces: list[bytes]) -> None:
        """Take pieces into one of the lists, as far as there is room."""
        room = MOST - len(kept)
        self.cut = self.cut or len(pieces) > room
        kept += pieces[:room]

    def unshown(self, left: bytes, budget: Budget) -> Iterator[str]:
        """Yield the strings that are prose; those in figures stand in ``left``, the code outside of all others."""
        yield from filter(prosaic, map(literal, self.strings))
        pending: list[bytes] = []
        for each in FIGURES.finditer(left) if b"<" in left else ():
            if budget.signs <= 0:
                self.cut = True
                break
            budget.signs -= 1
            if each[2] is not None:
                self.keep(pending, [each[2]] if not each[1] or _is_several(_of_figures(each[2])) else [])
                continue
            if each[0] not in SHOWN:
                yield from filter(prosaic, map(_of_figures, pending))
            pending.clear()
        yield from filter(prosaic, map(_of_figures, pending))

    def of_images(self, budget: Budget) -> tuple[list[str], bool]:
        """Return the images that are prose, what their dictionaries say, and whether any was not read to its end."""
        found, cut = list[str](), False
        for image in self.images:
            at = IMAGE_DATA.search(image)
            head = image[: at.start()] if at else image
            if b"(" in head or b"%" in head:
                inner = parts(head, budget)
                cut = cut or inner.cut
                found += inner.unshown(b"", budget)
                found += filter(prosaic, (each.decode("latin-1").strip() for each in inner.comments))
            stored, more = image[at.end() :] if at else b"", False
            if b"/F" in head:
                stored, more = _unpacked(IMAGE_FILTER.sub(b"/Filter", head) + b"stream\n" + stored, budget)
                cut = cut or more
            if _may_be_text(stored) and prosaic(text := "".join(decode(memoryview(stored)).pieces)):
                found.append(text)
        return found, cut


def _may_be_text(stored: bytes) -> bool:
    return stored.translate(None, CONTROLS) == stored


def _unpacked(image: bytes, budget: Budget) -> tuple[bytes, bool]:
    """Return an image without its filters, of one that is no text the first bytes; whether a text goes on."""
    content, cut = b"", False
    for most in (BEGIN, MOST_OF_IMAGE):
        if budget.images <= 0:
            return content, True
        content, cut, spent, _ = undone_to(image, min(most, budget.images), budget, predicted=False)
        budget.images -= spent
        if not cut or not _may_be_text(content):
            return content, False
    return content, cut


def parts(code: bytes, budget: Budget) -> Parts:
    """Return what a code consists of, as far as the ``budget`` goes.

    Each byte is gone through once, or twice in a comment and behind an image without an end.
    """
    found, pending = Parts(), list[bytes]()
    depth = begin = at = 0
    endless = meant = False
    while (sign := SIGN.search(code, at)) and budget.signs > 0:
        word, start, at = sign[0], sign.start(), sign.end()
        budget.signs -= 1
        if word == b"(":
            if not depth:
                _outside(code[begin:start], found, pending)
                meant = code[begin:start].rstrip().endswith(GLYPHS)
                begin = at
            depth += 1
        elif word == b")":
            if depth == 1:
                held = code[begin:start]
                found.keep(pending, [held] if held and (not meant or _is_several(literal(held))) else [])
                begin = at
            depth = max(depth - 1, 0)
        elif depth or word[:1] == b"\\":
            continue
        elif word == b"%":
            _outside(code[begin:start], found, pending)
            begin = at = _comments(code, start, found)
        elif not endless and (end := IMAGE_END.search(code, at)):
            _outside(code[begin:start], found, pending)
            found.keep(found.images, [code[at : end.start()]])
            begin = at = end.end()
        else:
            endless = True
    found.cut = found.cut or sign is not None
    if depth:
        found.keep(pending, [code[begin:]])
    elif not sign:
        _outside(code[begin:], found, pending)
    found.keep(found.strings, pending)
    return found


def _comments(code: bytes, start: int, found: Parts) -> int:
    """Take the comment that begins here, or pass over all up to one with a letter; return where it ends."""
    if idle := IDLE.match(code, start):
        return idle.end()
    line = LINE.match(code, start)
    end = line.end() if line else start + 1
    found.keep(found.comments, [code[start + 1 : end]])
    return end


def _outside(code: bytes, found: Parts, pending: list[bytes]) -> None:
    """Take what stands between two strings: it tells whether those before are shown."""
    found.outside += code
    found.outside += b"\n"
    if not pending or GOES_ON.fullmatch(code):
        return
    if not SHOWS.match(code):
        found.keep(found.strings, pending)
    pending.clear()


def _is_several(text: str) -> bool:
    return " " in text.strip()


def _of_figures(digits: bytes) -> str:
    bare = digits.translate(None, b" \t\r\n\f\0")
    try:
        return decoded(binascii.unhexlify(bare + b"0" * (len(bare) % 2)))
    except binascii.Error:
        return ""
