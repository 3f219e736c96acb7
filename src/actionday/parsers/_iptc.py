"""IPTC-IIM: captions, bylines, places and keywords that newsrooms put into pictures.

Source: IPTC-NAA Information Interchange Model 4.2, 1.5.1 (data sets), 5.5 (coded character set), 6 (application
record); Photoshop File Formats, "Image Resource Blocks" (8BIM, 0x0404).
"""

from actionday.parsers._icc import colours
from actionday.parsers._tags import Tags
from actionday.parsers._xmp import xmp

FIELDS = {
    5: "title", 7: "status", 15: "category", 20: "category", 22: "reference", 25: "keywords", 26: "place", 27: "place",
    40: "instructions", 55: "taken", 65: "producer", 80: "author", 85: "author_title", 90: "city", 92: "place",
    95: "state", 100: "country_code", 101: "country", 103: "reference", 105: "headline", 110: "credit", 115: "source",
    116: "copyright", 118: "contact", 120: "description", 122: "caption_writer",
}  # fmt: skip
UTF8 = (b"\x1b%G", b"\x1b%/I")
RESOURCES = frozenset({b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR"})
IIM, XMP, PROFILE = 0x0404, 0x0424, 0x040F
SHORT_TEXTS = {0x03F0: "caption", 0x040B: "address"}
"""Resources that are a text of any length."""
MOST = 5000
"""Resources or data sets gone through."""


def resources(block: bytes, tags: Tags) -> None:
    """Take the IPTC data among Photoshop's resources."""
    at = 0
    for _ in range(MOST):
        if block[at : at + 4] not in RESOURCES or at + 12 > len(block):
            tags.stray("Photoshop's resources (behind the last)", block[at:])
            return
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        name = block[at + 6 : at + 7]
        begin = at + 6 + (2 + (name[0] & ~1) if name else 2)
        size = int.from_bytes(block[begin : begin + 4], "big")
        tags.add("photoshop_name", block[at + 7 : at + 7 + name[0]])
        body = block[begin + 4 : begin + 4 + size]
        if number == IIM:
            iim(body, tags)
        elif number in SHORT_TEXTS:
            tags.add(SHORT_TEXTS[number], body[body[:1] == bytes([len(body) - 1 & 0xFF]) :])
        elif number == XMP:
            xmp(body, tags)
        elif number == PROFILE:
            colours(body, tags)
        else:
            tags.own(f"photoshop_{number:04x}", body)
        at = begin + 4 + size + size % 2
    tags.stray(f"Photoshop's resources (behind {MOST})", block[at:])


def iim(block: bytes, tags: Tags) -> None:
    """Take the data sets of the application record."""
    at, utf8 = 0, False
    for _ in range(MOST):
        if at + 5 > len(block) or block[at] != 0x1C:
            tags.stray("IPTC (behind the last data set)", block[at:])
            return
        record, field = block[at + 1], block[at + 2]
        size, begin = int.from_bytes(block[at + 3 : at + 5], "big"), at + 5
        if size & 0x8000:
            more = size & 0x7FFF
            size = int.from_bytes(block[begin : begin + more], "big") if more <= 4 else len(block)
            begin += more
        value = block[begin : begin + size]
        if (record, field) == (1, 90):
            utf8 = value in UTF8
        elif record == 2 and field in FIELDS:
            tags.add(FIELDS[field], _text(value, utf8=utf8))
        else:
            tags.own(f"iptc_{record}_{field}", value)
        at = begin + size
    tags.stray(f"IPTC (behind {MOST} data sets)", block[at:])


def _text(value: bytes, *, utf8: bool) -> str:
    """Return a value: as UTF-8 where the marker or the bytes say so, else as windows-1252."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8" if utf8 else "cp1252", "replace")
