"""Pictures that we made: small, still, re-encoded, and blurred unless a person asked to see.

Source: UI brief "Shield": 96 px, blurred, grey, made on the server, so that the clear picture is not in the page.
"""

import io
from contextlib import suppress

from PIL import Image, ImageFilter, ImageOps

from actionday.model import Damaged, OverLimit
from actionday.model.foreign import plainly

SHIELD_PIXELS = 96
SHIELD_BLUR = 8
"""Pixels of radius at 96 px: forms remain, faces and letters do not."""
CLEAR_PIXELS = 1024
MAX_PIXELS = 100_000_000
"""A picture of 100 megapixels takes 300 MB decoded: what a worker may use."""


def preview(data: bytes, *, clear: bool) -> bytes:
    """Return a PNG of the picture in ``data``. Raises Damaged when no decoder reads it, OverLimit when too large."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise OverLimit(f"a picture of {opened.width} × {opened.height}")
            side = CLEAR_PIXELS if clear else SHIELD_PIXELS
            opened.draft("RGB", (side, side))
            picture = opened.convert("RGBA" if clear else "L")
            with suppress(OSError, ValueError, KeyError, TypeError):  # a broken orientation tag turns nothing
                picture = ImageOps.exif_transpose(picture)
    except (OverLimit, MemoryError):
        raise
    except Exception as error:
        raise Damaged(f"picture: {plainly(error)}") from error
    picture.thumbnail((side, side))
    if not clear:
        picture = picture.filter(ImageFilter.GaussianBlur(SHIELD_BLUR))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
