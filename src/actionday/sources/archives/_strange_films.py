"""Chunks of RIFF (WAV, AVI, WebP), boxes of ISO media (MP4, MOV, HEIC) and blocks of FLAC that nobody reads.

Source: RIFF (Microsoft, 1991) and its new chunks (1994); EBU Tech 3285; RFC 9649 (WebP); ISO/IEC 14496-12, 4.2, 8.1.2
(``free``, ``skip``) and 11.1 (``uuid``); QuickTime File Format; RFC 9639, 8 (FLAC metadata blocks).
"""

import re
from collections.abc import Iterator

from actionday.mime.boxes import AROUND, KNOWN, PACKET, USER, XMP_UUID
from actionday.mime.segments import is_exif
from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.archives._strange_pictures import MOST_PARTS, Strange, within

RIFF_KNOWN = frozenset(
    (
        b"data bext id3 ID3 VP8 VP8L ALPH ANMF ICCP XMP avih strh strf indx idx1 dmlh vprp smpl PEAK levl"
    ).split()
)
RIFF_SIZES = {b"fmt ": 40, b"fact": 12, b"inst": 8, b"VP8X": 10, b"ANIM": 6}
READ_LISTS = frozenset({b"INFO", b"adtl"})
"""Lists whose texts the parser reads."""
RESERVED = re.compile(rb"\x04\0{7}\d\d(?:dc|db|wb|tx|pc)|odmldmlh\xf8\0{3}")
"""What a writer of AVI leaves in the room it keeps for an index, where the film stays too short for one."""
FRAMES = b"movi"
"""The film itself, in many thousand chunks."""
DEEPEST = 8
FILLING = frozenset({b"free", b"skip", b"wide"})
FLAC_NUMBERS, FLAC_TEXTS = {0: 34, 3: 18}, 4
"""Blocks of numbers, and the bytes that their length is a multiple of."""
FLAC_PICTURE = 6
FLAC_NAMES = {0: "head", 3: "seek table", 1: "padding", 2: "application", 5: "cue sheet", 6: "picture"}


def riff(stream: Stream, limit: int) -> Iterator[Strange]:
    """Yield the chunks of a RIFF file that are strange."""
    left = [MOST_PARTS]
    open_lists = [(12, limit)]
    while open_lists:
        at, end = open_lists.pop()
        while at + 8 <= end and left[0] > 0:
            left[0] -= 1
            head = read_at(stream, at, 12)
            kind, size = head[:4], int.from_bytes(head[4:8], "little")
            stop = min(at + 8 + size, end)
            if kind in (b"LIST", b"RIFF"):
                if head[8:12] not in READ_LISTS and head[8:12] != FRAMES:
                    open_lists.append((at + 12, stop))
            elif kind == b"data":
                yield from within(stream, "data", at + 8, stop)
            elif not _is_riff(stream, kind, at + 8, stop - at - 8):
                kept = RESERVED.match(read_at(stream, at + 8, 16)) if kind == b"JUNK" else None
                begin = at + 8 + (kept.end() if kept else 0)
                yield Strange(kind.decode("latin-1").strip(), begin, stop - begin)
            at = stop + (size % 2 and read_at(stream, stop, 1) == b"\0")


def _is_riff(stream: Stream, kind: bytes, at: int, size: int) -> bool:
    if kind == b"cue ":
        count = int.from_bytes(read_at(stream, at, 4), "little")
        return size == 4 + 24 * count
    if kind == b"EXIF":
        return is_exif(read_at(stream, at, 16))
    return kind.rstrip() in RIFF_KNOWN or size <= RIFF_SIZES.get(kind, -1)


def boxes(stream: Stream, limit: int) -> Iterator[Strange]:
    """Yield the boxes of an ISO media file that are strange: filling with something in it, those of somebody's own."""
    left = MOST_PARTS
    todo: list[tuple[int, int, bytes, int]] = [(0, limit, b"", 0)]
    while todo:
        at, end, around, depth = todo.pop()
        while at + 8 <= end and left > 0:
            left -= 1
            head = read_at(stream, at, 16)
            kind, size, begin = head[4:8], int.from_bytes(head[:4], "big"), at + 8
            if size == 1:
                size, begin = int.from_bytes(head[8:16], "big"), at + 16
            stop = end if size == 0 else min(at + size, end)
            if stop < begin:
                break
            if kind in AROUND and depth < DEEPEST:
                full = kind == b"meta" and read_at(stream, begin, 4) == bytes(4)
                todo.append((begin + 4 * full, stop, kind, depth + 1))
            elif kind == b"mdat":
                yield from within(stream, "mdat", begin, stop)
            elif kind == b"uuid":
                told = read_at(stream, begin, 16) == XMP_UUID
                yield Strange("XMP" if told else "uuid", begin + 16, max(stop - begin - 16, 0), expected=told)
            elif kind == PACKET and around == b"udta":
                yield Strange("XMP", begin, stop - begin, expected=True)
            elif kind in FILLING or kind == b"xml " or (around and not _is_box(kind, around)):
                skipped = 4 if kind == b"xml " and read_at(stream, begin, 4) == bytes(4) else 0
                yield Strange(kind.decode("latin-1").strip(), begin + skipped, stop - begin - skipped)
            at = stop


def _is_box(kind: bytes, around: bytes) -> bool:
    if around == b"udta":
        return kind[:1] == b"\xa9" or kind in USER
    return around == b"iprp" or kind.rstrip() in KNOWN


def flac(stream: Stream, limit: int) -> Iterator[Strange]:
    """Yield the metadata blocks of a FLAC file that are neither tables nor texts: padding with something in it."""
    at, last = 4, False
    for _ in range(MOST_PARTS):
        head = read_at(stream, at, 4)
        if last or len(head) < 4 or at + 4 > limit:
            return
        last, kind = bool(head[0] & 0x80), head[0] & 0x7F
        size = min(int.from_bytes(head[1:], "big"), limit - at - 4)
        cover = _cover(stream, at + 4, size) if kind == FLAC_PICTURE else 0
        if cover:
            yield Strange("cover", cover, at + 4 + size - cover, expected=True)
        elif kind != FLAC_TEXTS and size % FLAC_NUMBERS.get(kind, size + 1):
            yield Strange(FLAC_NAMES.get(kind, f"block {kind}"), at + 4, size)
        at += 4 + size


def _cover(stream: Stream, start: int, size: int) -> int:
    """Return where the picture in a block of FLAC begins, 0 where the block is not what its lengths say."""
    place = start + 4
    for behind in (0, 16):  # type and description; four numbers follow
        place += 4 + int.from_bytes(read_at(stream, place, 4), "big") + behind
        if place + 4 > start + size:
            return 0
    return place + 4 if int.from_bytes(read_at(stream, place, 4), "big") == start + size - place - 4 else 0
