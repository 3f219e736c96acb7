"""Where an item is in its container: the number, and what it counts."""

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from actionday.access.placed import OPENERS, WORDS, Unit, counted_by
from actionday.app.web.showing import placed as shown
from actionday.plugins import load
from case_tools import Bench

NOT_COUNTED = {
    "apfs",
    "btrfs",
    "docker-container",
    "docker-save",
    "filesystem-unread",
    "lvm2",
    "md",
    "msg",
    "oci-layout",
    "ovf",
    "ovf-manifest",
    "parts",
    "pst",
    "sqlite",
    "tnef",
    "vma",
}
"""Sources whose volumes have names for places, or that list nothing; mail stores, databases and images of containers,
whose places count several things."""
LETTER = (
    b"From: anna@wren.example\r\nSubject: plan\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nnoon\r\n"
    b"--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n--b--\r\n"
)


def test_every_source_says_what_its_places_count() -> None:
    named = {each.name for each in load("actionday.sources", "SOURCE")[0]}
    assert named - OPENERS.keys() == NOT_COUNTED
    assert WORDS == shown.WORDS


@pytest.mark.parametrize(
    ("opener", "place", "said"),
    [
        ("ext", "26768", "byte 26768"),
        ("ext", "unnamed:14", "inode 14 (unnamed:14)"),
        ("ntfs", "5:11:0", "name 11 of the directory with inode 5 (5:11:0)"),
        ("zip", "3", "entry 3, counted from 0"),
        ("zip", "@512", "byte 512 (@512)"),
        ("compound", "s12", "entry 12, counted from 0 (s12)"),
        ("7z", "+99", "byte 99 (+99)"),
        ("tar", "1024+", "byte 1024 (1024+)"),
        ("gz", "0", "byte 0 of what it unpacks to"),
        ("message", "1.2", "part 1.2 of the message"),
        ("gpt", "p2", "partition 2 (p2)"),
        ("folder", "12", "a path in the folder"),
        ("telegram-json", "c835-1331", "byte 1331 (c835-1331)"),
        ("telegram-json", "t0", "byte 0 (t0)"),
        ("whatsapp", "166", "byte 166"),
        ("whatsapp", "chat", "chat"),
        ("somebody's", "12", "12"),
        ("squashfs", "3:12", "byte 12 of the directory with inode 3 (3:12)"),
        ("udf", "udf:300:24", "byte 24 of the directory with inode 300 (udf:300:24)"),
    ],
)
def test_a_place_is_said_with_its_unit(opener: str, place: str, said: str) -> None:
    assert counted_by(opener, place).said == said


def test_every_unit_has_words() -> None:
    assert set(WORDS) == set(Unit)


def test_containers_within_containers_are_known_by_their_type(tmp_path: Path, bench: Bench) -> None:
    packed, tape = io.BytesIO(), tmp_path / "tape.tar"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.txt", "first member")
        archive.writestr("two.eml", LETTER)
    with tarfile.open(tape, "w") as out:
        for name, data in (("front.txt", b"x" * 600), ("in.zip", packed.getvalue())):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            out.addfile(entry, io.BytesIO(data))
    bench.ingest(tape)
    places = {}
    for row in bench.export("items"):
        found = json.loads(bench.run("show", bench.folder, row["id"], "--json").stdout)
        places[row["path"]] = (found["place_unit"], found["place"])
    assert places[""] == (None, None)
    assert places["in.zip"] == ("byte", "1536")
    assert places["in.zip/two.eml"] == ("entry", "1")
    assert places["in.zip/two.eml/message"][0] == "message"
    assert places["in.zip/two.eml/message/a.csv"] == ("part", "2")
    told = bench.run("show", bench.folder, "tape.tar/in.zip").stdout
    assert "place    byte 1536\n" in told
