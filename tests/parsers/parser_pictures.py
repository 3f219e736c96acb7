"""Small pictures and recordings, made by real writers here: Pillow for pictures, ``wave`` and bytes for sound."""

import io
import math
import struct
import wave

from PIL import Image

PILLOW = {
    "photo.jpeg": ("image/jpeg", "JPEG"),
    "drawing.png": ("image/png", "PNG"),
    "film.gif": ("image/gif", "GIF"),
    "photo.webp": ("image/webp", "WEBP"),
    "photo.avif": ("image/avif", "AVIF"),
    "scan.tiff": ("image/tiff", "TIFF"),
    "old.bmp": ("image/bmp", "BMP"),
    "icon.ico": ("image/vnd.microsoft.icon", "ICO"),
    "page.jp2": ("image/jp2", "JPEG2000"),
    "dots.ppm": ("image/x-portable-pixmap", "PPM"),
}
SIZE = (48, 32)


def picture(kind: str, **options: object) -> bytes:
    """A colour gradient of ``SIZE`` in the format that Pillow calls ``kind``."""
    image = Image.new("RGB", SIZE)
    image.putdata([(x * 5, y * 7, (x + y) * 3) for y in range(SIZE[1]) for x in range(SIZE[0])])
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def tone(seconds: float = 0.5, rate: int = 8000) -> bytes:
    """A sine of 440 Hz as WAVE."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = (int(9000 * math.sin(2 * math.pi * 440 * at / rate)) for at in range(int(seconds * rate)))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return out.getvalue()


def tagged_mp3(title: str, artist: str) -> bytes:
    """ID3 2.4 (UTF-8) before ten silent frames of MPEG 1 layer III, 128 kbit/s, 44.1 kHz, 417 bytes each."""
    frames = b"".join(_id3_frame(name, text) for name, text in ((b"TIT2", title), (b"TPE1", artist)))
    return b"ID3\x04\0\0" + _synchsafe(len(frames)) + frames + (b"\xff\xfb\x90\x00" + bytes(413)) * 10


def _id3_frame(name: bytes, text: str) -> bytes:
    body = b"\x03" + text.encode()
    return name + _synchsafe(len(body)) + b"\0\0" + body


def _synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def flac(title: str, rate: int = 8000, samples: int = 4000) -> bytes:
    """A FLAC header: STREAMINFO and a Vorbis comment, no frames."""
    info = (
        struct.pack(">HH", 4096, 4096)
        + bytes(6)
        + (rate << 44 | 15 << 36 | samples).to_bytes(8, "big")
        + bytes(16)
    )
    text = f"TITLE={title}".encode()
    comment = struct.pack("<I", 1) + b"x" + struct.pack("<II", 1, len(text)) + text
    return (
        b"fLaC"
        + b"\0"
        + len(info).to_bytes(3, "big")
        + info
        + b"\x84"
        + len(comment).to_bytes(3, "big")
        + comment
    )


def mp4(created: int, seconds: int) -> bytes:
    """``ftyp``, then ``moov`` with an ``mvhd`` of version 0, time scale 1000."""
    head = struct.pack(">IIIIIIH", 0, created, created, 1000, seconds * 1000, 0x10000, 0x100) + bytes(70)
    mvhd = struct.pack(">I", len(head) + 8) + b"mvhd" + head
    moov = struct.pack(">I", len(mvhd) + 8) + b"moov" + mvhd
    return struct.pack(">I", 24) + b"ftypisom" + bytes(4) + b"isommp42" + moov


PICTURES = {name: (mime, picture(kind)) for name, (mime, kind) in PILLOW.items()}
RECORDINGS = {
    "tone.wav": ("audio/x-wav", tone()),
    "tone.mp3": ("audio/mpeg", tagged_mp3("Kestrel", "Mira")),
    "tone.flac": ("audio/flac", flac("Kestrel")),
    "clip.mp4": ("video/mp4", mp4(3_800_000_000, 90)),
}
