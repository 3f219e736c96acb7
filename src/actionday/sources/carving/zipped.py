"""Zip archives and what is made of them (office documents, programs for Java and Android): members, then directory.

Source: PKWARE APPNOTE.TXT 6.3.10, 4.3 (members, descriptors, central directory, end record).
"""

from struct import unpack_from

from actionday.mime.zipped.records import CENTRAL, LOCAL
from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.carving._base import Plain
from actionday.sources.carving._carver import Carved

END, END64, LOCATOR = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
METHODS = frozenset({0, 1, 6, 8, 9, 12, 14, 93, 95, 98, 99})
MOST_PARTS = 500_000
PIECE = 64 << 10
FURTHER = 64 << 20
"""Bytes in which the end of a member is looked for that does not tell its length before it."""
NAMED = (
    (b"word/document", ".docx"), (b"xl/workbook", ".xlsx"), (b"ppt/presentation", ".pptx"),
    (b"AndroidManifest.xml", ".apk"), (b"META-INF/MANIFEST.MF", ".jar"),
)  # fmt: skip
DOCUMENTS = (
    (b"opendocument.text", ".odt"), (b"opendocument.spreadsheet", ".ods"), (b"opendocument.presentation", ".odp"),
    (b"epub+zip", ".epub"),
)  # fmt: skip
TAIL = 64 << 10


class Zipped(Plain):
    """Zip in one piece."""

    name, suffix = "carve-zip", ".zip"
    marks = (LOCAL,)
    most = 4 << 30

    def carve(self, stream: Stream) -> Carved | None:
        """Return an archive up to its end record; cut where something stands that follows no member."""
        at, members, central = 0, 0, 0
        for _ in range(MOST_PARTS):
            head = read_at(stream, at, 56)
            mark = head[:4]
            if mark == LOCAL and not central:
                over = _member(stream, at, head)
                if not over or over > stream.size:
                    break
                at, members = over, members + 1
            elif mark == CENTRAL and members and len(head) >= 46:
                central = central or at
                at += 46 + sum(unpack_from("<3H", head, 28))
            elif mark == END64 and central and len(head) >= 12:
                at += 12 + min(int.from_bytes(head[4:12], "little"), 1 << 20)
            elif mark == LOCATOR and central:
                at += 20
            elif mark == END and central and len(head) >= 22:
                start, comment = unpack_from("<IH", head, 16)
                whole = start in (central, 0xFFFFFFFF) and at + 22 + comment <= stream.size
                return Carved(min(at + 22 + comment, stream.size), whole=whole)
            else:
                break
        return Carved(min(at, stream.size), whole=False) if members else None

    def called(self, stream: Stream, size: int, /) -> str:
        """Return the suffix that its members tell."""
        head, tail = read_at(stream, 0, 128), read_at(stream, max(0, size - TAIL), min(TAIL, size))
        if b"mimetype" in head[:46]:
            return next((suffix for word, suffix in DOCUMENTS if word in head), self.suffix)
        return next((suffix for word, suffix in NAMED if word in tail), self.suffix)


def _member(stream: Stream, at: int, head: bytes) -> int:
    """Return the byte behind a member, 0 where its header cannot be right or nothing follows it."""
    if len(head) < 30:
        return 0
    need, flags, method = unpack_from("<3H", head, 4)
    packed, _, name, extra = unpack_from("<IIHH", head, 18)
    if need & 0xFF > 63 or method not in METHODS or not 0 < name <= 4096:
        return 0
    begin = at + 30 + name + extra
    if packed == 0xFFFFFFFF:
        packed = _wide(read_at(stream, at + 30 + name, extra))
    if not flags & 8 or packed:
        over = begin + packed
        return _described(stream, over) if flags & 8 else over
    return _next(stream, begin)


def _wide(extra: bytes) -> int:
    """Return the packed size in the field of zip64, beyond any archive where there is none."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = unpack_from("<HH", extra, at)
        if kind == 1 and size >= 16 and at + 20 <= len(extra):
            return int(unpack_from("<Q", extra, at + 12)[0])
        at += 4 + size
    return 1 << 62


def _described(stream: Stream, over: int) -> int:
    """Return the byte behind the descriptor at ``over``, of the lengths that there are."""
    for length in (16, 12, 24, 20):
        if read_at(stream, over + length, 4) in (LOCAL, CENTRAL):
            return over + length
    return 0


def _next(stream: Stream, at: int) -> int:
    """Return where the next member or the directory begins, 0 where neither does within reach."""
    limit, size = min(stream.size, at + FURTHER), 256
    while at < limit:
        block = read_at(stream, at, size)
        size = min(2 * size, PIECE)
        found = [place for mark in (LOCAL, CENTRAL) if (place := block.find(mark)) >= 0]
        if found:
            return at + min(found)
        at += max(1, len(block) - 3)
    return 0


CARVER = Zipped()
