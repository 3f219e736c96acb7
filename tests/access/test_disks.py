"""What is not read of a disk is said wherever one was opened, however deep it lies."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from case_tools import Bench, actionday

SAID = (
    "free space, what is left of a file's last block (of both, files in one piece and text are read where the items "
    "$Unallocated and $Slack are parsed), and the tables of a file system as bytes (its journal, "
    "directories and indexes)"
)


@pytest.mark.tools
@pytest.mark.skipif(shutil.which("mke2fs") is None, reason="mke2fs is not installed here")
def test_of_a_disk_in_an_archive_in_a_folder_it_is_said_what_is_not_read(
    tmp_path: Path, bench: Bench
) -> None:
    import subprocess

    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.txt").write_text("Kestrel is on air at eight.")
    subprocess.run(
        ["mke2fs", "-q", "-t", "ext4", "-d", tmp_path / "files", tmp_path / "usb.dd", "4M"], check=True
    )
    for name in ("with", "without"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plain.txt").write_text(name)
    with zipfile.ZipFile(tmp_path / "with" / "copy.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "usb.dd", "usb.dd")
    assert SAID not in bench.ingest(tmp_path / "without").stdout
    assert f"\nnot read of disks (in with): {SAID}\n" in bench.ingest(tmp_path / "with").stdout
    assert json.loads(bench.ingest(tmp_path / "with", "--json").stdout)["disks"] == ["with"]
    proof = actionday("verify", bench.folder).stdout.replace("\n    ", " ")
    assert f"not read of disks (in with): {SAID}\n" in proof
    assert "none unread" not in proof
    data = json.loads(actionday("verify", bench.folder, "--json").stdout)
    expected = {"exhibits": ["with"], "what": SAID, "open": None}
    assert data["not_read_of_disks"] == data["report"]["not_read_of_disks"] == expected
    for path, is_disk in (
        ("with/copy.zip/usb.dd", True),
        ("with/copy.zip", False),
        ("with/copy.zip/usb.dd/a.txt", False),
    ):
        assert (SAID in actionday("show", bench.folder, path).stdout) is is_disk
        assert json.loads(actionday("show", bench.folder, path, "--json").stdout)["disk"] is is_disk


@pytest.mark.tools
@pytest.mark.skipif(shutil.which("mke2fs") is None, reason="mke2fs is not installed here")
def test_u15_a_run_and_a_proof_name_the_same_disks_in_the_same_sentence(tmp_path: Path, bench: Bench) -> None:
    """A disk that only a search found has no table and no super block: it was read, and both have to say so."""
    import subprocess

    for name in ("lost.dd", "sound.dd"):
        subprocess.run(["mke2fs", "-q", "-t", "ext4", tmp_path / name, "16M"], check=True)
    with (tmp_path / "lost.dd").open("r+b") as disk:
        disk.write(bytes(4096))
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "a.txt").write_text("no disk")
    run = bench.ingest(tmp_path / "lost.dd", tmp_path / "sound.dd", tmp_path / "cut").stdout
    (said,) = (line for line in run.splitlines() if line.startswith("not read of disks"))
    assert said.startswith("not read of disks (in lost.dd, sound.dd): free space")
    proof = actionday("verify", bench.folder).stdout.replace("\n    ", " ")
    assert f"\n{said}\n" in proof
