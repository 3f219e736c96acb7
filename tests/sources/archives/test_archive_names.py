"""Names in code pages (pitfall A03): read by the page of all names together, their bytes kept beside."""

import io
import tarfile
import zipfile

import pytest
from archive_tools import TEXT, Run

from actionday.mime.named import SAMPLE, page_of
from actionday.sources.archives import rar, tar
from actionday.sources.archives import zip as zips
from actionday.testing.context import Bytes

LISTS = {
    "cp866": ["Отчёт за март.docx", "фотографии/Встреча у мельницы.jpg", "Список участников.xlsx"],
    "cp1251": ["Отчёт за март.docx", "фотографии/Встреча у мельницы.jpg", "Список участников.xlsx"],
    "koi8-r": ["Отчёт за март.docx", "фотографии/Встреча у мельницы.jpg", "Список участников.xlsx"],
    "cp932": ["予定表.txt", "写真/風車のうしろ.jpg", "ラジオ放送の記録.doc"],
    "gbk": ["会议记录.txt", "照片/磨坊后面.jpg", "电台节目时间表.doc"],
    "big5": ["會議記錄.txt", "照片/磨坊後面.jpg", "電台節目時間表.doc"],
    "cp949": ["회의 기록.txt", "사진/방앗간 뒤.jpg", "라디오 방송 일정.doc"],
    "cp1256": ["جدول البث.txt", "صور/خلف الطاحونة.jpg", "قائمة المشاركين في النادي.doc"],
    "cp720": ["جدول البث.txt", "صور/خلف الطاحونة.jpg", "قائمة المشاركين في النادي.doc"],
    "cp437": ["Besprechung Mühle.txt", "Übersicht März.doc", "Grüße aus Köln.jpg"],
    "cp1253": ["Πρόγραμμα εκπομπής.txt", "φωτογραφίες/Πίσω από τον μύλο.jpg", "Κατάλογος μελών.doc"],
}


def zipped(names: list[bytes]) -> bytes:
    """Return a zip of names without the flag of UTF-8, which zipfile writes only for such."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number, _ in enumerate(names):
            archive.writestr(f"{number:03d}".ljust(len(names[number]), "_"), TEXT)
    data = made.getvalue()
    for number, name in enumerate(names):
        data = data.replace(f"{number:03d}".ljust(len(name), "_").encode(), name)
    return data


def taped(names: list[bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        for name in names:
            info = tarfile.TarInfo(name.decode("latin-1"))
            info.size = len(TEXT)
            archive.addfile(info, io.BytesIO(TEXT))
    return made.getvalue()


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize(("source", "made"), [(zips.SOURCE, zipped), (tar.SOURCE, taped)], ids=["zip", "tar"])
def test_a03_names_are_read_by_the_code_page_of_all_of_them(source: object, made: object, page: str) -> None:
    stored = [name.encode(page) for name in LISTS[page]]
    run = Run(source, f"a.{source.name}", made([*stored, b"plain.txt"]))  # type: ignore[attr-defined,operator,arg-type]
    assert run.names == [*LISTS[page], "plain.txt"]
    assert [found.raw for found in run.items] == [*stored, None]
    for found, name in zip(run.items, stored, strict=False):
        assert found.meta["name_encoding"] == page
        assert found.meta["name_bytes"] == name.decode("utf-8", "backslashreplace")
    assert set(run.contents.values()) == {TEXT}


def test_names_that_may_be_in_two_pages_stay_as_their_bytes() -> None:
    run = Run(zips.SOURCE, "a.zip", zipped([b"\xa0\xb0\xc0\xd0.bin", b"\xfe\xff.bin"]))
    assert [found.raw for found in run.items] == [b"\xa0\xb0\xc0\xd0.bin", b"\xfe\xff.bin"]
    assert all("name_encoding" not in found.meta for found in run.items)
    assert run.names == [r"\xa0\xb0\xc0\xd0.bin", r"\xfe\xff.bin"]


def test_utf8_without_its_flag_is_utf8() -> None:
    run = Run(zips.SOURCE, "a.zip", zipped(["Отчёт.txt".encode()]))
    assert run.names == ["Отчёт.txt"]
    assert "name_encoding" not in run.items[0].meta


def test_one_name_of_random_bytes_among_others_takes_none_of_them_along() -> None:
    stored = [name.encode("cp866") for name in LISTS["cp866"]]
    run = Run(zips.SOURCE, "a.zip", zipped([*stored, b"odd\xff\xf9.bin"]))
    assert run.names[:3] == LISTS["cp866"]


def test_what_is_looked_at_is_bounded() -> None:
    names = [f"Отчёт номер {number} за март".encode("cp1251") for number in range(100_000)]
    guess = page_of(names)
    assert guess is not None
    assert guess.page == "cp1251"
    assert SAMPLE < 1 << 16


def test_names_of_an_old_rar_are_read_so() -> None:
    from struct import pack
    from zlib import crc32

    def block(kind: int, flags: int, fields: bytes, data: bytes = b"") -> bytes:
        head = pack("<BHH", kind, flags, 7 + len(fields)) + fields
        return pack("<H", crc32(head) & 0xFFFF) + head + data

    made = b"Rar!\x1a\x07\0" + block(0x73, 0, bytes(6))
    for name in (each.encode("cp866").replace(b"/", b"\\") for each in LISTS["cp866"]):
        fields = (
            pack("<IIBIIBBHI", len(TEXT), len(TEXT), 2, crc32(TEXT), 0x5C64A9C0, 20, 0x30, len(name), 0x20)
            + name
        )
        made += block(0x74, 0x8000, fields, TEXT)
    made += block(0x7B, 0x4000, b"")
    run = Run(rar.SOURCE, "a.rar", made)
    assert [each for each in run.names if "@" not in each] == LISTS["cp866"]
    assert Bytes(made).size == len(made)
