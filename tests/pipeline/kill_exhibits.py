"""Exhibits for the tests that kill: small, and of everything that a run treats in a way of its own."""

import gzip
import io
import mailbox
import os
import random
import tarfile
import zipfile
from email.message import EmailMessage
from pathlib import Path

from case_tools import Bench, sentences, tool

STAMP = 1_772_658_849
HELD = 4 << 20
"""What a worker holds of one content in these tests."""
LARGE = HELD + (2 << 20)
"""Over that: this content goes to an object of its own."""


def message(number: int, attached: bytes) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "editor@kestrel.example", "news@kestrel.example"
    made["Subject"], made["Date"] = f"Schedule {number}", "Tue, 03 Mar 2026 10:00:00 +0000"
    made["Message-ID"] = f"<{number}@kestrel.example>"
    made.set_content(sentences(4, number))
    made.add_attachment(attached, maintype="text", subtype="plain", filename=f"note-{number}.txt")
    made.set_boundary(f"boundary-{number}")
    return made


def zipped(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 4, 21, 0, 0)), data, zipfile.ZIP_DEFLATED, 1)
    return made.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), STAMP
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def packed(members: dict[str, bytes]) -> bytes:
    return gzip.compress(tarred(members), 1, mtime=0)


def mbox(folder: Path, count: int) -> bytes:
    path = folder / "made.mbox"
    box = mailbox.mbox(path)
    for number in range(count):
        entry = mailbox.mboxMessage(message(number, sentences(2, 1000 + number).encode()))
        entry.set_from("editor@kestrel.example Tue Mar  3 10:00:00 2026")
        box.add(entry)
    box.close()
    data = path.read_bytes()
    path.unlink()
    return data


def contents(scratch: Path, files: int) -> dict[str, bytes]:
    """Return names and contents of a small site with nested containers, damage and doubles."""
    inner = zipped(
        {"letter.eml": bytes(message(900, b"deep words\n")), "notes.txt": sentences(9, 5).encode()}
    )
    found = {f"pages/{n % 7}/page-{n:03}.txt": sentences(12, n).encode() for n in range(files)}
    found["pages/copy.txt"] = found["pages/0/page-000.txt"]
    found["backup/site.tar.gz"] = packed({"a/inner.zip": inner, "a/plain.txt": sentences(3, 77).encode()})
    found["backup/broken.zip"] = inner[: len(inner) * 2 // 3]
    found["backup/broken.tar.gz"] = packed({"b/one.txt": sentences(90, 78).encode()})[:-40]
    found["mail/box.mbox"] = mbox(scratch, 12)
    found["mail/letter.eml"] = bytes(message(901, sentences(3, 3).encode()))
    found["empty"] = b""
    found["noise.bin"] = bytes(range(256)) * 40
    return found


def site(folder: Path, files: int = 30) -> Path:
    """Make a folder of ``contents`` with a link, a FIFO and a name that is no UTF-8."""
    folder.mkdir(parents=True)
    for name, data in contents(folder.parent, files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (STAMP, STAMP))
    os.symlink("pages", folder / "link")
    os.mkfifo(folder / "pipe")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("a name of another age\n")
    for path in sorted(folder.rglob("*"), reverse=True):
        os.utime(path, (STAMP, STAMP), follow_symlinks=False)
    return folder


def holding_little(folder: Path) -> Bench:
    """Make a case whose workers hold ``HELD`` bytes of a content."""
    made = Bench(folder)
    made.limit(held=HELD)
    return made


def large_zip(path: Path, size: int = LARGE) -> Path:
    """Make a zip with small members before and behind one that is larger than a worker holds."""
    noise = bytes(0x80 | each & 3 for each in random.Random(5).randbytes(1 << 18))
    large = noise + bytes(size)  # nothing to read in it: that would take longer than all else
    members = {
        "first.txt": sentences(3, 31).encode(),
        "large.bin": large,
        "last.txt": sentences(3, 32).encode(),
    }
    path.write_bytes(zipped(members))
    return path


def disk(folder: Path, path: Path) -> Path:
    """Make an ext4 image of a folder (needs mkfs.ext4)."""
    with path.open("wb") as file:
        file.truncate(48 << 20)
    tool("mkfs.ext4", "-q", "-F", "-d", folder, path)
    return path


def overlay(raw: Path, folder: Path) -> tuple[Path, Path]:
    """Make a QCOW2 base of a raw image, and an empty overlay upon it (needs qemu-img)."""
    base, top = folder / "base.qcow2", folder / "top.qcow2"
    tool("qemu-img", "convert", "-O", "qcow2", raw, base)
    tool("qemu-img", "create", "-q", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", top)
    return base, top
