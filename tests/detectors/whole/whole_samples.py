"""Sound contents of every kind that tells its end: by Pillow, SQLite and Python's own writers, else by hand."""

import io
import json
import plistlib
import sqlite3
import struct
import sys
import wave
from pathlib import Path

from PIL import Image

SIZE = (96, 64)
TYPES = {"PNG": {}, "JPEG": {}, "GIF": {}, "WEBP": {}, "AVIF": {}, "BMP": {}, "ICO": {}, "JPEG2000": {}, "PPM": {},
         "ICNS": {}, "TIFF": {}}  # fmt: skip


def picture(kind: str, **options: object) -> bytes:
    """Return a picture of no two rows alike in the format that Pillow calls ``kind``."""
    image = Image.new("RGB", SIZE)
    image.putdata(
        [(x * 5 ^ y, y * 7 % 256, (x * y * 3) % 256) for y in range(SIZE[1]) for x in range(SIZE[0])]
    )
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


def film_gif() -> bytes:
    """Return a GIF of three pictures with a comment."""
    frames = [Image.new("P", SIZE, color) for color in range(3)]
    made = io.BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], comment=b"the pier", duration=40)
    return made.getvalue()


def photoshop() -> bytes:
    """Return an empty document of 20 by 20 points in three channels, its rows packed."""
    rows = [bytes([0xED, each]) for each in range(60)]
    data = struct.pack(">H60H", 1, *map(len, rows)) + b"".join(rows)
    return b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHHIII", 3, 20, 20, 8, 3, 0, 0, 0) + data


def tone() -> bytes:
    """Return a second of a saw as WAVE."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(struct.pack("<8000h", *(at * 400 % 60000 - 30000 for at in range(8000))))
    return made.getvalue()


def form(kind: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """Return an IFF file."""
    body = kind + b"".join(
        name + struct.pack(">I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"FORM" + struct.pack(">I", len(body)) + body


def midi() -> bytes:
    """Return two tracks."""
    track = bytes.fromhex("00903c40604000") * 20 + b"\0\xff\x2f\0"
    return (
        b"MThd\0\0\0\6"
        + struct.pack(">HHH", 1, 2, 96)
        + 2 * (b"MTrk" + struct.pack(">I", len(track)) + track)
    )


def ogg(pages: int = 12) -> bytes:
    """Return an Opus stream of some pages with their checksums."""
    made = []
    for number in range(pages):
        body = b"OpusHead\1\1" + bytes(9) if not number else bytes([number]) * 300
        table = bytes([255] * (len(body) // 255) + [len(body) % 255])
        flags = 2 if not number else 4 if number == pages - 1 else 0
        page = struct.pack("<4sBBQIIIB", b"OggS", 0, flags, number, 7, number, 0, len(table)) + table + body
        made.append(page[:22] + page_sum(page).to_bytes(4, "little") + page[26:])
    return b"".join(made)


def page_sum(page: bytes) -> int:
    """Return the checksum of a page whose field is zero, bit by bit as RFC 3533 has it."""
    value = 0
    for each in page:
        value ^= each << 24
        for _ in range(8):
            value = (value << 1 ^ (0x104C11DB7 if value & 1 << 31 else 0)) & 0xFFFFFFFF
    return value


def mp3(*, counted: bool) -> bytes:
    """Return ten silent frames of MPEG 1 layer III; ``counted``: before them one that tells their bytes."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    first = (
        (frame[:36] + b"Info" + struct.pack(">III", 3, 10, 11 * 417)).ljust(417, b"\0") if counted else b""
    )
    return first + 10 * frame


def flac(frames: int = 6, *, counted: bool = True) -> bytes:
    """Return constant samples, 192 a frame (RFC 9639, 9); ``counted``: the header tells how many there are."""
    samples = frames * 192 if counted else 0
    info = (
        struct.pack(">HH", 192, 192)
        + bytes(6)
        + (8000 << 44 | 15 << 36 | samples).to_bytes(8, "big")
        + bytes(16)
    )
    made = b"fLaC\x80" + len(info).to_bytes(3, "big") + info
    for number in range(frames):
        head = bytes([0xFF, 0xF8, 0x14, 0x08, number])
        head += bytes([remainder(head, 0x07, 8)])
        body = head + bytes([0]) + struct.pack(">h", number * 100)
        made += body + remainder(body, 0x8005, 16).to_bytes(2, "big")
    return made


def remainder(data: bytes, polynomial: int, bits: int) -> int:
    """Return a checksum bit by bit, as RFC 9639 writes it."""
    value = 0
    for bit in (each >> at & 1 for each in data for at in range(7, -1, -1)):
        value = (value << 1 & (1 << bits) - 1) ^ (polynomial if (value >> bits - 1 & 1) ^ bit else 0)
    return value


def matroska(*, live: bool) -> bytes:
    """Return a film of ten clusters; ``live``: of those and of the whole no length is told."""
    clusters = b"".join(
        b"\x1f\x43\xb6\x75"
        + (b"\x01" + b"\xff" * 7 if live else b"\x40\x68")
        + b"\xe7\x81\x00\xa3\x40\x62"
        + bytes(98)
        for _ in range(10)
    )
    head = b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm"
    return (
        head
        + b"\x18\x53\x80\x67"
        + (b"\x01" + b"\xff" * 7 if live else b"\x08" + struct.pack(">I", len(clusters)))
        + clusters
    )


def box(kind: bytes, *inner: bytes) -> bytes:
    """Return a box of ISO/IEC 14496-12."""
    body = b"".join(inner)
    return struct.pack(">I", len(body) + 8) + kind + body


def film(*, index_first: bool) -> bytes:
    """Return a film whose ``moov`` stands before or behind what it describes."""
    head, data = box(b"ftyp", b"isom", bytes(4), b"isom"), box(b"mdat", bytes(3000))
    moov = box(b"moov", box(b"mvhd", bytes(100)), box(b"udta", bytes(200)))
    return head + (moov + data if index_first else data + moov)


def database() -> bytes:
    """Return a database of some pages."""
    opened = sqlite3.connect(":memory:")
    opened.execute("CREATE TABLE told (words)")
    opened.executemany("INSERT INTO told VALUES (?)", [(f"the pier {n} " * 20,) for n in range(200)])
    opened.commit()
    return opened.serialize()


def write_ahead(folder: Path) -> bytes:
    """Return the log of a database that is open."""
    opened = sqlite3.connect(folder / "x.db")
    opened.execute("PRAGMA journal_mode=wal")
    opened.execute("CREATE TABLE told (words)")
    opened.commit()
    log = (folder / "x.db-wal").read_bytes()
    opened.close()
    return log


def woff() -> bytes:
    """Return the header of a web font with filling behind it."""
    return b"wOFF\0\1\0\0" + struct.pack(">I", 600) + bytes(588)


def font() -> bytes:
    """Return two tables of a TrueType font, one behind the other."""
    entries = struct.pack(">4sIII4sIII", b"glyf", 0, 44, 400, b"head", 0, 444, 54)
    return b"\0\1\0\0\0\2\0\x20\0\1\0\0" + entries + bytes(454)


def catalogue() -> bytes:
    """Return a gettext catalogue of one text."""
    return (
        struct.pack("<7I", 0x950412DE, 0, 1, 28, 36, 0, 44)
        + struct.pack("<4I", 4, 44, 300, 49)
        + b"pier\0"
        + b"x" * 300
        + b"\0"
    )


def capture() -> bytes:
    """Return ten packets of 60 bytes."""
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + 10 * (
        struct.pack("<4I", 0, 0, 60, 60) + bytes(60)
    )


def windows_media() -> bytes:
    """Return header and data of a sound of Windows, and its index."""
    told = (
        "3026b2758e66cf11a6d900aa0062ce6c",
        "3626b2758e66cf11a6d900aa0062ce6c",
        "90080033b1e5cf1189f400a0c90349cb",
    )
    bodies = (bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b").ljust(200, b"\0"), bytes(2000), bytes(60))
    return b"".join(
        bytes.fromhex(guid) + struct.pack("<Q", 24 + len(body)) + body
        for guid, body in zip(told, bodies, strict=True)
    )


def aac() -> bytes:
    """Return five frames of 997 bytes in ADTS."""
    return 5 * (b"\xff\xf1\x50\x80" + (997 << 5 | 0x1F).to_bytes(2, "big") + b"\xfc" + bytes(990))


CHAT = [{"id": n, "text": 'Привет, "пирс"', "tags": ["a", "b"], "at": {"x": n}} for n in range(40)]
DUMP = (
    "-- MySQL dump 10.13  Distrib 8.0.36\n"
    + "INSERT INTO `t` VALUES (1,'the pier');\n" * 60
    + "-- Dump completed\n"
)
CLUSTER = (
    "--\n-- PostgreSQL database dump\n--\n"
    + "COPY t FROM stdin;\n1\tthe pier\n\\.\n" * 60
    + "--\n-- PostgreSQL database dump complete\n--\n\n"
)
SMS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<smses count="30">'
    + '<sms body="the pier" date="1"><a>x</a></sms>\n' * 30
    + "</smses>"
)
KEY = "-----BEGIN PRIVATE KEY-----\n" + ("A" * 64 + "\n") * 12 + "-----END PRIVATE KEY-----\n"

SAMPLES: dict[str, bytes] = {
    **{kind.lower(): picture(kind, **options) for kind, options in TYPES.items()},
    "progressive.jpeg": picture("JPEG", progressive=True),
    "film.gif": film_gif(),
    "packed.tiff": picture("TIFF", compression="tiff_lzw"),
    "page.psd": photoshop(),
    "tone.wav": tone(),
    "tone.aiff": form(b"AIFF", (b"COMM", bytes(18)), (b"SSND", bytes(800))),
    "tune.mid": midi(),
    "note.opus": ogg(),
    "note.mp3": mp3(counted=False),
    "counted.mp3": mp3(counted=True),
    "note.flac": flac(),
    "song.wma": windows_media(),
    "song.aac": aac(),
    "banner.swf": b"FWS\x08" + struct.pack("<I", 500) + bytes(492),
    "drawing.wmf": b"\xd7\xcd\xc6\x9a" + bytes(18) + struct.pack("<HHHIHIH", 1, 9, 0x300, 200, 0, 8, 0) + bytes(382),
    "film.webm": matroska(live=False),
    "late.mp4": film(index_first=False),
    "early.mp4": film(index_first=True),
    "notes.sqlite": database(),
    "program": Path(sys.executable).resolve().read_bytes(),
    "page.woff": woff(),
    "page.ttf": font(),
    "texts.mo": catalogue(),
    "net.pcap": capture(),
    "settings.plist": plistlib.dumps({"pier": ["word"] * 50, "n": 1}, fmt=plistlib.FMT_BINARY),
    "chat.json": json.dumps(CHAT).encode(),
    "large.json": json.dumps(CHAT * 40, ensure_ascii=False).encode(),
    "dump.sql": DUMP.strip().encode(),
    "cluster.sql": CLUSTER.rstrip("-\n").encode(),
    "sms.xml": SMS.encode(),
    "key.pem": KEY.strip().encode(),
}  # fmt: skip
