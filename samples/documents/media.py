"""Pictures with edited copies, and sound: all drawn or computed, nothing recorded."""

import math
import struct
import zlib
from io import BytesIO

from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from samples.dice import Dice
from samples.made import Made, made

_RATE = 8000  # samples a second: telephone quality, enough for a tone


def drawing(draw: Dice, size: tuple[int, int] = (160, 120)) -> Image.Image:
    """Return a picture of a hill, a sky and a bird of some triangles."""
    wide, high = size
    image = Image.new("RGB", size, (draw.between(90, 170), draw.between(150, 210), 235))
    canvas = ImageDraw.Draw(image)
    for _ in range(draw.between(3, 6)):
        x, r = draw.between(0, wide), draw.between(high // 4, high)
        green = (draw.between(20, 90), draw.between(100, 180), draw.between(20, 80))
        canvas.ellipse((x - r, high - r // 3, x + r, high + r), fill=green)
    x, y, span = (
        draw.between(wide // 4, 3 * wide // 4),
        draw.between(high // 6, high // 2),
        draw.between(12, 30),
    )
    canvas.polygon(
        (x - span, y - span // 2, x, y, x + span, y - span // 2, x, y + span // 3), fill=(120, 62, 30)
    )
    return image


def as_png(image: Image.Image) -> Made:
    """Return the picture as PNG without filters.

    Source: PNG (Third Edition), sections 5 and 11. Written here, as encoders differ between versions.
    """
    wide, high = image.size
    pixels, stride = image.convert("RGB").tobytes(), 3 * wide
    lines = b"".join(b"\0" + pixels[at : at + stride] for at in range(0, len(pixels), stride))
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    parts = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(lines, 9)) + _chunk(b"IEND", b"")
    return made(b"\x89PNG\r\n\x1a\n" + parts, "image/png")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def as_jpeg(image: Image.Image, quality: int = 85) -> Made:
    """Return the picture as JPEG."""
    out = BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality)
    return made(out.getvalue(), "image/jpeg")


def edited(image: Image.Image) -> dict[str, Made]:
    """Return copies as they go round: compressed again, smaller, grey, brighter, mirrored, framed."""
    return {
        "small.jpg": as_jpeg(image.resize((image.width // 2, image.height // 2))),
        "grey.jpg": as_jpeg(ImageOps.grayscale(image)),
        "bright.jpg": as_jpeg(ImageEnhance.Brightness(image).enhance(1.3)),
        "mirror.jpg": as_jpeg(ImageOps.mirror(image)),
        "framed.jpg": as_jpeg(ImageOps.expand(image, 8, (40, 40, 40)), 60),
    }


def as_wav(draw: Dice, seconds: float, noise: int = 0) -> bytes:
    """Return a tone as 8-bit PCM; ``noise`` (0 to 100) is the share that does not compress.

    Source: Multimedia Programming Interface and Data Specifications 1.0, WAVE.
    """
    count, pitch = int(seconds * _RATE), draw.between(220, 880)
    wave = bytes(round(128 + 50 * math.sin(2 * math.pi * pitch * n / _RATE)) for n in range(_RATE))
    tone = (wave * (count // _RATE + 1))[:count]
    hiss = draw.bytes(count, "hiss") if noise else bytes(count)
    body = bytes(t + h * noise // 400 for t, h in zip(tone, hiss, strict=True)) if noise else tone
    head = (
        b"RIFF"
        + struct.pack("<I", 36 + count)
        + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, _RATE, _RATE, 1, 8)
    )
    return head + b"data" + struct.pack("<I", count) + body
