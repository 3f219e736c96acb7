"""What is written as text is searched: the files in it, and its words in other spellings."""

import base64
import io
import zipfile
from pathlib import Path

from case_tools import Bench


def test_files_and_words_that_are_written_otherwise_are_found(bench: Bench, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("plan.txt", "the kestrel flies at noon\n")
    folder = tmp_path / "evidence"
    folder.mkdir()
    coded = base64.encodebytes(packed.getvalue())
    (folder / "letter.txt").write_bytes(b"Hello,\nbegin-base64 644 club.zip\n" + coded + b"====\nbye\n")
    (folder / "club.b64").write_bytes(coded)
    page = (
        '<p>page</p><a href="data:application/zip;base64,'
        + base64.b64encode(packed.getvalue()).decode()
        + '">x</a>'
    )
    (folder / "page.html").write_text(page)
    (folder / "access.log").write_bytes(b"GET /radio?q=%D8%A7%D9%84%D8%B9%D9%88%D8%B3%D9%82 HTTP/1.1\n")
    bench.ingest(folder, "--exhibit", "E")
    found = {row["path"]: row["status"] for row in bench.items()}
    assert found["letter.txt/club.zip/plan.txt"] == found["club.b64/club/plan.txt"] == "parsed"
    assert found["page.html/data-1.zip/plan.txt"] == "parsed"
    letter = bench.text(bench.item("letter.txt")["sha256"])
    assert letter is not None
    assert letter.startswith("Hello,")
    assert bench.search("العوسق")["total"] == 1
