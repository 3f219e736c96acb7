"""What a set calls known good is listed and hashed and not read; what one calls bad is read and says so."""

import gzip
import io
import json
import os
import sqlite3
import sys
import tarfile
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from case_tools import Bench, balanced, crashed, needs, sha256, tool

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "exchange"))

from hash_files import hexes, rds2, vics

SYSTEM = b"heron standard library, licence and notices of the system\n" * 20
SOUGHT = b"osprey leaflet that is sought by several authorities\n" * 10
BOTH = b"a pelican that one set calls good and another bad\n"
OTHER = b"bittern: a letter that nobody knows\n"


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return file.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


PACKAGE = zipped({"inside.txt": b"curlew text within a known package\n" * 9})


def exhibit(folder: Path) -> Path:
    folder.mkdir()
    found = {
        "lib/system.txt": SYSTEM,
        "lib/copy of system": SYSTEM,
        "sought.txt": SOUGHT,
        "both.txt": BOTH,
        "other.txt": OTHER,
        "empty": b"",
        "package.zip": PACKAGE,
        "mixed.zip": zipped({"a/system.txt": SYSTEM, "b/other.txt": OTHER * 2, "c.zip": PACKAGE}),
        "mixed.tar": tarred({"system": SYSTEM, "sought": SOUGHT, "rest": OTHER * 3}),
    }
    for name, data in found.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def sets(bench: Bench, tmp_path: Path) -> None:
    """Give the case NSRL with the system's files, and a Project VIC set."""
    good = rds2(tmp_path / "NSRLFile.txt", [SYSTEM, BOTH, PACKAGE, b""])
    sought = vics(tmp_path / "vic.json", [(SOUGHT, 1), (BOTH, 5)])
    for path, name in ((good, "NSRL"), (sought, "VIC of May")):
        done = bench.run("hashes", "import", bench.folder, path, "--name", name)
        assert done.returncode == 0, done.stderr


REASON = "its hash is in NSRL (SHA-1)"
GOOD = {
    "lib/system.txt",
    "lib/copy of system",
    "package.zip",
    "mixed.zip/a/system.txt",
    "mixed.zip/c.zip",
    "mixed.tar/system",
}


@pytest.mark.parametrize("workers", [1, 2])
def test_known_good_is_not_read_and_what_is_sought_says_so(
    bench: Bench, tmp_path: Path, workers: int
) -> None:
    sets(bench, tmp_path)
    said = bench.ingest(exhibit(tmp_path / "seized"), "--workers", workers).stdout
    assert "sought: 2 items with a hash of VIC of May VICS 1.3, category 1\n" in said
    assert "sought: 1 item with a hash of VIC of May VICS 1.3, category 5\n" in said
    rows = {row["path"]: row for row in bench.items()}
    found = {path: row["reason"] for path, row in rows.items() if row["status"] == "known_good"}
    assert found == dict.fromkeys(GOOD, REASON)
    assert rows["lib/system.txt"]["sha256"] == sha256(SYSTEM)
    assert rows["lib/system.txt"]["md5"] == hexes(SYSTEM)["md5"]
    assert rows["empty"]["status"] == "empty"
    assert not [path for path in rows if path.startswith(("package.zip/", "mixed.zip/c.zip/"))]
    assert rows["mixed.zip/b/other.txt"]["status"] == rows["mixed.tar/rest"]["status"] == "parsed"
    status = bench.status()
    balanced(bench.items(), status)
    assert status["known_good"] == len(GOOD)
    vic = {"set": "VIC of May", "version": "VICS 1.3", "kind": "bad", "by": "SHA-1"}
    for path in ("sought.txt", "mixed.tar/sought"):
        assert rows[path]["status"] == "parsed"
        assert facts(bench, path) == [{**vic, "category": ["1"]}]
    assert facts(bench, "both.txt") == [
        {"set": "NSRL", "kind": "good", "by": "SHA-1"},
        {**vic, "category": ["5"]},
    ]
    assert bench.search("heron")["total"] == 0
    assert bench.search("curlew")["total"] == 0
    assert bench.search("osprey")["total"] == 2
    assert {hit["path"] for hit in bench.search("path:system*")["hits"]} >= {
        "lib/system.txt",
        "mixed.tar/system",
    }
    assert {hit["path"] for hit in bench.search('"VIC of May"')["hits"]} == {
        "sought.txt",
        "mixed.tar/sought",
        "both.txt",
    }
    (started,) = [each for each in bench.export("ledger") if each["action"] == "run.started"]
    assert [each["name"] for each in started["details"]["hash_sets"]] == ["NSRL", "VIC of May"]
    proof = bench.verify()
    (check,) = [each for each in proof["checks"] if each["name"] == "hashes"]
    assert (check["ok"], check["checked"]) == (True, 2)


def facts(bench: Bench, path: str) -> object:
    with closing(sqlite3.connect(bench.folder / "case.db")) as database:
        (meta,) = database.execute("SELECT meta FROM items WHERE path = ?", (path,)).fetchone()
    return json.loads(meta)["known_hash"]


def test_what_was_ingested_before_a_set_came_stays_as_it_is(bench: Bench, tmp_path: Path) -> None:
    bench.ingest(exhibit(tmp_path / "seized"))
    before = bench.items()
    sets(bench, tmp_path)
    (tmp_path / "later").mkdir()
    (tmp_path / "later/x").write_bytes(SYSTEM)
    bench.ingest(tmp_path / "later")
    rows = bench.items()
    assert [row for row in rows if row["exhibit"] == "seized"] == before
    assert [row["status"] for row in rows if row["exhibit"] == "later" and row["path"] == "x"] == [
        "known_good"
    ]
    assert bench.search("heron")["total"] == 4
    bench.verify()


def test_an_exhibit_itself_is_never_passed_over(bench: Bench, tmp_path: Path) -> None:
    sets(bench, tmp_path)
    (tmp_path / "given.txt").write_bytes(SYSTEM)
    bench.ingest(tmp_path / "given.txt")
    assert bench.item("")["status"] == "parsed"
    assert bench.search("heron")["total"] == 1


def test_a_run_that_is_killed_ends_in_the_same_rows(bench: Bench, tmp_path: Path) -> None:
    sets(bench, tmp_path)
    seized = exhibit(tmp_path / "seized")
    whole = Bench(tmp_path / "whole")
    sets(whole, tmp_path)
    whole.ingest(seized)
    target = "actionday.pipeline.writer:Writer.checkpoint"
    done = crashed(target, "after", 3, "ingest", bench.folder, seized, "--workers", 2)
    assert done.returncode == -9
    bench.ingest(seized, "--workers", 2)
    assert bench.exports() == whole.exports()
    bench.verify()


@pytest.mark.parametrize("how", ["altered", "gone"])
def test_a_set_that_is_not_what_was_imported_is_not_gone_by(bench: Bench, tmp_path: Path, how: str) -> None:
    sets(bench, tmp_path)
    seized = exhibit(tmp_path / "seized")
    bench.ingest(seized)
    path = bench.folder / "hashes/set-000001.hashes"
    data = bytearray(path.read_bytes())
    if how == "gone":
        path.unlink()
    else:
        data[20] ^= 1
        path.write_bytes(data)
    (tmp_path / "more").mkdir()
    done = bench.run("ingest", bench.folder, tmp_path / "more")
    assert done.returncode == 1, done.stderr
    assert "set-000001.hashes" in done.stderr
    assert [row["exhibit"] for row in bench.items() if not row["path"]] == ["seized"]
    proof = bench.verify(code=1)
    assert proof["first"].startswith("hashes: hashes/set-000001.hashes")


def test_what_an_import_left_is_named_and_is_no_difference(bench: Bench, tmp_path: Path) -> None:
    sets(bench, tmp_path)
    (bench.folder / "hashes/set-000003.hashes").write_bytes(b"never happened")
    (bench.folder / "hashes/notes.txt").write_bytes(b"a stray")
    said = " ".join(bench.verify()["not_proved"])
    assert "hashes/set-000003.hashes: what an import had begun" in said
    assert "hashes/notes.txt" in said


def linked(folder: Path) -> Path:
    """A disk on which each file has several names, as on a backup server."""
    for n in range(3):
        (folder / f"daily.{n}").mkdir(parents=True)
        for name, data in (("system", SYSTEM), ("sought", SOUGHT), ("other", OTHER)):
            if n:
                os.link(folder / "daily.0" / name, folder / f"daily.{n}" / name)
            else:
                (folder / "daily.0" / name).write_bytes(data)
    disk = folder.with_suffix(".img")
    tool("mke2fs", "-q", "-t", "ext4", "-d", folder, disk, "24M")
    return disk


def by_name(bench: Bench) -> dict[str, set[tuple[str, bool]]]:
    """Return status and whether a bad set has the hash, of all names of each file."""
    found: dict[str, set[tuple[str, bool]]] = {}
    with closing(sqlite3.connect(bench.folder / "case.db")) as database:
        for path, status, meta in database.execute(
            "SELECT path, status, meta FROM items WHERE kind = 'file'"
        ):
            if "daily" in path:
                told = bool(json.loads(meta or "{}").get("known_hash"))
                found.setdefault(path.rpartition("/")[2], set()).add((status, told))
    return found


@needs("mke2fs")
def test_all_names_of_a_file_are_known_alike(bench: Bench, tmp_path: Path) -> None:
    """A further name is not read again: what a set says of the first is said of each (ADR 16)."""
    sets(bench, tmp_path)
    bench.ingest(linked(tmp_path / "server"), "--workers", 2)
    bench.ingest(tmp_path / "server", "--workers", 2)
    assert by_name(bench) == {
        "system": {("known_good", False)},
        "sought": {("parsed", True)},
        "other": {("parsed", False)},
    }
    bench.verify()


@needs("mke2fs")
def test_names_that_a_later_run_meets_go_by_its_own_sets(bench: Bench, tmp_path: Path) -> None:
    disk = linked(tmp_path / "server")
    target = "actionday.pipeline.writer:Writer.checkpoint"
    done = crashed(target, "after", 2, "ingest", bench.folder, disk, "--workers", 1)
    assert done.returncode == -9
    before = {row["path"]: row["status"] for row in bench.items()}
    sets(bench, tmp_path)
    bench.ingest(disk)
    for path, name in ((row["path"], row["path"].rpartition("/")[2]) for row in bench.items()):
        if name == "system" and path not in before:
            assert bench.item(path)["status"] == "known_good"
        if name == "sought" and path not in before:
            assert facts(bench, path)
    bench.verify()


def test_what_is_too_large_to_be_held_is_known_all_the_same(bench: Bench, tmp_path: Path) -> None:
    bench.limit(held=1 << 20)
    good, rest = SYSTEM * 3000, SOUGHT * 6000
    disk = zipped({"within.txt": b"curlew\n"}) + bytes(20 << 20)
    (tmp_path / "good").write_text("".join(f"{sha256(each)}\n" for each in (good, disk)))
    (tmp_path / "sought").write_text(f"{hexes(rest)['md5']}\n")
    for name, kind in (("good", "good"), ("sought", "bad")):
        done = bench.run("hashes", "import", bench.folder, tmp_path / name, "--kind", kind)
        assert done.returncode == 0, done.stderr
    (tmp_path / "seized").mkdir()
    members = {"good": good, "rest": rest}
    (tmp_path / "seized/all.tar.gz").write_bytes(gzip.compress(tarred(members), 1))
    (tmp_path / "seized/disk").write_bytes(disk)
    (tmp_path / "seized/good").write_bytes(good)
    bench.ingest(tmp_path / "seized", code=0)
    found = {row["path"]: row["status"] for row in bench.items() if row["kind"] != "directory"}
    assert {path for path, status in found.items() if status == "known_good"} == {
        next(path for path in found if path.endswith("/good")),
        "disk",
        "good",
    }
    assert facts(bench, next(path for path in found if path.endswith("/rest")))
    bench.verify()
