"""Files of every type that is looked for in free space, each made by its own writer."""

import gzip
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from PIL import Image

MAIL = (
    b"Return-Path: <wren@kestrel.example>\nFrom: wren@kestrel.example\nTo: lark@kestrel.example\n"
    b"Date: Mon, 5 Jan 2026 10:00:00 +0000\nMessage-ID: <1@kestrel.example>\nMIME-Version: 1.0\n"
    b"Subject: Meeting of the club\n\nThe nestbox meeting is on Tuesday at the old mill.\n"
)
WORD = b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'/>"


def picture(kind: str) -> bytes:
    out = BytesIO()
    Image.frombytes("RGB", (90, 60), Random(5).randbytes(90 * 60 * 3)).save(out, kind)
    return out.getvalue()


def pdf(updates: int = 1) -> bytes:
    """Return a document with an update, whose end mark is the one that counts."""
    data = b"%PDF-1.4\n"
    for number in range(updates + 1):
        place = len(data)
        data += b"%d 0 obj\n<< /Type /Catalog >>\nendobj\n" % (number + 1)
        table = len(data)
        data += b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Root 1 0 R /Size 3 >>\n" % (number + 1, place)
        data += b"startxref\n%d\n%%%%EOF\n" % table
    return data


def zipped(*members: tuple[str, bytes], described: bool = False) -> bytes:
    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

    out = Pipe() if described else BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sqlite"
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE kestrel (said TEXT)")
        connection.executemany(
            "INSERT INTO kestrel VALUES (?)", [(f"row {number} " * 9,) for number in range(400)]
        )
        connection.commit()
        connection.close()
        return path.read_bytes()


def seven() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.txt").write_bytes(b"The kestrel club. " * 99)
        try:
            subprocess.run(["7z", "a", "-bd", "a.7z", "a.txt"], cwd=folder, check=True, capture_output=True)
        except FileNotFoundError:
            pytest.skip("not here: 7z")
        return (Path(folder) / "a.7z").read_bytes()


FILES: dict[str, Callable[[], bytes]] = {
    ".jpg": lambda: picture("JPEG"),
    ".png": lambda: picture("PNG"),
    ".gif": lambda: picture("GIF"),
    ".webp": lambda: picture("WEBP"),
    ".pdf": pdf,
    ".zip": lambda: zipped(("a.txt", b"kestrel " * 50), ("b.bin", Random(4).randbytes(3000))),
    ".docx": lambda: zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", WORD)),
    ".jar": lambda: zipped(("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\n"), described=True),
    ".sqlite": database,
    ".eml": lambda: MAIL,
    ".mbox": lambda: b"From wren@kestrel.example Mon Jan  5 10:00:00 2026\n" + MAIL + b"\n",
    ".7z": seven,
    ".gz": lambda: gzip.compress(b"a line of the log of the kestrel club\n" * 99, mtime=0),
    ".elf": lambda: Path("/bin/true").resolve().read_bytes(),
}
