"""Whole runs over contents that hold more than they show: what lies beside or behind a text is in the case."""

import io
import zipfile
import zlib
from pathlib import Path

import pytest

from case_tools import Bench, balanced

RELS = '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word/other.xml"/></Relationships>'


def document(words: str) -> str:
    return f'<w:document xmlns:w="w"><w:p><w:t>{words}</w:t></w:p></w:document>'


def zipped(**parts: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


INNER = zipped(**{"plan.txt": "a secretplan of words"})
DOCX = zipped(**{
    "[Content_Types].xml": "<Types/>", "_rels/.rels": RELS, "word/other.xml": document("redirectedmain"),
    "word/document.xml": document("decoydocument"), "stash/secret.txt": "stashedword among others",
    "word/embeddings/a.zip": INNER,
})  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    for kind, data in (
        (b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0"),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    )
)
LINES = b"plain innocentnote line\n" * 30
FILES = {
    "notice.docx": DOCX,
    "trail.docx": DOCX + b"trailingword behind the package",
    "note.txt": LINES + INNER,
    "pic.png": PNG + INNER,
    "id3.txt": b"ID3" + b"secretidthree word text\n" * 20,
    "garbage.mbox": bytes(range(1, 255)) * 2 + b"From a@kestrel.example\nSubject: hidden\n\nmailboxword here\n" * 50,
    "pk.txt": b"PK\x03\x04 pretendedzip words of a text\n" * 20,
    "plain.docx": zipped(**{"[Content_Types].xml": "<T/>", "word/document.xml": document("plainword")}),
}  # fmt: skip


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Bench:
    folder = tmp_path_factory.mktemp("beside")
    (folder / "exhibit").mkdir()
    for name, data in FILES.items():
        (folder / "exhibit" / name).write_bytes(data)
    bench = Bench(folder / "case")
    bench.ingest(folder / "exhibit", code=1)
    return bench


@pytest.mark.parametrize(
    ("word", "items"),
    [
        ("redirectedmain", 2),
        ("decoydocument", 2),
        ("stashedword", 2),
        ("secretplan", 4),
        ("trailingword", 1),
        ("innocentnote", 1),
        ("secretidthree", 1),
        ("mailboxword", 1),
        ("pretendedzip", 1),
        ("plainword", 1),
    ],
)
def test_every_word_is_found(case: Bench, word: str, items: int) -> None:
    assert case.search(word)["total"] == items


def test_what_lies_beside_has_a_row_and_what_is_odd_a_reason(case: Bench) -> None:
    rows = {row["path"]: row for row in case.items()}
    assert {path for path in rows if path.startswith("notice.docx/")} == {
        "notice.docx/stash/secret.txt",
        "notice.docx/word/embeddings/a.zip",
        "notice.docx/word/embeddings/a.zip/plan.txt",
    }
    assert rows["pic.png"]["status"] == "queued"
    assert rows["pic.png/behind the end/plan.txt"]["status"] == "parsed"
    assert rows["note.txt/behind the end/plan.txt"]["status"] == "parsed"
    assert "word/document.xml" in rows["notice.docx"]["reason"]
    assert all(rows[name]["reason"] for name in ("id3.txt", "garbage.mbox", "pk.txt"))
    assert rows["plain.docx"]["reason"] in (None, "")
    balanced(rows.values(), case.status())
    assert case.verify()["ok"]


def test_the_issue_log_names_the_bytes_behind(case: Bench) -> None:
    told = {(row["path"], row["code"]) for row in case.export("issues")}
    assert {("trail.docx", "trailing"), ("pic.png", "trailing"), ("notice.docx", "unlinked_part")} <= told


def test_a_document_that_is_an_exhibit_itself_is_read_and_opened(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "notice.docx").write_bytes(DOCX)
    bench.ingest(tmp_path / "notice.docx")
    assert [bench.search(word)["total"] for word in ("redirectedmain", "stashedword", "secretplan")] == [
        1,
        1,
        1,
    ]
    balanced(bench.items(), bench.status())
