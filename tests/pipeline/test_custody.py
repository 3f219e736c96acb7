"""Evidence that changes between two runs, or while it is read, is never attested as whole; what stays is proved."""

import hashlib
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from kill_exhibits import mbox

from actionday.model.loss import tells_loss
from case_tools import Bench, Row, crashed, needs, sentences, sha256, tool, until

FILES = 400


def codes(bench: Bench) -> list[str]:
    return [row["code"] for row in bench.export("issues")]


def acts(bench: Bench, action: str) -> list[Row]:
    return [row for row in bench.export("ledger") if row["action"] == action]


def stored(bench: Bench, action: str, items: int = 0) -> bool:
    """Say whether the ledger holds an act and there are so many items; asks the database, so that it is quick."""
    with closing(sqlite3.connect(f"file:{bench.folder / 'case.db'}?mode=ro", uri=True)) as database:
        leaf = f'{{"action":"{action}",%'
        acts = database.execute("SELECT COUNT(*) FROM ledger_entry WHERE CAST(leaf AS TEXT) LIKE ?", (leaf,))
        found = database.execute("SELECT COUNT(*) FROM items").fetchone()[0]
        return bool(acts.fetchone()[0]) and found >= items


def set_back(path: Path, change: "bytes | None" = None, at: int = 0) -> os.stat_result:
    """Write to a file and give it the time it had."""
    facts = path.stat()
    with path.open("r+b") as file:
        file.seek(at)
        file.write(change or b"another twenty bytes")
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    return facts


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A disk with files enough for several checkpoints."""
    folder = tmp_path_factory.mktemp("image")
    inside = folder / "inside"
    inside.mkdir()
    for number in range(FILES):
        (inside / f"page-{number}.txt").write_text(sentences(8, number))
    path = folder / "server.img"
    tool("mkfs.ext4", "-q", "-F", "-d", inside, path, "48M")
    return path


@pytest.fixture
def image(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy2(made, tmp_path / "server.img"))


def crash(bench: Bench, target: str, number: int, source: Path) -> None:
    """Begin to ingest; the process kills itself behind the call of that number."""
    point = (f"actionday.pipeline.{target}", "after", number)
    done = crashed(*point, "ingest", bench.folder, source, "--workers", 1)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not stored(bench, "exhibit.closed"), "it had ended before it was killed"


def cut_off(bench: Bench, source: Path, after: str = "exhibit.hashed") -> None:
    """Begin to ingest and kill it once an act and the first items are stored, behind one of many checkpoints."""
    crash(bench, "writer:Writer.checkpoint", 3 if after == "exhibit.hashed" else 2, source)
    assert stored(bench, after, 5)


@pytest.mark.tools
@needs("mkfs.ext4")
def test_an_image_changed_between_a_kill_and_the_resume_is_not_attested(bench: Bench, image: Path) -> None:
    was = sha256(image.read_bytes())
    cut_off(bench, image)
    set_back(image, at=40 << 20)  # same size, same time: only its bytes tell
    bench.ingest(image, code=1)
    (issue,) = [row for row in bench.export("issues") if row["code"] == "changed"]
    assert (issue["exhibit"], tells_loss(issue["code"])) == ("server.img", True)
    assert was in issue["reason"]
    assert sha256(image.read_bytes()) in issue["reason"]
    assert bench.item("")["status"] == "unreadable"
    closed = acts(bench, "exhibit.closed")[0]["details"]["acquisition"]
    assert closed["sources"][0]["sha256"] == was  # what was taken in first is what is attested
    said = bench.verify(code=1)
    assert str(said["first"]).startswith("exhibits: server.img")
    bench.ingest(image, code=1)  # and so for ever


@pytest.mark.tools
@needs("mkfs.ext4")
def test_an_image_with_other_bytes_or_size_is_refused_in_words_and_one_with_another_time_compared(
    bench: Bench, image: Path
) -> None:
    cut_off(bench, image)
    facts = image.stat()
    later = (facts.st_atime_ns, facts.st_mtime_ns + 1)
    with image.open("r+b") as file:
        first = file.read(4)
        file.seek(0)
        file.write(b"else")
    os.utime(image, ns=later)
    refused = bench.ingest(image, code=2)
    assert "was changed at" in refused.stderr
    assert "its SHA-256 is" in refused.stderr
    with image.open("r+b") as file:
        file.write(first)
    os.utime(image, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    with image.open("ab") as file:
        file.write(b"x")
    os.utime(image, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    refused = bench.ingest(image, code=2)
    assert f"has {facts.st_size + 1} bytes, it had {facts.st_size}" in refused.stderr
    os.truncate(image, facts.st_size)
    os.utime(image, ns=later)  # as one that was copied over itself: its bytes tell, and it is gone on with
    bench.ingest(image)
    assert "changed" not in codes(bench)
    (moved,) = acts(bench, "exhibit.moved")
    assert moved["details"]["from"] == [str(image)]
    assert moved["details"]["sources"][0]["mtime"].endswith(f"{later[1] % 10**9:09}Z")
    assert bench.verify()["ok"]
    os.utime(image, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert (
        "nothing of it was read again\n" in bench.ingest(image).stdout
    )  # hashed, and not proved by a time alone
    assert bench.verify()["ok"]


@pytest.mark.tools
@needs("mkfs.ext4")
def test_a_run_that_was_killed_is_recorded_by_the_next_one(bench: Bench, image: Path) -> None:
    cut_off(bench, image)
    bench.ingest(image)
    actions = [row["action"] for row in bench.export("ledger") if row["action"].startswith("run.")]
    assert [each for each in actions if each != "run.checkpoint"] == [
        "run.started",
        "run.interrupted",
        "run.started",
        "run.finished",
    ]
    (interrupted,) = acts(bench, "run.interrupted")
    assert interrupted["subject"] == "run 1"
    assert interrupted["details"]["reason"].startswith("killed: ")
    data, row = image.read_bytes(), bench.item("")
    made = [hashlib.new(name, data, usedforsecurity=False).hexdigest() for name in ("sha256", "md5", "sha1")]
    assert [row["sha256"], row["md5"], row["sha1"]] == made
    assert acts(bench, "exhibit.hashed")[0]["details"]["sha1"] == made[2]
    assert bench.verify()["ok"]


@pytest.fixture
def box(tmp_path: Path) -> Path:
    path = tmp_path / "box.mbox"
    path.write_bytes(mbox(tmp_path, 2))
    return path


def stopped_at_the_start(bench: Bench, source: Path) -> None:
    """Acquire an exhibit and kill the run before anything of it is hashed."""
    crash(bench, "ingest:Ingest._start_run", 1, source)
    assert stored(bench, "exhibit.acquired")
    assert not stored(bench, "exhibit.hashed")


def test_the_sources_are_recorded_with_their_facts_at_acquisition(bench: Bench, box: Path) -> None:
    bench.ingest(box)
    facts = box.stat()
    (source,) = acts(bench, "exhibit.acquired")[0]["details"]["sources"]
    assert source["size"] == facts.st_size
    assert source["mtime"].endswith(f"{facts.st_mtime_ns % 10**9:09d}Z")
    assert source["ctime"].endswith(f"{facts.st_ctime_ns % 10**9:09d}Z")
    assert source["inode"] == str(facts.st_ino)
    assert source["device"] == f"{os.major(facts.st_dev)}:{os.minor(facts.st_dev)}"
    (found,) = acts(bench, "exhibit.hashed")
    assert (found["subject"], found["details"]["sha256"]) == ("box.mbox", sha256(box.read_bytes()))
    assert found["details"]["changed"] is None


def test_a_file_touched_before_it_was_hashed_is_said_to_be_unproved_and_goes_on_with_a_remark(
    bench: Bench, box: Path
) -> None:
    stopped_at_the_start(bench, box)
    found = bench.verify()
    assert any("not hashed yet" in line for line in found["not_proved"])
    assert found["interrupted"]
    set_back(box, box.read_bytes()[:20])
    bench.ingest(box)
    (issue,) = [row for row in bench.export("issues") if row["code"] == "moved_unhashed"]
    assert tells_loss(issue["code"]) is False
    assert "cannot be proved" in issue["reason"]
    assert "ctime" in issue["reason"]
    assert bench.verify()["ok"]


def while_it_is_read(bench: Bench, source: Path, change: "object") -> int:
    """Ingest, and change something once the first worker is at it; return the exit code."""
    process = bench.begin("ingest", bench.folder, source, "--workers", 1)
    until(lambda: process.poll() is not None or stored(bench, "run.started"), step=0.01)
    process.send_signal(signal.SIGSTOP)
    assert callable(change)
    change()
    process.send_signal(signal.SIGCONT)
    process.communicate()
    return process.returncode


@pytest.mark.tools
@needs("mkfs.ext4")
@pytest.mark.parametrize("how", ["written", "set back", "exchanged", "gone"])
def test_a_file_that_changes_while_it_is_read_is_a_loss(bench: Bench, image: Path, how: str) -> None:
    def change() -> None:
        if how == "written":
            image.open("ab").write(b"more")
        elif how == "set back":
            set_back(image)
        elif how == "exchanged":
            facts, other = image.stat(), image.with_name("other")
            shutil.copy2(image, other)
            other.replace(image)
            os.utime(image, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        else:
            image.unlink()

    code = while_it_is_read(bench, image, change)
    if how == "set back":  # before it was hashed, which its hash proves; after, a difference
        assert (code == 1) == ("changed" in codes(bench))
    else:
        assert code == 1
        assert "changed" in codes(bench)
        assert bench.item("")["status"] == "unreadable"


def folder(root: Path) -> Path:
    site = root / "site"
    site.mkdir()
    for number in range(FILES):
        (site / f"page-{number:04}.txt").write_text(sentences(8, number))
    return site


@pytest.mark.parametrize("how", ["written", "set back", "gone"])
def test_a_folder_of_which_a_stored_file_is_another_now_is_not_gone_on_with_until_it_is_back(
    bench: Bench, tmp_path: Path, how: str
) -> None:
    site = folder(tmp_path)
    cut_off(bench, site, after="run.started")
    path = site / min(row["path"] for row in bench.items() if row["path"])
    was, facts = path.read_bytes(), path.stat()
    if how == "written":
        path.write_text("other words\n")
    elif how == "set back":
        set_back(path, b"OTHER")
    else:
        path.unlink()
    refused = bench.ingest(site, code=2)
    assert f"exhibit 'site': {path.name!r}: " in refused.stderr
    assert "not what was acquired" in refused.stderr
    assert str(bench.verify(code=1)["first"]).startswith(f"exhibits: site: {path}: ")
    path.write_bytes(was)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    bench.ingest(site)
    assert bench.verify()["ok"]


def test_a_folder_of_which_a_stored_file_has_another_time_is_gone_on_with_and_that_is_told(
    bench: Bench, tmp_path: Path
) -> None:
    site = folder(tmp_path)
    cut_off(bench, site, after="run.started")
    path = site / min(row["path"] for row in bench.items() if row["path"])
    os.utime(path, (1, 1))  # its bytes are those that were read
    bench.ingest(site, code=1)
    assert codes(bench) == ["changed"]
    (remark,) = bench.verify()["report"]["remarks"]
    assert remark.startswith(f"site: {path}: its bytes hold; its time of change is 1970-01-01T00:00:01Z")


def test_a_folder_of_which_a_stored_file_was_touched_alone_is_gone_on_with(
    bench: Bench, tmp_path: Path
) -> None:
    site = folder(tmp_path)
    cut_off(bench, site, after="run.started")
    path = site / min(row["path"] for row in bench.items() if row["path"])
    path.chmod(0o600)  # its node is touched, its bytes are not
    bench.ingest(site)
    assert codes(bench) == []
    (remark,) = bench.verify()["report"]["remarks"]
    assert remark.startswith(f"site: {path}: its bytes hold; its mode is 0600")
