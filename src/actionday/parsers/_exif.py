"""What Exif says, under our names.

Source: Exif 3.0, 4.6 (tags), 4.6.6 (``UserComment`` and its character code); TIFF 6.0; Windows ``XP`` tags (Microsoft,
"Photo metadata policies"); GPS: Exif 3.0, 4.6.7.
"""

from collections.abc import Mapping
from typing import Any

from actionday.model.foreign import plainly
from actionday.parsers._iptc import iim, resources
from actionday.parsers._tags import Tags
from actionday.parsers._tiff import Known
from actionday.parsers._values import decimal_degrees, plain
from actionday.parsers._xmp import xmp

TAGS = {
    0x010D: "title",
    0x010E: "description",
    0x010F: "camera_make",
    0x0110: "camera_model",
    0x011D: "page_name",
    0x0131: "software",
    0x0132: "modified",
    0x013B: "author",
    0x013C: "host",
    0x8298: "copyright",
    0x9003: "taken",
    0x9010: "taken_offset",
    0xA004: "related_sound",
    0xA420: "picture_id",
    0xA430: "owner",
    0xA431: "camera_serial",
    0xA433: "lens_make",
    0xA434: "lens",
    0xA435: "lens_serial",
    0xA436: "title",
    0xA437: "author",
    0xA438: "editor",
}
XP = {0x9C9B: "title", 0x9C9C: "comment", 0x9C9D: "author", 0x9C9E: "keywords", 0x9C9F: "subject"}
USER_COMMENT, XMP, IPTC, PHOTOSHOP = 0x9286, 700, 33723, 34377
EXIF, GPS = 0x8769, 0x8825
GPS_TEXTS = {0x12: "gps_datum", 0x1B: "gps_method", 0x1C: "place"}
KNOWN = Known(
    TAGS | XP, frozenset({*TAGS, *XP, USER_COMMENT, XMP, IPTC, PHOTOSHOP}), frozenset({*GPS_TEXTS, 29})
)
"""What the library gives of the first directory, that of Exif and that of the place."""
CODED = {b"ASCII\0\0\0": "ascii", b"JIS\0\0\0\0\0": "iso2022_jp", bytes(8): "utf-8"}


def exif(given: Any, tags: Tags) -> dict[str, object]:
    """Return places and what is damaged, and take the texts; a broken directory gives what was read before it."""
    found: dict[str, object] = {}
    try:
        for number, value in {**given, **given.get_ifd(EXIF)}.items():
            if number in TAGS:
                tags.add(TAGS[number], value)
            else:
                _coded(number, value, tags, given)
        found |= _place(given.get_ifd(GPS), tags)
    except (
        Exception
    ) as error:  # offsets of hostile directories lead anywhere, the library raises what it likes
        found["exif_damaged"] = plainly(error)
    return found


def _coded(number: int, value: Any, tags: Tags, given: Any) -> None:
    """Take a value that says itself how its text is written."""
    if isinstance(value, tuple) and all(isinstance(each, int) and 0 <= each < 256 for each in value):
        value = bytes(value)
    if not isinstance(value, bytes):
        if number == USER_COMMENT:
            tags.add("comment", value)
        return
    if number in XP:
        tags.add(XP[number], value.decode("utf-16-le", "replace").rstrip("\0"))
    elif number == USER_COMMENT:
        tags.add("comment", _user_comment(value, getattr(given, "endian", None) or "<"))
    elif number == XMP:
        xmp(value, tags)
    elif number == IPTC:
        iim(value, tags)
    elif number == PHOTOSHOP:
        resources(value, tags)


def _user_comment(value: bytes, order: str) -> object:
    code, text = value[:8], value[8:]
    if code == b"UNICODE\0":
        even, odd = text[::2].count(0), text[1::2].count(0)
        big = even > odd if even != odd else order == ">"
        return text.decode("utf-16-be" if big else "utf-16-le", "replace").strip("\0 \ufeff")
    name = CODED.get(code)
    if name == "iso2022_jp":
        return text.decode(name, "replace").strip("\0 ")
    return text.strip(b"\0 ") if name else value


def _place(gps: Mapping[int, Any], tags: Tags) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, side, degrees, negative in (("latitude", 1, 2, "S"), ("longitude", 3, 4, "W")):
        value = decimal_degrees(gps.get(degrees))
        if value is not None:
            found[name] = -value if plain(gps.get(side, "")).upper().startswith(negative) else value
    if len(found) == 2:
        tags.add("place", f"{found['latitude']}, {found['longitude']}")
    for number, name in GPS_TEXTS.items():
        value = gps.get(number)
        text = _user_comment(value, "<") if isinstance(value, bytes) else value
        if text:
            tags.add(name, text)
    day, clock = plain(gps.get(29, "")), gps.get(7)
    if day and clock and len(clock) == 3:
        hour, minute, second = (int(part) for part in clock)
        found["gps_time"] = f"{day.replace(':', '-')}T{hour:02}:{minute:02}:{second:02}Z"
    return found
