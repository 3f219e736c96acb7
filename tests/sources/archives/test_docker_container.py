"""Containers of Docker on a disk: what one saw, merged from overlay2, and what was removed in it."""

import random
import subprocess
from pathlib import Path

import pytest
from archive_tools import Run, tool
from container_samples import BASE, CONTAINER, LABELS, TOP, container_config, docker_folder, sha

from actionday.model import Kind
from actionday.model.loss import Loss
from actionday.sources.archives.docker_container import SOURCE
from case_tools import Bench

NAME = "wren-web"
OWN = (
    ("site", None),
    ("site/index.html", b"<p>wren</p>\n"),
    ("b", None),
    ("b/.wh.c", b""),
    ("a", b"again\n"),
)
AT = f"var/lib/docker/containers/{CONTAINER}/config.v2.json/{NAME}"


def disk(tmp_path: Path) -> Path:
    """Return an ext4 with Docker's folder: whiteouts as devices 0:0, opaque folders by their attribute."""
    white, opaque = docker_folder(tmp_path / "root", (BASE, TOP), OWN)
    image = tmp_path / "server.raw"
    tool("mke2fs", "-q", "-F", "-t", "ext4", "-d", str(tmp_path / "root"), str(image), "16M")
    words = [f"cd /{path.rpartition('/')[0]}\nmknod {path.rpartition('/')[2]} c 0 0" for path in white]
    words += [f"ea_set /{path} trusted.overlay.opaque y" for path in opaque]
    subprocess.run(["debugfs", "-w", "-f", "-", image], input="\n".join(words), text=True, check=True,
                   capture_output=True)  # fmt: skip
    return image


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    tmp_path = tmp_path_factory.mktemp("docker")
    bench = Bench(tmp_path / "case")
    bench.ingest(disk(tmp_path))
    return bench


def test_s12_a_container_as_it_was_and_what_was_removed(case: Bench) -> None:
    rows = [row for row in case.items() if row["path"].startswith(f"{AT}/")]
    seen = {row["path"].removeprefix(f"{AT}/") for row in rows if row["kind"] == "revisit"}
    assert seen == {"site/index.html", "a", "etc/hostname"}
    gone = {(row["path"].removeprefix(f"{AT}/"), row["meta"]["layer"]): row["meta"].get("removed_in_layer")
            for row in rows if row["kind"] == "deleted"}  # fmt: skip
    assert gone == {("a", 1): 2, ("b/old", 1): 2, ("b/older", 1): 2, ("b/c", 2): 4}
    assert case.export("issues") == []


def test_no_byte_is_there_twice(case: Bench) -> None:
    rows = case.items()
    assert sum(row["sha256"] == sha(b"<p>wren</p>\n") for row in rows) == 1
    entry = next(row for row in rows if row["path"] == f"{AT}/site/index.html")
    assert (
        entry["reason"] == f"the member 'site/index.html' of layer 4 of 4 (overlay2/{'f' * 64}): not followed"
    )
    assert (entry["size"], entry["sha256"]) == (None, None)


def test_what_a_container_says_of_itself(case: Bench) -> None:
    meta = case.item(AT)["meta"]
    assert (meta["id"], meta["image"], meta["created"], meta["started"]) == (
        CONTAINER, "wren/site:1.0", "2026-03-04T22:00:00Z", "2026-03-05T08:00:00Z")  # fmt: skip
    assert (meta["labels"], meta["env"], meta["own_layers"]) == (LABELS, ["SITE=wren.example"], 2)
    assert meta["mounts"] == [{"source": "/srv/data", "destination": "/data", "name": ""}]


def test_a_container_without_its_layers_is_named_with_what_lacks() -> None:
    run = Run(SOURCE, "config.v2.json", container_config(f"sha256:{'0' * 64}"))
    assert [(each.name, each.kind) for each in run.items] == [(NAME, Kind.DIRECTORY)]
    assert [note.code for note in run.notes] == [Loss.DAMAGED]
    assert "the configuration of its image, its own layer" in run.notes[0].reason


def test_another_driver_is_named() -> None:
    run = Run(SOURCE, "config.v2.json", container_config("sha256:0", "vfs"))
    assert [note.code for note in run.notes] == ["unsupported"]


def test_damage_is_damage() -> None:
    chance, raw = random.Random(4), container_config(f"sha256:{'0' * 64}")
    for at in range(len(raw)):
        Run(SOURCE, "config.v2.json", raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :])
        assert Run(SOURCE, "config.v2.json", raw[:at]).end.startswith("damaged")


def test_xfs_tells_devices_and_opaque_folders(tmp_path: Path) -> None:
    """What was removed and hidden on XFS, which Red Hat's servers have, too."""
    image, proto = tmp_path / "server.raw", tmp_path / "proto"
    proto.write_text("boot\n0 0\nd--755 0 0\nb d--755 0 0\n$\ngone c--000 0 0 0 0\nnull c--666 0 0 1 3\n$\n")
    with image.open("wb") as file:
        file.truncate(320 << 20)
    tool("mkfs.xfs", "-q", "-f", "-p", str(proto), str(image))
    tool("xfs_db", "-x", "-c", "path /b", "-c", "attr_set -r -v 1 overlay.opaque", str(image))
    bench = Bench(tmp_path / "case")
    bench.ingest(image)
    rows = {row["path"]: row["meta"] for row in bench.items()}
    assert (rows["gone"]["device"], rows["null"]["device"]) == ("0:0", "1:3")
    assert rows["b"]["overlay"] == {"opaque": "v"}, "the byte that xfs_db writes"
