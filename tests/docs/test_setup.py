"""What the set-up does where a package is there, missing, or not to be had; apt itself is never called."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
pytestmark = pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="this is no Debian")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder with the few programs the scripts need, without apt-get and sudo."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "cat", "id", "touch", "rm", "dpkg-query"):
        (folder / name).symlink_to(shutil.which(name) or "")
    (folder / "python3").symlink_to(sys.executable)
    return folder


def packages(path: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(SCRIPTS / "packages.sh"), *map(str, words)]
    environment = {**os.environ, "PATH": str(path)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_nothing_is_done_where_all_is_there(path: Path, tmp_path: Path) -> None:
    (tmp_path / "list").write_text("dpkg\nbase-files\n")
    done = packages(path, tmp_path / "stamp", tmp_path / "list")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "stamp").exists()


def test_what_is_optional_is_named_and_asked_for_again(path: Path, tmp_path: Path) -> None:
    (tmp_path / "list").write_text("dpkg\nkestrel-tools\n")
    (tmp_path / "more").write_text("linnet-tools\n")
    done = packages(path, tmp_path / "stamp", tmp_path / "list", tmp_path / "more")
    assert done.returncode == 0
    assert "apt-get install --no-install-recommends kestrel-tools linnet-tools" in done.stderr
    assert not (tmp_path / "stamp").exists()


def test_what_is_needed_stops_the_set_up_and_is_named(path: Path) -> None:
    done = packages(path, "--must", "dpkg", "kestrel-venv")
    assert done.returncode == 1
    assert "Missing, and not to be installed from here: kestrel-venv" in done.stderr
    assert packages(path, "--must", "dpkg").returncode == 0


def test_elsewhere_than_on_debian_one_is_told_what_to_install(path: Path, tmp_path: Path) -> None:
    (path / "dpkg-query").unlink()
    (tmp_path / "list").write_text("libkestrel7\n")
    done = packages(path, tmp_path / "stamp", tmp_path / "list")
    assert done.returncode == 0
    assert "libkestrel7" in done.stderr
    assert packages(path, "--must", "libkestrel7").returncode == 1


def test_an_interpreter_that_is_too_old_or_too_new_is_refused(path: Path, tmp_path: Path) -> None:
    (path / "python3").unlink()
    (path / "python3").write_text('#!/bin/sh\ncase "$1" in -c) exit 1 ;; esac\necho "Python 3.9.2"\n')
    (path / "python3").chmod(0o755)
    command = ["sh", str(SCRIPTS / "venv.sh"), str(tmp_path / "venv")]
    environment = {**os.environ, "PATH": str(path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert "3.9.2" in done.stderr
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize("name", ["apt-runtime.txt", "apt-tests.txt"])
def test_lists_name_each_package_once_in_order(name: str) -> None:
    lines = (SCRIPTS / name).read_text(encoding="utf-8").split("\n")
    assert lines[-1] == ""
    assert lines[:-1] == sorted(set(lines[:-1]))
