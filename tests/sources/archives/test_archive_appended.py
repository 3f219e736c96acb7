"""Bytes behind the end: of pictures, films, sounds and PDF by their own marks, archives behind anything."""

import io
import wave
import zipfile

import pytest
from archive_samples import PNG, zip_of
from archive_tools import ARABIC, TEXT, Run, tool
from hypothesis import given, settings
from hypothesis.strategies import binary, sampled_from
from PIL import Image

from actionday.model import Claim, Kind
from actionday.sources.archives._ends import end_of
from actionday.sources.archives.appended import SOURCE
from actionday.testing.context import Glance

ZIP = zip_of({"plan.txt": TEXT})


def drawn(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture = Image.effect_noise((97, 61), 80)
    frames = [Image.effect_noise((97, 61), 40) for _ in range(3)] if kind == "GIF" else []
    picture.save(out, kind, **options, **({"save_all": True, "append_images": frames} if frames else {}))  # type: ignore[arg-type]
    return out.getvalue()


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 1001)
    return out.getvalue()


def printed() -> bytes:
    out = io.BytesIO()
    Image.new("L", (40, 30), 200).save(out, "PDF")
    return out.getvalue()


FORMATS = {
    "png": PNG,
    "jpeg": drawn("JPEG", quality=90),
    "progressive jpeg": drawn("JPEG", progressive=True),
    "jpeg with restarts": drawn("JPEG", restart_marker_blocks=2),
    "gif": drawn("GIF"),
    "webp": drawn("WEBP"),
    "avif": drawn("AVIF"),
    "wave": sound(),
    "pdf": printed(),
    "rich text": rb"{\rtf1\ansi a \{ brace {\b bold} \'7d and {\pict\bin3 }}}}\par}",
    "pdf behind a mark": b"\xef\xbb\xbf\r\n" + printed(),
}


def ogg() -> bytes:
    page = b"OggS" + bytes(22) + b"\2" + bytes([255, 9]) + bytes(range(255)) + b"a packet."
    return page * 3


def matroska() -> bytes:
    void = b"\xec\x84data"
    return (
        b"\x1a\x45\xdf\xa3\x84abcd" + void + b"\x18\x53\x80\x67\x01" + bytes(6) + b"\x28" + bytes(range(40))
    )


def aiff() -> bytes:
    body = b"AIFFCOMM\0\0\0\4abcd" + b"SSND\0\0\0\x50" + bytes(range(80))
    return b"FORM" + len(body).to_bytes(4, "big") + body


FORMATS |= {"ogg": ogg(), "matroska": matroska(), "aiff": aiff(), "bitmap": drawn("BMP")}
BEHIND = {"zip": ZIP, "text": TEXT, "arabic": ARABIC, "picture": PNG}


def read(data: bytes, **given: object) -> Run:
    return Run(SOURCE, "picture", data, **given)


@pytest.mark.parametrize("behind", BEHIND.values(), ids=BEHIND)
@pytest.mark.parametrize("whole", FORMATS.values(), ids=FORMATS)
def test_what_is_appended_is_an_item_in_its_place(whole: bytes, behind: bytes) -> None:
    run = read(whole + behind)
    assert run.contents == {"behind the end": behind}
    assert run.items[0].runs == ((len(whole), len(behind)),)
    assert run.codes == ["trailing"]


@pytest.mark.parametrize("padding", [b"", bytes(600), b"\n", b"\r\n\x1a", b"\xff" * 64])
@pytest.mark.parametrize("whole", FORMATS.values(), ids=FORMATS)
def test_a_whole_one_with_or_without_padding_holds_nothing(whole: bytes, padding: bytes) -> None:
    run = read(whole + padding)
    assert (run.items, run.notes) == ((), [])


@pytest.mark.parametrize("whole", FORMATS.values(), ids=FORMATS)
def test_one_that_breaks_off_holds_nothing(whole: bytes) -> None:
    assert read(whole[: len(whole) * 3 // 4]).items == ()


def test_a_second_picture_behind_the_first_is_an_item_however_both_end() -> None:
    jpeg = FORMATS["jpeg"]
    assert read(jpeg + jpeg).contents == {"behind the end": jpeg}


def test_an_end_marker_within_a_thumbnail_is_not_the_end() -> None:
    jpeg = FORMATS["jpeg"]
    thumbnail = b"Exif\0\0II*\0\x08\0\0\0" + bytes(6) + FORMATS["progressive jpeg"]
    segment = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    assert read(jpeg[:2] + segment + jpeg[2:]).items == ()


ANYTHING = {
    "text": TEXT,
    "sound": b"ID3\x03\0\0\0\0\0\x0a" + bytes(10) + b"\xff\xfb\x90\0" * 50,
    "noise": bytes(range(1, 256)) * 40,
}


@pytest.mark.parametrize("front", ANYTHING.values(), ids=ANYTHING)
def test_a_zip_behind_anything_is_an_item(front: bytes) -> None:
    data = front + ZIP
    assert SOURCE.claims(Glance("x", data, Kind.FILE)) is Claim.NAME
    assert read(data).contents == {"behind the end": ZIP}


def test_a_zip_whose_offsets_count_what_is_before_it_is_an_item() -> None:
    out = io.BytesIO(TEXT)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("plan.txt", TEXT)
    data = out.getvalue()
    assert read(data).contents == {"behind the end": data[len(TEXT) :]}


def test_bytes_between_a_picture_and_a_zip_are_an_item_of_their_own() -> None:
    run = read(PNG + TEXT + ZIP)
    assert [run.listing.contents[0], run.listing.contents[1]] == [TEXT, ZIP]
    assert len({found.place for found in run.items}) == 2
    assert read(PNG + TEXT + ZIP, after=run.items[0].place).listing.contents == (ZIP,)


@pytest.mark.tools
def test_a_7z_behind_a_text_is_an_item(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "plan.txt").write_bytes(TEXT)
    tool("7zz", "a", "-bd", "a.7z", "plan.txt", where=tmp_path)
    archive = (tmp_path / "a.7z").read_bytes()
    assert read(TEXT + archive).contents == {"behind the end": archive}


@pytest.mark.parametrize(
    ("data", "claim"),
    [
        (TEXT, Claim.NO),
        (ZIP, Claim.NO),
        (PNG, Claim.MAGIC),
        (b"BM is the beginning of a text, too", Claim.NO),
        (b"PK\x05\x06" + bytes(18), Claim.NO),
        (TEXT + b"PK\x05\x06" + b"\x07" * 18, Claim.NO),
        (b"\0a program that knows 7z\xbc\xaf\x27\x1c", Claim.NO),
    ],
    ids=[
        "text",
        "zip",
        "picture",
        "letters of a bitmap",
        "empty zip",
        "the words of an end record",
        "a program's constant",
    ],
)
def test_claims(data: bytes, claim: Claim) -> None:
    assert SOURCE.claims(Glance("x", data, Kind.FILE)) is claim


@settings(max_examples=60)
@given(sampled_from(list(FORMATS.values())), binary(min_size=5, max_size=200))
def test_no_tail_goes_unseen(whole: bytes, tail: bytes) -> None:
    """Bytes that are no padding are named with their place, whatever they are; a format may take them as its own."""
    tail = b"Q" + tail + b"Q"
    find = end_of(whole)
    assert find is not None
    run = read(whole + tail)
    assert sum(found.size or 0 for found in run.items) == len(tail)


@settings(max_examples=150)
@given(sampled_from([whole[:12] for whole in FORMATS.values()]), binary(max_size=300))
def test_garbage_behind_a_mark_ends(mark: bytes, rest: bytes) -> None:
    run = read(mark + rest)
    assert all(0 < found.runs[0][0] < len(mark + rest) for found in run.items if found.runs)
