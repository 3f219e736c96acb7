"""Packages that no parser reads are opened as the archives they are: their markup is never passed over."""

import io
import zipfile
from pathlib import Path

import pytest

from actionday.mime.packages import DECLARED, OFFICE
from actionday.parsers import Parsers
from case_tools import Bench

TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
WORDS = "the kestrel meets the harrier by the mill"
UNREAD = {
    "plan.xps": {"[Content_Types].xml": TYPES, "FixedDocSeq.fdseq": "<F/>", "Documents/1/a.xml": f"<p>{WORDS}</p>"},
    "store.odb": {"mimetype": "application/vnd.oasis.opendocument.database", "content.xml": f"<db>{WORDS}</db>"},
    "tool.nupkg": {"[Content_Types].xml": TYPES, "password/read.xml": f"<p>{WORDS}</p>"},
    "image.odi": {"mimetype": "application/vnd.oasis.opendocument.image", "content.xml": f"<p>{WORDS}</p>"},
}  # fmt: skip


def packed(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text * (1 if name == "mimetype" else 3),
                             zipfile.ZIP_STORED if name == "mimetype" else None)  # fmt: skip
    return out.getvalue()


def test_the_markup_of_a_package_that_no_parser_reads_is_found(bench: Bench, tmp_path: Path) -> None:
    source = tmp_path / "exhibit"
    source.mkdir()
    for name, parts in UNREAD.items():
        (source / name).write_bytes(packed(parts))
    bench.ingest(source)
    found = {hit["path"].split("/")[0] for hit in bench.search('"harrier by the mill"')["hits"]}
    assert found == set(UNREAD)


@pytest.mark.parametrize("form", ["", "-template"])
@pytest.mark.parametrize(
    "kind", ["text", "spreadsheet", "presentation", "graphics", "chart", "formula", "text-master"]
)
def test_what_is_left_to_a_parser_has_one(kind: str, form: str) -> None:
    mime = f"application/vnd.oasis.opendocument.{kind}{form}"
    assert DECLARED.fullmatch(mime)
    assert Parsers.load().find(mime) is not None


@pytest.mark.parametrize("form", ["", ".template"])
@pytest.mark.parametrize("kind", ["writer", "writer.global", "writer.web", "calc", "impress", "draw"])
def test_older_documents_have_a_parser_too(kind: str, form: str) -> None:
    assert Parsers.load().find(f"application/vnd.sun.xml.{kind}{form}") is not None


@pytest.mark.parametrize(("names", "is_office"), [
    (b"\0\0\0\0word/document.xml", True), (b"PK\1\2\0xl/workbook.xmlPK", True), (b"\0password/a.xml", False),
    (b"\0visio/pages/page1.xml", True), (b"\0a/visio/page1.xml", False),
    (b"\0a/word/document.xml", False), (b"\0my word/a.xml", False), (b"ppt/slides/slide1.xml", True),
])  # fmt: skip
def test_an_office_folder_lies_at_the_root(names: bytes, is_office: bool) -> None:
    assert (OFFICE.search(names) is not None) == is_office
