"""A part of a picture or a recording is believed for what its structure accounts for, not for its first bytes."""

import io
import random
import struct
import time
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageCms

from actionday.model import Limits, Parsed
from actionday.parsers._stray import Once, gaps, texts
from actionday.parsers.picture import PARSER as PICTURE
from actionday.parsers.recording import PARSER as RECORDING
from media_parts import box, part, sound

HIDDEN = b"meet at the old pier instead, says the Kestrel club"
SAID = HIDDEN.decode()
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def drawn(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((40, 40)).convert("RGB").save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


JPEG, PNG = drawn("JPEG"), drawn("PNG")


def read(content: bytes) -> Parsed:
    kinds = {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png", b"GI": "image/gif", b"II": "image/tiff"}
    mime = "image/webp" if content[8:12] == b"WEBP" else kinds.get(content[:2], "")
    parser = PICTURE if mime else RECORDING
    return parser.parse(
        memoryview(content), mime or ("audio/mpeg" if content[:3] == b"ID3" else "audio/x"), Limits()
    )


def jpeg(marker: int, body: bytes) -> bytes:
    return JPEG[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + JPEG[2:]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(kind: bytes, body: bytes) -> bytes:
    return PNG[:33] + chunk(kind, body) + PNG[33:]


def tiff(*entries: tuple[int, int, bytes], gap: bytes = b"", tail: bytes = b"") -> bytes:
    start = 8 + len(gap) + len(gap) % 2
    place = start + 2 + 12 * len(entries) + 4
    directory, data = struct.pack("<H", len(entries)), b""
    for tag, kind, body in entries:
        value = struct.pack("<I", place + len(data)) if len(body) > 4 else body.ljust(4, b"\0")
        data += body if len(body) > 4 else b""
        directory += struct.pack("<HHI", tag, kind, len(body) // (2 if kind == 3 else 1)) + value
    return (
        (b"II*\0" + struct.pack("<I", start) + gap).ljust(start, b"\0") + directory + bytes(4) + data + tail
    )


def exif(*entries: tuple[int, int, bytes], **more: bytes) -> bytes:
    return jpeg(0xE1, b"Exif\0\0" + tiff(*entries, **more))


def resource(number: int, body: bytes, name: bytes = b"") -> bytes:
    label = bytes([len(name)]) + name
    return (b"8BIM" + struct.pack(">H", number) + label + b"\0" * (len(label) % 2) + struct.pack(">I", len(body))
            + body + b"\0" * (len(body) % 2))  # fmt: skip


def photoshop(*resources: bytes) -> bytes:
    return jpeg(0xED, b"Photoshop 3.0\0" + b"".join(resources))


def film(*movie: bytes, brands: bytes = b"isom") -> bytes:
    moov = box(b"moov", box(b"mvhd", bytes(100)), *movie)
    return box(b"ftyp", b"isom\0\0\2\0", brands) + moov + box(b"mdat", bytes(64))


def flac(*blocks: tuple[int, bytes]) -> bytes:
    rows = [(0, bytes(34)), *blocks]
    heads = [kind | (0x80 if at == len(rows) - 1 else 0) for at, (kind, _) in enumerate(rows)]
    return b"fLaC" + b"".join(
        bytes([head]) + len(body).to_bytes(3, "big") + body
        for head, (_, body) in zip(heads, rows, strict=True)
    )


def comments(vendor: bytes = b"Kestrel", *given: bytes) -> bytes:
    rows = b"".join(struct.pack("<I", len(each)) + each for each in given)
    return struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(given)) + rows


def ogg(*packets: bytes) -> bytes:
    pages = b""
    for number, packet in enumerate(packets):
        table = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
        pages += (
            b"OggS\0\0" + bytes(8) + struct.pack("<III", 7, number, 0) + bytes([len(table)]) + table + packet
        )
    return pages


def id3(frames: bytes, behind: bytes = b"") -> bytes:
    four = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + four + frames + behind + (b"\xff\xfb\x90\x00" + bytes(413)) * 3


def frame(name: bytes, body: bytes) -> bytes:
    return name + struct.pack(">I", len(body)) + b"\0\0" + body


def profile(behind: bytes) -> bytes:
    return jpeg(0xE2, b"ICC_PROFILE\0\1\1" + SRGB + behind)


def xmp(inside: bytes) -> bytes:
    return jpeg(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + inside)


STRAY: dict[str, Callable[[bytes], bytes]] = {
    "JPEG: before the directory of Exif": lambda body: exif(gap=body),
    "JPEG: behind the values of Exif": lambda body: exif(tail=body),
    "JPEG: filling in Exif": lambda body: exif((0xEA1C, 7, body)),
    "JPEG: numbers of Exif": lambda body: exif((0x0102, 3, body + b" " * (len(body) % 2))),
    "JPEG: behind Photoshop's resources": lambda body: photoshop(resource(0x03ED, bytes(16)), body),
    "JPEG: behind the data sets of IPTC": lambda body: photoshop(resource(0x0404, b"\x1c\2\x78\0\5hello" + body)),
    "JPEG: behind a colour profile": lambda body: profile(bytes(8) + body),
    "JPEG: behind a fault in XMP": lambda body: xmp(b"</x:xmpmeta>" + body),
    "JPEG: XMP in pieces": lambda body: xmp(b"<rdf:a><b></rdf:a>" + body),
    "JPEG: in a table": lambda body: jpeg(0xDB, b"\0" + body.ljust(64)),
    "JPEG: the pixels of its small picture": lambda body: jpeg(
        0xE0, b"JFIF\0\1\1\0\0\1\0\1\x11\1" + body.ljust(51)
    ),
    "PNG: a palette": lambda body: png(b"PLTE", body.ljust(54)),
    "PNG: behind the end of a packed text": lambda body: png(b"zTXt", b"a\0\0" + zlib.compress(b"b") + body),
    "PNG: a packed text that is none": lambda body: png(b"zTXt", b"a\0\0" + body),
    "PNG: behind the values of Exif": lambda body: png(b"eXIf", tiff(tail=body)),
    "GIF: a palette": lambda body: b"GIF89a\1\0\1\0\x84\0\0" + body.ljust(96) + b"\x2c\0\0\0\0\1\0\1\0\0\2\2D\1\0;",
    "GIF: behind Photoshop's resources": lambda body: (
        drawn("GIF")[:-1] + b"\x21\xff\x0bMGK8BIM0000" + bytes([len(body)]) + body + b"\0;"
    ),
    "WebP: behind the values of Exif": lambda body: drawn("WEBP", exif=tiff(tail=body)),
    "TIFF: behind the picture": lambda body: drawn("TIFF") + body,
    "WAV: smpl": lambda body: sound(part(b"smpl", bytes(36) + body)),
    "WAV: the numbers of bext": lambda body: sound(part(b"bext", bytes(400) + body + bytes(202 - len(body)))),
    "MP4: brands": lambda body: film(brands=body),
    "MP4: behind mvhd": lambda body: box(b"ftyp", b"isom\0\0\2\0") + box(b"moov", box(b"mvhd", bytes(100), body)),
    "MP4: a table": lambda body: film(box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", box(b"stco", body)))))),
    "FLAC: a seek table": lambda body: flac((3, bytes(18) + body)),
    "FLAC: behind the comments": lambda body: flac((4, comments() + body)),
    "Ogg: behind the comments": lambda body: ogg(b"OpusHead" + bytes(11), b"OpusTags" + comments() + body),
    "Ogg: behind the first numbers": lambda body: ogg(b"OpusHead" + bytes(11) + body),
    "MP3: behind the last frame": lambda body: id3(frame(b"TIT2", b"\0tour") + bytes(10) + body),
    "MP3: between the tag and the sound": lambda body: id3(frame(b"TIT2", b"\0tour"), body),
}  # fmt: skip
OWN: dict[str, Callable[[bytes], bytes]] = {
    "JPEG: a maker's note": lambda body: exif((0x927C, 7, b"KST\0\1\2" + body + bytes(5))),
    "JPEG: a text of an unknown number": lambda body: exif((0x9999, 2, body + b"\0")),
    "JPEG: bytes of an unknown number": lambda body: exif((0xC4A5, 7, body)),
    "JPEG: an unknown resource": lambda body: photoshop(resource(0x0FA0, body)),
    "JPEG: the name of a resource": lambda body: photoshop(resource(0x07D0, bytes(26), body)),
    "JPEG: a caption of Photoshop": lambda body: photoshop(resource(0x03F0, bytes([len(body)]) + body)),
    "JPEG: an address of Photoshop": lambda body: photoshop(resource(0x040B, body)),
    "JPEG: an unknown data set of IPTC": lambda body: photoshop(
        resource(0x0404, b"\x1c\2\xc9" + struct.pack(">H", len(body)) + body)
    ),
    "JPEG: FlashPix": lambda body: jpeg(0xE2, b"FPXR\0\1\0" + body),
    "JPEG: a comment in XMP": lambda body: xmp(b"<!-- " + body + b" --></x:xmpmeta>"),
    "PNG: the name of a calibration": lambda body: png(b"pCAL", body + b"\0" + bytes(8) + b"\0\0m"),
    "WAV: how it was coded": lambda body: sound(part(b"bext", bytes(602) + body)),
    "MP4: the name of a handler": lambda body: film(
        box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + b"vide" + bytes(12) + body + b"\0")))
    ),
    "FLAC: what a cover shows": lambda body: flac(
        (6, struct.pack(">II", 3, 9) + b"image/png" + struct.pack(">I", len(body)) + body + bytes(20))
    ),
    "FLAC: a vendor": lambda body: flac((4, comments(body))),
    "Ogg: a vendor": lambda body: ogg(b"OpusHead" + bytes(11), b"OpusTags" + comments(body)),
    "MP3: a frame of a program": lambda body: id3(frame(b"PRIV", b"kestrel\0" + body)),
}  # fmt: skip


@pytest.mark.parametrize("carried", STRAY.values(), ids=STRAY)
def test_text_that_nothing_accounts_for_is_kept_and_said(carried: Callable[[bytes], bytes]) -> None:
    found = read(carried(HIDDEN))
    assert SAID in str(found.meta["stray_text"])
    assert "unclaimed_text" in [note.code for note in found.notes]


@pytest.mark.parametrize("carried", OWN.values(), ids=OWN)
def test_text_in_a_room_of_a_program_is_kept(carried: Callable[[bytes], bytes]) -> None:
    found = read(carried(HIDDEN))
    assert SAID in "\n".join(map(str, found.meta.values()))
    assert not found.notes


@pytest.mark.parametrize("carried", (STRAY | OWN).values(), ids=STRAY | OWN)
def test_the_same_places_without_text_say_nothing(carried: Callable[[bytes], bytes]) -> None:
    for body in (b"", bytes(40), random.Random(3).randbytes(50)):
        try:
            found = read(carried(body))
        except Exception as error:  # what is no longer its kind of file at all
            assert type(error).__name__ == "Damaged"
            continue
        assert "stray_text" not in found.meta
        assert "unclaimed_text" not in [note.code for note in found.notes]


@pytest.mark.parametrize(
    "text", ["秘密会议，明天将在港口举行。", "встреча в гавани в полночь", "لقاء في الميناء عند منتصف الليل"]
)
def test_any_script_is_found(text: str) -> None:
    for body in (text.encode(), b"\1\2\3" + text.encode("utf-16-le")):
        assert text in str(read(exif(tail=bytes(9) + body + bytes(9))).meta["stray_text"])
    assert text in str(read(png(b"PLTE", text.encode().ljust(96, b"\0"))).meta["stray_text"])


def test_tables_of_every_quality_and_palettes_of_every_colour_are_no_text() -> None:
    chance = random.Random(5)
    for quality in range(1, 101, 3):
        assert not read(drawn("JPEG", quality=quality)).notes
    for _ in range(300):
        colour, palette = [chance.randrange(256) for _ in range(3)], bytearray()
        for _ in range(256):
            colour = [min(255, max(0, each + chance.randrange(-4, 5))) for each in colour]
            palette += bytes(colour)
        assert not list(texts(bytes(palette), numbers=True))


def test_noise_in_a_maker_s_note_is_no_text() -> None:
    chance = random.Random(7)
    for _ in range(60):
        found = read(exif((0x010F, 2, b"KESTREL\0"), (0x927C, 7, chance.randbytes(4000))))
        assert "maker_note" not in found.meta
        assert not found.notes


def test_an_ordinary_file_with_all_its_parts_says_nothing() -> None:
    given = Image.Exif()
    given[0x010E], given[0x9C9B] = "The harbour", "Harbour".encode("utf-16-le")
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        found = read(drawn(kind, exif=given, icc_profile=SRGB))
        assert not found.notes
        assert found.meta["description"] == "The harbour"


def test_gaps_are_what_no_range_covers() -> None:
    assert list(gaps([(4, 6), (0, 2), (5, 9), (20, 30)], 0, 25)) == [(2, 4), (9, 20)]
    assert list(gaps([], 3, 3)) == []


def test_bytes_are_looked_at_once_however_many_entries_point_at_them() -> None:
    count, noise = 4000, random.Random(2).randbytes(65_000)
    rows = b"".join(struct.pack("<HHII", 0x9000, 7, 64_000 - at, 100 + at % 50) for at in range(count))
    block = (b"II*\0\x08\0\0\0" + struct.pack("<H", count) + rows + bytes(4) + noise)[:65_000]
    begun = time.process_time()
    read(jpeg(0xE1, b"Exif\0\0" + block))
    assert time.process_time() - begun < 3
    once = Once(10)
    assert [*once.fresh(2, 4), *once.fresh(0, 6), *once.fresh(0, 99)] == [(2, 4), (0, 2), (4, 6), (6, 10)]


def test_a_length_of_asf_beyond_all_numbers_ends_it() -> None:
    lie = (b"\xff" * 16 + struct.pack("<Q", 2**63 - 1)) * 2
    read(bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + struct.pack("<QIH", 99, 9, 0) + lie)


def test_loops_of_directories_end() -> None:
    block = bytearray(tiff((0x8769, 4, struct.pack("<I", 8))))
    block[-4:] = struct.pack("<I", 8)
    assert not read(jpeg(0xE1, b"Exif\0\0" + bytes(block))).notes
