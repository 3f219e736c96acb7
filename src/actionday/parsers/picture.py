"""Pictures: size, format, camera, times and place; the letters in them wait for OCR. No pixel is decoded.

Source: PNG (third edition), 5 and 11; JFIF 1.02; TIFF 6.0; Exif 3.0, 4.6; ISO/IEC 23008-12 (HEIF, ``ispe``).
"""

import io
from collections.abc import Mapping
from typing import Any

from actionday.model import Damaged, Limits, Note, Parsed
from actionday.parsers._values import decimal_degrees, plain

WAITS = "a picture: letters in it wait for OCR"
NOT_READ = frozenset({"image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"})
"""Containers the library does not open: width, height and Exif are found in their boxes."""
ICON = "image/vnd.microsoft.icon"
"""The library decodes icons when it opens them: the largest is found in the directory instead."""
ENDS = {"image/png": b"IEND", "image/jpeg": b"\xff\xd9", "image/gif": b"\0;"}
END_WITHIN = 64 * 1024
"""Bytes from the end in which the end mark is looked for: programs append data behind it."""
TAGS = {
    0x010E: "description",
    0x010F: "camera_make",
    0x0110: "camera_model",
    0x0131: "software",
    0x0132: "modified",
    0x013B: "author",
    0x8298: "copyright",
    0x9003: "taken",
    0x9010: "taken_offset",
    0x9286: "comment",
    0xA430: "owner",
    0xA431: "camera_serial",
    0xA434: "lens",
    0xA435: "lens_serial",
}
EXIF, GPS = 0x8769, 0x8825
LONGEST = 1000


class Picture:
    """Metadata of pictures in any format; those nobody opens are said to wait all the same."""

    name, version = "picture", 1
    mimes = ("image/*",)
    samples = (
        "photo.jpeg",
        "drawing.png",
        "film.gif",
        "photo.webp",
        "photo.avif",
        "scan.tiff",
        "old.bmp",
        "icon.ico",
    )

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:  # noqa: ARG002
        """Return no text; ``meta`` with ``needs`` = ``"ocr"``, width, height, Exif. Raises Damaged."""
        meta: dict[str, object] = {"needs": "ocr"}
        notes: list[Note] = []
        if mime in NOT_READ:
            meta |= _heif(bytes(data[: 1 << 20]))
        elif mime == ICON:
            meta |= _icon(bytes(data[:4096]))
        else:
            meta |= _opened(bytes(data), mime, notes)
        mark = ENDS.get(mime)
        if mark and mark not in bytes(data[-END_WITHIN:]):
            notes.append(Note("truncated", f"{mime} without its end mark: it breaks off"))
        return Parsed(meta=meta, reason=WAITS, notes=tuple(notes))


def _opened(content: bytes, mime: str, notes: list[Note]) -> dict[str, object]:
    import warnings

    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # size warnings: nothing is decoded here
        try:
            with Image.open(io.BytesIO(content)) as picture:
                return _described(picture)
        except Image.DecompressionBombError as error:
            notes.append(Note("huge", f"picture: {error}"))
        except UnidentifiedImageError:
            if mime in Image.MIME.values():
                raise Damaged(f"{mime}: the header cannot be read") from None
            notes.append(Note("not_opened", f"{mime}: nobody here reads its header"))
        except Exception as error:  # the library raises what it likes on hostile headers
            raise Damaged(f"{mime}: {type(error).__name__}: {error}"[:300]) from error
    return {}


def _described(picture: Any) -> dict[str, object]:
    from PIL import Image

    found: dict[str, object] = {"width": picture.width, "height": picture.height, "mode": picture.mode}
    texts = {
        key: value for key, value in picture.info.items() if isinstance(key, str) and isinstance(value, str)
    }
    for key, value in sorted(texts.items())[:50]:
        found[f"text_{key[:60].lower()}"] = plain(value)[:LONGEST]
    comment = picture.info.get("comment")
    if comment:
        found["comment"] = plain(comment)[:LONGEST]
    return found | exif(Image.Image.getexif(picture))  # that of PNG would decode the picture first


def exif(tags: Any) -> dict[str, object]:
    """Return what Exif says, under our names; a broken directory gives what was read before it."""
    found: dict[str, object] = {}
    try:
        for number, value in {**tags, **tags.get_ifd(EXIF)}.items():
            name = TAGS.get(number)
            if name and plain(value):
                found[name] = plain(value)[:LONGEST]
        found |= _place(tags.get_ifd(GPS))
    except Exception as error:  # as above: offsets of hostile directories lead anywhere
        found["exif_damaged"] = f"{type(error).__name__}: {error}"[:200]
    return found


def _place(gps: Mapping[int, Any]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, side, degrees, negative in (("latitude", 1, 2, "S"), ("longitude", 3, 4, "W")):
        value = decimal_degrees(gps.get(degrees))
        if value is not None:
            found[name] = -value if plain(gps.get(side, "")).upper().startswith(negative) else value
    day, clock = plain(gps.get(29, "")), gps.get(7)
    if day and clock and len(clock) == 3:
        hour, minute, second = (int(part) for part in clock)
        found["gps_time"] = f"{day.replace(':', '-')}T{hour:02}:{minute:02}:{second:02}Z"
    return found


def _icon(head: bytes) -> dict[str, object]:
    count = min(int.from_bytes(head[4:6], "little"), (len(head) - 6) // 16)
    sizes = [(head[6 + 16 * at] or 256, head[7 + 16 * at] or 256) for at in range(count)]
    if not sizes:
        raise Damaged(f"{ICON}: no entry in the directory")
    width, height = max(sizes)
    return {"width": width, "height": height}


def _heif(head: bytes) -> dict[str, object]:
    found: dict[str, object] = {}
    at = head.find(b"ispe")
    if 0 <= at <= len(head) - 16:
        found["width"] = int.from_bytes(head[at + 8 : at + 12], "big")
        found["height"] = int.from_bytes(head[at + 12 : at + 16], "big")
    tiff = head.find(b"Exif\0\0")
    if tiff >= 0:
        from PIL import Image

        tags = Image.Exif()
        try:
            tags.load(head[tiff : tiff + 65536])
        except Exception as error:  # as above
            return found | {"exif_damaged": f"{type(error).__name__}: {error}"[:200]}
        found |= exif(tags)
    return found


PARSER = Picture()
