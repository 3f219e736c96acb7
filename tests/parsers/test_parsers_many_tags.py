"""No tag of a picture or a recording is lost for standing behind many others; where one is not read, that is said."""

import struct
import zlib

import pytest

from actionday.model import Damaged, Limits, Loss, Parsed
from actionday.parsers import _picture_parts, _tags, _tags_film
from actionday.parsers._exif import KNOWN
from actionday.parsers._tags import MOST, Tags
from actionday.parsers._tags_sound import asf, vorbis_comments
from actionday.parsers._tiff import directories
from actionday.parsers.picture import PARSER as PICTURE
from actionday.parsers.recording import PARSER as RECORDING
from steps import Compared, steps

LAST = "the last words at the weir"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    drawn = chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + drawn


def gif(count: int) -> bytes:
    blocks = b"".join(b"\x21\xfe" + bytes([2]) + b"%02d" % (number % 100) + b"\0" for number in range(count))
    end = b"\x21\xfe" + bytes([len(LAST)]) + LAST.encode() + b"\0;"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0) + blocks + end


def riff(kind: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    inner = b"".join(
        name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for name, body in chunks
    )
    return b"RIFF" + struct.pack("<I", 4 + len(inner)) + kind + inner


def of_picture(content: bytes, mime: str) -> Parsed:
    return PICTURE.parse(memoryview(content), mime, Limits())


def of_sound(content: bytes, mime: str) -> Parsed:
    return RECORDING.parse(memoryview(content), mime, Limits())


def test_a_text_behind_the_many_chunks_of_a_large_picture_is_read() -> None:
    content = png(*[chunk(b"tIME", bytes(7))] * 30_000, chunk(b"tEXt", b"Comment\0" + LAST.encode()))
    assert of_picture(content, "image/png").meta["comment"] == LAST


def test_each_chunk_of_a_picture_costs_the_same() -> None:
    few, many = (memoryview(png(*[chunk(b"tIME", bytes(7))] * count)) for count in (1_000, 4_000))
    assert steps(lambda: _picture_parts.words(many, Tags())) < 4.1 * steps(
        lambda: _picture_parts.words(few, Tags())
    )


def test_a_comment_behind_the_many_blocks_of_a_film_of_pictures_is_read() -> None:
    tags = Tags()
    _picture_parts.words(memoryview(gif(30_000)), tags)
    assert str(tags.meta()["comment"]).endswith(LAST)


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (png(*[chunk(b"tEXt", b"a\0" + LAST.encode())] * 9), "image/png"),
        (gif(9), "image/gif"),
        (b"\xff\xd8" + b"\xff\xfe\0\x06here" * 9 + b"\xff\xd9", "image/jpeg"),
        (riff(b"WEBP", *[(b"XMP ", LAST.encode())] * 9), "image/webp"),
    ],
    ids=["png", "gif", "jpeg", "webp"],
)
def test_parts_of_a_picture_beyond_what_is_gone_through_are_said(
    content: bytes, mime: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = Tags()
    monkeypatch.setattr(_picture_parts, "MOST", 4)
    _picture_parts.words(memoryview(content), tags)
    assert Loss.PARTS_LIMIT in [note.code for note in tags.notes()], mime
    monkeypatch.setattr(_picture_parts, "MOST", 100)
    tags = Tags()
    _picture_parts.words(memoryview(content), tags)
    assert Loss.PARTS_LIMIT not in [note.code for note in tags.notes()]


@pytest.mark.parametrize("kind", ["boxes", "chunks"])
def test_parts_of_a_film_beyond_what_is_gone_through_are_said(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = struct.pack(">I", 8) + b"free"
    given = riff(b"AVI ", *[(b"JUNK", b"ab")] * 9) if kind == "chunks" else content * 9
    monkeypatch.setattr(_tags_film, "MOST", 4)
    tags = Tags()
    getattr(_tags_film, kind)(memoryview(given), tags)
    assert [note.code for note in tags.notes()] == [Loss.PARTS_LIMIT]


def test_the_frames_of_a_long_film_hide_no_tag_behind_them() -> None:
    frames = b"movi" + (b"00dc" + struct.pack("<I", 4) + b"\1\2\3\4") * 600_000
    info = b"INFO" + b"ICMT" + struct.pack("<I", len(LAST)) + LAST.encode()
    given = riff(b"AVI ", (b"LIST", frames), (b"LIST", info))
    tags = Tags()
    gone_through = steps(lambda: _tags_film.chunks(memoryview(given), tags))
    assert tags.meta() == {"comment": LAST}
    assert not tags.notes()
    assert gone_through < 1_000  # none for a frame


def test_a_broadcast_in_many_fragments_is_gone_through() -> None:
    fragment = struct.pack(">I4s", 8, b"moof") + struct.pack(">I4s", 8, b"mdat")
    tags = Tags()
    _tags_film.boxes(memoryview(fragment * 45_000), tags)
    assert not tags.notes()


def test_the_long_name_of_a_tag_is_kept_whole() -> None:
    name = "N" * 62 + " at the weir"
    found = of_picture(png(chunk(b"tEXt", name.encode() + b"\0v")), "image/png").meta
    assert str(found["tag_names"]).casefold().endswith("at_the_weir")


def test_words_behind_blanks_are_kept_and_what_is_cut_is_counted() -> None:
    tags = Tags()
    tags.add("comment", b" " * (5 * MOST) + LAST.encode())
    assert tags.meta() == {"comment": LAST}
    tags.add("other", b"\x01" * (5 * MOST) + LAST.encode())
    assert [note.code for note in tags.notes()] == [Loss.METADATA_CUT]


def test_each_of_many_comments_costs_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tags, "plain", lambda value: Compared(value.decode()))
    monkeypatch.setattr(Compared, "count", 0)
    tags = Tags()

    def add(begin: int, end: int) -> None:
        for number in range(begin, end):
            tags.add("comment", b"c=%d" % number)

    first = steps(lambda: add(0, 1_000))
    add(1_000, 5_000)
    later = steps(lambda: add(5_000, 6_000))
    assert abs(later - first) < first // 50  # what is collected meanwhile has some lines of its own
    assert Compared.count < 4 * 6_000  # a list would be searched through: 18 million
    assert len(str(tags.meta()["comment"]).split("\n")) == 6_000


def test_comments_of_an_ogg_file_behind_a_large_picture_are_read() -> None:
    comments = [b"METADATA_BLOCK_PICTURE=" + b"A" * 3_000_000, b"COMMENT=" + LAST.encode()]
    packet = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", 2)
    packet += b"".join(struct.pack("<I", len(each)) + each for each in comments)
    pages, at = [], 0
    while at <= len(packet):
        piece = packet[at : at + 255 * 255]
        table = bytes([255] * (len(piece) // 255)) + (
            bytes([len(piece) % 255]) if len(piece) < 255 * 255 else b""
        )
        pages.append(b"OggS" + bytes(22) + bytes([len(table)]) + table + piece)
        at += 255 * 255
    assert of_sound(b"".join(pages), "audio/ogg").meta["comment"] == LAST


def test_more_objects_and_comments_than_are_gone_through_leave_a_line() -> None:
    tags = Tags()
    asf(bytes(24) + struct.pack("<I", 3000) + bytes(2) + (bytes(16) + struct.pack("<Q", 24)) * 3000, tags)
    assert [note.code for note in tags.notes()] == [Loss.PARTS_LIMIT]
    tags = Tags()
    values = [b"c=v"] * 2500 + [b"comment=" + LAST.encode()]
    block = struct.pack("<II", 0, len(values)) + b"".join(
        struct.pack("<I", len(each)) + each for each in values
    )
    vorbis_comments(block, tags)
    assert any(LAST in str(value) for value in tags.meta().values())


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"tEXt"])
def test_a_long_text_is_kept_whole_and_costs_neither_the_picture_nor_the_texts_beside_it(kind: bytes) -> None:
    said = b"word " * 500_000 + b"behind"
    middle = {b"zTXt": b"\0\0", b"iTXt": b"\0\1\0\0\0", b"tEXt": b"\0"}[kind]
    long = chunk(kind, b"Comment" + middle + (said if kind == b"tEXt" else zlib.compress(said)))
    found = of_picture(png(long, chunk(b"tEXt", b"Title\0" + LAST.encode())), "image/png")
    assert (found.meta["width"], found.meta["title"]) == (1, LAST)
    assert str(found.meta["comment"]).endswith("word behind")
    assert not found.notes


def test_texts_of_a_picture_that_are_too_long_together_cost_no_picture() -> None:
    each = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"word " * 200_000))
    found = of_picture(png(*[each] * 80, chunk(b"tEXt", b"Title\0" + LAST.encode())), "image/png")
    assert (found.meta["width"], found.meta["title"]) == (1, LAST)


def test_a_damaged_long_text_is_still_a_damaged_picture() -> None:
    packed = bytearray(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"word " * 500_000)))
    packed[-1] ^= 1
    with pytest.raises(Damaged):
        of_picture(png(bytes(packed)), "image/png")


@pytest.mark.parametrize(("count", "entries"), [(1100, 0), (1, 5000)], ids=["directories", "fields"])
def test_more_of_exif_than_is_gone_through_is_said(count: int, entries: int) -> None:
    size = 6 + 12 * entries
    block = b"II*\0" + struct.pack("<I", 8)
    for number in range(count):
        last = number == count - 1
        block += struct.pack("<H", entries) + bytes(12 * entries)
        block += struct.pack("<I", 0 if last else 8 + size * (number + 1))
    tags = Tags()
    directories(memoryview(block), "Exif", tags, KNOWN)
    assert Loss.PARTS_LIMIT in [note.code for note in tags.notes()]


def test_more_gaps_between_fields_than_are_looked_at_are_said() -> None:
    pairs = [(8 + 6 * 30 * number) for number in range(2500)]
    block = bytearray(b"II*\0" + struct.pack("<I", 8) + bytes(6 * 30 * 2501))
    fields = [struct.pack("<HHII", 0xFFF0, 2, 8, at + 90) for at in pairs]
    start = len(block)
    struct.pack_into("<I", block, 4, start)
    block += struct.pack("<H", len(fields)) + b"".join(fields) + bytes(4)
    tags = Tags()
    directories(memoryview(bytes(block)), "Exif", tags, KNOWN)
    assert Loss.PARTS_LIMIT in [note.code for note in tags.notes()]
