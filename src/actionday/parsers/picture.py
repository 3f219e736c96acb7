"""Pictures: size, format, camera, times and place; the letters in them wait for OCR. No pixel is decoded.

Source: PNG (third edition), 5 and 11; JFIF 1.02; TIFF 6.0; Exif 3.0, 4.6; ISO/IEC 23008-12 (HEIF, ``ispe``).
"""

import io
import re
from typing import Any

from actionday.model import Damaged, Limits, Note, Parsed
from actionday.model.foreign import plainly
from actionday.parsers._exif import exif
from actionday.parsers._picture_parts import LARGEST, words
from actionday.parsers._png_texts import without_texts
from actionday.parsers._tags import Tags

WAITS = "a picture: letters in it wait for OCR"
NOT_READ = frozenset({"image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"})
"""Containers the library does not open: width, height and Exif are found in their boxes."""
EXIF = re.compile(rb"Exif\0\0(?=II\*\0|MM\0\*)")
ICON = "image/vnd.microsoft.icon"
"""The library decodes icons when it opens them: the largest is found in the directory instead."""


class Picture:
    """Metadata of pictures in any format; those nobody opens are said to wait all the same."""

    name, version = "picture", 1
    whole = True
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
        """Return no text; ``meta`` with ``needs`` = ``"ocr"``, width, height, all texts. Raises Damaged."""
        meta: dict[str, object] = {"needs": "ocr"}
        notes: list[Note] = []
        tags = Tags()
        if mime in NOT_READ:
            meta |= _heif(data, tags)
        elif mime == ICON:
            meta |= _icon(bytes(data[:4096]))
        else:
            meta |= _opened(bytes(data), mime, notes, tags)
        words(data, tags)
        meta = tags.meta() | meta
        return Parsed(meta=meta, reason=WAITS, notes=(*notes, *tags.notes()))


def _opened(content: bytes, mime: str, notes: list[Note], tags: Tags) -> dict[str, object]:
    import warnings

    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # size warnings: nothing is decoded here
        try:
            with Image.open(io.BytesIO(content)) as picture:
                return _described(picture, tags)
        except Image.DecompressionBombError as error:
            notes.append(Note("huge", f"picture: {error}"))
        except UnidentifiedImageError:
            if mime in Image.MIME.values():
                raise Damaged(f"{mime}: the header cannot be read") from None
            notes.append(Note("not_opened", f"{mime}: nobody here reads its header"))
        except Exception as error:  # the library raises what it likes on hostile headers
            if less := without_texts(content):
                return _opened(less, mime, notes, tags)
            raise Damaged(f"{mime}: {plainly(error)}") from error
    return {}


def _described(picture: Any, tags: Tags) -> dict[str, object]:
    from PIL import Image

    found: dict[str, object] = {"width": picture.width, "height": picture.height, "mode": picture.mode}
    given = Image.Image.getexif(picture)  # that of PNG would decode the picture first
    found |= exif(given, tags)
    tags.add("comment", picture.info.get("comment") or "")
    return found


def _icon(head: bytes) -> dict[str, object]:
    count = min(int.from_bytes(head[4:6], "little"), (len(head) - 6) // 16)
    sizes = [(head[6 + 16 * at] or 256, head[7 + 16 * at] or 256) for at in range(count)]
    if not sizes:
        raise Damaged(f"{ICON}: no entry in the directory")
    width, height = max(sizes)
    return {"width": width, "height": height}


def _heif(data: memoryview, texts: Tags) -> dict[str, object]:
    found: dict[str, object] = {}
    head = bytes(data[: 1 << 20])
    at = head.find(b"ispe")
    if 0 <= at <= len(head) - 16:
        found["width"] = int.from_bytes(head[at + 8 : at + 12], "big")
        found["height"] = int.from_bytes(head[at + 12 : at + 16], "big")
    tiff = EXIF.search(data)  # anywhere: writers put it before the picture or behind it
    if tiff:
        from PIL import Image

        tags = Image.Exif()
        try:
            tags.load(bytes(data[tiff.start() : tiff.start() + LARGEST]))
        except Exception as error:  # as above
            return found | {"exif_damaged": plainly(error)}
        found |= exif(tags, texts)
    return found


PARSER = Picture()
