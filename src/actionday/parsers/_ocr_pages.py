"""The pages of a picture or a PDF as Tesseract takes them: grey, upright, on white.

Source: TIFF 6.0, section 2 (several pictures in a file); Exif 3.0, 4.6.5.1.6 (Orientation).
"""

import io
from collections.abc import Iterator
from typing import Any, NamedTuple

from actionday.model import Damaged, Note
from actionday.model.foreign import plainly

LEAST_SIDE, LEAST_AREA = 20, 2000
"""Pixels: a letter that can be read is 12 high, and none stands alone."""
MOST_PIXELS = 64 << 20
"""Of one page: 64 MB grey, a quarter of a GB in colour, beside what is made of it."""
MOST_FRAMES = 2000
DPI, POINTS = 300, 72


class Picture(NamedTuple):
    """A page to be read; None for one of which ``note`` says why it is not."""

    number: int
    image: Any
    note: Note | None = None


def of_picture(data: memoryview) -> Iterator[Picture]:
    """Yield the pages of a picture: of TIFF all, of a film the first. Raises Damaged."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as opened:
            frames = min(getattr(opened, "n_frames", 1), MOST_FRAMES) if opened.format == "TIFF" else 1
            for number in range(frames):
                opened.seek(number)
                yield _framed(opened, number + 1)
    except Exception as error:  # the library raises what it likes on hostile bytes
        raise Damaged(f"OCR: {plainly(error)}") from error


def _framed(opened: Any, number: int) -> Picture:
    width, height = opened.size
    if min(width, height) < LEAST_SIDE or width * height < LEAST_AREA:
        return Picture(number, None)
    if width * height > MOST_PIXELS:
        said = f"page {number}: {width} × {height} pixels, more than are read at once ({MOST_PIXELS})"
        return Picture(number, None, Note("huge", said))
    return Picture(number, grey(opened))


def grey(opened: Any) -> Any:
    """Return a picture grey on white, upright."""
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(opened)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        ground = Image.new("RGBA", upright.size, "white")
        ground.alpha_composite(upright.convert("RGBA"))
        upright = ground
    return upright.convert("L")


def of_pdf(data: memoryview) -> Iterator[Picture]:
    """Yield the pages of a PDF that say nothing, or blanks alone, as they are seen at 300 dpi. Raises Damaged."""
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(bytes(data))
    except pypdfium2.PdfiumError as error:
        raise Damaged(f"OCR: {plainly(error)}") from error
    try:
        for at in range(len(document)):
            yield from _seen(document, at)
    finally:
        document.close()


def _seen(document: Any, at: int) -> Iterator[Picture]:
    import pypdfium2

    try:
        page = document[at]
        text = page.get_textpage()
        stated = text.get_text_range().strip()
        text.close()
        if stated:
            return
        width, height = page.get_size()
        scale = DPI / POINTS
        fits = (MOST_PIXELS / max(1.0, width * height)) ** 0.5
        yield Picture(at + 1, page.render(scale=min(scale, fits), grayscale=True).to_pil())
        page.close()
    except pypdfium2.PdfiumError as error:
        yield Picture(at + 1, None, Note("page_damaged", f"page {at + 1}: {plainly(error)}"))
