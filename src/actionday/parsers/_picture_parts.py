"""The parts of a picture file that hold words: comments, texts, Exif, IPTC and XMP, wherever its format keeps them.

Source: ITU-T T.81, B.1.1.3 and B.2.4.5 (COM); XMP part 3 (Adobe, 2020), 1; PNG (third edition), 11.3.3 and 11.3.4.4;
GIF89a, 24 and 26; WebP container (RFC 9649), 2.7; ISO/IEC 23008-12 (HEIF).
"""

import re
import zlib
from collections import deque
from collections.abc import Iterator
from struct import unpack_from

from actionday.mime.segments import (
    EXIF,
    EXTENSION,
    JFIF,
    LIST,
    NUMBER_SIZES,
    TIFF,
    XMP,
    is_application,
    is_measure,
)
from actionday.parsers._exif import KNOWN
from actionday.parsers._icc import colours
from actionday.parsers._iptc import iim, resources
from actionday.parsers._tags import Tags
from actionday.parsers._tiff import directories
from actionday.parsers._xmp import xmp

XMP_MORE = b"http://ns.adobe.com/xmp/extension/\0"
PHOTOSHOP, ICC = b"Photoshop 3.0\0", b"ICC_PROFILE\0"
HEADS = (JFIF, EXTENSION, b"AVI1")
NUMBERS = frozenset({*range(0xC0, 0xD0), *range(0xDB, 0xE0)})
"""Segments that hold tables, sizes and intervals."""
PNG_MEASURES = frozenset({b"sPLT", b"pCAL", b"sCAL"})
PNG_ITSELF = frozenset({b"IDAT", b"fdAT"})
PNG_NUMBERS = 768
"""Bytes of a chunk of numbers at most: those of a palette; larger ones, and unknown ones, are items of their own."""
MARKER = re.compile(rb"\xff[\x02-\xcf\xd8-\xfe]")
PACKET = re.compile(rb"<x:xmpmeta\b|</x:xmpmeta>")
LONGEST_PACKET = len("<x:xmpmeta") + 2_000_000
"""Bytes before the end of a packet."""
GIF_READ = {b"ICCRGBG1012": colours, b"MGK8BIM0000": resources, b"MGKIPTC0000": iim}
"""Applications of GIF whose blocks are read, by their names."""
MOST = 1_000_000
"""Segments, chunks or blocks gone through: a picture of 384 MiB in chunks of 8 KiB has 50,000."""
LARGEST = 4 << 20
"""Bytes of one text unpacked, and of one packet."""
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
RIFF_READ = frozenset({b"XMP ", b"ICCP", b"EXIF"})
TEXTS = {"title": "title", "author": "author", "description": "description", "comment": "comment",
         "copyright": "copyright", "software": "software", "creation_time": "created", "source": "source"}  # fmt: skip


def words(data: memoryview, tags: Tags) -> None:
    """Take what the parts of a picture say, of whatever format it is by its first bytes."""
    head = bytes(data[:16])
    if head[:2] == JPEG:
        _jpeg(data, tags)
    elif head[:8] == PNG:
        _png(data, tags)
    elif head[:6] in (b"GIF87a", b"GIF89a"):
        _gif(data, tags)
    elif head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        for kind, body in _riff(data, tags):
            if kind == b"XMP ":
                xmp(body, tags)
            elif kind == b"ICCP":
                colours(body, tags)
            elif kind == b"EXIF":
                directories(memoryview(body.removeprefix(EXIF)), "Exif", tags, KNOWN)
    else:
        if head[:4] in TIFF:
            directories(data, "TIFF", tags, KNOWN, whole=True)
        # TIFF, HEIC, AVIF, JPEG 2000 keep a packet as plain bytes somewhere
        for packet in _packets(data):
            xmp(packet, tags)


def _packets(data: memoryview) -> Iterator[bytes]:
    """Yield the packets that stand in bytes, each from the first mark that is near enough to its end."""
    begun: deque[int] = deque()
    for mark in PACKET.finditer(data):
        if mark[0][1:2] != b"/":
            begun.append(mark.start())
            continue
        while begun and mark.start() - begun[0] > LONGEST_PACKET:
            begun.popleft()
        if begun:
            yield bytes(data[begun[0] : mark.end()])
        begun.clear()


def _jpeg(data: memoryview, tags: Tags) -> None:
    more: list[bytes] = []
    blocks: list[bytes] = []
    profile: list[bytes] = []
    for marker, body in _segments(data, tags):
        if marker == 0xFE:
            tags.add("comment", body)
        elif not is_application(body[:64], len(body)):
            continue  # none of what it begins as: an item of its own
        elif marker == 0xE1 and body.startswith(XMP):
            xmp(body[len(XMP) :], tags)
        elif marker == 0xE1 and body.startswith(XMP_MORE):
            more.append(body[len(XMP_MORE) + 40 :])
        elif marker == 0xE2 and body.startswith(ICC):
            profile.append(body[len(ICC) + 2 :])
        elif marker == 0xED and body.startswith(PHOTOSHOP):
            blocks.append(body[len(PHOTOSHOP) :])
        elif marker == 0xE1 and body.startswith(EXIF):
            directories(memoryview(body)[6:], "Exif", tags, KNOWN)
        elif marker == 0xE2 and body.startswith(LIST):
            directories(memoryview(body)[4:], "the list of pictures", tags, KNOWN)
        elif marker == 0xE2 and body.startswith(b"FPXR\0"):
            tags.own("flashpix", body)
        elif (marker in NUMBERS and len(body) <= NUMBER_SIZES.get(marker, len(body))) or (
            marker == 0xE0 and body.startswith(HEADS)
        ):
            tags.stray(f"segment {marker:02X}", body, numbers=True)
    if more:
        xmp(b"".join(more), tags)
    resources(b"".join(blocks), tags)
    colours(b"".join(profile), tags)


def _segments(data: memoryview, tags: Tags) -> Iterator[tuple[int, bytes]]:
    """Yield marker and content of each segment before the picture itself."""
    at = 2
    for _ in range(MOST):
        while at < len(data) and data[at] == 0xFF and at + 1 < len(data) and data[at + 1] == 0xFF:
            at += 1
        if at + 4 <= len(data) and data[at] != 0xFF:  # whoever draws it passes over to the next marker
            again = MARKER.search(data, at)
            at = again.start() if again else len(data)
        if at + 4 > len(data) or data[at + 1] in (0xDA, 0xD9):
            return
        size = unpack_from(">H", data, at + 2)[0]
        yield data[at + 1], bytes(data[at + 4 : at + 2 + size])
        at += 2 + max(size, 2)
    _ended(data, at, tags, "segments")


def _png(data: memoryview, tags: Tags) -> None:
    at = 8
    for _ in range(MOST):
        if at + 8 > len(data):
            return
        size, kind = unpack_from(">I", data, at)[0], bytes(data[at + 4 : at + 8])
        if kind in (b"tEXt", b"zTXt", b"iTXt"):
            _png_text(kind, _held(data, at + 8, size, tags), tags)
        elif kind == b"iCCP":
            name, _, packed = _held(data, at + 8, size, tags).partition(b"\0")
            tags.own("colour_profile", name)
            colours(_unpacked(packed[1:], tags), tags)
        elif kind == b"eXIf":
            body = _held(data, at + 8, size, tags)
            directories(memoryview(body.removeprefix(EXIF)), "Exif", tags, KNOWN)
        elif kind in PNG_MEASURES:
            if is_measure(kind, body := _held(data, at + 8, size, tags)):
                tags.own(f"png_{kind.decode().lower()}", body)
        elif kind not in PNG_ITSELF and size <= PNG_NUMBERS:
            tags.stray(kind.decode("latin-1"), data[at + 8 : at + 8 + size], numbers=True)
        at += 12 + size
    _ended(data, at, tags, "chunks")


def _ended(data: memoryview, at: int, tags: Tags, kind: str) -> None:
    """Say that a file goes on behind the last part that is gone through."""
    if at + 2 < len(data):
        tags.beyond(f"{MOST} {kind}")


def _held(data: memoryview, at: int, size: int, tags: Tags) -> bytes:
    """Return the bytes of one part; more than ``LARGEST`` is said."""
    if size > LARGEST and len(data) > at + LARGEST:
        tags.beyond(f"{LARGEST} bytes of one part")
    return bytes(data[at : at + min(size, LARGEST)])


def _png_text(kind: bytes, body: bytes, tags: Tags) -> None:
    name, _, rest = body.partition(b"\0")
    packed = rest[:1] == b"\1" if kind == b"iTXt" else kind == b"zTXt"
    if kind == b"iTXt":
        _, _, rest = rest[2:].partition(b"\0")
        translated, _, rest = rest.partition(b"\0")
        tags.add("tag_translated", translated)
    elif packed:
        rest = rest[1:]
    if packed:
        rest = _unpacked(rest, tags)
    if name == b"XML:com.adobe.xmp":
        xmp(rest, tags)
        return
    field = name.decode("latin-1").strip().lower().replace(" ", "_")
    value = rest.decode("utf-8" if kind == b"iTXt" else "latin-1", "replace")
    tags.add(TEXTS.get(field) or tags.key(field), _repaired(value))


def _unpacked(packed: bytes, tags: Tags) -> bytes:
    """Return what is compressed, nothing where it is damaged; text behind its end is taken."""
    whole = zlib.decompressobj()
    try:
        found = whole.decompress(packed, LARGEST)
    except zlib.error:
        tags.stray("packed text (damaged)", packed)
        return b""
    if whole.unconsumed_tail:
        tags.beyond(f"{LARGEST} bytes of one packed text")
    tags.stray("packed text (behind its end)", whole.unused_data)
    return found


def _repaired(value: str) -> str:
    """Return a text in Latin-1 as UTF-8 where it is that: many programs do not keep to the standard."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _gif(data: memoryview, tags: Tags) -> None:
    at = 13 + (3 << (data[10] & 7) + 1 if len(data) > 10 and data[10] & 0x80 else 0)
    tags.stray("palette", data[13:at], numbers=True)
    for _ in range(MOST):
        if at + 2 > len(data) or data[at] == 0x3B:
            return
        if data[at] == 0x2C:
            flags = data[at + 9] if at + 9 < len(data) else 0
            _, at = _blocks(data, at + 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0), keep=False)
        elif data[at] == 0x21:
            label = data[at + 1]
            kept = label in (0xFE, 0x01) or (label == 0xFF and bytes(data[at + 3 : at + 14]) in GIF_READ)
            body, at = _blocks(data, at + 2, keep=kept)
            if label in (0xFE, 0x01):
                tags.add("comment", body if label == 0xFE else body[12:])
            elif kept:
                GIF_READ[body[:11]](body[11:], tags)
        else:
            return
    _ended(data, at, tags, "blocks")


def _blocks(data: memoryview, at: int, *, keep: bool) -> tuple[bytes, int]:
    """Return the bytes of a row of sub-blocks, if they are kept, and where it ends."""
    parts: list[bytes] = []
    while at < len(data) and data[at]:
        if keep:
            parts.append(bytes(data[at + 1 : at + 1 + data[at]]))
        at += 1 + data[at]
    return b"".join(parts), at + 1


def _riff(data: memoryview, tags: Tags) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    for _ in range(MOST):
        if at + 8 > len(data):
            return
        size = unpack_from("<I", data, at + 4)[0]
        kind = bytes(data[at : at + 4])
        yield kind, _held(data, at + 8, size, tags) if kind in RIFF_READ else b""
        at += 8 + size + size % 2
    _ended(data, at, tags, "chunks")
