"""Chunks of PNG, segments of JPEG and blocks of GIF that are neither the picture nor what its format keeps about it.

Source: PNG (third edition), 11; ITU-T T.81, B.1.1.3 (APPn, JPGn); JFIF 1.02; GIF89a, 23 to 26; ICC.1:2022, 7.2.

Programs pass over a part that they do not know, and over filling: anything may stand there. What a standard has a use
for is known by its kind, and by its size where that is fixed; all else is strange.
"""

import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from actionday.mime.segments import (
    EXIF,
    JFIF,
    LIST,
    NUMBER_SIZES,
    XMP,
    is_application,
    is_exif,
    is_measure,
)
from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.archives._coded import readable
from actionday.sources.archives._ends import marker_from

MOST_PARTS = 1_000_000
"""Parts gone through, as many as by the parser, which says where there are more."""
PNG_SIZES = {
    b"IHDR": 13, b"PLTE": 768, b"tRNS": 256, b"cHRM": 32, b"gAMA": 4, b"sBIT": 4, b"sRGB": 1, b"cICP": 4, b"mDCV": 24,
    b"cLLI": 8, b"bKGD": 6, b"hIST": 512, b"pHYs": 9, b"tIME": 7, b"acTL": 8, b"fcTL": 26, b"oFFs": 9, b"sTER": 1,
    b"vpAg": 9, b"caNv": 16, b"orNT": 1, b"gIFg": 4, b"iDOT": 28, b"IEND": 0,
}  # fmt: skip
"""Bytes that a chunk of a fixed size has at most."""
PNG_ITSELF = frozenset({b"IDAT", b"fdAT"})
PNG_OTHERS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
"""Texts that the parser reads."""
PNG_MEASURES = frozenset({b"sCAL", b"pCAL", b"sPLT"})
LARGEST_MEASURE = 64 * 1024
APPLICATIONS = {
    0xE0: (b"JFXX\0", b"AVI1"),
    0xE1: (EXIF, b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"),
    0xE2: (b"MPF\0", b"FPXR\0"),
    0xED: (b"Photoshop 3.0\0",),
}
SHORT_APPLICATIONS = {0xEC: (b"Ducky", 20), 0xEE: (b"Adobe", 33)}
"""Segments of a few numbers: the word they begin with, and the bytes they have at most."""
LETTERS = re.compile(rb"[A-Za-z ]{4}")
ICC = b"ICC_PROFILE\0"
PROFILE = b"acsp"
PROFILE_AT = 36
JPEG_ITSELF = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xE0), 0xFE})
"""Tables, frames, scans, and comments, which the parser reads."""
WORDS = (EXIF, LIST, XMP)
"""Words that are no part of what stands behind them, where that is none of their kind."""
RESTARTS = frozenset({1, *range(0xD0, 0xD9)})
BLOCK = 64 * 1024
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
LONGEST_LOOP = 8
GIF_READ = frozenset({b"ICCRGBG1012", b"MGK8BIM0000", b"MGKIPTC0000"})
"""Applications whose blocks the parser reads."""
MAGICK = b"ImageMagick"
GAMMA = re.compile(rb"gamma=[\d.]{1,12}")
GIF_KNOWN = {0xF9: 4, 0xFE: 1 << 62, 0x01: 1 << 62}
"""Bytes that a block of control has; comments and texts are the parser's."""
MOST_RUNS = 4096


class Strange(NamedTuple):
    """A part nobody reads: what it is called, the byte at which it begins, and how many it has."""

    name: str
    start: int
    size: int
    packed: bool = False
    """Whether its bytes are compressed as those of a PNG are."""
    runs: tuple[tuple[int, int], ...] = ()
    """Where its bytes lie, if not in one piece."""
    expected: bool = False
    """Whether the format has a use for it and it is a file of its own: an item, and no finding."""


def within(stream: Stream, name: str, start: int, end: int) -> Iterator[Strange]:
    """Yield what is text at the beginning or the end of coded data."""
    for begin, size in readable(stream, start, end):
        yield Strange(f"text in {name}", begin, size)


def png(stream: Stream, limit: int) -> Iterator[Strange]:
    """Yield the chunks of a PNG that are strange."""
    at = 8
    for _ in range(MOST_PARTS):
        head = read_at(stream, at, 8)
        if len(head) < 8 or at + 12 > limit:
            return
        kind, size = head[4:], min(int.from_bytes(head[:4], "big"), limit - at - 8)
        name = kind.decode("latin-1")
        if kind == b"iCCP":
            body = read_at(stream, at + 8, min(size, 4096))
            begin = body.find(b"\0") + 2
            if not _is_profile(body[begin:]):
                yield Strange(name, at + 8, max(begin - 2, 0))
                yield Strange(name, at + 8 + begin, max(size - begin, 0), packed=True)
        elif kind in PNG_ITSELF:
            yield from within(stream, name, at + 8, at + 8 + size)
        elif kind == b"eXIf":
            if not is_exif(read_at(stream, at + 8, min(size, 16))):
                yield Strange(name, at + 8, size)
        elif kind in PNG_MEASURES:
            if not is_measure(kind, read_at(stream, at + 8, min(size, LARGEST_MEASURE))):
                yield Strange(name, at + 8, size)
        elif kind not in PNG_OTHERS and size > PNG_SIZES.get(kind, -1):
            yield Strange(name, at + 8, size)
        at += 12 + size


def _is_profile(packed: bytes) -> bool:
    try:
        start = zlib.decompressobj().decompress(packed, 128)
    except zlib.error:
        return False
    return start[PROFILE_AT : PROFILE_AT + 4] == PROFILE


def jpeg(stream: Stream, limit: int) -> Iterator[Strange]:
    """Yield the segments of a JPEG that are strange, and bytes between segments, which programs pass over."""
    at, profile = 2, False
    for _ in range(MOST_PARTS):
        head = read_at(stream, at, 4)
        if len(head) < 4 or at + 4 > limit:
            return
        if head[0] != 0xFF or head[1] == 0:
            over = marker_from(stream, at, limit)
            yield Strange("between segments", at, over - at)
            at = over
            continue
        kind = head[1]
        if kind == 0xFF or kind in RESTARTS:
            at += 1 if kind == 0xFF else 2
            continue
        if kind == 0xD9:
            return
        size = max(min(int.from_bytes(head[2:], "big"), limit - at - 2), 2)
        if kind not in JPEG_ITSELF:
            start = read_at(stream, at + 4, min(size - 2, 64))
            if start.startswith(ICC) and kind == 0xE2:
                profile = profile or start[14 + PROFILE_AT : 18 + PROFILE_AT] == PROFILE
            if not (profile if start.startswith(ICC) else _is_known(kind, start, size - 2)):
                word = next((len(each) for each in WORDS if start.startswith(each)), 0)
                yield Strange(_named(kind), at + 4 + word, size - 2 - word)
        elif size - 2 > NUMBER_SIZES.get(kind, size):
            yield Strange(_named(kind), at + 4, size - 2)
        at += 2 + size
        if kind == 0xDA:
            begin, at = at, _behind_scan(stream, at, limit)
            yield from within(stream, "scan", begin, at)


def _named(kind: int) -> str:
    return f"APP{kind - 0xE0}" if 0xE0 <= kind <= 0xEF else f"segment {kind:02X}"


def _is_known(kind: int, start: bytes, size: int) -> bool:
    if kind == 0xE0 and start.startswith(JFIF):
        return is_application(start, size)
    word, most = SHORT_APPLICATIONS.get(kind, (b"\0", -1))
    short = start.startswith(word) and size <= most and not LETTERS.search(start, len(word))
    return (start.startswith(APPLICATIONS.get(kind, ())) and is_application(start, size)) or short


def _behind_scan(stream: Stream, at: int, limit: int) -> int:
    while (at := marker_from(stream, at, limit)) < limit and read_at(stream, at + 1, 1) in (b"\xd8", b"\x01"):
        at += 2
    return at


def gif(stream: Stream, limit: int) -> Iterator[Strange]:
    """Yield the extensions of a GIF that are strange."""
    at = 13 + _colours(read_at(stream, 10, 1))
    for _ in range(MOST_PARTS):
        head = read_at(stream, at, 10)
        if at >= limit or head[:1] not in (b"!", b","):
            return
        if head[:1] == b",":
            _, at = _blocks(stream, at + 11 + _colours(head[9:10]), limit)
            continue
        kind = head[1] if len(head) > 1 else 0
        runs, over = _blocks(stream, at + 2, limit)
        size, first = sum(length for _, length in runs), runs[0][0] if runs else at + 2
        if kind == 0xFF and runs and runs[0][1] == 11:
            name = read_at(stream, first, 11)
            size -= 11
            if name == b"XMP DataXMP":  # written without lengths of blocks: as it stands
                yield Strange("XMP", first + 11, over - first - 11)
            elif name == MAGICK and len(runs) == 2 and GAMMA.fullmatch(read_at(stream, *runs[1])):
                pass  # what that program writes into each
            elif not (name in LOOPS and size <= LONGEST_LOOP) and name not in GIF_READ:
                yield _in_runs(name.decode("latin-1").rstrip("\0 "), runs[1:], size)
        elif size > GIF_KNOWN.get(kind, -1):
            yield _in_runs(f"extension {kind:02X}", runs, size)
        at = over


def _in_runs(name: str, runs: list[tuple[int, int]], size: int) -> Strange:
    """Return a part in pieces; of one in thousands the whole range, with the lengths between."""
    if not runs:
        return Strange(name, 0, 0)
    first, last = runs[0], runs[-1]
    if len(runs) > MOST_RUNS:
        return Strange(name, first[0], last[0] + last[1] - first[0])
    return Strange(name, first[0], size, runs=tuple(runs))


def _colours(flags: bytes) -> int:
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _blocks(stream: Stream, at: int, limit: int) -> tuple[list[tuple[int, int]], int]:
    """Return where the content of each sub-block lies, and the byte behind the row of them."""
    found: list[tuple[int, int]] = []
    held, base = b"", at
    while at < limit:
        if not base <= at < base + len(held):
            held, base = read_at(stream, at, min(BLOCK, limit - at)), at
            if not held:
                break
        length = min(held[at - base], limit - at - 1)
        if not held[at - base]:
            return found, at + 1
        if len(found) <= MOST_RUNS:
            found.append((at + 1, length))
        else:
            found[-1] = at + 1, length
        at += 1 + length
    return found, limit
