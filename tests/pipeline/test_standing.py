"""A FIFO, socket or device in the place of an exhibit's file is named by every command and read by none."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from actionday.pipeline.custody import hash_of
from case_tools import Bench, sentences

MAIL = b"From a@kestrel.example Mon Jan  1 00:00:00 2024\nSubject: tide\n\nkestrel over the harbour\n\n"


def fifo(path: Path) -> None:
    os.mkfifo(path)


def door(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket may have 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(path.name)
    finally:
        os.chdir(here)


def endless(path: Path) -> None:
    """Make a device that gives zeros without end."""
    try:
        os.mknod(path, 0o20644, os.makedev(1, 5))
    except OSError as error:
        pytest.skip(f"no device can be made here: {error.strerror}")


KINDS = pytest.mark.parametrize(
    ("put", "name"),
    [(fifo, "FIFO"), (door, "socket"), (endless, "character device")],
    ids=["fifo", "socket", "device"],
)
Put = Callable[[Path], None]


@pytest.fixture
def taken(bench: Bench, tmp_path: Path) -> tuple[Bench, Path, Path]:
    """A case of a mailbox and a folder; the mailbox, and a file of the folder."""
    box, folder = tmp_path / "box.mbox", tmp_path / "papers"
    box.write_bytes(MAIL)
    folder.mkdir()
    (folder / "a.txt").write_text(sentences(4, 1))
    bench.ingest(box, folder)
    return bench, box, folder / "a.txt"


@KINDS
def test_verify_names_it_and_reads_nothing(taken: tuple[Bench, Path, Path], put: Put, name: str) -> None:
    bench, *files = taken
    for file in files:
        file.unlink()
        put(file)
    done = bench.run("verify", bench.folder)
    assert done.returncode == 1
    assert f"box.mbox: {files[0]}: a {name} stands in the place of the file: never opened" in done.stdout
    assert f"papers: {files[1]}: it is a {name}, it was a file" in done.stdout
    assert "e3b0c442" not in done.stdout  # the hash of no byte, which nobody read


@KINDS
def test_ingest_again_and_bytes_name_it(taken: tuple[Bench, Path, Path], put: Put, name: str) -> None:
    bench, *files = taken
    for file in files:
        file.unlink()
        put(file)
    again = bench.run("ingest", bench.folder, files[0]).stderr
    assert f"exhibit 'box.mbox': {files[0]}: a {name}, neither a file" in again
    again = bench.run("ingest", bench.folder, files[1].parent).stderr
    assert f"exhibit 'papers': 'a.txt': it is a {name}, it was a file" in again
    out = bench.folder.with_name("out")
    said = bench.run("show", bench.folder, "box.mbox/000000000000", "--bytes", out, "--reason", "x").stderr
    assert f"exhibit 'box.mbox': {files[0]}: a {name} stands in the place of the file: never opened" in said
    assert not out.exists()


@KINDS
def test_what_gives_bytes_without_end_is_never_hashed(tmp_path: Path, put: Put, name: str) -> None:
    put(tmp_path / "a")
    with pytest.raises(OSError, match=f"a {name} stands in the place"):
        hash_of(os.fsencode(tmp_path / "a"))
