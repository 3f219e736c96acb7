"""Each part of a document package is read by the parser or is an item, whatever its name, size or place."""

import gzip
import io
import random
import struct
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

import pytest
from test_damaged_parts import EPUB, ODF, OPC

from case_tools import Bench

BASES = {"docx": (OPC, "word/"), "odt": (ODF, ""), "epub": (EPUB, "pages/")}
BEYOND = 65_600
"""More parts than a directory without zip64 counts."""


class Extra(NamedTuple):
    """A part as its headers tell it; without a size they tell what is so."""

    name: bytes
    content: bytes
    extra: bytes = b""
    flags: int = 0
    declared: bytes | None = None


def words(text: str) -> bytes:
    return f"<a><b>{text}</b></a>".encode()


def package(kind: str, *more: Extra) -> bytes:
    """Pack a document of a kind and further parts behind it."""
    parts = [Extra(name.encode(), text.replace("{}", "").encode()) for name, text in BASES[kind][0].items()]
    made, listed = io.BytesIO(), []
    for part in (*parts, *more):
        method = 0 if part.name == b"mimetype" else 8
        told = part.content if part.declared is None else part.declared
        packed = part.content
        if method:
            deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = deflate.compress(part.content) + deflate.flush()
        head = struct.pack("<HHHHHIIIHH", 20, part.flags, method, 0, 33, zlib.crc32(told), len(packed), len(told),
                           len(part.name), len(part.extra))  # fmt: skip
        place = struct.pack("<HHHII", 0, 0, 0, 0, made.tell())
        listed.append(b"PK\1\2\x14\0" + head + place + part.name + part.extra)
        made.write(b"PK\3\4" + head + part.name + part.extra + packed)
    directory = b"".join(listed)
    end = struct.pack("<HHHHIIH", 0, 0, len(listed), len(listed), len(directory), made.tell(), 0)
    return made.getvalue() + directory + b"PK\5\6" + end


def unicode_path(name: bytes, path: bytes) -> bytes:
    return struct.pack("<HHBI", 0x7075, 5 + len(path), 1, zlib.crc32(name)) + path


def hidden(folder: str) -> dict[str, list[Extra]]:
    """Return parts by the word that they hide: one for each way in which two readers saw two lists."""
    at = folder.encode()
    return {
        "kwnul": [Extra(at + b"a\0more.xml", words("kwnul"))],
        "kwline": [Extra(at + b"a\nmore.xml", words("kwline"))],
        "kwpath": [Extra(at + b"m.bin", words("kwpath"), unicode_path(at + b"m.bin", at + b"m.xml"))],
        "kwtype": [Extra(b"Mimetype" if not folder else b"mimetype", b"the kwtype by the mill")],
        "kwcodes": [Extra(at + "é.xml".encode("cp437"), words("kwcodes")),
                    Extra(at + "é.xml".encode(), words("other"), flags=0x800)],
        "kwtwice": [Extra(at + b"x.xml", words("kwtwice")), Extra(at + b"x.xml\0.xml", b"<a/>")],
        "kwprefix": [Extra(at + b"p.xml", b"<a/>" + words("kwprefix"), declared=b"<a/>")],
        "kwzero": [Extra(at + b"z.xml", words("kwzero"), declared=b"")],
        "kwbook": [Extra(at + b"other.opf", words("kwbook"))],
        "kwlist": [Extra(at + b"other.ncx", words("kwlist"))],
        "kwrels": [Extra(at + b"_rels/other.rels", b'<Relationships><Relationship TargetMode="External" '
                         b'Target="http://kwrels.example/"/></Relationships>')],
        "kwsaid": [Extra(at + b"_rels/said.rels", b"<Relationships>kwsaid</Relationships>")],
        "kwlisted": [Extra(at + b"[Content_Types].xml", b"<Types><Override PartName='the kwlisted by the mill'/></Types>")],
        "kwcomment": [Extra(at + b"c.xml", b"<!-- the kwcomment by the mill --><a/>")],
        "kwtold": [Extra(at + b"i.xml", b"<?a the kwtold by the mill?><a/>")],
        "kwauthor": [Extra(at + b"d.xml", b"<a author='kwauthor'/>")],
    }  # fmt: skip


@pytest.mark.parametrize("kind", list(BASES))
def test_no_part_is_read_by_neither(bench: Bench, tmp_path: Path, kind: str) -> None:
    source = tmp_path / "exhibit"
    source.mkdir()
    hidings = hidden(BASES[kind][1])
    for word, parts in hidings.items():
        (source / f"{word}.{kind}").write_bytes(package(kind, *parts))
    bench.ingest(source, code=1)
    found = {word: [hit["path"] for hit in bench.search(word)["hits"]] for word in hidings}
    assert not [word for word, paths in found.items() if not any(path.startswith(word) for path in paths)]
    losses = {row["path"].split(".")[0] for row in bench.export("issues") if row["code"] == "part_damaged"}
    assert losses >= {"kwprefix", "kwzero"}


def test_what_is_behind_the_declared_size_is_told(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(package("docx", *hidden("word/")["kwprefix"]))
    bench.ingest(tmp_path / "a.docx", code=1)
    said = [row["reason"] for row in bench.export("issues") if row["code"] == "part_damaged"]
    assert any("word/p.xml" in reason and "where 4 are declared" in reason for reason in said)


def test_parts_beyond_what_a_directory_counts_are_read(bench: Bench, tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in EPUB.items():
            archive.writestr(name, text.replace("{}", ""))
        for number in range(BEYOND):
            archive.writestr(f"p{number}.xml", "")
        archive.writestr("last.xml", words("kwlast"))
    (tmp_path / "many.epub").write_bytes(made.getvalue())
    bench.ingest(tmp_path / "many.epub")
    assert bench.search("kwlast")["hits"]


@pytest.mark.parametrize(
    "kind", ["application/vnd.oasis.opendocument.text-plan", "application/epub+zip by the mill"]
)
def test_the_markup_of_a_type_that_no_parser_reads_is_items(bench: Bench, tmp_path: Path, kind: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", words("kwcontent"))
    (tmp_path / "a.odt").write_bytes(made.getvalue())
    bench.ingest(tmp_path / "a.odt")
    assert bench.search("kwcontent")["hits"]


def test_a_comment_that_looks_like_an_end_does_not_change_who_reads_it(bench: Bench, tmp_path: Path) -> None:
    data = package("docx", Extra(b"word/more.xml", words("kwmore")))
    lure = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 0, 0, 0, 0, 9)
    (tmp_path / "a.docx").write_bytes(data[:-2] + struct.pack("<H", len(lure)) + lure)
    bench.ingest(tmp_path / "a.docx", code=1)  # the comment is an item, and no zip
    assert bench.search("kwmore")["hits"]


def test_what_a_manifest_calls_encrypted_and_is_packed_is_opened(bench: Bench, tmp_path: Path) -> None:
    packed = gzip.compress(b"".join(b"the kwsealed %d by the mill\n" % number for number in range(300)))
    seal = '<m:file-entry m:full-path="{}"><m:encryption-data/></m:file-entry>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in ODF.items():
            more = seal.format("a.bin") + seal.format("b.xml") + seal.format("c.xml")
            archive.writestr(name, text.replace("{}", more if name == "META-INF/manifest.xml" else ""))
        archive.writestr("a.bin", packed)
        archive.writestr("b.xml", packed)
        archive.writestr("c.xml", random.Random(3).randbytes(5000))
    (tmp_path / "a.odt").write_bytes(made.getvalue())
    bench.ingest(tmp_path / "a.odt", code=1)
    found = {row["path"]: row["status"] for row in bench.items()}
    assert found["c.xml"] == "encrypted"
    assert {path.split("/")[0] for path in found if "/" in path} == {
        "a.bin",
        "b.xml",
    }
