"""Files in space that belongs to no file: each type is found whole, chance makes none, hostile bytes cost no more."""

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import process_time

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from carving_files import FILES, pdf, picture, zipped

from actionday.model import Damaged, Found, Kind
from actionday.sources.carving._carvers import carvers
from actionday.sources.carving.passages import SOURCE as PASSAGES
from actionday.sources.carving.unallocated import SOURCE
from actionday.testing.context import Alone, Bytes

NOISE = Random(7).randbytes(1 << 20)


def filled(*parts: bytes, noise: bool = True) -> bytes:
    """Return the parts at sectors, with noise (or zeros) before, between and behind, and zeros up to the next sector."""
    gap = NOISE[:2048] if noise else bytes(2048)
    return gap + b"".join(part + bytes(-len(part) % 512) + gap for part in parts)


def carved(data: bytes, around: Alone | None = None) -> list[Found]:
    found = SOURCE.items(Bytes(data), around or Alone("$Unallocated"))
    return [each for each in found if each.kind is Kind.CARVED]


def bytes_of(found: Found, data: bytes) -> bytes:
    ((start, size),) = found.runs or ((0, 0),)
    return data[start : start + size]


@pytest.mark.parametrize("noise", [True, False], ids=["noise", "zeros"])
@pytest.mark.parametrize("suffix", FILES)
def test_each_type_is_found_from_its_first_byte_to_its_last(suffix: str, noise: bool) -> None:
    whole = FILES[suffix]()
    data = filled(whole, noise=noise)
    (found,) = carved(data)
    assert found.name == f"@2048{suffix}"
    assert bytes_of(found, data) == whole
    assert found.meta["end_found"] is True
    assert found.meta["offset"] == 2048


def test_every_type_has_a_file_here() -> None:
    assert {carver.suffix for carver in carvers()} <= set(FILES)


def test_files_beside_one_another_are_each_found() -> None:
    wholes = [FILES[suffix]() for suffix in FILES]
    data = filled(*wholes)
    assert sorted(bytes_of(found, data) for found in carved(data)) == sorted(wholes)


@pytest.mark.parametrize("suffix", FILES)
def test_a_file_that_lost_its_second_half_is_never_called_whole(suffix: str) -> None:
    whole = FILES[suffix]()
    kept = whole[: len(whole) // 2 // 512 * 512 or len(whole) // 2]
    data = NOISE[:2048] + kept + NOISE[: 1 << 17]
    for found in carved(data):
        if found.runs and found.runs[0][0] == 2048:
            if found.meta["carved_by"] == "length":  # nothing but a number says where it ends, and it is said
                continue
            assert found.meta["end_found"] is False
            assert "its end was not found" in found.reason


def test_chance_makes_no_file() -> None:
    data = Random(11).randbytes(32 << 20)
    assert carved(data) == []


def test_a_file_found_whole_hides_no_text_between_it_and_the_next() -> None:
    sentence = "Собрание клуба пустельги назначено на вторник.".encode()
    data = filled(picture("PNG"), sentence, picture("GIF"), noise=False)
    parts = [each for each in SOURCE.items(Bytes(data), Alone("x")) if each.kind is Kind.UNALLOCATED]
    text = b"".join(data[start : start + size] for part in parts for start, size in part.runs or ())
    assert sentence in text
    assert picture("PNG")[:600] not in text


def test_a_document_ends_with_its_last_update_and_before_the_next_document() -> None:
    first, second = pdf(3), pdf(0)
    data = filled(first, second)
    assert [bytes_of(found, data) for found in carved(data)] == [first, second]


def test_a_cut_archive_is_one_item_not_one_a_member() -> None:
    whole = zipped(*((f"{number}.txt", b"kestrel %d" % number) for number in range(50)))
    data = NOISE[:2048] + whole[: whole.index(b"PK\1\2") - 40] + NOISE[:4096]
    (found,) = carved(data)
    assert found.meta["end_found"] is False


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "jpeg marks": lambda size: b"\xff\xd8\xff\xe0" * (size // 4),
    "jpeg heads": lambda size: (picture("JPEG")[:700] * (size // 700 + 1))[:size],
    "png heads": lambda size: (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * (size // 16 + 1))[:size],
    "zip members": lambda size: (b"PK\3\4\x14\0\x08\0\x08\0" + bytes(16) + b"\1\0\0\0aa") * (size // 32),
    "pdf heads": lambda size: (b"%PDF-1.4\n" + bytes(503)) * (size // 512),
    "gzip heads": lambda size: b"\x1f\x8b\x08\0\0\0\0\0\0\3" * (size // 10),
    "elf heads": lambda size: b"\x7fELF\2\1\1\0" * (size // 8),
    "databases": lambda size: (FILES[".sqlite"]()[:512] * (size // 512 + 1))[:size],
    "mail": lambda size: (
        (b"From: a@b.example\nTo: c@d.example\nSubject: x\n\n".ljust(512, b"\n")) * (size // 512)
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_looks_like_files_costs_time_by_its_length(kind: str) -> None:
    def seconds(size: int) -> float:
        data, begun = HOSTILE[kind](size), process_time()
        items = carved(data)
        took = process_time() - begun
        assert len(items) <= size / 128
        return took

    seconds(1 << 16)
    small, large = seconds(1 << 20), seconds(4 << 20)
    assert large <= 10 * small + 0.5
    assert large < 12  # 2 MB/s at least on what is nothing but beginnings


def test_places_that_were_not_followed_are_counted() -> None:
    around = Alone("x")
    carved(b"\xff\xd8\xff\xe0" * (1 << 18), around)
    (note,) = around.notes
    assert note.code == "carving"
    assert "at which a file may begin not followed" in note.reason


class Torn(Bytes):
    """A stream of which two sectors cannot be had."""

    def read(self, length: int | None = -1, /) -> bytes:
        at = self.tell()
        data = super().read(length)
        if at < 9216 and at + len(data) > 8192:
            raise Damaged("bad sectors")
        return data


def test_what_cannot_be_read_is_said_and_the_rest_is_found() -> None:
    around = Alone("x")
    data = NOISE[:12288] + picture("PNG") + bytes(512)
    found = [each for each in SOURCE.items(Torn(data), around) if each.kind is Kind.CARVED]
    assert [each.name for each in found] == ["@12288.png"]
    assert any("cannot be read" in note.reason for note in around.notes)


def test_every_byte_that_is_changed_leaves_a_listing() -> None:
    data = bytearray(
        filled(picture("PNG"), pdf(), FILES[".docx"](), FILES[".eml"](), picture("GIF"), noise=False)
    )
    for at in range(2048, len(data), 211):
        data[at] ^= 0x5A
        places = [each.place for each in SOURCE.items(Bytes(bytes(data)), Alone("x"))]
        assert len(set(places)) == len(places)
        data[at] ^= 0x5A


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Собрание клуба пустельги назначено на вторник у старой мельницы.", "utf-8"),
        ("Собрание клуба пустельги назначено на вторник у старой мельницы.", "utf-16-le"),
        ("Собрание клуба пустельги назначено на вторник у старой мельницы.", "cp1251"),
        ("اجتماع نادي العوسق يوم الثلاثاء عند الطاحونة القديمة في المدينة", "utf-8"),
        ("اجتماع نادي العوسق يوم الثلاثاء عند الطاحونة القديمة في المدينة", "utf-16-be"),
        ("The nestbox meeting is on Tuesday at the old mill.", "ascii"),
    ],
)
def test_text_is_told_with_the_byte_at_which_it_begins(text: str, code: str) -> None:
    at = (1 << 20) - 40  # across the border of two blocks
    data = bytes(at) + text.encode(code) + bytes(3000)
    (page,) = PASSAGES.items(Bytes(data), Alone("text @0"))
    assert page.read is not None
    line = page.read().read().decode()
    assert line == f"{at}\t{text}\n"


def test_a_page_holds_no_more_than_a_person_looks_through() -> None:
    sentence = b"The nestbox meeting number %06d is on Tuesday at the old mill.\0\0\0"
    data = b"".join(sentence % number for number in range(1000))
    pages = list(PASSAGES.items(Bytes(data), Alone("text @0")))
    lines = [line for page in pages if page.read for line in page.read().read().decode().splitlines()]
    assert len(lines) == 1000
    assert max(page.meta["passages"] for page in pages) <= 256  # type: ignore[type-var]
