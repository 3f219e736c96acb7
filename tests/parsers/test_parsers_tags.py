"""All tags of sound and film are strings of the metadata, however hostile their lengths."""

import io
import struct
import zlib

import pytest
from parser_pictures import tone
from PIL import Image

from actionday.model import Limits, Loss, Parsed
from actionday.parsers import _tags_film
from actionday.parsers._icc import colours
from actionday.parsers._tags import MOST, Tags
from actionday.parsers._tags_film import INFO
from actionday.parsers._tags_sound import ASF_CONTENT, ASF_EXTENDED
from actionday.parsers._tags_user import ASSET
from actionday.parsers.picture import PARSER as PICTURE
from actionday.parsers.recording import ASF, EBML, PARSER
from steps import steps

ARABIC = "نشرة الأخبار"


def read(content: bytes, mime: str = "audio/x") -> Parsed:
    return PARSER.parse(memoryview(content), mime, Limits())


def frame(name: bytes, body: bytes, version: int) -> bytes:
    size = len(body)
    if version == 2:
        return name + size.to_bytes(3, "big") + body
    four = (
        bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) if version == 4 else size.to_bytes(4, "big")
    )
    return name + four + b"\0\0" + body


def id3(version: int, *frames: bytes) -> bytes:
    size = sum(map(len, frames))
    four = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes([version, 0, 0]) + four + b"".join(frames) + (b"\xff\xfb\x90\x00" + bytes(413)) * 3


def with_language(text: str, encoding: str = "utf-16") -> bytes:
    return b"\1ara" + "".encode(encoding) + b"\0\0" + text.encode(encoding)


@pytest.mark.parametrize("version", [2, 3, 4])
def test_id3_comments_lyrics_and_fields_of_one_s_own(version: int) -> None:
    comment, lyrics, own, link = (
        (b"COM", b"ULT", b"TXX", b"WXX") if version == 2 else (b"COMM", b"USLT", b"TXXX", b"WXXX")
    )
    meta = read(
        id3(
            version,
            frame(comment, with_language(ARABIC), version),
            frame(lyrics, b"\0engwhere\0first line\nsecond", version),
            frame(own, b"\0Safe house\0behind the mill", version),
            frame(link, b"\1" + "d".encode("utf-16") + b"\0\0https://kestrel.example/w", version),
        ),
        "audio/mpeg",
    ).meta
    assert meta["comment"] == ARABIC
    assert (meta["lyrics"], meta["comment_kind"]) == ("first line\nsecond", "where")
    assert (meta["tag_safe_house"], meta["tag_d"]) == ("behind the mill", "https://kestrel.example/w")


def test_id3_at_the_end_adds_what_the_first_tag_lacks() -> None:
    v1 = (
        b"TAG"
        + b"poorer title".ljust(30, b"\0")
        + b"Mira".ljust(30, b"\0")
        + bytes(34)
        + b"a remark".ljust(31, b"\0")
    )
    meta = read(id3(3, frame(b"TIT2", b"\0The title", 3)) + v1, "audio/mpeg").meta
    assert (meta["title"], meta["author"], meta["comment"]) == ("The title", "Mira", "a remark")


def test_lists_of_riff_and_a_broadcast_description() -> None:
    info = b"INFO" + b"".join(
        name + struct.pack("<I", 8) + b"word %02d\0" % at for at, name in enumerate(INFO)
    )
    bext = b"bext" + struct.pack("<I", 320) + b"said at the mill".ljust(256, b"\0") + b"Mira".ljust(64, b"\0")
    content = tone() + b"LIST" + struct.pack("<I", len(info)) + info + bext
    meta = read(content, "audio/x-wav").meta
    assert (meta["title"], meta["comment"], meta["seconds"]) == ("word 00", "word 03", 0.5)
    assert meta["description"] == "said at the mill"


def box(kind: bytes, *inner: bytes) -> bytes:
    body = b"".join(inner)
    return struct.pack(">I", len(body) + 8) + kind + body


def test_boxes_of_itunes_quicktime_and_telephones() -> None:
    data = box(b"data", b"\0\0\0\1\0\0\0\0", ARABIC.encode())
    own = box(b"----", box(b"mean", bytes(4), b"x"), box(b"name", bytes(4), b"Note"), data)
    ilst = box(b"ilst", box(b"\xa9cmt", data), box(b"\xa9lyr", data), own, box(b"\0\0\0\1", data))
    keys = box(b"keys", bytes(4), struct.pack(">I", 1), box(b"mdta", b"com.apple.quicktime.location.name"))
    place = box(b"\xa9xyz", struct.pack(">HH", 8, 0x15C7), b"+48+011/")
    asset = box(b"titl", bytes(6), b"the title\0")
    asset16 = box(b"dscp", bytes(6), ARABIC.encode("utf-16"))
    content = box(b"ftyp", b"isom\0\0\0\0") + box(
        b"moov", box(b"udta", place, asset, asset16, box(b"meta", bytes(4), keys, ilst))
    )
    meta = read(content, "video/mp4").meta
    assert {meta[key] for key in ("comment", "lyrics", "tag_note", ASSET[b"dscp"])} == {ARABIC}
    assert (meta["place"], meta["title"]) == (f"+48+011/\n{ARABIC}", "the title")
    assert (meta["latitude"], meta["longitude"]) == (48.0, 11.0)


def place_box(
    name: bytes, role: int, east: float, north: float, around: bytes = b"earth", notes: bytes = b""
) -> bytes:
    """Return ``loci`` of 3GPP TS 26.244, 8.11: language, name, role, longitude, latitude, altitude, body, notes."""
    point = struct.pack(">iii", round(east * 65536), round(north * 65536), 0)
    return box(
        b"loci",
        bytes(4),
        struct.pack(">H", 0x15C7),
        name,
        b"\0",
        bytes([role]),
        point,
        around,
        b"\0",
        notes,
        b"\0",
    )


def filmed(*user: bytes) -> bytes:
    return box(b"ftyp", b"isom\0\0\0\0") + box(b"moov", box(b"mvhd", bytes(100)), box(b"udta", *user))


def test_where_a_film_was_recorded_is_told_whoever_wrote_it() -> None:
    by_ffmpeg = bytes.fromhex(
        "000000236c6f6369000000000000 0000 fff7999a 002b3333 00000000 656172746800 00".replace(" ", "")
    )
    meta = read(filmed(by_ffmpeg), "video/mp4").meta  # as ffmpeg 8 writes -metadata location=+43.2-008.4/
    assert (meta["latitude"], meta["longitude"], meta["place"]) == (
        43.199997,
        -8.399994,
        "43.199997, -8.399994",
    )
    meta = read(
        filmed(place_box(ARABIC.encode(), 0, 151.25, -33.875, notes=b"at the pier")), "video/3gpp"
    ).meta
    assert (meta["latitude"], meta["longitude"]) == (-33.875, 151.25)
    assert (meta["place"], meta["place_notes"]) == (f"{ARABIC}\n-33.875, 151.25", "at the pier")
    wide = place_box(ARABIC.encode("utf-16") + b"\0", 1, 1, 2)
    assert read(filmed(wide), "video/mp4").meta["place"] == f"{ARABIC}\n2.0, 1.0"
    for said, north, east in (("+48.2082+016.3738+151/", 48.2082, 16.3738), ("-3352.5+15115/", -33.875, 151.25),
                              ("+481230-0163000/", 48.208333, -16.5)):  # fmt: skip
        apple = box(
            b"keys", bytes(4), struct.pack(">I", 1), box(b"mdta", b"com.apple.quicktime.location.ISO6709")
        )
        data = box(b"data", b"\0\0\0\1\0\0\0\0", said.encode())
        android = box(b"\xa9xyz", struct.pack(">HH", len(said), 0x15C7), said.encode())
        for user in (android, box(b"meta", bytes(4), apple, box(b"ilst", box(b"\0\0\0\1", data)))):
            meta = read(filmed(user), "video/mp4").meta
            assert (meta["place"], meta["latitude"], meta["longitude"]) == (said, north, east)


def test_a_place_of_fiction_or_of_another_world_is_no_place_of_recording() -> None:
    meta = read(filmed(place_box(b"Marrowby", 2, 10, 20)), "video/mp4").meta
    assert meta["fictional_place"] == "Marrowby\n20.0, 10.0"
    assert "place" not in meta and "latitude" not in meta
    meta = read(filmed(place_box(b"", 0, 10, 20, b"moon")), "video/mp4").meta
    assert meta["place_body"] == "moon" and "latitude" not in meta


def test_words_of_the_other_boxes_of_telephones_and_of_packets() -> None:
    words = box(b"kywd", bytes(6), b"\2", b"\5pier\0", b"\6signal")
    rated = box(b"rtng", bytes(4), b"BBFC", b"age ", bytes(2), b"twelve\0")
    classed = box(b"clsf", bytes(4), b"IPTC", bytes(4), b"seafaring\0")
    chapters = box(b"chpl", b"\1", bytes(7), b"\2", bytes(8), b"\x05dawn!", bytes(8), b"\x04dusk")
    meta = read(
        filmed(words, rated, classed, chapters, box(b"yrrc", bytes(4), b"\x07\xea")), "video/mp4"
    ).meta
    assert meta["keywords"] == "pier\nsignal"
    assert (meta["rating"], meta["category"], meta["chapters"]) == (
        "BBFCage  twelve",
        "IPTC seafaring",
        "dawn!\ndusk",
    )
    assert meta["created"] == "2026"
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' \
        b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>the signal</dc:title></rdf:Description>' \
        b"</rdf:RDF></x:xmpmeta>"  # fmt: skip
    uuid = box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"), packet)
    assert read(filmed() + uuid, "video/mp4").meta["title"] == "the signal"
    assert read(filmed(box(b"XMP_", packet)), "video/quicktime").meta["title"] == "the signal"


def test_what_stands_behind_the_words_of_such_a_box_is_not_lost() -> None:
    parsed = read(filmed(place_box(b"", 0, 1, 2, notes=b"\0the signal is given at dawn")), "video/mp4")
    assert "the signal is given at dawn" in str(parsed.meta["stray_text"])


def element(number: bytes, body: bytes) -> bytes:
    return number + struct.pack(">Q", 1 << 56 | len(body)) + body


def test_tags_and_titles_of_matroska_in_a_segment_of_unknown_length() -> None:
    simple = element(b"\x67\xc8", element(b"\x45\xa3", b"COMMENT") + element(b"\x44\x87", ARABIC.encode()))
    info = element(b"\x15\x49\xa9\x66", element(b"\x7b\xa9", b"the title"))
    tags = element(b"\x12\x54\xc3\x67", element(b"\x73\x73", simple))
    content = EBML + b"\x80" + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + info + tags
    meta = read(content, "video/webm").meta
    assert (meta["title"], meta["comment"]) == ("the title", ARABIC)


def test_descriptions_of_asf() -> None:
    texts = [f"{text}\0".encode("utf-16-le") for text in ("the title", "Mira", "", ARABIC)]
    content = struct.pack("<5H", *map(len, texts), 0) + b"".join(texts)
    name, value = "WM/Lyrics\0".encode("utf-16-le"), "the words\0".encode("utf-16-le")
    own = struct.pack("<HH", 1, len(name)) + name + struct.pack("<HH", 0, len(value)) + value
    objects = b"".join(
        kind + struct.pack("<Q", 24 + len(body)) + body
        for kind, body in ((ASF_CONTENT, content), (ASF_EXTENDED, own))
    )
    meta = read(ASF + struct.pack("<QIH", 30 + len(objects), 2, 0x201) + objects, "audio/x-ms-wma").meta
    assert [meta[key] for key in ("title", "author", "description", "lyrics")] == [
        "the title",
        "Mira",
        ARABIC,
        "the words",
    ]


def test_a_tag_is_kept_whole_and_what_is_beyond_all_that_is_kept_is_counted_as_a_loss() -> None:
    long = b"x" * 1_000_000 + b" behind"
    parsed = read(id3(3, frame(b"COMM", b"\0eng\0" + long, 3)), "audio/mpeg")
    assert (str(parsed.meta["comment"])[-7:], parsed.notes) == (" behind", ())
    parsed = read(id3(3, frame(b"COMM", b"\0eng\0" + b"x" * 5_000_000, 3)), "audio/mpeg")
    cut = 5_000_000 + len("comment") - MOST
    assert len(str(parsed.meta["comment"])) == MOST - len("comment")
    assert [(note.code, note.reason.split(":")[0]) for note in parsed.notes] == [
        (Loss.METADATA_CUT, f"{cut} characters of tags are not kept")
    ]


def test_a_film_keeps_a_long_tag_whole() -> None:
    value = box(b"data", b"\0\0\0\1\0\0\0\0" + b"x" * 1_200_000 + b" behind")
    meta = box(b"moov", box(b"udta", box(b"meta", bytes(4) + box(b"ilst", box(b"\xa9cmt", value)))))
    assert str(read(box(b"ftyp", b"isom") + meta, "video/mp4").meta["comment"]).endswith(" behind")


def test_more_names_than_five_hundred_are_kept() -> None:
    tags = Tags()
    for number in range(3000):
        tags.add(f"tag_{number}", "word")
    assert (len(tags.meta()), tags.notes()) == (3000, ())


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"ID3\3\0\0\x7f\x7f\x7f\x7f" + b"COMM\xff\xff\xff\xff\0\0\1eng", "audio/mpeg"),
        (b"fLaC\x84\xff\xff\xff" + b"\xff" * 100, "audio/flac"),
        (b"RIFF\xff\xff\xff\xffAVI " + b"LIST\xff\xff\xff\xffINFO" * 100_000, "video/x-msvideo"),
        (box(b"ftyp", b"isom") + b"\0\0\0\0moov" * 100_000, "video/mp4"),
        (box(b"ftyp", b"isom") + b"\0\0\0\x08free" * 1_000_000, "video/mp4"),
        (EBML + b"\x80" + b"\x18\x53\x80\x67\xff" * 100_000, "video/webm"),
        (EBML + b"\x80" + b"\xec\x80" * 1_000_000, "video/webm"),
        (ASF + struct.pack("<QIH", 1 << 60, 0xFFFFFFFF, 0) + ASF_EXTENDED + bytes(1 << 20), "video/x-ms-wmv"),
        (b"OggS" + bytes(22) + b"\xff" + b"\xff" * 300 + b"OpusTags\xff\xff\xff\xff", "audio/ogg"),
    ],
)  # fmt: skip
def test_lengths_that_lie_and_loops_end_soon(
    content: bytes, mime: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 20_000
    monkeypatch.setattr(_tags_film, "MOST", most)
    found: list[Parsed] = []
    assert steps(lambda: found.append(read(content, mime))) < 30 * most  # up to 1,000,000 parts are there
    assert found[0].meta["needs"] == "speech"


def profile(*tags: tuple[bytes, bytes]) -> bytes:
    begin, table, bodies = 128 + 4 + 12 * len(tags), b"", b""
    for name, body in tags:
        table += name + struct.pack(">II", begin + len(bodies), len(body))
        bodies += body
    return bytes(36) + b"acsp" + bytes(88) + struct.pack(">I", len(tags)) + table + bodies


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_texts_of_a_colour_profile(kind: str) -> None:
    wide = "vom alten Pier".encode("utf-16-be")
    made = profile(
        (b"desc", b"desc" + bytes(4) + struct.pack(">I", 9) + b"the pier\0" + bytes(78)),
        (b"cprt", b"text" + bytes(4) + b"of the club\0"),
        (b"priv", b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"de", b"DE", len(wide), 28) + wide),
        (b"wtpt", b"XYZ " + bytes(16)),
    )
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind, icc_profile=made)
    parsed = PICTURE.parse(memoryview(out.getvalue()), f"image/{kind.lower()}", Limits())
    assert parsed.meta["colour_profile"] == "the pier\nof the club\nvom alten Pier"


def test_a_comment_behind_bytes_that_programs_pass_over() -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", comment=b"at the pier")
    whole = out.getvalue()
    data = whole[:20] + b"no segment" + whole[20:]
    assert PICTURE.parse(memoryview(data), "image/jpeg", Limits()).meta["comment"] == "at the pier"


def test_texts_of_markers_in_a_sound() -> None:
    rows = b"".join(
        name + struct.pack("<I", len(body)) + body
        for name, body in ((b"labl", bytes(4) + b"the pier\0\0"), (b"note", bytes(4) + b"at nine\0"),
                           (b"ltxt", bytes(20) + b"come alone\0\0"))
    )  # fmt: skip
    made = b"WAVELIST" + struct.pack("<I", len(rows) + 4) + b"adtl" + rows
    parsed = read(b"RIFF" + struct.pack("<I", len(made)) + made, "audio/vnd.wave")
    assert parsed.meta["markers"] == "the pier\nat nine\ncome alone"


@pytest.mark.parametrize("at", range(0, 300, 7))
def test_a_damaged_profile_never_raises(at: int) -> None:
    made = profile(
        (b"desc", b"desc" + bytes(4) + struct.pack(">I", 9) + b"the pier\0"),
        (b"cprt", b"mluc" + b"\xff" * 40),
    )
    colours(made[:at], Tags())
    colours(made[:at] + b"\xff\xff\xff\xff" + made[at + 4 :], Tags())


def test_the_keyword_of_a_png_text_in_another_language() -> None:
    body = b"k\0\0\0de\0am alten Pier\0at the pier"
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    whole = out.getvalue()
    made = (
        whole[:33]
        + struct.pack(">I", len(body))
        + b"iTXt"
        + body
        + struct.pack(">I", zlib.crc32(b"iTXt" + body))
        + whole[33:]
    )
    meta = PICTURE.parse(memoryview(made), "image/png", Limits()).meta
    assert (meta["tag_k"], meta["tag_translated"]) == ("at the pier", "am alten Pier")
