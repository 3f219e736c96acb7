"""Virtual disks in the file system of a hypervisor: guests two deep, with what they stand on wherever that lies."""

import subprocess
from pathlib import Path

import pytest
from disk_makers import ext
from disk_tools import run

from case_tools import Bench

MIB = 1 << 20
LEAFLET = b"wren leaflet in a guest\n"


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("guest")
    (where / "files").mkdir()
    (where / "files" / "leaflet.txt").write_bytes(LEAFLET)
    return ext(where / "disk.raw", where / "files", size=4 * MIB)


def converted(raw: Path, to: Path, kind: str, *options: str) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    run("qemu-img", "convert", "-f", "raw", "-O", kind, *options, raw, to)
    return to


def overlay(at: Path, name: str, base: str) -> None:
    at.mkdir(parents=True, exist_ok=True)
    subprocess.run(["qemu-img", "create", "-q", "-u", "-f", "qcow2", "-b", base, "-F", "qcow2", name, "4M"],
                   check=True, cwd=at)  # fmt: skip


def guests(host: Path, tmp_path: Path, size: int = 64 * MIB) -> tuple[dict[str, str], list[str]]:
    """Return the leaflets of the guests by the paths of their disks, and the codes of issues."""
    bench = Bench(tmp_path / "case")
    bench.ingest(ext(tmp_path / "host.raw", host, size=size))
    ending = "/leaflet.txt"
    found = {
        row["path"].removesuffix(ending): row["sha256"]
        for row in bench.items()
        if row["path"].endswith(ending)
    }
    return found, [row["code"] for row in bench.export("issues")]


def test_every_kind_of_disk_is_opened_and_guests_within_guests(raw: Path, tmp_path: Path) -> None:
    host, at = tmp_path / "host", "var/lib/vms"
    for kind in ("vmdk", "vdi", "vhdx", "vpc", "qcow2"):
        converted(raw, host / at / f"one.{kind}", kind)
    converted(raw, host / at / "split.vmdk", "vmdk", "-o", "subformat=twoGbMaxExtentSparse")
    converted(raw, host / at / "flat.vmdk", "vmdk", "-o", "subformat=monolithicFlat")
    overlay(host / at, "top.qcow2", "one.qcow2")
    overlay(host / at, "snap.qcow2", "top.qcow2")
    second = tmp_path / "second"
    converted(raw, second / "base.qcow2", "qcow2")
    overlay(second, "top.qcow2", "base.qcow2")
    deep = ext(tmp_path / "deep.raw", second, size=16 * MIB)
    converted(deep, host / at / "deep.vmdk", "vmdk")
    found, _ = guests(host, tmp_path, 96 * MIB)
    names = {"one.vmdk", "one.vdi", "one.vhdx", "one.vpc", "one.qcow2", "split.vmdk", "flat.vmdk", "flat-flat.vmdk",
             "top.qcow2", "snap.qcow2", "deep.vmdk/base.qcow2", "deep.vmdk/top.qcow2"}  # fmt: skip
    assert found.keys() == {f"{at}/{name}" for name in names}
    assert len(set(found.values())) == 1


@pytest.mark.parametrize(
    "base", ["../100/base.qcow2", "/var/lib/vms/100/base.qcow2", "/srv/var/lib/vms/100/base.qcow2"]
)
def test_a_linked_clone_stands_on_a_disk_in_another_folder(base: str, raw: Path, tmp_path: Path) -> None:
    """Proxmox names it by ``..``, OpenStack and libvirt from the root, where the file system was mounted below it."""
    host = tmp_path / "host"
    converted(raw, host / "var/lib/vms/100/base.qcow2", "qcow2")
    overlay(host / "var/lib/vms/101", "clone.qcow2", base)
    found, issues = guests(host, tmp_path)
    assert found.keys() == {"var/lib/vms/100/base.qcow2", "var/lib/vms/101/clone.qcow2"}
    assert issues == []


def test_what_a_base_stands_on_is_looked_for_from_the_folder_of_the_base(raw: Path, tmp_path: Path) -> None:
    host = tmp_path / "host"
    converted(raw, host / "images/golden/root.qcow2", "qcow2")
    overlay(host / "images/100", "base.qcow2", "../golden/root.qcow2")
    overlay(host / "clones/101", "clone.qcow2", "../../images/100/base.qcow2")
    found, issues = guests(host, tmp_path)
    assert found.keys() == {"images/golden/root.qcow2", "images/100/base.qcow2", "clones/101/clone.qcow2"}
    assert issues == []


def test_no_base_is_looked_for_outside_of_the_file_system(raw: Path, tmp_path: Path) -> None:
    host = tmp_path / "host"
    converted(raw, tmp_path / "base.qcow2", "qcow2")
    overlay(host / "101", "clone.qcow2", "../../base.qcow2")
    bench = Bench(tmp_path / "case")
    bench.ingest(ext(tmp_path / "host.raw", host, size=16 * MIB), code=1)
    assert "needs backing file base.qcow2" in bench.item("101/clone.qcow2")["reason"]
