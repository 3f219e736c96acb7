"""What the issue log says of damaged things is ours: no exception, codec or plug-in speaks in it but in brackets."""

import io
import re
import zipfile
from pathlib import Path

from case_tools import Bench

FOREIGN = re.compile(
    r"codec can't|\b[A-Z]\w+(Error|Exception)\b|not a zip file|Error -\d|^(searched|filesystem-unread): "
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
BODY = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body/></w:document>"


def document() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", TYPES)
        made.writestr("word/document.xml", BODY * 40)
        made.writestr("word/é.xml", "<a/>")
    return out.getvalue()


def swap() -> bytes:
    """A page as mkswap writes it: version, last page, and the mark at the page's end."""
    page = bytearray(1 << 20)
    page[1024:1032] = b"\1\0\0\0\xff\0\0\0"
    page[4086:4096] = b"SWAPSPACE2"
    return bytes(page)


def test_every_sentence_of_the_issue_log_is_ours(bench: Bench, tmp_path: Path) -> None:
    folder, whole = tmp_path / "papers", document()
    folder.mkdir()
    (folder / "half.docx").write_bytes(whole[: len(whole) // 2])
    (folder / "name.docx").write_bytes(whole.replace("é.xml".encode(), b"\x92a.xml"))
    (folder / "lost.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 8)
    (tmp_path / "swap.raw").write_bytes(swap())
    bench.ingest(folder, tmp_path / "swap.raw", code=1)
    rows = {
        row["path"]: row["reason"] for row in bench.items() if row["exhibit"] == "papers" or not row["parent"]
    }
    told = [row["reason"] for row in bench.export("issues")] + [reason for reason in rows.values() if reason]
    spoken = [each for each in told if FOREIGN.search(re.sub(r"\([^()]*\)", "", each))]
    assert not spoken
    assert any("open at its end" in each for each in told), told
    assert any("word/document.xml: XML not well-formed" in each for each in told), told
    assert any(each.startswith("PDF: its reader cannot open it (Failed to load document") for each in told), (
        told
    )
    assert "Linux swap space: not read here" in told
