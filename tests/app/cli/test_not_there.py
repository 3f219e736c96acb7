"""What is not where it was is named: the exhibit, the file on the host, and why it cannot be had."""

import errno
import os
import zipfile
from pathlib import Path

import pytest

from actionday.app.cli.main import run
from actionday.storage.case import Case
from case_tools import Bench

BYTES = bytes(range(256)) * 16
"""No text, whose copy in the case would do."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    where = tmp_path_factory.mktemp("there")
    (where / "site" / "in").mkdir(parents=True)
    (where / "site" / "in" / "x.bin").write_bytes(BYTES)
    (where / "U-09.bin").write_bytes(BYTES[::-1])
    with zipfile.ZipFile(where / "set.zip", "w") as packed:
        packed.writestr("y.bin", BYTES[1:])
    bench = Bench(where / "case")
    bench.ingest(*(where / name for name in ("site", "U-09.bin", "set.zip")))
    return bench


@pytest.mark.parametrize(
    ("item", "gone", "named"),
    [
        ("U-09.bin", "U-09.bin", "U-09.bin"),
        ("set.zip/y.bin", "set.zip", "set.zip"),
        ("site/in/x.bin", "site", "site"),
        ("site/in/x.bin", "site/in/x.bin", "site/in/x.bin"),
    ],
)
def test_bytes_of_what_was_moved_away_are_asked_for_by_its_name(
    filled: Bench, tmp_path: Path, item: str, gone: str, named: str
) -> None:
    where = filled.folder.parent
    (where / gone).rename(tmp_path / "away")
    try:
        out = tmp_path / "out"
        done = filled.run("show", filled.folder, item, "--bytes", out, "--reason", "a test")
    finally:
        (tmp_path / "away").rename(where / gone)
    exhibit = item.partition("/")[0]
    why = f"exhibit {exhibit!r}: {where / named}: {os.strerror(errno.ENOENT)}"
    assert done.stderr == f"actionday: {item}: its bytes cannot be read: {why}\n"
    assert (done.returncode, out.exists()) == (1, False)


def test_of_what_was_cut_it_is_said_where_it_ends(filled: Bench, tmp_path: Path) -> None:
    path = filled.folder.parent / "U-09.bin"
    path.write_bytes(BYTES[::-1][:100])
    try:
        done = filled.run(
            "show", filled.folder, "U-09.bin", "--bytes", tmp_path / "out", "--reason", "a test"
        )
    finally:
        path.write_bytes(BYTES[::-1])
    assert done.returncode == 1
    assert done.stderr.startswith("actionday: U-09.bin: its bytes cannot be read: ")
    assert "ends at byte 100" in done.stderr


def test_a_refusal_without_a_name_says_what_was_asked_for(
    filled: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for error, told in (
        (OSError(errno.EIO, "Input/output error"), "without its name: Input/output error"),
        (OSError("a sentence of its own"), "without its name: a sentence of its own"),
        (OSError(errno.EIO, "Input/output error", b"/a/b\xff"), "actionday: /a/b\\xff: Input/output error"),
    ):

        def refused(*_: object, error: OSError = error, **__: object) -> None:
            raise error

        monkeypatch.setattr(Case, "open", refused)
        assert run(["status", str(filled.folder)]) == 1
        said = capsys.readouterr().err
        assert told in said
        assert "status" in said or error.filename
