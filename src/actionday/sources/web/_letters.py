"""Files in base64 that stand in a text without an address: values of XML, JSON, LDIF and cards, armour of any kind.

Source: RFC 4648, 4 and 5 (the alphabet of addresses, ``-`` and ``_``); the first bytes of each type by its own
standard. A value begins with a file's first byte: what files of a type begin with stands in the text as letters that
are the same for all.

Keys, sums and tokens are base64 too: only what begins as a file of a known type is one.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from actionday.mime.window import Window

MARKS: dict[bytes, str] = {
    b"JVBERi0": "pdf", b"UEsDBB": "zip", b"UEsDBA": "zip", b"iVBORw0KGg": "png", b"/9j/4": "jpg", b"/9j/2": "jpg",
    b"R0lGODlh": "gif", b"R0lGODdh": "gif", b"H4sIA": "gz", b"H4sIC": "gz", b"0M8R4KGxGu": "ole",
    b"N3q8ryccAA": "7z", b"UmFyIRoHA": "rar", b"/Td6WFoA": "xz", b"QlpoOTFBWSZTW": "bz2", b"KLUv/": "zst",
    b"e1xydGY": "rtf", b"U1FMaXRlIGZvcm1hdCAz": "sqlite", b"f0VMRg": "elf", b"TVqQAAMAAAA": "exe", b"T2dnUwAC": "ogg",
    b"UklGR": "riff", b"SUQzA": "mp3", b"SUQzB": "mp3", b"ZkxhQwAAA": "flac", b"SUkqA": "tif", b"TU0AK": "tif",
    b"AAAAIGZ0eX": "mp4", b"AAAAHGZ0eX": "mp4", b"AAAAGGZ0eX": "mp4", b"AAAAFGZ0eX": "mp4", b"GkXfo": "mkv",
}  # fmt: skip
"""What the base64 of a file of a type begins with, and a suffix for it."""
ALL_MARKS = MARKS | {mark.replace(b"/", b"_"): suffix for mark, suffix in MARKS.items()}
LEAST = 100
"""Letters of a value; the smallest picture has as many."""
LETTER = re.compile(rb"[A-Za-z0-9+/]")
FOLD = re.compile(rb"(?:\\r)?\\n|\\?\r?\n[ \t]{0,40}|&#1[03];")
"""What stands between two lines of one value, escaped ones of JSON among them."""
PADDING = re.compile(rb"={1,2}|(?:%3[Dd]){1,2}")
NO_VALUE = re.compile(rb"[:=(]|[ \t]+[^\s<]")
"""What stands behind a name or a word of a sentence, which have letters too."""
STEP = 1 << 16
FOLDED = 64
SAME = bytes(97 if LETTER.match(bytes([code])) or code in b"-_" else 10 for code in range(256))
ROW, AROUND = b"a" * 56, 256
"""Letters of a line of base64 at least, and bytes within which the second line of a value begins: words are shorter."""
OF_OTHERS = (b";base64,", b"begin-base64 ")
BEFORE = 256


class Alphabet(NamedTuple):
    """Which letters a value is written with, and what a row of them is."""

    letters: bytes
    run: re.Pattern[bytes]

    def lines(self, width: int) -> re.Pattern[bytes]:
        """Return what finds further lines of ``width`` letters."""
        return re.compile(rb"(?:(?:%b)[%b]{%d}(?![%b]))+" % (FOLD.pattern, self.letters, width, self.letters))


STANDARD = Alphabet(rb"A-Za-z0-9+/", re.compile(rb"(?>(?:[A-Za-z0-9+/]++|\\/)+)"))
OF_ADDRESSES = Alphabet(rb"A-Za-z0-9_-", re.compile(rb"(?>(?:[A-Za-z0-9]++|[_-](?!-{4}))+)"))
"""Five dashes are an armour's end."""
TOLD = re.compile(rb"(?>(?:[A-Za-z0-9]++|%b)*)([+/_-])(?!-{4})" % FOLD.pattern)
TOLD_WITHIN = 4096
"""Bytes of a value in which one of the signs stands by which the alphabets differ."""


class Value(NamedTuple):
    """Where a value stands, the suffix of its type, and whether its letters stand there without anything between."""

    start: int
    end: int
    suffix: str
    plain: bool


def values(window: Window, look: Window, size: int) -> Iterator[Value]:
    """Yield the values of a text of ``size`` bytes in their order; ``look`` is a window of its own on the same text.

    Linear: each mark is looked for at the speed of memory, and what belongs to a value is not looked at again.
    """
    done = 0
    for at, suffix in _marked(window):
        if at < done or (at and LETTER.match(look.look(at - 1, 1))):
            continue
        before = look.look(max(0, at - BEFORE), min(at, BEFORE)).rstrip()
        line = before.rpartition(b"\n")[2]
        if before.endswith(OF_OTHERS[0]) or line.startswith(OF_OTHERS[1]):
            continue
        end, letters, plain = _extent(look, at, size)
        if letters < LEAST or (not at and end >= size - 2):  # a text of base64 alone is another's
            continue
        done = end
        yield Value(at, end, suffix, plain)


def has_row(block: bytes) -> bool:
    """Say whether there is a line of letters as long as those of base64."""
    return ROW in block.translate(SAME)


def _marked(window: Window) -> Iterator[tuple[int, str]]:
    """Yield where any of the marks stands, block by block: one with a long row of letters is asked for each."""
    at = 0
    while block := window.look(at, STEP + AROUND):
        found = []
        for mark, suffix in ALL_MARKS.items() if has_row(block) else ():
            place = block.find(mark)
            while 0 <= place < STEP:
                found.append((at + place, suffix))
                place = block.find(mark, place + len(mark))
        yield from sorted(found)
        at += STEP


def _extent(look: Window, at: int, size: int) -> tuple[int, int, bool]:
    """Return where a value ends that begins at a byte, how many letters it has, and whether they are plain.

    Lines are of one length, but for the first, which may stand behind a name, and the last.
    """
    told = TOLD.match(look.look(at, TOLD_WITHIN))
    alphabet = OF_ADDRESSES if told and told[1] in b"-_" else STANDARD
    first, escaped = _run(look, at, size, alphabet)
    end, letters = at + first, first
    fold, more = _line(look, end, size, alphabet)
    width = max(first, more) if more else 0
    while fold and width and not PADDING.match(look.look(end, 1)):
        block = look.look(end, STEP)
        whole = alphabet.lines(width).match(block)
        if whole is None:
            break
        escaped = escaped or b"\\" in whole[0] or b"&" in whole[0]
        end, letters = end + whole.end(), letters + len(FOLD.sub(b"", whole[0]))
        if whole.end() + width + FOLDED < len(block):
            break
    fold, more = _line(look, end, size, alphabet)
    if fold and 0 < more < width and _is_last(look, end + len(fold) + more, letters + more):
        escaped = escaped or fold[:1] in b"\\&"
        end, letters = end + len(fold) + more, letters + more
    padding = PADDING.match(look.look(end, 8))
    return end + (padding.end() if padding else 0), letters, not escaped


def _line(look: Window, at: int, size: int, alphabet: Alphabet) -> tuple[bytes, int]:
    """Return what parts a line from the next, and how many letters that has."""
    fold = FOLD.match(look.look(at, FOLDED))
    return (fold[0], _run(look, at + len(fold[0]), size, alphabet)[0]) if fold else (b"", 0)


def _is_last(look: Window, end: int, letters: int) -> bool:
    """Say whether a shorter line is the last of a value: it is padded, or full and not the name of another value."""
    behind = look.look(end, 8)
    return PADDING.match(behind) is not None or (letters % 4 == 0 and not NO_VALUE.match(behind))


def _run(look: Window, at: int, size: int, alphabet: Alphabet) -> tuple[int, bool]:
    """Return how many bytes of letters stand at a byte, and whether some are escaped."""
    length, escaped = 0, False
    while at + length < size:
        found = alphabet.run.match(block := look.look(at + length, STEP))
        if found is None:
            break
        length += found.end()
        escaped = escaped or b"\\" in found[0]
        if found.end() < len(block):
            break
    return length, escaped


def joined(written: bytes) -> bytes:
    """Return the letters of a value that stand escaped, or with escaped line ends between them."""
    return FOLD.sub(b"", written).replace(b"\\/", b"/").replace(b"%3D", b"=").replace(b"%3d", b"=")
