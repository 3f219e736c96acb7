"""What a folder held is in the ledger before a byte of it is read; a run that goes on tells what is not so any more."""

import hashlib
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from itertools import repeat
from pathlib import Path

import msgspec
from kill_exhibits import site

from actionday.app.cli.ingest import _line
from actionday.model.identity import exhibit_item_id
from actionday.pipeline.acquisition import Acquisition
from actionday.pipeline.folder import Folder
from actionday.pipeline.inventory import PART, TOLD, Inventory, is_kept, kept, part_ids
from actionday.pipeline.messages import Located
from actionday.pipeline.proving.exhibits import Exhibit, _begun_anew
from actionday.pipeline.proving.report import MOST_NAMED, Subject
from actionday.pipeline.proving.told import told
from actionday.pipeline.relisting import GONE, Pair, Row, changed_since
from actionday.pipeline.resumed import CAME, beside
from actionday.pipeline.telling import listing
from actionday.storage.case import Case
from actionday.storage.objects import Packs
from case_tools import Bench, Done, crashed, sentences

WHERE = "FROM containers WHERE opener = 'inventory'"


def stopped(bench: Bench, target: str, number: int, source: Path, sign: int = signal.SIGKILL) -> Done:
    point = (f"actionday.pipeline.{target}", "after", number)
    words = ("ingest", bench.folder, source, "--workers", 1)
    return crashed(*point, *words, env={"CRASH_SIGNAL": str(int(sign))})


def asked(bench: Bench, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(bench.folder / "case.db")) as database:
        return database.execute(query).fetchall()


def test_what_came_went_or_was_changed_between_a_kill_and_the_next_run_is_told(
    bench: Bench, tmp_path: Path
) -> None:
    source = tmp_path / "site"
    (source / "z").mkdir(parents=True)
    for n in range(600):
        (source / f"page-{n:03}.txt").write_text(sentences(1, n))
    for name in ("changed", "gone", "touched", "kept"):
        (source / "z" / f"{name}.txt").write_text(sentences(1, 1) + name)
    assert stopped(bench, "writer:Writer.checkpoint", 1, source).returncode == -signal.SIGKILL
    assert 0 < asked(bench, "SELECT COUNT(*) FROM items")[0][0] < 600
    assert bench.verify()["ok"]
    (source / "z" / "gone.txt").unlink()
    (source / "z" / "changed.txt").write_text("another account of the meeting")
    (source / "z" / "came.txt").write_text("nobody had listed this")
    facts = (source / "z" / "touched.txt").stat()
    (source / "z" / "touched.txt").write_text(sentences(1, 1) + "TOUCHED")
    os.utime(source / "z" / "touched.txt", ns=(facts.st_atime_ns, facts.st_mtime_ns))
    between = bench.verify(code=1)
    assert between["first"].startswith("exhibits: site: ")
    (check,) = [each for each in between["checks"] if each["name"] == "exhibits"]
    assert check["differing"] == 3
    bench.ingest(source, code=1)
    proof = bench.verify()
    assert proof["ok"]
    said = {(row["path"], row["code"]): row["reason"] for row in bench.export("issues")}
    assert said.pop(("z/came.txt", "changed")) == CAME
    assert said.pop(("z/gone.txt", "changed")) == GONE
    assert "it had" in said.pop(("z/changed.txt", "changed"))
    assert "ctime" in said.pop(("z/touched.txt", "moved_unhashed"))
    assert not said
    status = {row["path"]: row["status"] for row in bench.items() if row["path"].startswith("z/")}
    assert status.pop("z/gone.txt") == "unreadable"
    assert set(status.values()) == {"parsed"}
    assert len(status) == 4
    assert sum("z/" in line for line in proof["not_proved"]) == 4
    assert not asked(bench, f"SELECT 1 {WHERE}")


def test_who_interrupts_the_listing_has_acquired_nothing(bench: Bench, tmp_path: Path) -> None:
    source = site(tmp_path / "site", 3)
    done = stopped(bench, "inventory:Inventory._take", 3, source, signal.SIGINT)
    assert done.returncode == 130, done.stderr
    assert asked(bench, "SELECT COUNT(*) FROM exhibits") == [(0,)]
    assert "exhibit.acquired" not in {row["action"] for row in bench.export("ledger")}
    (source / "later.txt").write_text("what is there now is what is acquired")
    bench.ingest(source, code=1)  # it holds archives that were cut short
    assert "changed" not in {row["code"] for row in bench.export("issues")}
    (acquired,) = [row for row in bench.export("ledger") if row["action"] == "exhibit.acquired"]
    listing = acquired["details"]["listing"]
    found = asked(
        bench,
        "SELECT raw, path, kind, size, mtime, CAST(meta AS BLOB) FROM items WHERE parent = "
        f"x'{exhibit_item_id('site').hex()}'",
    )
    rows = [((raw or path.encode()), kind, size, mtime, meta) for raw, path, kind, size, mtime, meta in found]
    rows.sort(key=lambda row: row[0].split(b"/"))
    digest = hashlib.sha256(b"".join(map(msgspec.msgpack.encode, rows))).hexdigest()
    files = sum(row[2] or 0 for row in rows)
    assert listing == {"entries": len(rows), "bytes": files, "stored": files, "sha256": digest}


def test_a_listing_is_kept_in_parts_as_it_was(bench: Bench, tmp_path: Path) -> None:
    source = tmp_path / "many"
    source.mkdir()
    for n in range(PART + 1):
        (source / f"{n}").touch()
    with closing(Case.open(bench.folder)) as case, case.temporary() as temporary:
        acquisition = Acquisition(case)
        (exhibit,) = acquisition.register(acquisition.wanted([source], None), temporary, print).values()
        exhibit.close()
        assert exhibit.contents_size == 0
        assert is_kept(case.database, exhibit.root)
        assert list(kept(case.database, exhibit.root)) == list(Folder(source).items())
        ids = [row[0] for row in case.database.execute(f"SELECT item {WHERE} ORDER BY size DESC")]
        assert part_ids(exhibit.facts["listing"], exhibit.root) == ids
        assert len(ids) == 2


def test_how_far_a_listing_is_is_told(tmp_path: Path) -> None:
    one = Located("a.txt", "file", "a.txt", None, 3, None, None, "", None, b"")
    heard = list[tuple[int, int]]()
    Inventory(repeat(one, 2 * TOLD + 1), tmp_path, lambda *each: heard.append(each))
    assert heard == [(TOLD, 3 * TOLD), (2 * TOLD, 6 * TOLD)]
    assert _line(listing(*heard[1])).startswith("listing: 2")


def test_two_listings_are_put_side_by_side_whatever_the_names(tmp_path: Path) -> None:
    """``a/x`` stands before ``a.b``, as a folder's things follow it; no comparison of whole paths has it so."""
    for name in ("a/x", "a/y/z", "a.b/x", "a b", "b"):
        path = tmp_path / "one" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    os.close(os.open(os.fsencode(tmp_path / "one") + b"/\xff", os.O_CREAT))
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    (tmp_path / "other" / "a" / "y" / "new").touch()
    shutil.rmtree(tmp_path / "other" / "a.b")
    pairs = list(beside(Folder(tmp_path / "one").items(), Folder(tmp_path / "other").items()))
    assert [pair.place for pair in pairs if pair.before is None] == ["a/y/new"]
    assert [pair.place for pair in pairs if pair.now is None] == ["a.b", "a.b/x"]
    assert len(pairs) == 10


def test_of_what_is_not_proved_of_a_folder_the_number_is_told_beside_the_first(bench: Bench) -> None:
    line = "INSERT INTO issues (seq, exhibit, stage, path, code, reason) VALUES (1, 1, ?, ?, ?, ?)"
    with closing(Case.open(bench.folder)) as case, closing(Packs(bench.folder / "objects")) as packs:
        for n in range(MOST_NAMED + 2):
            case.database.execute(line, ("list", f"{n}.txt", "changed", CAME))
        case.database.execute(line, ("hash", "", "moved_unhashed", "cannot be proved"))
        case.database.execute(line, ("hash", "", "changed", "told by its hash"))
        said = _begun_anew(Subject(case, packs, told(case), growing=False), Exhibit(1, "site", [], True))
    assert len(said) == MOST_NAMED + 1
    assert said[0] == f"exhibit 'site': 0.txt: {CAME}"
    assert said[-1].startswith("exhibit 'site': and 3 more")


def test_a_file_with_another_time_and_the_same_bytes_is_gone_on_with(tmp_path: Path) -> None:
    """So is an image of another time: what is stored of it is its bytes."""
    (tmp_path / "a.txt").write_text("a note")
    (found,) = Folder(tmp_path).items()
    sha256 = hashlib.sha256(b"a note").digest()
    row = Row(b"", "a.txt", "file", 6, found.mtime, found.meta.decode(), sha256, None)
    os.utime(tmp_path / "a.txt", (1, 1))
    (now,) = Folder(tmp_path).items()
    assert changed_since(tmp_path, Pair(row, now), times=False) == ""
    assert changed_since(tmp_path, Pair(row, now)).endswith("its bytes are the same")
    (tmp_path / "a.txt").write_text("b note")
    os.utime(tmp_path / "a.txt", (1, 1))
    (now,) = Folder(tmp_path).items()
    assert "SHA-256" in changed_since(tmp_path, Pair(row, now), times=False)
