"""Pictures and recordings give what their headers say, no text, and name the lane they wait for."""

import io

import pytest
from parser_pictures import PICTURES, RECORDINGS, SIZE, flac, picture, tagged_mp3, tone
from PIL import Image

from actionday.detectors.filetype import identify_type
from actionday.model import Damaged, Limits, Parsed
from actionday.parsers import Parsers

LIMITS = Limits()


def read(parsers: Parsers, mime: str, content: bytes) -> Parsed:
    parsed = parsers.parse(mime, content, LIMITS)
    assert parsed is not None
    return parsed


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_waits_for_ocr_and_tells_its_size(name: str, parsers: Parsers) -> None:
    mime, content = PICTURES[name]
    assert identify_type(content, content, len(content)) == mime
    parsed = read(parsers, mime, content)
    assert list(parsed.text) == []
    assert parsed.meta["needs"] == "ocr"
    assert "wait for OCR" in parsed.reason
    assert (parsed.meta["width"], parsed.meta["height"]) == (SIZE if name != "icon.ico" else (32, 21))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_exif_gives_camera_time_and_place(kind: str, parsers: Parsers) -> None:
    tags = Image.Exif()
    tags[0x010F], tags[0x0110] = "Kestrel Optics", "K 2"
    tags.get_ifd(0x8769)[0x9003] = "2026:06:02 10:11:12"
    tags.get_ifd(0x8825).update({1: "S", 2: (33.0, 52.0, 4.8), 3: "E", 4: (151.0, 12.0, 36.0)})
    parsed = read(parsers, f"image/{kind.lower()}", picture(kind, exif=tags))
    wanted = {"camera_make": "Kestrel Optics", "camera_model": "K 2", "taken": "2026:06:02 10:11:12",
              "latitude": -33.868, "longitude": 151.21}  # fmt: skip
    assert {key: parsed.meta[key] for key in wanted} == wanted


def test_a_heic_is_measured_though_nobody_here_opens_it(parsers: Parsers) -> None:
    box = (
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
        + b"\0\0\0\x14ispe\0\0\0\0"
        + (640).to_bytes(4, "big")
        + (480).to_bytes(4, "big")
    )
    assert identify_type(box, box, len(box)) == "image/heic"
    assert read(parsers, "image/heic", box).meta == {"needs": "ocr", "width": 640, "height": 480}


def test_a_header_of_a_huge_picture_is_no_bomb(parsers: Parsers) -> None:
    content = bytearray(PICTURES["drawing.png"][1])
    content[16:24] = (200_000).to_bytes(4, "big") * 2
    import zlib

    content[29:33] = zlib.crc32(bytes(content[12:29])).to_bytes(4, "big")
    assert [note.code for note in read(parsers, "image/png", bytes(content)).notes] == ["huge"]


def test_p03_mutated_pictures_never_reach_a_decoder(parsers: Parsers) -> None:
    """Headers alone are read at intake: a mutation gives metadata or Damaged, and Pillow loads no pixel."""
    loads: list[str] = []
    plain = Image.Image.load
    Image.Image.load = lambda self: loads.append("load") or plain(self)  # type: ignore[method-assign, func-returns-value]
    try:
        for mime, content in PICTURES.values():
            for at in range(0, len(content), max(1, len(content) // 60)):
                mutated = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
                try:
                    assert read(parsers, mime, mutated).meta["needs"] == "ocr"
                except Damaged as error:
                    assert mime in str(error)
    finally:
        Image.Image.load = plain  # type: ignore[method-assign]
    assert loads == []


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_waits_for_speech(name: str, parsers: Parsers) -> None:
    mime, content = RECORDINGS[name]
    assert identify_type(content, content, len(content)) == mime
    parsed = read(parsers, mime, content)
    assert (list(parsed.text), parsed.meta["needs"]) == ([], "speech")
    assert "wait" in parsed.reason


def test_lengths_titles_and_times_of_recordings(parsers: Parsers) -> None:
    assert read(parsers, "audio/x-wav", tone(0.75)).meta["seconds"] == 0.75
    mp3 = read(parsers, "audio/mpeg", tagged_mp3("نشرة الأخبار", "Kestrel FM")).meta
    assert (mp3["title"], mp3["author"], mp3["seconds"]) == ("نشرة الأخبار", "Kestrel FM", 0.3)
    assert read(parsers, "audio/flac", flac("Evening")).meta == {
        "needs": "speech", "sample_rate": 8000, "channels": 1, "seconds": 0.5, "producer": "x", "title": "Evening"}  # fmt: skip
    film = read(parsers, *RECORDINGS["clip.mp4"]).meta
    assert (film["seconds"], film["created"]) == (90.0, "2024-05-31T11:33:20Z")


def test_a_format_nobody_opens_waits_all_the_same(parsers: Parsers) -> None:
    parsed = read(parsers, "image/x-xcf", b"gimp xcf v011\0" + bytes(50))
    assert parsed.meta == {"needs": "ocr"}
    assert [note.code for note in parsed.notes] == ["not_opened"]


def test_a_picture_behind_other_bytes_keeps_its_comment(parsers: Parsers) -> None:
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "JPEG", comment="Kestrel & friends")
    assert read(parsers, "image/jpeg", out.getvalue() + b"appended").meta["comment"] == "Kestrel & friends"
