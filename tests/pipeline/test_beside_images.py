"""What was appended to the file of a virtual disk is opened, hashed and searched, wherever that file lies."""

import random
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from kill_exhibits import HELD, holding_little, zipped

from case_tools import Bench, balanced, crashed, needs, same, sha256, tool

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "qemu-img")]
KINDS = ("qcow2", "vmdk", "vpc", "vhdx", "vdi")
WORDS = "the harbourword stands behind the end of a disk\n" * 20
HIDDEN = zipped({"hidden.txt": WORDS.encode()})
LARGE = zipped({"hidden.txt": WORDS.encode(), "noise.bin": random.Random(7).randbytes(HELD + (1 << 20))})


def plain(folder: Path) -> Path:
    (folder / "inside").mkdir()
    (folder / "inside/note.txt").write_text("a kestrelword inside\n")
    disk = folder / "plain.raw"
    with disk.open("wb") as file:
        file.truncate(4 << 20)
    tool("mkfs.ext4", "-q", "-F", "-d", folder / "inside", disk)
    return disk


def image(disk: Path, path: Path, kind: str, tail: bytes = HIDDEN) -> Path:
    tool("qemu-img", "convert", "-f", "raw", "-O", kind, disk, path)
    with path.open("ab") as file:
        file.write(tail)
    return path


def placed(bench: Bench, word: str) -> list[str]:
    return sorted(hit["path"] for hit in bench.search(word)["hits"])


def whole(bench: Bench) -> None:
    balanced(bench.items(), bench.status())
    assert bench.verify()["ok"]


@pytest.mark.parametrize("kind", KINDS)
def test_of_an_exhibit(kind: str, bench: Bench, tmp_path: Path) -> None:
    bench.ingest(image(plain(tmp_path), tmp_path / f"disk.{kind}", kind))
    assert placed(bench, "harbourword") == ["behind the end/hidden.txt"]
    assert placed(bench, "kestrelword") == ["note.txt"]
    assert bench.item("behind the end")["sha256"] == sha256(HIDDEN)
    assert {issue["code"] for issue in bench.export("issues")} == {"trailing"}
    whole(bench)


def test_in_a_folder_an_archive_and_another_disk(bench: Bench, tmp_path: Path) -> None:
    disk, folder = plain(tmp_path), tmp_path / "seized"
    (folder / "vm").mkdir(parents=True)
    for kind in KINDS:
        image(disk, folder / f"vm/disk.{kind}", kind)
    archive = zipped({"backup/disk.qcow2": (folder / "vm/disk.qcow2").read_bytes()})
    (folder / "all.zip").write_bytes(archive)
    outer = folder / "outer.raw"
    with outer.open("wb") as file:
        file.truncate(48 << 20)
    tool("mkfs.ext4", "-q", "-F", "-d", folder / "vm", outer)
    tool("qemu-img", "convert", "-f", "raw", "-O", "vhdx", outer, folder / "outer.vhdx")
    outer.unlink()
    bench.ingest(folder, "--workers", 2)
    around = [
        "all.zip/backup/disk.qcow2",
        *(f"{at}disk.{each}" for at in ("outer.vhdx/", "vm/") for each in KINDS),
    ]
    assert placed(bench, "harbourword") == sorted(f"{each}/behind the end/hidden.txt" for each in around)
    assert placed(bench, "kestrelword") == sorted(f"{each}/note.txt" for each in around)
    whole(bench)


def test_of_the_base_of_an_overlay_that_is_no_exhibit_of_its_own(bench: Bench, tmp_path: Path) -> None:
    base = image(plain(tmp_path), tmp_path / "base.qcow2", "qcow2")
    top = tmp_path / "top.qcow2"
    tool("qemu-img", "create", "-q", "-f", "qcow2", "-b", base.name, "-F", "qcow2", top)
    bench.ingest(top)
    assert placed(bench, "harbourword") == ["base.qcow2 behind the end/hidden.txt"]
    whole(bench)


def test_of_a_base_beside_its_overlay_once(bench: Bench, tmp_path: Path) -> None:
    disk, folder = plain(tmp_path), tmp_path / "seized"
    folder.mkdir()
    base = image(disk, folder / "base.qcow2", "qcow2")
    tool("qemu-img", "create", "-q", "-f", "qcow2", "-b", base.name, "-F", "qcow2", folder / "top.qcow2")
    bench.ingest(folder)
    assert placed(bench, "harbourword") == ["base.qcow2/behind the end/hidden.txt"]
    whole(bench)


def without_base(disk: Path, path: Path) -> Path:
    tool("qemu-img", "create", "-q", "-f", "qcow2", "-b", disk, "-F", "raw", path)
    disk.unlink()
    return path


def encrypted(disk: Path, path: Path) -> Path:
    key = disk.with_suffix(".key")
    key.write_text("a word nobody knows")
    tool(
        "qemu-img", "create", "-q", "-f", "qcow2", "--object", f"secret,id=key,file={key}",
        "-o", "encrypt.format=aes,encrypt.key-secret=key", path, "4M",
    )  # fmt: skip
    return path


@pytest.mark.parametrize(
    ("made", "status", "code"), [(without_base, "unreadable", 1), (encrypted, "encrypted", 0)]
)
def test_of_an_image_that_cannot_be_opened(
    made: Callable[[Path, Path], Path], status: str, code: int, bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "seized").mkdir()
    path = made(plain(tmp_path), tmp_path / "seized/disk.qcow2")
    bench.ingest(path, code=code)
    codes = [issue["code"] for issue in bench.export("issues")]
    assert codes == (["range_missing", "segment_missing"] if code else ["encrypted"])
    assert len(bench.items()) == 1
    longer = tmp_path / "longer.qcow2"
    longer.write_bytes(path.read_bytes() + HIDDEN)
    (tmp_path / "folder").mkdir()
    shutil.copy(longer, tmp_path / "folder/disk.qcow2")
    bench.ingest(longer, code=code)
    bench.ingest(tmp_path / "folder", code=code)
    assert placed(bench, "harbourword") == [
        "behind the end/hidden.txt",
        "disk.qcow2/behind the end/hidden.txt",
    ]
    assert bench.item("disk.qcow2")["status"] == status
    whole(bench)


def test_of_a_disk_nobody_can_read(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(random.Random(3).randbytes(2 << 20))
    bench.ingest(image(tmp_path / "noise", tmp_path / "disk.qcow2", "qcow2"), code=1)
    assert placed(bench, "harbourword") == ["behind the end/hidden.txt"]


def snapshotted(folder: Path, path: Path) -> Path:
    """Make an image whose disk says another word than its snapshot, from ``plain``."""
    old, new = folder / "plain.raw", folder / "new.raw"
    image(old, path, "qcow2", b"")
    tool("qemu-img", "snapshot", "-c", "before the raid", path)
    (folder / "inside/note.txt").write_text("a merlinword instead\n")
    with new.open("wb") as file:
        file.truncate(4 << 20)
    tool("mkfs.ext4", "-q", "-F", "-d", folder / "inside", new)
    tool("qemu-img", "convert", "-n", "-f", "raw", "-O", "qcow2", new, path)
    return path


def test_files_that_only_a_snapshot_holds(bench: Bench, tmp_path: Path) -> None:
    plain(tmp_path)
    path = snapshotted(tmp_path, tmp_path / "disk.qcow2")
    (tmp_path / "seized").mkdir()
    (tmp_path / "seized/disk.zip").write_bytes(zipped({"disk.qcow2": path.read_bytes()}))
    shutil.copy(path, tmp_path / "seized/disk.qcow2")
    bench.ingest(path)
    bench.ingest(tmp_path / "seized", "--workers", 2)
    around = ("", "disk.qcow2/", "disk.zip/disk.qcow2/")
    assert placed(bench, "kestrelword") == sorted(f"{at}snapshot before the raid/note.txt" for at in around)
    assert placed(bench, "merlinword") == sorted(f"{at}note.txt" for at in around)
    assert {issue["code"] for issue in bench.export("issues")} == {"snapshot"}
    whole(bench)


class Undisturbed(NamedTuple):
    sources: list[Path]
    exports: dict[str, list[str]]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Undisturbed:
    """A folder of images and an exhibit, one with more behind its end than a worker holds."""
    where = tmp_path_factory.mktemp("exhibits")
    disk, folder = plain(where), where / "seized"
    folder.mkdir()
    for kind in KINDS:
        image(disk, folder / f"disk.{kind}", kind)
    alone = image(disk, where / "alone.vmdk", "vmdk", LARGE)
    with snapshotted(where, folder / "snapshot.qcow2").open("ab") as file:
        file.write(HIDDEN)
    made = holding_little(where / "case")
    made.ingest(folder, alone)
    return Undisturbed([folder, alone], made.exports())


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_however_many_workers_it_is_the_same(workers: int, tmp_path: Path, undisturbed: Undisturbed) -> None:
    bench = holding_little(tmp_path / "case")
    bench.ingest(*undisturbed.sources, "--workers", workers)
    same(bench.exports(), undisturbed.exports)
    found = [
        line
        for line in undisturbed.exports["items"]
        if '"behind the end"' in line or '/behind the end"' in line
    ]
    assert len(found) == len(KINDS) + 2


@pytest.mark.parametrize(
    ("target", "when", "number"),
    [
        ("actionday.pipeline.writer:Writer.checkpoint", "after", 1),
        ("actionday.pipeline.writer:Writer.checkpoint", "after", 2),
        ("actionday.pipeline.writer:Writer.checkpoint", "after", 3),
        ("actionday.storage.objects.packs:Packs.adopt", "after", 1),
        ("actionday.pipeline.scheduler:Scheduler._whole", "after", 1),
        ("actionday.pipeline.scheduler:Scheduler._results", "after", 4),
        ("actionday.pipeline.scheduler:Scheduler._results", "after", 8),
        ("actionday.pipeline.scheduler:Scheduler._results", "after", 12),
        ("actionday.pipeline.containers:Containers.close", "before", 1),
        ("actionday.pipeline.containers:Containers.close", "after", 3),
    ],
    ids=lambda each: str(each).rpartition(":")[2],
)
def test_killed_and_gone_on_it_is_the_same(
    target: str, when: str, number: int, tmp_path: Path, undisturbed: Undisturbed
) -> None:
    bench = holding_little(tmp_path / "case")
    ended = crashed(target, when, number, "ingest", bench.folder, *undisturbed.sources, "--workers", "2")
    assert ended.returncode == -9
    bench.ingest(*undisturbed.sources, "--workers", "1")
    same(bench.exports(), undisturbed.exports)
    assert bench.verify()["ok"]
    shutil.rmtree(bench.folder)


@pytest.mark.parametrize(
    ("kind", "at", "form"), [("vmdk", 56, "<Q"), ("qcow2", 40, ">Q"), ("qcow2", 48, ">Q")]
)
def test_a_place_that_no_file_can_have_is_damage_of_one_image(
    kind: str, at: int, form: str, bench: Bench, tmp_path: Path
) -> None:
    """A table at a byte beyond what the system can seek to."""
    folder = tmp_path / "seized"
    folder.mkdir()
    path = image(plain(tmp_path), folder / f"disk.{kind}", kind)
    data = bytearray(path.read_bytes())
    struct.pack_into(form, data, at, (1 << 63) - 1 if kind == "vmdk" else (1 << 64) - 65536)
    path.write_bytes(data)
    (folder / "note.txt").write_text("a merlinword beside it\n")
    bench.ingest(folder, code=1)
    assert placed(bench, "merlinword") == ["note.txt"]
    assert bench.item(f"disk.{kind}")["status"] == ("parsed" if at == 48 else "unreadable")
    codes = [issue["code"] for issue in bench.export("issues")]
    assert codes == (["damaged"] if at == 48 else ["damaged", "range_missing"])
    whole(bench)
