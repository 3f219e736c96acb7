"""Encrypted volumes from the command line: named without a secret, read with it, and no record holds the secret."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path[:0] = [
    str(Path(__file__).parents[1] / "sources"),
    str(Path(__file__).parents[1] / "sources" / "volumes"),
    str(Path(__file__).parents[1] / "sources" / "filesystems"),
]
from apfs_writer import Link, Packed, Volume, written
from bitlocker_writer import RECOVERY, bitlocker, by_passphrase, by_recovery, shown
from disk_makers import ext, tree
from gpt_writer import gpt
from locked import WORD, luks
from test_unread_volumes import MIB, disk, ext4

from case_tools import Bench, balanced

SECRETS = f"wrong\n{WORD}\n"


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    if shutil.which("cryptsetup") is None:
        pytest.skip("not here: cryptsetup")
    options = ("--pbkdf", "argon2id", "--pbkdf-memory", "65536", "--pbkdf-force-iterations", "4")
    return luks(tmp_path / "locked.raw", ext4(tmp_path), *options)


def given(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text(SECRETS)
    assert bench.run("case", "secret", bench.folder, "--file", tmp_path / "secrets").returncode == 0


def test_without_a_secret_it_is_named(bench: Bench, locked: Path) -> None:
    bench.ingest(locked)
    (root,) = bench.items()
    assert (root["status"], "the case has no secret to try" in root["reason"]) == ("encrypted", True)
    balanced(bench.items(), bench.status())


@pytest.mark.parametrize("workers", [1, 2])
def test_with_one_the_files_within_are_read(bench: Bench, locked: Path, tmp_path: Path, workers: int) -> None:
    given(bench, tmp_path)
    bench.ingest(locked, "--workers", workers)
    rows = {row["path"]: row for row in bench.items()}
    assert rows["a.txt"]["status"] == "parsed"
    assert rows[""]["meta"]["luks"]["secret"] == 2
    assert bench.search("heron")["total"] == 1
    bench.verify()
    out = tmp_path / "out"
    shown = bench.run("show", bench.folder, "locked.raw/a.txt", "--bytes", out, "--reason", "a test")
    assert shown.returncode == 0, shown.stderr
    assert out.read_text() == "the heron is at the weir\n"
    told = [*bench.export("items"), *bench.export("issues"), *bench.export("ledger")]
    assert WORD not in json.dumps(told)
    held = subprocess.run(
        ["grep", "-rl", WORD, str(bench.folder)], capture_output=True, text=True, check=False
    )
    assert {Path(name).name.partition("-")[0] for name in held.stdout.split()} <= {"case.db"}


def test_a_partition_of_a_disk_is_opened(bench: Bench, locked: Path, tmp_path: Path) -> None:
    given(bench, tmp_path)
    plain = b"the ferry leaves at noon ".ljust(MIB, b"\0")
    bench.ingest(disk(tmp_path / "disk.dd", locked.read_bytes(), plain), code=1)
    rows = {row["path"]: row for row in bench.items()}
    assert rows["p1/a.txt"]["status"] == "parsed"
    assert rows["p1"]["meta"]["luks"]["secret"] == 2
    balanced(bench.items(), bench.status())


def test_a_volume_of_windows_is_read_with_its_recovery_password(bench: Bench, tmp_path: Path) -> None:
    plain = ext(
        tmp_path / "e", tree(tmp_path / "u", {"a.txt": b"the heron is at the weir\n"}), size=MIB
    ).read_bytes()
    assert shown(plain) == plain, "the file system uses what BitLocker keeps for itself"
    (tmp_path / "usb.raw").write_bytes(bitlocker(plain, by_passphrase() + by_recovery()))
    bench.ingest(tmp_path / "usb.raw")
    (root,) = bench.items()
    assert root["status"] == "encrypted"
    assert "recovery password 00000000-0000-0000-0000-000000000002" in root["reason"]
    (tmp_path / "secrets").write_text(f"wrong\n{RECOVERY}\n")
    other = Bench(tmp_path / "other")
    assert other.run("case", "secret", other.folder, "--file", tmp_path / "secrets").returncode == 0
    other.ingest(tmp_path / "usb.raw", "--workers", 2)
    rows = {row["path"]: row for row in other.items()}
    assert rows["a.txt"]["status"] == "parsed"
    assert rows[""]["meta"]["bitlocker"]["secret"] == 2
    other.verify()
    assert RECOVERY not in json.dumps([other.export("items"), other.export("issues"), other.export("ledger")])


def container(path: Path) -> Path:
    """Write a disk with an APFS container in its only partition: one open volume, one locked."""
    files: dict[str, bytes | Packed | Link] = {
        "a.txt": b"the heron is at the weir\n",
        "long.bin": bytes(range(256)) * 40,
    }
    raw = written(
        Volume("Open", {"b.txt": b"the ferry leaves\n"}),
        Volume("Locked", files, [(bytes(16), WORD.encode())]),
    )
    sectors = len(raw) // 512
    made = gpt([(40, 40 + sectors - 1, "Macintosh HD")], sectors=sectors + 80)
    made[40 * 512 : 40 * 512 + len(raw)] = raw
    path.write_bytes(made)
    return path


def test_an_apfs_volume_is_named_and_the_others_of_its_container_are_read(
    bench: Bench, tmp_path: Path
) -> None:
    bench.ingest(container(tmp_path / "mac.raw"))
    rows = {row["path"]: row for row in bench.items()}
    assert rows["p1/Open/b.txt"]["status"] == "parsed"
    locked = rows["p1/Locked"]
    assert (locked["kind"], locked["status"]) == ("volume", "encrypted")
    assert "the case has no secret to try" in locked["reason"]
    balanced(bench.items(), bench.status())


@pytest.mark.parametrize("workers", [1, 2])
def test_an_apfs_volume_is_read_with_its_passphrase(bench: Bench, tmp_path: Path, workers: int) -> None:
    given(bench, tmp_path)
    bench.ingest(container(tmp_path / "mac.raw"), "--workers", workers)
    rows = {row["path"]: row for row in bench.items()}
    assert rows["p1/Locked/a.txt"]["status"] == "parsed"
    assert (rows["p1/Locked"]["meta"]["secret"], rows["p1/Locked"]["meta"]["encrypted"]) == (2, True)
    bench.verify()
    out = tmp_path / "out"
    shown = bench.run("show", bench.folder, "mac.raw/p1/Locked/a.txt", "--bytes", out, "--reason", "a test")
    assert shown.returncode == 0, shown.stderr
    assert out.read_text() == "the heron is at the weir\n"
    assert WORD not in json.dumps([*bench.export("items"), *bench.export("issues"), *bench.export("ledger")])
