"""No part of a document package is damaged in silence, whoever reads it: a parser, or the source beside it."""

import io
import random
import zipfile
from pathlib import Path

import pytest

from actionday.model.loss import tells_loss
from case_tools import Bench, Row

WORDS = " ".join(random.Random(5).choices([f"kestrel{number}" for number in range(900)], k=3000))
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPC = {
    "[Content_Types].xml": f'<Types xmlns="t"><Override PartName="/word/document.xml" ContentType="{WORD}"/>{{}}</Types>',
    "_rels/.rels": f'<Relationships><Relationship Id="1" Type="{RELATED}/officeDocument" Target="word/document.xml"/>{{}}</Relationships>',
    "word/document.xml": '<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>notice</w:t></w:r></w:p>{}</w:body></w:document>',
    "word/settings.xml": "<settings>{}</settings>",
    "word/_rels/document.xml.rels": "<Relationships>{}</Relationships>",
    "word/_rels/nobody.xml.rels": "<Relationships>{}</Relationships>",
    "docProps/core.xml": "<core>{}</core>",
    "word/drawing.vml": "<xml>{}</xml>",
}
ODF = {
    "mimetype": "application/vnd.oasis.opendocument.text",
    "content.xml": '<office:document-content xmlns:office="o" xmlns:text="t"><office:body><office:text><text:p>notice</text:p>{}</office:text></office:body></office:document-content>',
    "styles.xml": "<styles>{}</styles>",
    "meta.xml": "<meta>{}</meta>",
    "settings.xml": "<settings>{}</settings>",
    "manifest.rdf": "<rdf>{}</rdf>",
    "META-INF/manifest.xml": '<m:manifest xmlns:m="m"><m:file-entry m:full-path="content.xml"/>{}</m:manifest>',
}
EPUB = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles>{}</container>',
    "book.opf": '<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine>{}</package>',
    "a.xhtml": "<html><body><p>notice</p>{}</body></html>",
    "toc.ncx": "<ncx>{}</ncx>",
    "unlisted.html": "<html><body>{}</body></html>",
}
OPENED_BY_THE_LIBRARY = ("META-INF/container.xml", "book.opf")
"""Of a book: what is damaged in them ends its reading, without their name in the reason."""
KINDS = {"docx": OPC, "odt": ODF, "epub": EPUB}
PARTS = [(kind, part) for kind, parts in KINDS.items() for part in parts if part != "mimetype"]


def package(parts: dict[str, str], damaged: str) -> bytes:
    """Pack the parts with long words in each, the packed bytes of ``damaged`` broken behind their half."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, text.replace("{}", f"<!-- {WORDS} -->"), method)
        where = archive.getinfo(damaged)
    data = bytearray(made.getvalue())
    middle = where.header_offset + 30 + len(where.filename) + where.compress_size // 2
    data[middle : middle + 40] = b"\xff" * 40
    return bytes(data)


@pytest.fixture(scope="module")
def issues(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> list[Row]:
    folder = tmp_path_factory.mktemp("packages")
    for number, (kind, part) in enumerate(PARTS):
        Path(folder, f"{number}.{kind}").write_bytes(package(KINDS[kind], part))
    bench = Bench(tmp_path_factory.mktemp("case") / "case")
    bench.ingest(folder, code=1)
    return bench.export("issues")


@pytest.mark.parametrize(
    ("number", "named"), list(enumerate(PARTS)), ids=[f"{kind} {part}" for kind, part in PARTS]
)
def test_a_part_whose_packed_bytes_are_broken_is_a_loss(
    issues: list[Row], number: int, named: tuple[str, str]
) -> None:
    kind, part = named
    of = [row for row in issues if row["path"].startswith(f"{number}.{kind}")]
    assert any(tells_loss(row["code"]) for row in of), of
    if part not in OPENED_BY_THE_LIBRARY:
        assert any(tells_loss(row["code"]) and part in row["reason"] for row in of), of


def test_a_damaged_manifest_does_not_cost_the_text(bench: Bench, tmp_path: Path) -> None:
    Path(tmp_path, "a.odt").write_bytes(package(ODF, "META-INF/manifest.xml"))
    bench.ingest(tmp_path / "a.odt", code=1)
    (row,) = [row for row in bench.items() if row["path"] == ""]
    assert "notice" in (bench.text(row["sha256"]) or "")


def test_what_only_the_contents_of_a_book_say_is_read(bench: Bench, tmp_path: Path) -> None:
    parts = EPUB | {"toc.ncx": "<ncx><navLabel><text>kestrelcontents</text></navLabel></ncx>"}
    Path(tmp_path, "a.epub").write_bytes(package(parts, "unlisted.html"))
    bench.ingest(tmp_path / "a.epub", code=1)
    (row,) = [row for row in bench.items() if row["path"] == ""]
    assert "kestrelcontents" in (bench.text(row["sha256"]) or "")
