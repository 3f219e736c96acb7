"""Removed files of NTFS whose names are gone, where the list of one removed directory is damaged."""

import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from disk_makers import MIB, ntfs, tree
from disk_tools import listing, needs, run

from actionday.sources.filesystems.ntfs import SOURCE
from actionday.testing.context import Bytes, content

pytestmark = [pytest.mark.tools, needs("mkntfs", "ntfscp", "ntfs-3g")]


@contextmanager
def mounted(disk: Path, where: Path) -> Iterator[None]:
    done = subprocess.run(["ntfs-3g", disk, where], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"this machine does not mount: {done.stderr.decode(errors='replace').strip()}")
    try:
        yield
    finally:
        run("umount", where)
        time.sleep(0.5)  # it writes on behind the call


def test_one_damaged_list_takes_no_other_removed_file_with_it(tmp_path: Path) -> None:
    """The sleuthkit then gives none of those that no name leads to; their records are all there."""
    disk, where = (
        ntfs(tmp_path / "d", tree(tmp_path / "t", {"kept.txt": b"k"}), size=24 * MIB),
        tmp_path / "m",
    )
    where.mkdir()
    files = {
        f"{name}/inner-{at:03d}.txt": f"{name} {at}\n".encode() * 9
        for name in ("one", "two")
        for at in range(90)
    }
    with mounted(disk, where):
        for name, data in files.items():
            (where / name).parent.mkdir(exist_ok=True)
            (where / name).write_bytes(data)
    with mounted(disk, where):
        shutil.rmtree(where / "one")
        shutil.rmtree(where / "two")
    raw = bytearray(disk.read_bytes())
    name = "inner-".encode("utf-16-le")
    lists = [
        at for at in range(0, len(raw), 4096) if raw[at : at + 4] == b"INDX" and name in raw[at : at + 4096]
    ]
    for at in lists:
        struct.pack_into("<H", raw, at + 6, 0xFFFF)
    stream = Bytes(bytes(raw))
    found, context, _ = listing(SOURCE, stream)
    gone = {each.name.rpartition("/")[2]: [] for each in found if each.kind == "deleted"}  # type: ignore[var-annotated]
    for each in found:
        if each.kind == "deleted" and each.runs:
            gone[each.name.rpartition("/")[2]].append(content(each, stream))
    for name_, data in files.items():
        assert data in gone[name_.rpartition("/")[2]]
    assert not [note for note in context.notes if note.code in ("directory", "orphans")]
