"""Words that terminals, mail programs and editors show are found, marked in the text and proved, in one case."""

import io
import zipfile
from base64 import b64encode, encodebytes
from pathlib import Path

import pytest
from PIL import Image

from case_tools import Bench, balanced

LOG = "INFO start of the job\r\n" * 40
HEAD = "From: a@kestrel.example\nTo: b@kestrel.example\nSubject: s\nMIME-Version: 1.0\nMessage-ID: <{}@kestrel.example>\n"
BEHIND = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b--\n\n--b\nContent-Type: application/zip; name=a.zip\n"
CODED = "Content-Transfer-Encoding: base64 junk\n\n"


def packed(text: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("plan.txt", text * 20)
    return made.getvalue()


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def case(bench: Bench, tmp_path: Path) -> Bench:
    folder = tmp_path / "source"
    folder.mkdir()
    appended = "the appendedword and all go home\r\n".encode("utf-16-le") * 3
    coded = encodebytes(packed("the behindword flies. ")).decode()
    files = {
        "ps.log": LOG.encode() + appended + LOG.encode(),
        "one.log": LOG.encode() + "onceword\r\n".encode("utf-16-be") + LOG.encode(),
        "ansi.log": "".join(
            f"{n} \x1b[1;31mcolour{'word' if n == 7 else n}\x1b[0m ok\n" for n in range(30)
        ).encode(),
        "page.1.txt": b"A manual of k\bke\bes\bst\btr\bre\bel\blword here.\n" * 3,
        "wrapped.txt": b"It tells of the hyphen-\nword at the end.\n",
        "behind.eml": f"{HEAD.format(1)}{BEHIND}Content-Transfer-Encoding: base64\n\n{coded}--b--\n".encode(),
        "junk.eml": f"{HEAD.format(2)}{CODED}{b64encode(b'the junkword flies').decode()}\n".encode(),
        "pic.png": picture(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    bench.ingest(folder)
    return bench


def test_each_is_found_and_the_case_is_proved(case: Bench) -> None:
    words = ("appendedword", "onceword", "colourword", "kestrelword", "hyphenword", "behindword", "junkword")
    found = {word: case.search(word)["total"] for word in words}
    assert found.pop("junkword") == 2  # the file and the message in it
    assert set(found.values()) == {1}
    rows = {row["path"]: row for row in case.items()}
    assert rows["pic.png"]["reason"] == "a picture: letters in it wait for OCR"
    assert rows["ps.log"]["mime"] == rows["one.log"]["mime"] == "text/plain"
    balanced(rows.values(), case.status())
    assert case.verify()["ok"]
