"""Two runs, exhibits given again, IDs, several files of one exhibit: who may do what, and what it is told."""

import json
import os
import signal
import time
from pathlib import Path

import pytest
from kill_exhibits import large_zip, site, tarred

from case_tools import Bench, balanced, killed, same, sentences, until


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text("a note\n")
    return path


def test_a_second_ingest_on_one_case_is_refused_and_names_the_first(
    bench: Bench, tmp_path: Path, note: Path
) -> None:
    process = bench.begin("ingest", bench.folder, large_zip(tmp_path / "large.zip", 66 << 20))
    until(lambda: bench.status()["state"] == "running")
    process.send_signal(signal.SIGSTOP)  # so that it cannot be done before the second is tried
    second = bench.run("ingest", bench.folder, note)
    alive = process.poll() is None
    process.send_signal(signal.SIGCONT)
    process.communicate()
    assert alive, "the first was done before the second was tried"
    assert second.returncode == 2
    assert f"process {process.pid} (ingest, since " in second.stderr
    assert process.returncode == 0
    bench.ingest(note)
    assert {row["exhibit"] for row in bench.items()} == {"large.zip", "note.txt"}


def test_a_lock_of_one_that_was_killed_holds_nobody_up(bench: Bench, tmp_path: Path, note: Path) -> None:
    process = bench.begin("ingest", bench.folder, large_zip(tmp_path / "large.zip", 66 << 20))
    until(lambda: bench.status()["state"] == "running")
    killed(process)
    assert bench.status()["state"] == "interrupted"
    bench.ingest(note)
    bench.ingest(tmp_path / "large.zip")
    assert bench.status()["state"] == "complete"


def test_k01_two_exhibits_in_one_command_killed_before_the_listing_ends(bench: Bench, tmp_path: Path) -> None:
    sources = [site(tmp_path / "one", 15), site(tmp_path / "two", 15)]
    whole = Bench(tmp_path / "whole")
    whole.ingest(*sources, code=1)
    for wait in (0.3, 0.8):
        process = bench.begin("ingest", bench.folder, *sources)
        time.sleep(wait)
        killed(process)
    bench.ingest(*sources, code=1)
    same(bench.exports(), whole.exports())
    balanced(bench.items(), bench.status())


def test_the_same_id_with_other_sources_is_refused_and_nothing_changes(
    bench: Bench, tmp_path: Path, note: Path
) -> None:
    bench.ingest(note, "--exhibit", "S-01")
    other = tmp_path / "other.txt"
    other.write_text("another\n")
    before = bench.exports()
    done = bench.run("ingest", bench.folder, other, "--exhibit", "S-01")
    assert done.returncode == 2
    assert "'S-01' has other sources already" in done.stderr
    assert str(note) in done.stderr
    more = bench.run("ingest", bench.folder, note, other, "--exhibit", "S-01")
    assert more.returncode == 2
    assert bench.exports() == before


def test_a_source_that_changed_its_size_is_not_the_same(bench: Bench, note: Path) -> None:
    bench.ingest(note)
    note.write_text("a longer note\n")
    done = bench.run("ingest", bench.folder, note)
    assert done.returncode == 2
    assert "has 14 bytes, it had 7" in done.stderr


KEPT = [
    "S 01 / no".replace(" / ", " "),
    "إذاعة ١",
    "北京-01",
    "  padded  ",
    "x" * 200,
    "é" * 200,
    "-S-01",
    "..",
    "a:b|c*",
]


@pytest.mark.parametrize("name", KEPT, ids=ascii)
def test_an_id_is_kept_exactly_as_given(bench: Bench, note: Path, name: str) -> None:
    bench.ingest(note, f"--exhibit={name}")
    assert {row["exhibit"] for row in bench.items()} == {name}
    assert bench.run("ingest", bench.folder, note, f"--exhibit={name}").returncode == 0


@pytest.mark.parametrize("name", ["a/b", "/", "x" * 201, "a\nb", "a\tb", "\u202e", "a\x7f"], ids=ascii)
def test_an_id_that_cannot_be_one_is_refused(bench: Bench, note: Path, name: str) -> None:
    done = bench.run("ingest", bench.folder, note, f"--exhibit={name}")
    assert done.returncode == 2
    assert "1 to 200 printable characters without '/'" in done.stderr
    assert bench.items() == []


def test_without_ids_two_sources_of_one_name_are_refused(bench: Bench, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.txt").write_text(folder)
    done = bench.run("ingest", bench.folder, tmp_path / "a" / "same.txt", tmp_path / "b" / "same.txt")
    assert done.returncode == 2
    assert "'same.txt'" in done.stderr


def test_what_cannot_be_a_source_is_refused_before_anything_is_touched(
    bench: Bench, tmp_path: Path, note: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for bad, why in ((tmp_path / "absent", "No such file"), (tmp_path / "pipe", "neither a file")):
        done = bench.run("ingest", bench.folder, note, bad)
        assert done.returncode == 2
        assert why in done.stderr
        assert str(bad) in done.stderr
    assert bench.items() == []
    assert [row["action"] for row in bench.export("ledger") if row["action"].startswith("exhibit")] == []


def test_files_that_belong_to_nobody_are_each_opened(bench: Bench, tmp_path: Path) -> None:
    paths = []
    for n in range(3):
        paths.append(tmp_path / f"part-{n}.txt")
        paths[-1].write_text(sentences(3, n))
    bench.ingest(*paths, "--exhibit", "S-02")
    rows = bench.items()
    assert sorted(row["path"] for row in rows) == ["", "part-0.txt", "part-1.txt", "part-2.txt"]
    assert {row["status"] for row in rows} == {"parsed"}
    balanced(rows, bench.status())
    assert bench.verify()["ok"]


def test_an_exhibit_whose_file_is_gone_meanwhile_says_so_and_the_run_ends(
    bench: Bench, tmp_path: Path, note: Path
) -> None:
    import subprocess
    import sys

    script = tmp_path / "vanishing.py"
    script.write_text(VANISHING)
    command = [sys.executable, str(script), str(note), "ingest", str(bench.folder), str(note)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    (row,) = bench.items()
    assert (row["path"], row["parent"], row["status"]) == ("", None, "unreadable")
    assert "No such file" in row["reason"]
    assert {"changed", "unreadable"} <= {row["code"] for row in bench.export("issues")}


VANISHING = """
import sys
from pathlib import Path
from actionday.app.cli.main import main
from actionday.pipeline.ingest import Ingest

real = Ingest._start_run

def gone(self):
    real(self)
    Path(sys.argv[1]).unlink()

Ingest._start_run = gone
main(sys.argv[2:])
"""


def test_status_tells_of_a_run_while_it_goes_on(bench: Bench, tmp_path: Path) -> None:
    assert bench.status()["state"] == "empty"
    folder = site(tmp_path / "site", 60)
    for n in range(2):
        large_zip(folder / f"large-{n}.zip", 66 << 20)
    process = bench.begin("ingest", bench.folder, folder, "--json")
    seen, found, proofs = [], [], []
    while process.poll() is None:
        seen.append(bench.status())
        if seen[-1]["found"]:
            found.append(bench.search("kestrel")["total"])
            proofs.append(bench.run("verify", bench.folder, "--json").stdout)
    said = [json.loads(line) for line in process.communicate()[1].splitlines()]
    running = [each for each in seen if each["state"] == "running"]
    assert running
    counts = [each["found"] for each in seen]
    assert counts == sorted(counts)
    assert all(
        each["found"] == sum(each[p] for p in ("parsed", "known_good", "skipped", "failed")) for each in seen
    )
    assert [each["state"] for each in said][-1] == "complete"
    assert proofs
    assert [proof for proof in proofs if not json.loads(proof)["ok"]] == []
    assert found == sorted(found)
    assert found[-1] <= bench.search("kestrel")["total"]
    assert bench.status()["state"] == "complete"
    assert bench.status()["rate"] == 0.0
    assert bench.status()["eta"] is None


def test_d05_two_hundred_small_exhibits_in_one_command(bench: Bench, tmp_path: Path) -> None:
    """More containers waiting than a worker that lists may leave waiting: nobody waits for nobody."""
    paths = []
    for n in range(200):
        paths.append(tmp_path / f"S-{n:03}.tar")
        paths[-1].write_bytes(tarred({f"page-{n}.txt": sentences(3, n).encode(), "same.txt": b"kestrel\n"}))
    bench.ingest(*paths, "--workers", "2")
    rows = bench.items()
    assert len(rows) == 600
    assert {row["status"] for row in rows} == {"parsed"}
    assert bench.search("kestrel name:same.txt")["total"] == 200
    assert bench.search("exhibit:S-007.tar")["total"] == 3
