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


@dataclass(slots=True)
class Parts:
    """What a code consists of."""

    outside: list[bytes] = field(default_factory=list)
    comments: list[bytes] = field(default_factory=list)
    """Without their sign."""
    images: list[bytes] = field(default_factory=list)
    """From behind ``BI`` to the end."""
    strings: list[bytes] = field(default_factory=list)
    """Literal strings that no operator shows, as they are written."""

    def unshown(self, left: bytes) -> Iterator[str]:
        """Yield the strings that are prose; those in figures stand in ``left``, the code outside of all others."""
        yield from filter(prosaic, map(literal, self.strings))
        pending: list[bytes] = []
        for each in FIGURES.finditer(left) if b"<" in left else ():
            if each[2] is not None:
                pending += [each[2]] if not each[1] or _is_several(_of_figures(each[2])) else []
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
                inner = parts(head)
                found += inner.unshown(b"")
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
        content, cut, spent, _ = undone_to(image, min(most, budget.images), predicted=False)
        budget.images -= spent
        if not cut or not _may_be_text(content):
            return content, False
    return content, cut


def parts(code: bytes) -> Parts:
    """Return what a code consists of; each byte is gone through once, or twice behind an image without an end."""
    found, pending = Parts(), list[bytes]()
    depth = begin = at = 0
    endless = meant = False
    while sign := SIGN.search(code, at):
        word, start, at = sign[0], sign.start(), sign.end()
        if word == b"(":
            if not depth:
                _outside(code[begin:start], found, pending)
                meant = code[begin:start].rstrip().endswith(GLYPHS)
                begin = at
            depth += 1
        elif word == b")":
            if depth == 1:
                held = code[begin:start]
                pending += [held] if not meant or _is_several(literal(held)) else []
                begin = at
            depth = max(depth - 1, 0)
        elif depth or word[:1] == b"\\":
            continue
        elif word == b"%":
            _outside(code[begin:start], found, pending)
            line = LINE.match(code, at)
            begin = at = line.end() if line else at
            found.comments.append(code[start + 1 : at])
        elif not endless and (end := IMAGE_END.search(code, at)):
            _outside(code[begin:start], found, pending)
            found.images.append(code[at : end.start()])
            begin = at = end.end()
        else:
            endless = True
    if depth:
        pending.append(code[begin:])
    else:
        _outside(code[begin:], found, pending)
    found.strings += pending
    return found


def _outside(code: bytes, found: Parts, pending: list[bytes]) -> None:
    """Take what stands between two strings: it tells whether those before are shown."""
    found.outside.append(code)
    if not pending or GOES_ON.fullmatch(code):
        return
    if not SHOWS.match(code):
        found.strings += pending
    pending.clear()


def _is_several(text: str) -> bool:
    return " " in text.strip()


def _of_figures(digits: bytes) -> str:
    bare = digits.translate(None, b" \t\r\n\f\0")
    try:
        return decoded(binascii.unhexlify(bare + b"0" * (len(bare) % 2)))
    except binascii.Error:
        return ""
