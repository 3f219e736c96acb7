"""What stands within a picture, a sound or a film and is none of it: an item each, whatever chunk carries it."""

import io
import random
import struct
import wave
import zlib
from collections.abc import Callable

import pytest
from archive_samples import PNG, zip_of
from archive_tools import TEXT, Run
from hypothesis import given, settings
from hypothesis.strategies import binary, integers, sampled_from
from PIL import Image, ImageCms

from actionday.sources.archives._strange import MOST, WALKS
from actionday.sources.archives.appended import SOURCE
from media_parts import box, part, sound

HIDDEN = b"meet at the old pier instead, says the Kestrel club"
ZIP = zip_of({"plan.txt": TEXT})


def drawn(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((97, 61), 80).convert("RGB").save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(kind: bytes, body: bytes) -> bytes:
    return PNG[:33] + chunk(kind, body) + PNG[33:]


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


JPEG = drawn("JPEG")


def jpeg(marker: int, body: bytes) -> bytes:
    return JPEG[:2] + segment(marker, body) + JPEG[2:]


def gif(*blocks: bytes, label: int = 0xFF, name: bytes = b"KESTREL 1.0") -> bytes:
    image = drawn("GIF")
    rows = b"".join(bytes([len(each)]) + each for each in ((name,) if label == 0xFF else ()) + blocks)
    return image[:-1] + bytes([0x21, label]) + rows + b"\0;"


def film(*more: bytes, user: bytes = b"", movie: bytes = b"") -> bytes:
    moov = box(b"moov", box(b"mvhd", bytes(100)), box(b"udta", user), movie)
    return box(b"ftyp", b"isom\0\0\0\0isom") + b"".join(more) + moov + box(b"mdat", bytes(range(256)))


def webp(*more: bytes) -> bytes:
    image = drawn("WEBP")
    return image[:4] + struct.pack("<I", len(image) - 8 + sum(map(len, more))) + image[8:] + b"".join(more)


def flac(*blocks: tuple[int, bytes]) -> bytes:
    rows = [(0, bytes(34)), *blocks]
    heads = [kind | (0x80 if at == len(rows) - 1 else 0) for at, (kind, _) in enumerate(rows)]
    return b"fLaC" + b"".join(
        bytes([head]) + len(body).to_bytes(3, "big") + body
        for head, (_, body) in zip(heads, rows, strict=True)
    )


CARRIED: dict[str, Callable[[bytes], bytes]] = {
    "PNG: a private chunk": lambda body: png(b"prVt", body),
    "PNG: a chunk of a fixed size": lambda body: png(b"gAMA", body),
    "PNG: a profile that is none": lambda body: png(b"iCCP", b"sRGB\0\0" + zlib.compress(body)),
    "JPEG: a small APP5": lambda body: jpeg(0xE5, body),
    "JPEG: an APP12": lambda body: jpeg(0xEC, body),
    "JPEG: an APP14": lambda body: jpeg(0xEE, body),
    "JPEG: an APP14 that begins as Adobe's": lambda body: jpeg(0xEE, b"Adobe" + body),
    "JPEG: a JPGn": lambda body: jpeg(0xF3, body),
    "JPEG: Exif that is no TIFF": lambda body: jpeg(0xE1, b"Exif\0\0" + body),
    "JPEG: XMP that is no markup": lambda body: jpeg(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + body),
    "JPEG: a list of pictures that is none": lambda body: jpeg(0xE2, b"MPF\0" + body),
    "JPEG: a small picture that is none": lambda body: jpeg(0xE0, b"JFXX\0\x10" + body),
    "JPEG: an interval of restarts": lambda body: jpeg(0xDD, body),
    "PNG: Exif that is no TIFF": lambda body: png(b"eXIf", body),
    "PNG: a scale that is none": lambda body: png(b"sCAL", b"\1" + body),
    "PNG: a calibration that is none": lambda body: png(b"pCAL", body),
    "FLAC: a seek table that is none": lambda body: flac((3, body)),
    "WebP: Exif that is no TIFF": lambda body: webp(part(b"EXIF", body)),
    "JPEG: between segments": lambda body: JPEG[:20] + body + JPEG[20:],
    "GIF: an application": lambda body: gif(*(body[at : at + 100] for at in range(0, len(body), 100))),
    "GIF: XMP": lambda body: gif(body[:255], name=b"XMP DataXMP"),
    "GIF: a block of control": lambda body: gif(bytes(4), body[:255], label=0xF9),
    "GIF: an unknown extension": lambda body: gif(body[:255], label=0x77),
    "MP4: free": lambda body: film(box(b"free", body)),
    "MP4: skip within the film's head": lambda body: film(movie=box(b"skip", body)),
    "MP4: uuid": lambda body: film(box(b"uuid", b"x" * 16, body)),
    "MP4: user data": lambda body: film(user=box(b"xyzq", body)),
    "MP4: a box of one's own": lambda body: film(movie=box(b"trak", box(b"mdia", box(b"kest", body)))),
    "MP4: xml": lambda body: film(box(b"meta", bytes(4), box(b"xml ", bytes(4), body))),
    "WAV: JUNK": lambda body: sound(part(b"JUNK", body)),
    "WAV: note outside a list": lambda body: sound(part(b"note", body)),
    "WAV: cue": lambda body: sound(part(b"cue ", body)),
    "WAV: within a list": lambda body: sound(part(b"LIST", b"kstr" + part(b"abcd", body))),
    "WAV: iXML": lambda body: sound(part(b"iXML", body)),
    "JPEG: behind a scan": lambda body: JPEG[:-2] + body + JPEG[-2:],
    "PNG: behind the packed data": lambda body: PNG[:33] + chunk(b"IDAT", zlib.compress(b"\0\0") + body) + PNG[-12:],
    "MP4: before the film itself": lambda body: film(box(b"mdat", body, bytes(range(256)))),
    "WAV: behind the samples": lambda body: sound(part(b"data", b"\x80" * 200 + body)),
    "FLAC: padding": lambda body: flac((4, bytes(8)), (1, body)),
    "FLAC: application": lambda body: flac((2, body)),
}  # fmt: skip
PICTURES = {
    "PNG": PNG,
    "JPEG": JPEG,
    "GIF": gif(b"\1\0\0", name=b"NETSCAPE2.0"),
    "MP4": film(),
    "WAV": sound(),
    "FLAC": flac(),
}


def read(data: bytes, **given: object) -> Run:
    return Run(SOURCE, "picture", data, **given)


@pytest.mark.parametrize("carried", CARRIED.values(), ids=CARRIED)
def test_whatever_carries_it_is_an_item(carried: Callable[[bytes], bytes]) -> None:
    run = read(carried(HIDDEN))
    assert any(HIDDEN in body.replace(b"\x33", b"") for body in run.contents.values())
    assert run.codes == ["unclaimed"]


@pytest.mark.parametrize("name", ["PNG: a private chunk", "JPEG: a small APP5", "GIF: an application", "MP4: free",
                                  "WAV: JUNK", "FLAC: padding"])  # fmt: skip
def test_an_archive_in_a_chunk_comes_out_as_it_was(name: str) -> None:
    assert ZIP in read(CARRIED[name](ZIP)).contents.values()


def test_a_packed_part_is_whole_however_long_and_a_fault_in_it_is_said() -> None:
    long = HIDDEN + bytes(range(256)) * (5 << 12)  # 5 MiB
    packed = zlib.compress(long)
    assert long in read(png(b"iCCP", b"sRGB\0\0" + packed)).contents.values()
    broken = zlib.compress(random.Random(1).randbytes(1 << 20))
    for torn in (broken[:-400_000], broken[:-500_000] + bytes(500_000)):
        bodies = read(png(b"iCCP", b"sRGB\0\0" + torn)).contents.values()
        assert any("iCCP" in body for body in bodies if isinstance(body, str)), bodies


def wav_of_python() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 1001)
    return out.getvalue()


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
EXIF = Image.Exif()
EXIF[0x010E] = "a description"
ORDINARY = {
    "a profile in a PNG": drawn("PNG", icc_profile=SRGB, dpi=(72, 72)),
    "a profile and Exif in a JPEG": drawn(
        "JPEG", icc_profile=SRGB, exif=EXIF, comment=b"x", progressive=True
    ),
    "a large profile in a JPEG": drawn("JPEG", icc_profile=SRGB + bytes(70_000)),
    "restarts in a JPEG": drawn("JPEG", restart_marker_blocks=2),
    "colours of Adobe": jpeg(0xEE, b"Adobe\0d\0\0\0\0\1\3\0\x10\3\2\3\6" + bytes(12)),
    "a WebP": drawn("WEBP", icc_profile=SRGB, exif=EXIF),
    "a GIF with a comment": drawn("GIF", comment=b"a comment", loop=0, duration=10),
    "an AVIF": drawn("AVIF"),
    "a sound": wav_of_python(),
    "filling of zeros": film(box(b"free", bytes(4000)), user=box(b"\xa9nam", b"\0\4\0\0name")),
    "junk of zeros": sound(part(b"JUNK", bytes(28)), part(b"LIST", b"INFO" + part(b"INAM", b"name"))),
    "padding of zeros": flac((1, bytes(4096))),
    "a seek table": flac((3, bytes(36))),
    "what ImageMagick writes into each": gif(b"gamma=0.454545", name=b"ImageMagick"),
    "a scale in a PNG": png(b"sCAL", b"\x010.025\x000.025"),
    "a calibration in a PNG": png(
        b"pCAL", b"height\0" + struct.pack(">ii", 0, 65535) + b"\0\2metre\x000.5\x001e-3"
    ),
    "a palette to choose from in a PNG": png(b"sPLT", b"web\0\x08" + bytes(12)),
    "room for an index in an AVI": sound(part(b"JUNK", b"\4" + bytes(7) + b"00dc" + bytes(4108))),
}


@pytest.mark.parametrize("whole", ORDINARY.values(), ids=ORDINARY)
def test_an_ordinary_one_holds_nothing(whole: bytes) -> None:
    run = read(whole)
    assert not run.items
    assert not run.codes


def test_an_archive_within_a_part_that_is_read_ends_where_it_says() -> None:
    whole = jpeg(0xFE, ZIP)
    run = read(whole)
    assert list(run.contents.values()) == [ZIP]
    assert [name.partition(" @")[0] for name in run.names] == ["archive within"]
    assert run.codes == ["unclaimed"]


def test_an_archive_in_what_begins_as_exif_is_not_behind_the_end() -> None:
    run = read(jpeg(0xE1, b"Exif\0\0" + ZIP))
    assert list(run.contents.values()) == [ZIP]
    assert run.codes == ["unclaimed"]


def test_the_cover_of_a_sound_is_an_item_and_no_finding() -> None:
    head = (
        struct.pack(">I", 3)
        + struct.pack(">I", 10)
        + b"image/jpeg"
        + struct.pack(">I", 5)
        + b"Cover"
        + bytes(16)
    )
    run = read(flac((6, head + struct.pack(">I", len(JPEG)) + JPEG)))
    assert list(run.contents.values()) == [JPEG]
    assert run.codes == []
    assert read(flac((6, head + struct.pack(">I", 9) + HIDDEN))).codes == ["unclaimed"]


def test_many_parts_are_counted_and_not_all_items() -> None:
    run = read(film(*(box(b"free", b"note %d" % at) for at in range(MOST + 20))))
    assert len(run.items) == MOST
    assert "20 further ones" in run.notes[-1].reason


def test_a_run_goes_on_behind_any_part_and_behind_the_end() -> None:
    data = film(box(b"free", HIDDEN), box(b"skip", HIDDEN)) + TEXT
    names = read(data).names
    assert [name.partition(" @")[0] for name in names] == ["behind the end", "free", "skip"]
    for at, found in enumerate(read(data).items):
        assert read(data, after=found.place).names == names[at + 1 :]


@settings(max_examples=200, deadline=None)
@given(sampled_from(sorted(CARRIED)), integers(0, 400), integers(0, 8), binary(max_size=8))
def test_no_lie_of_a_length_makes_it_raise_or_leave_the_content(
    name: str, at: int, gone: int, instead: bytes
) -> None:
    whole = CARRIED[name](HIDDEN)
    data = whole[:at] + instead + whole[at + gone :]
    for found in read(data).items:
        assert all(0 < start <= len(data) and start + size <= len(data) for start, size in found.runs or ())


@settings(max_examples=150, deadline=None)
@given(sampled_from(sorted(CARRIED)), integers(0, 3000))
def test_it_may_be_cut_at_any_byte(name: str, at: int) -> None:
    read(CARRIED[name](HIDDEN)[:at])


@pytest.mark.parametrize("mark", [*WALKS, b"\0\0\0\x08ftyp"], ids=repr)
@pytest.mark.parametrize("rest", [bytes(3000), b"\xff" * 3000, b"\0\0\0\x08moov" * 400, b"LIST\4\0\0\0abcd" * 300,
                                  b"\0\0\0\1uuid\0\0\0\0\0\0\0\0" * 200], ids=range(5))  # fmt: skip
def test_loops_end(mark: bytes, rest: bytes) -> None:
    read(mark + rest)


def test_a_box_that_a_standard_knows_is_no_strange_part_and_an_unknown_one_is_called_unread() -> None:
    known = b"".join(box(kind, bytes(20)) for kind in (b"loci", b"kywd", b"rtng", b"clsf", b"yrrc", b"chpl"))
    run = Run(SOURCE, "film.mp4", film(user=known))
    assert not run.items and run.notes == []
    run = Run(SOURCE, "film.mp4", film(user=box(b"SDLN", b"words of a maker")))
    assert [note.reason for note in run.notes] == [
        "a part that its kind of file has no use for, or that is not read here, is an item of its own:"
        f" SDLN (16 bytes at byte {film(user=box(b'SDLN', b'words of a maker')).index(b'words of a maker')})"
    ]
    packet = box(
        b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), b"<x:xmpmeta>the pier</x:xmpmeta>"
    )
    run = Run(SOURCE, "film.mp4", film(packet))
    assert list(run.contents.values()) == [b"<x:xmpmeta>the pier</x:xmpmeta>"]
    assert run.notes == []
