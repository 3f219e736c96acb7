"""Evidence that was put elsewhere is not found, never "different"; found again, it is proved by its hash."""

import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from kill_exhibits import mbox

from actionday.model.loss import tells_loss
from case_tools import Bench, Row, sentences


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Path:
    """A folder with evidence and a case of it; each test works on a copy of the case."""
    root = tmp_path_factory.mktemp("evidence")
    kept = root / "kept"
    (kept / "site" / "in").mkdir(parents=True)
    for number in range(4):
        (kept / "site" / "in" / f"page-{number}.txt").write_text(sentences(10, number))
    (kept / "box.mbox").write_bytes(mbox(root, 3))
    bench = Bench(root / "case")
    bench.ingest(kept / "site", kept / "box.mbox")
    return root


class Elsewhere:
    """A copy of case and evidence, the evidence at its own place until it is moved."""

    def __init__(self, whole: Path, folder: Path) -> None:
        shutil.copytree(whole / "case", folder / "case")
        self.bench = Bench.__new__(Bench)
        self.bench.folder, self.bench.env = folder / "case", {}
        self.old, self.new = whole / "kept", folder / "moved" / "kept"
        shutil.copytree(self.old, self.new)

    def acts(self, action: str) -> list[Row]:
        return [row for row in self.bench.export("ledger") if row["action"] == action]


@pytest.fixture
def elsewhere(whole: Path, tmp_path: Path) -> "Elsewhere":
    return Elsewhere(whole, tmp_path)


@pytest.fixture
def gone(elsewhere: Elsewhere) -> "Elsewhere":
    """The evidence is at its new place alone."""
    hidden = elsewhere.old.with_name("hidden")
    elsewhere.old.rename(hidden)
    yield elsewhere  # type: ignore[misc]
    hidden.rename(elsewhere.old)


def test_moved_evidence_is_not_found_and_that_is_no_difference(gone: Elsewhere) -> None:
    found = gone.bench.verify(code=1)
    assert (found["ok"], found["first"]) == (False, None)
    assert [line.partition(":")[0] for line in found["absent"]] == ["site", "box.mbox"]
    assert all("not found at" in line and "not proved" in line for line in found["absent"])
    said = gone.bench.run("verify", gone.bench.folder).stdout
    assert "DIFFERS" not in said
    assert "NOT FOUND exhibits" in said
    assert "--exhibits FOLDER" in said
    proof = gone.acts("verified")[0]["details"]
    assert (proof["ok"], proof["first"], len(proof["absent"])) == (False, None, 2)


@pytest.mark.parametrize("part", ["moved", "moved/kept"])
def test_evidence_is_found_in_the_folder_that_is_named_and_proved_there(gone: Elsewhere, part: str) -> None:
    done = gone.bench.run("verify", gone.bench.folder, "--exhibits", gone.bench.folder.parent / part)
    assert done.returncode == 0, done.stdout
    assert f"Ledger head {gone.bench.verify(code=1)['head'][:0]}" in done.stdout
    assert " entries" in done.stdout.splitlines()[-1]


def test_other_bytes_at_the_new_place_are_a_difference(gone: Elsewhere) -> None:
    box = gone.new / "box.mbox"
    data = bytearray(box.read_bytes())
    data[50] ^= 1
    box.write_bytes(data)
    done = gone.bench.run("verify", gone.bench.folder, "--exhibits", gone.new)
    assert done.returncode == 1
    assert "DIFFERS   exhibits" in done.stdout


def test_what_differs_is_said_also_where_something_else_is_absent(gone: Elsewhere) -> None:
    with closing(sqlite3.connect(gone.bench.folder / "case.db")) as database, database:
        database.execute("UPDATE facts SET value = 'Somebody' WHERE key = 'authority'")
    assert str(gone.bench.verify(code=1)["first"]).startswith("tables: ")


def test_ingesting_it_from_its_new_place_records_the_place_and_takes_nothing_in_again(
    gone: Elsewhere,
) -> None:
    items = gone.bench.items()
    done = gone.bench.ingest(gone.new / "site", gone.new / "box.mbox")
    assert "had been taken in before" in done.stdout
    assert gone.bench.items() == items
    moved = gone.acts("exhibit.moved")
    assert [row["subject"] for row in moved] == ["site", "box.mbox"]
    assert moved[1]["details"]["from"] == [str(gone.old / "box.mbox")]
    assert gone.bench.verify()["ok"]


@pytest.mark.parametrize("how", ["a file", "a folder", "a size"])
def test_what_is_not_the_same_at_the_new_place_is_refused(gone: Elsewhere, how: str) -> None:
    path = gone.new / ("site/in/page-1.txt" if how == "a folder" else "box.mbox")
    data = path.read_bytes()
    path.write_bytes(data + b"x" if how == "a size" else data[:-1] + b"?")
    refused = gone.bench.ingest(gone.new / ("site" if how == "a folder" else "box.mbox"), code=2)
    assert "SHA-256" in refused.stderr if how != "a size" else "bytes, it had" in refused.stderr
    assert gone.acts("exhibit.moved") == []


def test_a_place_set_in_the_table_alone_is_found(elsewhere: Elsewhere) -> None:
    with closing(sqlite3.connect(elsewhere.bench.folder / "case.db")) as database, database:
        database.execute(
            "UPDATE exhibits SET sources = replace(sources, ?, ?)", (str(elsewhere.old), str(elsewhere.new))
        )
    assert str(elsewhere.bench.verify(code=1)["first"]).startswith("tables: the sources of exhibit")


def test_the_same_bytes_twice_are_said(bench: Bench, tmp_path: Path) -> None:
    box = tmp_path / "box.mbox"
    box.write_bytes(mbox(tmp_path, 2))
    shutil.copy(box, tmp_path / "copy.mbox")
    done = bench.ingest(box, tmp_path / "copy.mbox")
    sentence = "copy.mbox has the same bytes as box.mbox of exhibit 'box.mbox'"
    assert sentence in done.stdout
    (issue,) = [row for row in bench.export("issues") if row["code"] == "same_bytes"]
    assert (issue["exhibit"], issue["reason"], tells_loss(issue["code"])) == ("copy.mbox", sentence, False)


def test_a_folder_that_is_another_and_one_that_holds_nothing_are_said(bench: Bench, tmp_path: Path) -> None:
    site, again, other, nothing = (tmp_path / name for name in ("site", "again", "other", "nothing"))
    for folder in (site, other):
        (folder / "in").mkdir(parents=True)
        (folder / "in" / "plan.txt").write_text("The schedule of the kestrel.\n")
        (folder / "seal.txt").write_text(f"Seal of {'them' if folder == other else 'this'}\n")
    shutil.copytree(site, again)
    nothing.mkdir()
    (tmp_path / "blank.dd").touch()
    done = bench.ingest(site, other, again, nothing, tmp_path / "blank.dd")
    same = "it holds what exhibit 'site' holds: 2 contents at the same paths, with the same SHA-256"
    empty = "it was listed to its end and holds nothing: no file, no folder"
    blank = "it has no byte: a file of 0 bytes"
    assert sorted(line for line in done.stdout.splitlines() if line.startswith("exhibit '")) == [
        f"exhibit 'again': {same}",
        f"exhibit 'blank.dd': {blank}",
        f"exhibit 'nothing': {empty}",
    ]
    told = sorted((row["exhibit"], row["code"], row["reason"]) for row in bench.export("issues"))
    assert told == [
        ("again", "same_bytes", same),
        ("blank.dd", "holds_nothing", blank),
        ("nothing", "holds_nothing", empty),
    ]


def test_an_exhibit_that_nobody_knows_is_said_whatever_it_is_called(bench: Bench, tmp_path: Path) -> None:
    noise = random.Random(4).randbytes(1 << 20)
    for name, data in (
        ("disk.dd", noise),
        ("plain.txt", b"The schedule of the kestrel.\n"),
        ("vault", noise[1:]),
    ):
        (tmp_path / name).write_bytes(data)
    done = bench.ingest(tmp_path / "disk.dd", tmp_path / "plain.txt", tmp_path / "vault")
    told = [
        (row["exhibit"], row["reason"]) for row in bench.export("issues") if row["code"] == "not_recognised"
    ]
    assert [exhibit for exhibit, _ in told] == ["disk.dd", "vault"]
    assert all(f"exhibit {exhibit!r}: {reason}" in done.stdout.splitlines() for exhibit, reason in told)
    assert not tells_loss("not_recognised")


def test_an_export_writes_over_nothing_unasked_nor_into_a_case_nor_onto_evidence(
    elsewhere: Elsewhere, tmp_path: Path
) -> None:
    bench = elsewhere.bench
    out = tmp_path / "items.jsonl"
    assert bench.run("export", bench.folder, "items", "-o", out).returncode == 0
    before = out.read_bytes()
    refused = bench.run("export", bench.folder, "items", "-o", out)
    assert (refused.returncode, out.read_bytes()) == (2, before)
    assert "--force" in refused.stderr
    assert bench.run("export", bench.folder, "items", "-o", out, "--force").returncode == 0
    (tmp_path / "door").symlink_to(bench.folder)
    for target in (
        bench.folder / "case.db",
        tmp_path / "door" / "new.jsonl",
        elsewhere.old / "box.mbox",
        elsewhere.old / "site" / "new.jsonl",
    ):
        done = bench.run("export", bench.folder, "items", "-o", target, "--force")
        assert done.returncode == 2, target
    assert not (elsewhere.old / "site" / "new.jsonl").exists()
    assert bench.verify()["ok"]
    assert os.listdir(bench.folder).count("new.jsonl") == 0
