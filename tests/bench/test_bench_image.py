"""The image is what it says: every file once, with its bytes, at least half of them text."""

import gzip
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from bench.image import acquire, candidates, is_text, make
from bench.work import compared, of_export, of_folder, of_sha256sum, shown
from bench_tree import Tree


def test_it_holds_every_file_of_the_tree_and_says_which(tree: Tree) -> None:
    below = shown(tree.root.relative_to("/"))
    expected = {
        f"{below}/a/station.txt": b"The Kestrel radio station opens at noon.\n" * 200,
        f"{below}/a/deep/blob.bin": bytes(range(256)) * 16,
        f"{below}/a/empty": b"",
        f"{below}/a/caf\\xe9.txt": b"Le menu du jour.\n" * 300,
    }
    assert tree.truth == {path: hashlib.sha256(data).hexdigest() for path, data in expected.items()}
    assert tree.image.bytes == sum(map(len, expected.values()))
    assert tree.image.text == tree.image.bytes - 4096
    assert tree.image.size == tree.image.path.stat().st_size
    assert (
        subprocess.run(["e2fsck", "-fn", tree.image.path], capture_output=True, check=False).returncode == 0
    )


def test_binaries_never_outweigh_text(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    (root / "1.bin").write_bytes(bytes(5_000))
    (root / "2.txt").write_text("x" * 10_000)
    (root / "3.bin").write_bytes(bytes(9_000))
    (root / "4.bin").write_bytes(bytes(2_000))
    made = make(tmp_path / "image.raw", 1_000_000, [str(root)])
    assert (made.files, made.bytes, made.text) == (2, 19_000, 10_000)


def test_it_stops_at_its_size(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    for number in range(9):
        (root / f"{number}.txt").write_text("x" * 1_000)
    assert make(tmp_path / "image.raw", 3_500, [str(root)]).files == 4


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["outer first", "inner first"])
def test_a_root_within_another_is_walked_once(tmp_path: Path, order: tuple[int, int]) -> None:
    inner = tmp_path / "tree" / "inner"
    inner.mkdir(parents=True)
    (inner / "one.txt").write_text("one")
    (inner.parent / "two.txt").write_text("two")
    roots = [str(inner.parent), str(inner)]
    found = [path.name for path, _, _ in candidates([roots[at] for at in order])]
    assert sorted(found) == ["one.txt", "two.txt"]


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (b"radio\n", True),
        ("радио".encode(), True),
        (b"", True),
        (b"a\0b", False),
        (gzip.compress(b""), False),
    ],
    ids=["ascii", "utf-8", "empty", "nul", "gzip"],
)
def test_what_counts_as_text(head: bytes, text: bool) -> None:
    assert is_text(head) is text


@pytest.mark.tools
@pytest.mark.parametrize("compression", ["fast", "none"])
def test_the_e01_is_of_the_whole_image(tree: Tree, compression: str) -> None:
    if shutil.which("ewfacquire") is None:
        pytest.skip("ewfacquire is not here: package ewf-tools")
    evidence = acquire(tree.image.path, compression)
    done = subprocess.run(["ewfinfo", evidence], capture_output=True, text=True, check=True)
    assert f"{tree.image.size}" in done.stdout.replace(" bytes", "")
    evidence.unlink()


def test_lost_and_altered_files_are_told_apart() -> None:
    truth = {"a": "1", "b": "2", "c": "3"}
    assert compared(truth, truth) == (3, 0, 0, ())
    assert compared(truth, {"a": "1", "b": "9", "d": "4"}) == (1, 1, 1, ("b", "c"))


def test_a_row_without_a_content_is_lost() -> None:
    lines = ['{"path": "a", "sha256": "1"}', '{"path": "b", "sha256": null}']
    assert of_export(lines) == {"a": "1"}


def test_sha256sum_is_read_with_its_escapes(tmp_path: Path) -> None:
    for name in (b"plain", b"back\\slash", b"new\nline", b"caf\xe9"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(name)
    script = 'find "$0" -type f -print0 | xargs -0 sha256sum'
    done = subprocess.run(["sh", "-c", script, tmp_path], check=True, capture_output=True)
    lines = done.stdout.decode("utf-8", "backslashreplace").splitlines()
    assert of_sha256sum(lines, tmp_path) == of_folder(tmp_path)
    assert len(lines) == 4
