"""The slow lane: what waits is done behind everything else, once, whatever happens; the case tells how far it is."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from case_tools import Bench, same, until

HERE = Path(__file__).parent
ENTRY_POINTS = """[actionday.sources]
slow-source = slow_source
slow-carver = slow_carver
[actionday.parsers]
slow-reader = slow_reader
"""
FOR_EVER, WAITS, NOTHING, DIES = 21, 22, 23, 24


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("slow")
    for module in (HERE / "slow").glob("slow_*.py"):
        shutil.copy(module, folder)
    metadata = folder / "slow-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: slow\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    path = os.pathsep.join(part for part in (str(folder), os.environ.get("PYTHONPATH", "")) if part)
    return {"PYTHONPATH": path}


@pytest.fixture
def slow(tmp_path: Path, plugins: dict[str, str]) -> Bench:
    return Bench(tmp_path / "case", plugins)


def picture(file: Path, width: int) -> None:
    file.parent.mkdir(exist_ok=True)
    Image.new("L", (width, 8), 128).save(file)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    for width in (40, 41, NOTHING):
        picture(folder / f"{width}.png", width)
    shutil.copy(folder / "40.png", folder / "copy.png")
    (folder / "note.txt").write_text(
        "Пустельга летит над степью, и мы смотрим ей вслед весь этот долгий день.\n"
    )
    return folder


def found(bench: Bench, query: str) -> list[str]:
    done = bench.run("search", bench.folder, query, "--json")
    assert done.returncode == 0, done.stderr
    return sorted(hit["path"] for hit in json.loads(done.stdout)["hits"])


def states(bench: Bench) -> dict[str, str]:
    return {row["path"]: row["status"] for row in bench.items() if row["path"]}


DONE = {"40.png": "parsed", "41.png": "parsed", "23.png": "empty", "copy.png": "parsed", "note.txt": "parsed"}


def test_what_waits_is_read_behind_everything_else_and_found(slow: Bench, pictures: Path) -> None:
    done = slow.ingest(pictures)
    assert "repaired" not in done.stdout  # what the index gave up for others is no alteration of it
    assert states(slow) == DONE
    assert found(slow, "kestrel columns") == ["40.png", "41.png", "copy.png"]
    text = slow.text(slow.item("40.png")["sha256"])
    assert text is not None
    assert text.strip() == "a kestrel on 40 columns"
    proof = slow.verify()
    assert proof["ok"], proof


def test_without_the_slow_lane_all_of_it_stays_queued_and_a_later_run_goes_on(
    slow: Bench, pictures: Path
) -> None:
    slow.ingest(pictures, "--no-slow")
    queued = {path: "queued" if path.endswith("png") else "parsed" for path in DONE}
    assert states(slow) == queued
    status = slow.status()
    assert (status["state"], status["skipped"], status["found"]) == ("complete", 4, 5)
    assert slow.verify()["ok"]
    slow.ingest(pictures, "--without", "ocr")
    assert states(slow) == queued
    done = slow.ingest(pictures)
    assert "repaired" not in done.stdout
    assert states(slow) == DONE
    status = slow.status()
    assert (status["state"], status["skipped"], status["parsed"]) == ("complete", 0, 5)
    proof = slow.verify()
    assert proof["ok"], proof
    before = slow.exports()
    slow.ingest(pictures)
    same(slow.exports(), before)


def test_a_case_is_the_same_whether_its_slow_lane_ran_at_once_or_later(
    slow: Bench, pictures: Path, tmp_path: Path, plugins: dict[str, str]
) -> None:
    slow.ingest(pictures)
    later = Bench(tmp_path / "later", plugins)
    later.ingest(pictures, "--no-slow")
    later.ingest(pictures)
    same(later.exports(), slow.exports())


def test_a_model_that_lacks_is_named_and_the_item_waits(slow: Bench, tmp_path: Path) -> None:
    picture(tmp_path / "in" / "page.png", WAITS)
    slow.ingest(tmp_path / "in")
    row = slow.item("page.png")
    assert (row["status"], row["reason"]) == ("queued", "waits for OCR: model ara missing")
    assert slow.verify()["ok"]
    slow.ingest(tmp_path / "in")
    assert slow.item("page.png")["reason"] == "waits for OCR: model ara missing"
    slow.ingest(tmp_path / "in", env={"ACTIONDAY_TEST_MODEL": "1"})
    assert slow.item("page.png")["status"] == "parsed"
    assert slow.verify()["ok"]


def test_what_nothing_can_be_done_about_is_said_and_nothing_is_opened_again(
    slow: Bench, pictures: Path
) -> None:
    lacks = {"ACTIONDAY_TEST_LACKS": "the extra ocr is not installed"}
    done = slow.ingest(pictures, env=lacks)
    assert "4 items wait (ocr: the extra ocr is not installed)" in done.stdout
    ledger = slow.run("ingest", slow.folder, pictures, "--workers", 1, env=lacks)
    assert ledger.returncode == 0
    with sqlite3.connect(slow.folder / "case.db") as database:
        assert not database.execute(
            "SELECT 1 FROM ledger_entry WHERE leaf LIKE '%exhibit.reopened%'"
        ).fetchone()


@pytest.mark.parametrize("width", [FOR_EVER, DIES], ids=["for ever", "dies"])
def test_o01_what_never_ends_is_quarantined_and_the_queue_moves_on(
    slow: Bench, pictures: Path, width: int
) -> None:
    picture(pictures / "bad.png", width)
    slow.limit(deadline=1.0)
    slow.ingest(pictures, code=1)
    assert states(slow) == DONE | {"bad.png": "quarantined"}
    proof = slow.verify()
    assert proof["ok"], proof
    slow.ingest(pictures, code=1)
    assert states(slow) == DONE | {"bad.png": "quarantined"}


POINTS = [
    ("actionday.pipeline.slow:SlowLane.took", "before", 1),
    ("actionday.pipeline.slow:SlowLane.took", "after", 2),
    ("actionday.storage.index.index:Index.commit", "after", 3),
    ("actionday.storage.database.rows:replace", "after", 3),
    ("actionday.pipeline.reopening:reopen", "after", 1),
    ("actionday.pipeline.ingest:Ingest._complete", "after", 1),
]


@pytest.mark.parametrize(("target", "when", "number"), POINTS, ids=lambda each: str(each).rpartition(":")[2])
@pytest.mark.parametrize("later", [False, True], ids=["at once", "later"])
def test_killed_in_the_slow_lane_nothing_is_lost_and_nothing_twice(
    slow: Bench,
    pictures: Path,
    plugins: dict[str, str],
    tmp_path: Path,
    target: str,
    when: str,
    number: int,
    later: bool,
) -> None:
    wanted = Bench(tmp_path / "wanted", plugins)
    wanted.ingest(pictures)
    if later:
        slow.ingest(pictures, "--no-slow")
    words = [
        sys.executable,
        HERE / "crash_at.py",
        target,
        when,
        str(number),
        "ingest",
        slow.folder,
        pictures,
        "--workers",
        "1",
    ]
    subprocess.run(
        [*map(str, words)], env={**os.environ, **plugins}, check=False, capture_output=True, timeout=120
    )
    proof = slow.verify()
    assert proof["ok"], proof
    slow.ingest(pictures)
    same(slow.exports(), wanted.exports())
    assert found(slow, "kestrel columns") == ["40.png", "41.png", "copy.png"]
    proof = slow.verify()
    assert proof["ok"], proof


def test_a_run_pauses_in_the_slow_lane_and_a_case_is_searched_meanwhile(
    slow: Bench, pictures: Path, plugins: dict[str, str]
) -> None:
    for width in range(50, 70):
        picture(pictures / f"{width}.png", width)
    words = ("ingest", slow.folder, pictures, "--workers", "1")
    process = slow.begin(*words, env={"ACTIONDAY_TEST_SLEEP": "0.5"})
    until(lambda: bool(found(slow, "kestrel")))
    assert found(slow, "степью") == ["note.txt"]
    running = slow.status()
    assert running["slow"]["left"] > 0
    done = slow.run("pause", slow.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    process.communicate(timeout=60)
    left = sum(state == "queued" for state in states(slow).values())
    assert 0 < left < 24
    assert slow.verify()["ok"]
    slow.ingest(pictures)
    assert "queued" not in states(slow).values()


def test_what_waits_in_a_container_is_opened_in_the_slow_lane(slow: Bench, tmp_path: Path) -> None:
    box = tmp_path / "disk.box"
    box.write_bytes(b"BOX!" + b"kestrel.    " + b"REST" + b"kestrel sits 1234567".ljust(20 + 8))
    slow.ingest(box, "--without", "carving")
    assert states(slow) == {"label": "parsed", "$Rest": "queued"}
    assert slow.item("$Rest")["reason"] == "waits for carving"
    assert slow.verify()["ok"]
    slow.ingest(box, space=True)
    after = states(slow)
    assert after["$Rest"] == "parsed"
    assert {path for path in after if path.startswith("$Rest/")} == {f"$Rest/@{at}" for at in (0, 8, 16, 24)}
    proof = slow.verify()
    assert proof["ok"], proof
    assert slow.status()["found"] == 6


def test_the_languages_of_the_same_folder_come_first(slow: Bench, pictures: Path) -> None:
    slow.ingest(pictures)
    with sqlite3.connect(slow.folder / "case.db") as database:
        (meta,) = database.execute(
            "SELECT meta FROM contents WHERE parser LIKE '%stand-in%' LIMIT 1"
        ).fetchone()
    assert json.loads(meta)["ocr"]["models"] == ["rus"]


def test_the_command_says_how_far_the_slow_lane_is() -> None:
    from actionday.app.cli.ingest import _line
    from actionday.model.progress import Lane, Progress

    lane = Lane(done=1200, left=800, rate=2.0, eta=400.0)
    moment = Progress(
        state="running", found=1, parsed=0, known_good=0, skipped=1, failed=0, bytes=0, total=0, rate=0.0, eta=None,
        failures={}, slow=lane,
    )  # fmt: skip
    assert "slow lane: 1 200 done, 800 left, 2.0/s, left: 6 min 40 s" in _line(moment).replace("\u202f", " ")
