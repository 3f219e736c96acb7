"""The scripts themselves, on a tiny image: every file comes back, and the run is kept whole."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bench.intake import hashed, taken_in
from bench.ours import ingested, sizes
from bench.rows import read
from bench_tree import Tree

from actionday.pipeline.openers import Openers
from bench import peers

ROOT = Path(__file__).parents[2]


def script(name: str, *words: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", *map(str, words)],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_intake_reads_and_hashes_every_file(tree: Tree) -> None:
    spent, hashes = taken_in(tree.image.path, Openers())
    assert hashes == tree.truth
    assert (spent.files, spent.bytes) == (len(tree.truth), tree.image.bytes)
    assert spent.cpu > 0


@pytest.mark.parametrize("stream", [False, True], ids=["file by file", "as one stream"])
def test_hashing_from_memory_is_of_the_same_bytes(tree: Tree, stream: bool) -> None:
    spent = hashed(tree.image.path, Openers(), stream=stream)
    assert (spent.files, spent.bytes) == (len(tree.truth), tree.image.bytes)


def test_intake_goes_through_partitions(tree: Tree, tmp_path: Path) -> None:
    """A disk of one MBR partition: the same files, below the partition's name."""
    sector = bytearray(512)
    size = tree.image.size // 512
    sector[446:462] = (
        bytes([0, 0, 2, 0, 0x83, 0, 0, 0]) + (2048).to_bytes(4, "little") + size.to_bytes(4, "little")
    )
    sector[510:] = b"\x55\xaa"
    disk = tmp_path / "disk.raw"
    disk.write_bytes(bytes(sector).ljust(2048 * 512, b"\0") + tree.image.path.read_bytes())
    _, hashes = taken_in(disk, Openers())
    assert sorted(hashes.values()) == sorted(tree.truth.values())
    assert all(path.partition("/")[2] in tree.truth for path in hashes)


def test_an_ingest_loses_nothing_and_is_measured_by_process(tree: Tree, tmp_path: Path) -> None:
    done = ingested(tree.image.path, tree.truth, 1, 1, tmp_path)
    assert (done.work.files, done.work.lost, done.work.altered) == (len(tree.truth), 0, 0)
    assert {"main", "worker"} <= done.used.peak.keys()
    assert {"case.db", "index"} <= done.parts.keys()
    assert done.balance["found"] == len(tree.truth)
    assert not (tmp_path / "case").exists()


def test_an_ingest_that_cannot_run_is_no_figure(tree: Tree, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 2"):
        ingested(tmp_path / "nothing.raw", tree.truth, 1, 1, tmp_path)


def test_the_database_counts_with_its_log(tmp_path: Path) -> None:
    for name, size in {"case.db": 5, "case.db-wal": 7, "index/a": 3, "index/b": 4, "objects/0001": 9}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size))
    assert sizes(tmp_path) == {"case.db": 12, "index": 7, "objects": 9}


@pytest.mark.tools
def test_tsk_recover_brings_out_all_but_what_is_empty(tree: Tree, tmp_path: Path) -> None:
    if shutil.which("tsk_recover") is None:
        pytest.skip("tsk_recover is not here: package sleuthkit")
    peer = peers.tsk_recover(tree.image.path, tree.truth, tmp_path)
    assert [step.name for step in peer.steps] == ["recover", "hash"]
    assert peer.wall == sum(step.used.wall for step in peer.steps)
    assert peer.work.altered == 0
    lost = [path for path in peer.work.examples if not path.endswith("/a/empty")]
    assert lost in ([], [path for path in tree.truth if "caf" in path])  # its name is written otherwise


@pytest.mark.tools
def test_7zz_brings_out_every_file_but_odd_names(tree: Tree, tmp_path: Path) -> None:
    if shutil.which("7zz") is None:
        pytest.skip("7zz is not here: package 7zip")
    peer = peers.sevenzip(tree.image.path, tree.truth, tmp_path)
    assert peer.work.altered == 0
    assert all("caf" in path for path in peer.work.examples)


def test_a_peer_that_is_not_here_is_named(
    monkeypatch: pytest.MonkeyPatch, tree: Tree, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(peers.Absent, match="tsk_recover is not installed"):
        peers.tsk_recover(tree.image.path, tree.truth, tmp_path)


def test_a_run_is_kept_whole_and_can_be_told_again(tree: Tree, tmp_path: Path) -> None:
    out = tmp_path / "2026-11-25-abacus"
    words = ("--size", 50_000, "--only", "intake", "--out", out, "--tree", tree.root, "--machine", "abacus")
    said = script("run", *words)
    assert "intake" in said
    rows, skipped = read(out)
    assert [row.tool for row in rows] == ["intake", "hash file by file", "hash as one stream"]
    assert skipped == []
    assert [(row.files, row.lost) for row in rows] == [(len(tree.truth), 0)] * 3
    summary: dict[str, Any] = json.loads((out / "summary.json").read_text())
    assert summary["image"]["files"] == len(tree.truth)
    assert summary["machine"]["name"] == "abacus"
    readme = (out / "README.md").read_text()
    (out / "README.md").unlink()
    script("report", out)
    assert (out / "README.md").read_text() == readme


def test_a_group_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.run", "--only", "luck", "--out", tmp_path / "out"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "luck" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "files", "calls"),
    [(("worker", "--files", 2), 2, "flush"), (("intake",), 4, "taken_in")],
    ids=["worker", "intake"],
)
def test_a_profile_names_the_dearest_functions(
    tree: Tree, tmp_path: Path, words: tuple[object, ...], files: int, calls: str
) -> None:
    said = script("profile", *words, tree.image.path, "--top", 400, "-o", tmp_path / "stats")
    assert f"{files} files" in said
    assert "reading.py" in said
    assert f"({calls})" in said
    assert (tmp_path / "stats").stat().st_size > 0


def test_the_writing_process_is_profiled_over_a_whole_ingest(tree: Tree) -> None:
    said = script("profile", "main", tree.image.path, "--top", 400)
    assert f"{len(tree.truth)} items" in said
    assert "writer.py" in said
