"""Contents that kill, hang, swell or lie: the run ends, each is named, their neighbours are unharmed.

The plug-ins in ``hostile/`` do what a real one does that its input has taken over; they come in by entry points.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from actionday.pipeline.marker import Marker, Phase
from actionday.pipeline.surroundings import SETTING, surroundings
from case_tools import Bench, balanced, until, workers

ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00" + bytes(46)
WORDS = b"\nstrings that are kept of it\n"


def parsed_badly(deed: str, more: bytes = b"") -> bytes:
    return ELF + b"HOSTILE " + deed.encode() + b"\n" + WORDS + more


def listed_badly(deed: str) -> bytes:
    return b"ADTEST-SOURCE HOSTILE " + deed.encode() + b"\n" + WORDS


def folder(tmp_path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = tmp_path / "exhibit" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "exhibit"


def codes(bench: Bench) -> dict[str, str]:
    return {row["path"]: row["code"] for row in bench.export("issues")}


def test_k05_five_that_kill_first_in_the_queue_are_named_and_the_rest_is_done(
    hostile: Bench, tmp_path: Path
) -> None:
    files = {f"a{n}": parsed_badly("exit", bytes([n])) for n in range(5)}
    files |= {f"b{n}.txt": f"neighbour {n}\n".encode() for n in range(9)}
    hostile.ingest(folder(tmp_path, files), code=1)
    items = {row["path"]: row for row in hostile.items()}
    for n in range(5):
        bad = items[f"a{n}"]
        assert (bad["status"], bad["reason"]) == ("quarantined", "the reader ended with exit code 7")
        assert "strings that are kept" in (hostile.text(bad["sha256"]) or "")
    assert all(items[f"b{n}.txt"]["status"] == "parsed" for n in range(9))
    assert hostile.search("strings kept")["total"] == 5
    balanced(items.values(), hostile.status())
    assert hostile.verify()["ok"]


@pytest.mark.soak
def test_sixty_that_kill_do_not_stop_the_run(hostile: Bench, tmp_path: Path) -> None:
    files = {f"a{n:02}": parsed_badly("exit", bytes([n])) for n in range(60)}
    hostile.ingest(folder(tmp_path, files | {"z.txt": b"last\n"}), code=1)
    items = hostile.items()
    assert sum(row["status"] == "quarantined" for row in items) == 60
    assert hostile.item("z.txt")["status"] == "parsed"


@pytest.mark.parametrize(
    ("deed", "reason"),
    [("crash", "signal SIGSEGV"), ("abort", "signal SIGABRT"), ("exit", "exit code 7")],
)
@pytest.mark.parametrize("bad", [parsed_badly, listed_badly], ids=["parser", "source"])
def test_whatever_way_a_reader_dies_its_content_is_named(
    hostile: Bench, tmp_path: Path, bad, deed: str, reason: str
) -> None:
    exhibit = folder(tmp_path, {"bad": bad(deed), "good.txt": b"well\n"})
    hostile.ingest(exhibit, code=1)
    item = hostile.item("bad")
    assert item["status"] == "quarantined"
    assert reason in item["reason"]
    assert "strings that are kept" in (hostile.text(item["sha256"]) or "")
    assert codes(hostile)["bad"] == "quarantined"
    assert hostile.item("good.txt")["status"] == "parsed"


def test_a_plugin_that_dies_while_it_only_looks_costs_that_content(hostile: Bench, tmp_path: Path) -> None:
    exhibit = folder(tmp_path, {"bad": b"ADTEST-CLAIM HOSTILE exit\n", "good.txt": b"well\n"})
    hostile.ingest(exhibit, code=1)
    assert hostile.item("bad")["status"] == "quarantined"
    assert hostile.item("good.txt")["status"] == "parsed"


@pytest.mark.parametrize("deed", ["exit", "crash"])
def test_an_image_whose_reader_dies_is_named_and_the_other_exhibit_read(
    hostile: Bench, tmp_path: Path, deed: str
) -> None:
    image, other = tmp_path / "bad.img", tmp_path / "other.txt"
    image.write_bytes(b"ADTEST-IMAGE HOSTILE " + deed.encode() + b"\n" + bytes(4096))
    other.write_bytes(b"well\n")
    hostile.ingest(image, other, code=1)
    rows = {row["exhibit"]: row for row in hostile.items()}
    assert rows["bad.img"]["status"] == "quarantined"
    assert rows["bad.img"]["sha256"] is not None
    assert rows["other.txt"]["status"] == "parsed"
    assert codes(hostile)[""] == "quarantined"


def test_a_first_look_that_dies_costs_that_exhibit(hostile: Bench, tmp_path: Path) -> None:
    exhibit = tmp_path / "bad"
    exhibit.write_bytes(b"ADTEST-CLAIM HOSTILE exit\n")
    hostile.ingest(exhibit, code=1)
    (row,) = hostile.items()
    assert (row["path"], row["parent"], row["status"]) == ("", None, "quarantined")


def test_what_was_listed_before_the_death_stays(hostile: Bench, tmp_path: Path) -> None:
    exhibit = tmp_path / "bad"
    exhibit.write_bytes(listed_badly("after exit") + bytes(17 << 20))  # too large to be read within its batch
    other = folder(tmp_path, {"in/bad": exhibit.read_bytes(), "in/good.txt": b"well\n"})
    hostile.ingest(other, code=1)
    items = {row["path"]: row for row in hostile.items()}
    assert items["in/bad"]["status"] == "quarantined"
    assert items["in/good.txt"]["status"] == "parsed"


@pytest.mark.parametrize("deed", ["spin", "sleep"])
def test_a_reader_past_its_deadline_is_ended_and_named(hostile: Bench, tmp_path: Path, deed: str) -> None:
    hostile.limit(deadline=0.5)
    exhibit = folder(tmp_path, {"bad": parsed_badly(deed), "good.txt": b"well\n"})
    hostile.ingest(exhibit, code=1)
    item = hostile.item("bad")
    assert item["status"] == "quarantined"
    assert "took longer than" in item["reason"]
    assert hostile.item("good.txt")["status"] == "parsed"


def test_an_image_that_hangs_while_opened_is_ended(hostile: Bench, tmp_path: Path) -> None:
    hostile.limit(deadline=0.2)
    image = tmp_path / "bad.img"
    image.write_bytes(b"ADTEST-IMAGE HOSTILE spin\n" + bytes(4096))
    hostile.ingest(image, code=1)
    (row,) = hostile.items()
    assert row["status"] == "quarantined"
    assert "took longer than" in row["reason"]


def test_e02_ten_that_swell_never_more_than_two_processes(hostile: Bench, tmp_path: Path) -> None:
    hostile.limit(memory=512 << 20)
    files = {f"big{n}": parsed_badly("memory", bytes([n])) for n in range(10)}
    exhibit = folder(tmp_path, files | {f"z{n}.txt": f"rest {n}\n".encode() for n in range(5)})
    process = hostile.begin("ingest", hostile.folder, exhibit, "--workers", "2")
    most = 0

    def over() -> bool:
        nonlocal most
        most = max(most, len(workers(process.pid)))
        return process.poll() is not None

    until(over, 200, 0.01)
    process.communicate()
    assert process.returncode == 1
    assert 1 <= most <= 2
    items = {row["path"]: row for row in hostile.items()}
    assert all(items[f"big{n}"]["status"] == "quarantined" for n in range(10))
    assert all("memory" in items[f"big{n}"]["reason"] for n in range(10))
    assert all(items[f"z{n}.txt"]["status"] == "parsed" for n in range(5))


def test_a_library_that_raises_costs_one_content(hostile: Bench, tmp_path: Path) -> None:
    exhibit = folder(
        tmp_path, {"p": parsed_badly("error"), "s": listed_badly("error"), "good.txt": b"well\n"}
    )
    hostile.ingest(exhibit, code=1)
    items = {row["path"]: row for row in hostile.items()}
    assert (items["p"]["status"], items["s"]["status"]) == ("unreadable", "unreadable")
    assert "KeyError" in items["p"]["reason"]
    assert "KeyError" in items["s"]["reason"]


def test_a_member_whose_reader_dies_leaves_its_neighbour(hostile: Bench, tmp_path: Path) -> None:
    exhibit = folder(tmp_path, {"box": listed_badly("reader exit")})
    hostile.ingest(exhibit, code=1)
    items = {row["path"]: row for row in hostile.items()}
    assert items["box/bad"]["status"] == "quarantined"
    assert items["box/good"]["status"] == "parsed"


def test_two_items_of_one_place_stop_nothing(hostile: Bench, tmp_path: Path) -> None:
    exhibit = folder(tmp_path, {"box": listed_badly("twice"), "good.txt": b"well\n"})
    hostile.ingest(exhibit, code=1)
    assert hostile.item("good.txt")["status"] == "parsed"
    assert hostile.item("box/a")["status"] == "parsed"
    assert "place_twice" in codes(hostile).values()
    assert hostile.verify()["ok"]


# the sandbox


def test_one_taken_over_reaches_nothing_outside(hostile: Bench, tmp_path: Path) -> None:
    target = tmp_path / "target" / "file"
    target.parent.mkdir()
    target.write_bytes(b"untouched\n")
    before = target.stat()
    os.setxattr(target, "user.mark", b"mine")
    hostile.env["HOME_OF_KEYS"] = "secret-of-the-examiner"
    hostile.ingest(folder(tmp_path, {"box": listed_badly(f"sandbox {target}")}))
    outcomes = [row["text"] for row in hostile.export("texts") if not row["text"].startswith("ADTEST")]
    assert len(outcomes) >= 45
    assert [text for text in outcomes if " refused: " not in text] == []
    assert not any("Segmentation" in text for text in outcomes)
    assert (target.read_bytes(), target.stat().st_mtime_ns) == (b"untouched\n", before.st_mtime_ns)
    assert os.listdir(target.parent) == ["file"]
    assert os.listxattr(target) == ["user.mark"]


def test_one_taken_over_knows_nothing_of_the_account_that_started_it() -> None:
    told = surroundings(
        {"AWS_SECRET_ACCESS_KEY": "x", "SSH_AUTH_SOCK": "x", "PGPASSWORD": "x", "HOME": "/h", "LC_ALL": "tr_TR",
         "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "ACTIONDAY_ACTOR": "examiner"}
    )  # fmt: skip
    assert told == {
        **SETTING, "HOME": "/h", "PYTHONHASHSEED": "7", "ACTIONDAY_ACTOR": "examiner", "LC_ALL": "C.UTF-8", "TZ": "UTC"
    }  # fmt: skip


def test_a_mark_is_read_as_somebody_said_it_or_not_at_all() -> None:
    """A worker was ended for a deadline that nobody had set: half of one mark and half of the next."""
    marker, item = Marker(), b"A" * 16
    if (writer := os.fork()) == 0:
        own = Marker(marker.descriptor)
        while True:
            own.set(item, Phase.READING, 11.0)
            own.idle()
    try:
        looks, said, end = 0, 0, time.monotonic() + 1.5
        while time.monotonic() < end:
            mark = marker.get()
            looks += 1
            if mark.phase is Phase.IDLE:
                assert mark == (bytes(16), Phase.IDLE, 0.0, 0.0, 0.0)
            else:
                said += 1
                assert (mark.item, mark.phase, mark.allowed) == (item, Phase.READING, 11.0)
                assert mark.since > 0
    finally:
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        marker.close()
    assert looks > said > 100


def test_one_taken_over_is_handed_no_file_but_the_exhibits(hostile: Bench, tmp_path: Path) -> None:
    up = "../" * 12
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    exhibit = folder(tmp_path, {"real.txt": b"an exhibit's own\n"})
    (exhibit / "way").symlink_to(tmp_path)
    asked = "|".join(
        f"1,0,{path}"
        for path in (
            "real.txt",
            f"{up}etc/passwd",
            "/etc/passwd",
            "../secret",
            "way/secret",
            "way",
            "./real.txt",
        )
    )
    asked += "|1,7,|9,0,real.txt|1,-1,"
    (exhibit / "box").write_bytes(listed_badly(f"ask {asked}"))
    hostile.ingest(exhibit)
    told = {row["text"].split()[0]: row["text"] for row in hostile.export("texts") if "handed" in row["text"]}
    assert "handed over 1" in told["ask-0"]
    assert len(told) == 10
    assert all("handed over 0" in told[f"ask-{n}"] for n in range(1, 10)), told


def test_the_folder_the_command_is_called_in_is_neither_imported_from_nor_read(
    hostile: Bench, tmp_path: Path
) -> None:
    """Somebody works where the evidence lies: what lies there is evidence, not code."""
    source = folder(tmp_path, {"box": listed_badly(f"sandbox {tmp_path / 'exhibit' / 'private.txt'}")})
    (source / "private.txt").write_text("for no worker but by its descriptor\n")
    for name in ("msgspec", "json", "actionday", "numpy"):
        (source / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    for command in (["ingest", hostile.folder, source], ["search", hostile.folder, "private"]):
        script = "import sys; sys.path = [p for p in sys.path if p]; from actionday.app.cli.main import main; main()"
        done = subprocess.run(
            [sys.executable, "-P", "-c", script, *map(str, command)],
            cwd=source,
            env={**os.environ, **hostile.env},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()
    outcomes = {row["text"].split()[0]: row["text"] for row in hostile.export("texts")}
    assert "refused" in outcomes["read-target"]
    assert "refused" in outcomes["list-target"]


def test_exhibits_are_neither_written_nor_touched(hostile: Bench, tmp_path: Path) -> None:
    exhibit = folder(tmp_path, {"a/one.txt": b"one\n", "b.txt": b"two\n"})
    single = tmp_path / "single.txt"
    single.write_bytes(b"three\n")
    paths = [*exhibit.rglob("*"), single]
    for path in paths:
        os.utime(path, (1_000_000_000, 1_000_000_000))
    before = [path.stat() for path in paths]
    hostile.ingest(exhibit, single)
    hostile.verify()
    files = [(path, old) for path, old in zip(paths, before, strict=True) if path.is_file()]
    for path, old in files:
        new = path.stat()
        assert (new.st_atime_ns, new.st_mtime_ns, new.st_ctime_ns) == (
            old.st_atime_ns,
            old.st_mtime_ns,
            old.st_ctime_ns,
        )


def test_the_locks_hold_for_what_libraries_start_too() -> None:
    """A process forked before the lock is not ours to lock; one locked cannot make another."""
    script = (
        "import os, sys; from actionday.pipeline.sandbox import lock\n"
        "held = lock(1 << 30)\n"
        "try:\n    os.fork()\n    sys.exit(9)\nexcept OSError:\n    sys.exit(0 if held.enough else 8)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_failed_is_tried_again_only_in_a_new_case_under_the_same_ids(
    hostile: Bench, tmp_path: Path
) -> None:
    exhibit = folder(tmp_path, {"a": parsed_badly("exit"), "b.txt": b"neighbour\n"})
    hostile.ingest(exhibit, code=1)
    before = hostile.exports()
    without = Bench(tmp_path / "without the cause")
    done = without.run("ingest", hostile.folder, exhibit)
    assert done.returncode == 1, "the run goes on where it stopped, and what failed still counts"
    assert hostile.exports() == before
    without.ingest(exhibit)
    status = {row["id"]: row["status"] for row in without.items()}
    assert status.keys() == {row["id"] for row in hostile.items()}
    assert status[hostile.item("a")["id"]] not in ("quarantined", "unreadable")
