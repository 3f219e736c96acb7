"""A file system of little more than a megabyte, to be filled to the last byte."""

import errno
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of little more than a megabyte."""
    where = tmp_path / "disk"
    where.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1200k", "tmpfs", str(where)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small file system can be mounted here: {done.stderr.strip()}")
    yield where
    subprocess.run(["umount", str(where)], check=True)


def more_room(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=300m", str(disk)], check=True)


def filled(disk: Path) -> None:
    """Write until not a byte more fits."""
    with (disk / "filling").open("wb", buffering=0) as file:
        try:
            while file.write(bytes(512)):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC
