"""User data of films: texts of QuickTime and of telephones, and where a film was recorded.

Source: QuickTime File Format, "User Data Text Strings", "Metadata" (keys of Apple); 3GPP TS 26.244, 8.2 to 8.11 (asset
information: ``titl`` to ``loci``); ISO 6709:2008, annex H (places in a string); Nero ``chpl`` (as ffmpeg writes it).
"""

import re
from collections.abc import Callable, Mapping
from struct import unpack_from

from actionday.mime.boxes import PACKET, USER
from actionday.parsers._tags import Tags
from actionday.parsers._xmp import xmp

QUICKTIME = {b"nam": "title", b"ART": "author", b"aut": "author", b"alb": "album", b"cmt": "comment", b"day": "created",
             b"des": "description", b"lyr": "lyrics", b"cpy": "copyright", b"too": "producer", b"enc": "producer",
             b"mak": "camera_make", b"mod": "camera_model", b"swr": "software", b"inf": "description", b"xyz": "place",
             b"wrt": "contributors", b"key": "keywords"}  # fmt: skip
ASSET = {b"titl": "title", b"dscp": "description", b"perf": "author", b"auth": "author", b"albm": "album",
         b"cprt": "copyright", b"gnre": "category", b"coll": "album"}  # fmt: skip
"""Boxes of a language and a text."""
APPLE = {"make": "camera_make", "model": "camera_model", "creationdate": "created", "ISO6709": "place", "name": "place",
         "body": "place_body", "note": "place_notes", "artist": "author", "album": "album", "genre": "category",
         "producer": "contributors", "director": "contributors", "information": "description"}  # fmt: skip
"""Ends of Apple's keys (``com.apple.quicktime.make``, ``com.apple.quicktime.location.ISO6709`` …)."""
AS_THEY_ARE = frozenset({"title", "author", "comment", "description", "keywords", "copyright", "software"})
OF_A_PLACE = frozenset({"name", "body", "note"})
"""Ends that say something of a place behind ``location`` alone."""
EARTH = frozenset({"", "earth"})
FICTIONAL = 2
"""The role of a place that the film only plays at."""
POINT = re.compile(r"([+-]\d{2}(?:\d{2}){0,2}(?:\.\d+)?)([+-]\d{3}(?:\d{2}){0,2}(?:\.\d+)?)")


def named(name: str, tags: Tags) -> str:
    """Return our name for a key of QuickTime's metadata; ``tags`` keep one that is too long for a key."""
    before, _, last = name.rpartition(".")
    if last in AS_THEY_ARE:
        return last
    if last in OF_A_PLACE and not before.endswith("location"):
        return tags.key(last)
    return APPLE.get(last) or tags.key(last)


def user_data(body: bytes, kind: bytes, tags: Tags, where: dict[str, object]) -> None:
    """Take what a box of user data says; ``where`` takes ``latitude`` and ``longitude`` in degrees."""
    if kind[:1] == b"\xa9":
        _quicktime(body, kind, tags, where)
        return
    rest = body
    if kind in ASSET:
        said, rest = _text(body[6:])
        tags.add(ASSET[kind], said)
    elif kind == b"loci":
        rest = _location(body, tags, where)
    elif kind == PACKET:
        xmp(body, tags)
    elif kind in OTHERS:
        rest = OTHERS[kind](body, tags)
    if kind in USER:  # any other is an item of its own
        tags.stray(kind.decode("latin-1"), rest)


def place(said: str, where: dict[str, object]) -> None:
    """Take latitude and longitude from a place in a string, as ``+48.2082+016.3738+151/``."""
    found = POINT.match(said.strip())
    if found:
        for name, figures, whole in (("latitude", found[1], 2), ("longitude", found[2], 3)):
            where.setdefault(name, _degrees(figures, whole))


def _degrees(figures: str, whole: int) -> float:
    """Return degrees, which minutes and seconds may follow with no sign between (``+4812.5``, ``+481230``)."""
    digits, dot, rest = figures[1:].partition(".")
    parts = [digits[:whole], *(digits[at : at + 2] for at in range(whole, len(digits), 2))]
    parts[-1] += dot + rest
    value = sum(float(each) / (1, 60, 3600)[power] for power, each in enumerate(parts))
    return round(-value if figures[0] == "-" else value, 6)


def _quicktime(body: bytes, kind: bytes, tags: Tags, where: dict[str, object]) -> None:
    at = 0
    while at + 4 <= len(body):
        size, language = unpack_from(">HH", body, at)
        raw = body[at + 4 : at + 4 + size]
        roman = language < 0x400  # codes of the Macintosh, else of ISO 639-2
        name = QUICKTIME.get(kind[1:], tags.key(kind[1:].decode("latin-1")))
        if name == "place":
            place(raw.decode("latin-1"), where)
        tags.add(name, raw if not roman or raw.isascii() else _utf8_or(raw, "mac_roman"))
        at += 4 + size


def _utf8_or(raw: bytes, other: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(other, "replace")


def _text(raw: bytes) -> tuple[str, bytes]:
    """Return a text in UTF-8 or, behind a mark, UTF-16 up to its NUL, and what follows it."""
    if raw[:2] not in (b"\xfe\xff", b"\xff\xfe"):
        text, _, rest = raw.partition(b"\0")
        return text.decode("utf-8", "replace"), rest
    end = next((at for at in range(2, len(raw) - 1, 2) if raw[at : at + 2] == b"\0\0"), len(raw))
    return raw[:end].decode("utf-16", "replace"), raw[end + 2 :]


def _location(body: bytes, tags: Tags, where: dict[str, object]) -> bytes:
    """Take the place of a film: its name, its point, on which body it lies, and notes (8.11); return what is behind."""
    name, rest = _text(body[6:])
    role = rest[0] if rest else 0
    into = "fictional_place" if role == FICTIONAL else "place"
    tags.add(into, name)
    if len(rest) < 13:
        return rest
    east, north, _ = (round(each / 65536, 6) for each in unpack_from(">iii", rest, 1))
    around, rest = _text(rest[13:])
    tags.add(into, f"{north}, {east}")
    notes, rest = _text(rest)
    tags.add("place_notes", notes)
    if around.lower() not in EARTH:
        tags.add("place_body", around)
    elif role != FICTIONAL:
        where.setdefault("latitude", north)
        where.setdefault("longitude", east)
    return rest


def _keywords(body: bytes, tags: Tags) -> bytes:
    at = 7
    for _ in range(body[6] if len(body) > 6 else 0):
        size = body[at] if at < len(body) else 0
        tags.add("keywords", _text(body[at + 1 : at + 1 + size])[0])
        at += 1 + size
    return body[at:]


def _classed(body: bytes, tags: Tags) -> bytes:
    """Take a rating or a class: who gives it, by which table, and what it says (8.6, 8.9)."""
    said, rest = _text(body[12:])
    tags.add("category", f"{body[4:8].decode('latin-1')} {said}")
    return rest


def _rated(body: bytes, tags: Tags) -> bytes:
    said, rest = _text(body[14:])
    tags.add("rating", f"{body[4:12].decode('latin-1')} {said}")
    return rest


def _year(body: bytes, tags: Tags) -> bytes:
    tags.add("created", str(int.from_bytes(body[4:6], "big")))
    return body[6:]


def _chapters(body: bytes, tags: Tags) -> bytes:
    """Take the titles of Nero's chapters, each behind its time."""
    at = 9
    for _ in range(body[8] if len(body) > 8 else 0):
        size = body[at + 8] if at + 8 < len(body) else 0
        tags.add("chapters", body[at + 9 : at + 9 + size])
        at += 9 + size
    return body[at:]


def _name(body: bytes, tags: Tags) -> bytes:
    tags.add("title", body)
    return b""


OTHERS: Mapping[bytes, Callable[[bytes, Tags], bytes]] = {
    b"kywd": _keywords,
    b"clsf": _classed,
    b"rtng": _rated,
    b"yrrc": _year,
    b"chpl": _chapters,
    b"name": _name,
}
