"""Tags in boxes and chunks: MP4 and QuickTime, RIFF (WAVE, AVI), Matroska and WebM.

Source: ISO/IEC 14496-12, 4.2 (boxes), 8.10 (user data); QuickTime File Format, "Metadata"; XMP part 3
(Adobe, 2020), 1.1.6 (MPEG-4); RIFF (Microsoft, 1991), INFO; RFC 9559, 5.1.8 (tags); RFC 8794, 4 and 5 (EBML).
"""

from collections.abc import Iterator
from struct import unpack_from

from actionday.mime.boxes import AROUND, FIRST, KNOWN, XMP_UUID
from actionday.parsers._tags import LOOKED_AT, Tags
from actionday.parsers._tags_sound import id3
from actionday.parsers._tags_user import QUICKTIME, named, place, user_data
from actionday.parsers._xmp import xmp

NUMBERS = KNOWN - {b"hdlr", b"stsd", b"keys", b"ilst", b"idat"}
HANDLER_NAME = 24
RIFF_NUMBERS = frozenset(
    {each.ljust(4) for each in b"smpl cue PEAK levl avih strh strf indx idx1 dmlh vprp".split()}
)
"""Chunks of numbers."""
ITUNES = {b"aART": "author", b"desc": "description", b"ldes": "description", b"cprt": "copyright", b"keyw": "keywords",
          b"catg": "category", b"tvsh": "tag_show", b"tven": "tag_episode", b"purl": "tag_address", b"ownr": "owner",
          b"apID": "owner"}  # fmt: skip
INFO = {b"INAM": "title", b"IART": "author", b"IPRD": "album", b"ICMT": "comment", b"ICRD": "created",
        b"ICOP": "copyright", b"ISFT": "producer", b"ISBJ": "subject", b"IKEY": "keywords", b"IENG": "contributors",
        b"ITCH": "contributors",
        b"ISRC": "source"}  # fmt: skip
TEXT_LISTS = frozenset({b"INFO", b"adtl"})
MARKERS = {b"labl": 4, b"note": 4, b"ltxt": 20}
"""Bytes before a text that is bound to a place in the sound."""
MATROSKA = {"TITLE": "title", "ARTIST": "author", "COMMENT": "comment", "DESCRIPTION": "description",
            "DATE_RELEASED": "created", "COPYRIGHT": "copyright", "LYRICS": "lyrics", "KEYWORDS": "keywords",
            "ENCODER": "producer"}  # fmt: skip
SEGMENT, INFORMATION, TAGS, TAG, SIMPLE = 0x18538067, 0x1549A966, 0x1254C367, 0x7373, 0x67C8
NAME, STRING, TITLE, WRITER = 0x45A3, 0x4487, 0x7BA9, 0x5741
ATTACHED, CHAPTER, CHAPTER_TEXT = 0x61A7, 0xB6, 0x85
LEVELS = frozenset(
    {
        SEGMENT,
        INFORMATION,
        TAGS,
        TAG,
        0x1043A770,
        0x45B9,
        CHAPTER,
        0x80,
        0x1654AE6B,
        0xAE,
        0x1941A469,
        ATTACHED,
    }
)
TEXTS = {
    TITLE: "title",
    WRITER: "producer",
    CHAPTER_TEXT: "chapters",
    0x536E: "track",
    0x466E: "attached",
    0x467E: "attached",
}
BEXT_NUMBERS, BEXT_HISTORY = 338, 602
MOST = 500_000
"""Boxes, chunks or elements gone through: 0.5 s; a broadcast of a day in fragments of two seconds has 90,000."""
FRAMES = b"movi"
"""The list of a film's frames, of which an hour has 100,000, and no tag among them."""
DEEPEST = 8
UNKNOWN = 1 << 62
"""The length of a live stream's segment: up to the end."""
ID3_CHUNKS = (b"id3 ", b"ID3 ")


def boxes(data: memoryview, tags: Tags) -> dict[str, object]:
    """Take the tags of an ISO media or QuickTime file; return where it was recorded, in degrees, if it says so."""
    names: list[str] = []
    where: dict[str, object] = {}
    left = [MOST]

    def within(begin: int, end: int, path: bytes, depth: int) -> None:
        for kind, at, stop in _boxes(data, begin, end, left):
            if (kind in AROUND or (kind == b"ilst" and path == b"meta")) and depth < DEEPEST:
                full = kind == b"meta" and bytes(data[at : at + 4]) == bytes(4)
                within(at + 4 * full, stop, kind, depth + 1)
            elif path == b"meta" and kind == b"keys":
                for _, start, to in _boxes(data, at + 8, stop, left):
                    names.append(_held(data, start, to, tags).decode("utf-8", "replace"))
            elif path == b"ilst":
                _item(data, (kind, at, stop), names, (tags, where), left)
            elif path == b"udta":
                user_data(bytes(data[at:stop]), kind, tags, where)
            elif kind == b"uuid" and bytes(data[at : at + 16]) == XMP_UUID:
                xmp(_held(data, at + 16, stop, tags), tags)
            elif path and kind == b"hdlr":
                name = _held(data, at + HANDLER_NAME, stop, tags)
                tags.add("handler", name[1:] if name[:1] == bytes([len(name) - 1 & 0xFF]) else name)
                tags.stray("hdlr", data[at : min(at + HANDLER_NAME, stop)], numbers=True)
            elif path and kind == b"stsd":
                tags.own("codec", data[at:stop])
            elif (path and kind.rstrip() in NUMBERS) or (kind in FIRST and not path):
                tags.stray(kind.decode("latin-1").strip(), data[at:stop], numbers=True)

    within(0, len(data), b"", 0)
    if not left[0]:
        tags.beyond(f"{MOST} boxes")
    return where


def _boxes(data: memoryview, begin: int, end: int, left: list[int]) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, begin and end of what each box between two places holds."""
    while begin + 8 <= end and left[0] > 0:
        left[0] -= 1
        size, head = int.from_bytes(data[begin : begin + 4], "big"), 8
        if size == 1 and begin + 16 <= end:
            size, head = int.from_bytes(data[begin + 8 : begin + 16], "big"), 16
        size = end - begin if size == 0 else size
        if size < head:
            return
        yield bytes(data[begin + 4 : begin + 8]), begin + head, min(begin + size, end)
        begin += size


def _item(
    data: memoryview, box: tuple[bytes, int, int], names: list[str], into: tuple[Tags, dict[str, object]],
    left: list[int],
) -> None:  # fmt: skip
    kind, begin, end = box
    tags, where = into
    told, free = "", ""
    for inner, at, stop in _boxes(data, begin, end, left):
        body = _held(data, at, stop, tags)
        if inner == b"name":
            free = body[4:].decode("utf-8", "replace")
        elif inner == b"data" and body[:4] in (b"\0\0\0\1", b"\0\0\0\2"):
            told = body[8:].decode("utf-16-be" if body[3] == 2 else "utf-8", "replace")
    number = int.from_bytes(kind, "big")
    if kind[:1] == b"\xa9":
        name = QUICKTIME.get(kind[1:], tags.key(kind[1:].decode("latin-1")))
    elif 0 < number <= len(names):
        name = named(names[number - 1], tags)
    else:
        name = ITUNES.get(kind) or tags.key(free or kind.decode("latin-1"))
    if name == "place":
        place(told, where)
    tags.add(name, told)


def _held(data: memoryview, at: int, stop: int, tags: Tags) -> bytes:
    """Return the bytes of one tag; more than ``LOOKED_AT`` is said."""
    if stop - at > LOOKED_AT:
        tags.beyond(f"{LOOKED_AT} bytes of one tag")
    return bytes(data[at : min(stop, at + LOOKED_AT)])


def chunks(data: memoryview, tags: Tags) -> None:
    """Take the INFO lists of a RIFF file, the texts of its markers, and an ID3 tag in it."""
    left = [MOST]

    def within(begin: int, end: int, kind: bytes, depth: int) -> None:
        while begin + 8 <= end and left[0] > 0:
            left[0] -= 1
            name, size = bytes(data[begin : begin + 4]), unpack_from("<I", data, begin + 4)[0]
            at, stop = begin + 8, min(begin + 8 + size, end)
            body = bytes(data[at:stop]) if name in ID3_CHUNKS else b""
            if kind in TEXT_LISTS or name in (b"bext", b"cue "):
                body = _held(data, at, stop, tags)
            if name == b"LIST" and bytes(data[at : at + 4]) == FRAMES:
                pass
            elif name == b"LIST" and depth < DEEPEST:
                within(at + 4, stop, bytes(data[at : at + 4]), depth + 1)
            elif kind == b"INFO":
                tags.add(INFO.get(name, tags.key(name.decode("latin-1"))), body.rstrip(b"\0"))
            elif kind == b"adtl":
                tags.add("markers", body[MARKERS[name] :].rstrip(b"\0") if name in MARKERS else body)
            elif name in ID3_CHUNKS and body[:3] == b"ID3" and len(body) > 10:
                id3(body[10:], body[3], tags, unsynchronised=bool(body[5] & 0x80))
            elif name == b"bext":  # EBU Tech 3285
                for field, start, length in (
                    ("description", 0, 256),
                    ("author", 256, 32),
                    ("reference", 288, 32),
                ):
                    tags.add(field, body[start : start + length].partition(b"\0")[0])
                tags.stray("bext (numbers)", body[BEXT_NUMBERS:BEXT_HISTORY], numbers=True)
                tags.add("coding_history", body[BEXT_HISTORY:].rstrip(b"\0"))
            elif name == b"cue " and size != 4 + 24 * int.from_bytes(body[:4], "little"):
                pass  # an item of its own
            elif name in RIFF_NUMBERS:
                tags.stray(name.decode("latin-1").strip(), data[at:stop], numbers=True)
            begin = stop + size % 2 if stop == begin + 8 + size else end

    within(12, len(data), b"", 0)
    if not left[0]:
        tags.beyond(f"{MOST} chunks")


def elements(data: memoryview, tags: Tags) -> None:
    """Take titles, tags, chapters and names of attachments of a Matroska or WebM file."""
    left = [MOST]

    def within(begin: int, end: int, depth: int) -> None:
        for kind, at, stop in _elements(data, begin, end, left):
            if kind == SIMPLE:
                _simple(data, at, stop, left, tags)
            elif kind in LEVELS and depth < DEEPEST:
                within(at, stop, depth + 1)
            elif kind in TEXTS:
                tags.add(TEXTS[kind], _held(data, at, stop, tags))

    within(0, len(data), 0)
    if not left[0]:
        tags.beyond(f"{MOST} elements")


def _simple(data: memoryview, begin: int, end: int, left: list[int], tags: Tags, depth: int = 0) -> None:
    name = value = b""
    for kind, at, stop in _elements(data, begin, end, left):
        if kind == NAME:
            name = _held(data, at, stop, tags)
        elif kind == STRING:
            value = _held(data, at, stop, tags)
        elif kind == SIMPLE and depth < DEEPEST:
            _simple(data, at, stop, left, tags, depth + 1)
    field = name.decode("utf-8", "replace").rstrip("\0").upper()
    tags.add(MATROSKA.get(field, tags.key(field)), value)


def _elements(data: memoryview, begin: int, end: int, left: list[int]) -> Iterator[tuple[int, int, int]]:
    while begin < end and left[0] > 0:
        left[0] -= 1
        kind, at = _number(data, begin, keep=True)
        size, at = _number(data, at, keep=False)
        if not kind or at <= begin or size < 0:
            return
        stop = end if size == UNKNOWN else min(at + size, end)
        yield kind, at, stop
        begin = stop


def _number(data: memoryview, at: int, *, keep: bool) -> tuple[int, int]:
    """Return a number of one to eight bytes and where it ends; ``keep`` leaves the mark of its length in it."""
    if at >= len(data) or not data[at]:
        return 0 if keep else -1, at
    length = 9 - data[at].bit_length()
    raw = int.from_bytes(data[at : at + length], "big")
    bare = raw & (1 << 7 * length) - 1
    if not keep and bare == (1 << 7 * length) - 1:
        bare = UNKNOWN
    return raw if keep else bare, at + length
