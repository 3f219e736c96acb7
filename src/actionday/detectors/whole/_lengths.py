"""Whether a content is whole whose header tells its length at a fixed place, and fonts, whose tables are listed.

Source: OpenType 1.9.1 (table directory, collections); WOFF 1.0 and 2.0, 3; EOT (W3C, 2008); MS-EMF, 2.3.4.2; MS-PST,
2.2.2.6; Windows registry file format (msuhanov); squashfs 4.0; Dalvik executable format; HDF5 3.0, II.A; systemd
journal file format; Apple icns; pcap and pcapng (IETF drafts); GNU gettext, 10.3; Adobe
SWF 19, 2; MS-WMF, 2.3.2.2; SQLite, "Database File Format", 1.3.
"""

from struct import unpack_from
from typing import Literal

from actionday.detectors.whole._content import Content, Look, endless
from actionday.detectors.whole._walk import walk
from actionday.model import Note

MOST_TABLES = 1 << 17
"""Tables of all fonts of a collection that are looked at: the largest of Noto has 500."""


def at_place(name: str, place: int, width: int, order: str = "little", more: int = 0) -> Look:
    """Return what compares the size of a content with the number of ``width`` bytes at ``place``, ``more`` added."""

    def look(content: Content) -> Note | None:
        told = content.number(place, width, order)
        return content.short(name, told + more if told >= 0 else place + width)

    return look


def ends_with(name: str, *marks: bytes) -> Look:
    """Return what looks for one of the marks at the very end of a content."""

    def look(content: Content) -> Note | None:
        tail = content.at(max(0, content.size - 16), 16) or b""
        return None if tail.endswith(marks) else endless(name, "its end mark")

    return look


def font(content: Content) -> Note | None:
    """Compare with the tables of the font, or of each font of a collection."""
    starts, left = [0], MOST_TABLES
    if content.data[:4] == b"ttcf":
        count = max(0, min(content.number(8, 4, "big"), 1 << 16))
        table = content.at(12, 4 * count) or b""
        if len(table) < 4 * count:
            return content.short("font", 12 + 4 * count)
        starts = list(unpack_from(f">{count}I", table))
    end = 0
    for start in starts:
        count = max(content.number(start + 4, 2, "big"), 0)
        left -= count
        if left < 0:
            break
        table = content.at(start + 12, 16 * count) or b""
        end = max(end, start + 12 + 16 * count)
        end = max([end, *(sum(unpack_from(">II", table, at + 8)) for at in range(0, len(table) - 15, 16))])
    return content.short("font", end)


def translations(content: Content) -> Note | None:
    """Compare with the texts that both tables of a gettext catalogue place, each with the NUL behind it."""
    order = "<" if content.data[:4] == b"\xde\x12\x04\x95" else ">"
    head = content.at(8, 12) or b""
    if len(head) < 12:
        return content.short("gettext", 20)
    count, *tables = unpack_from(order + "3I", head)
    end = 20
    for table in tables:
        raw = content.at(table, 8 * min(count, 1 << 20))
        end = max(end, table + 8 * count)
        pairs = unpack_from(f"{order}{len(raw or b'') // 4}I", raw or b"")
        end = max([end, *(size + at + 1 for size, at in zip(pairs[::2], pairs[1::2], strict=False))])
    return content.short("gettext", end)


def packets(content: Content) -> Note | None:
    """Go through the packets of a capture."""
    order: Literal["big", "little"] = "little" if content.data[:1] in (b"\xd4", b"\x4d") else "big"

    def packet(at: int, head: bytes) -> int | None:
        if len(head) < 16:
            return at + 16 if head else None
        return at + 16 + int.from_bytes(head[8:12], order)

    return walk(content, "pcap", 24, 16, packet)


def blocks(content: Content) -> Note | None:
    """Go through the blocks of a capture of the next generation."""
    order: Literal["big", "little"] = "little"

    def block(at: int, head: bytes) -> int | None:
        nonlocal order
        if len(head) < 8:
            return at + 12 if head else None
        if head[:4] == b"\n\r\r\n":
            order = "big" if head[8:12] == b"\x1a\x2b\x3c\x4d" else "little"
        size = int.from_bytes(head[4:8], order)
        return at + size if size >= 12 else None

    return walk(content, "pcapng", 0, 12, block)


def outlook(content: Content) -> Note | None:
    """Compare with the end that the header of a PST tells: of Unicode from version 23 on."""
    version = content.number(10, 2)
    return at_place("PST", 184, 8)(content) if version >= 23 else at_place("PST", 168, 4)(content)


def hierarchy(content: Content) -> Note | None:
    """Compare with the end of file in the first block of HDF5, of addresses of eight bytes."""
    head = content.at(0, 16) or b""
    if len(head) < 16:
        return content.short("HDF5", 16)
    if head[8] < 2:
        return at_place("HDF5", 40, 8)(content) if head[13] == 8 else None
    return at_place("HDF5", 28, 8)(content) if head[9] == 8 else None


def journal(content: Content) -> Note | None:
    """Compare with the header and the arena of a systemd journal."""
    sizes = (content.number(88, 8), content.number(96, 8))
    return content.short("journal", sum(sizes) if min(sizes) >= 0 else 104)


def property_list(content: Content) -> Note | None:
    """Hold the trailer of a binary property list, its last 32 bytes, against where its table of places begins."""
    trailer = content.at(max(0, content.size - 32), 32) or b""
    if len(trailer) == 32 and content.size >= 40:
        width, many, top, at = trailer[6], *unpack_from(">QQQ", trailer, 8)
        if width and top < many and at + width * many == content.size - 32:
            return None
    return endless("property list", "its trailer")


def database(content: Content) -> Note | None:
    """Compare with the pages that the header of SQLite counts, where the last writer wrote that number."""
    head = content.at(0, 100) or b""
    if len(head) < 100:
        return content.short("SQLite", 100)
    page, pages = int.from_bytes(head[16:18], "big"), int.from_bytes(head[28:32], "big")
    valid = head[24:28] == head[92:96]
    return content.short("SQLite", (65536 if page == 1 else page) * pages) if valid else None


def write_ahead(content: Content) -> Note | None:
    """Compare with whole frames, each a page and 24 bytes before it."""
    page = content.number(8, 4, "big")
    if not 512 <= page <= 65536:
        return None if content.size >= 32 else content.short("SQLite log", 32)
    over = (content.size - 32) % (24 + page)
    return (
        content.short("SQLite log", content.size - over + 24 + page) if over and content.size > 32 else None
    )


def flash(content: Content) -> Note | None:
    """Compare with the length in the header of a film that is not packed."""
    return at_place("Flash", 4, 4)(content) if content.data[:3] == b"FWS" else None


def metafile(content: Content) -> Note | None:
    """Compare with the words that the header of a Windows metafile counts, behind the one of Aldus."""
    begin = 22 if content.data[:4] == b"\xd7\xcd\xc6\x9a" else 0
    words = content.number(begin + 6, 4)
    return content.short("WMF", begin + 2 * words if words >= 0 else begin + 18)
