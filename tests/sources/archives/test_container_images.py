"""Images of containers: the merged view of their layers, and what was removed in one."""

import io
import json
import random
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from archive_tools import Run
from container_samples import BASE, LABELS, LAYERS, PACKED, layout, saved, sha, tar

from actionday.model import Kind, Status
from actionday.model.loss import Loss
from actionday.sources.archives.docker_save import SOURCE as SAVE
from actionday.sources.archives.oci_layout import SOURCE as LAYOUT
from case_tools import Bench
from steps import steps

NAME, REMOVED = "wren_site:1.0", "removed_in_layer"


def docker(files: dict[str, bytes]) -> Run:
    return Run(SAVE, "manifest.json", files["manifest.json"], beside=files)


def oci(files: dict[str, bytes]) -> Run:
    return Run(LAYOUT, "index.json", files["index.json"], beside=files)


def seen(run: Run) -> list[str]:
    kinds = (Kind.REVISIT, Kind.DIRECTORY)
    return sorted(each.name for each in run.items if each.kind in kinds)


def gone(run: Run) -> dict[str, int]:
    return {each.name: each.meta[REMOVED] for each in run.items if REMOVED in each.meta}


def check_both_layers(run: Run) -> None:
    assert seen(run) == [NAME, f"{NAME}/b", f"{NAME}/b/c"]
    assert gone(run) == {f"{NAME}/a": 2, f"{NAME}/b/old": 2, f"{NAME}/b/older": 2}
    assert (run.end, run.notes) == ("", [])
    image = run.items[-1]
    assert image.meta["labels"] == LABELS
    assert image.meta["env"] == ["SITE=wren.example"]
    assert [each["proved"] for each in image.meta["layers"]] == [True, True]
    assert image.meta["history"][1]["created_by"] == "COPY step 1"


def test_s12_whiteouts_of_docker_save() -> None:
    check_both_layers(docker(saved(LAYERS)))


@pytest.mark.parametrize("packing", PACKED)
def test_s12_whiteouts_of_an_oci_layout(packing: str) -> None:
    check_both_layers(oci(layout(LAYERS, packing)))


def test_an_entry_says_which_member_of_which_layer_it_is() -> None:
    files = saved(LAYERS)
    entries = {each.name: each for each in docker(files).items}
    layers = json.loads(files["manifest.json"])[0]["Layers"]
    kept, removed = entries[f"{NAME}/b/c"], entries[f"{NAME}/a"]
    assert kept.reason == f"the member 'b/c' of layer 2 of 2 ({layers[1]}): not followed"
    assert (
        removed.reason == f"removed in layer 2 of 2; member 'a' of layer 1 of 2 ({layers[0]}): not followed"
    )
    assert {kept.status, removed.status} == {Status.UNSUPPORTED}
    assert kept.size is None, "its bytes are the layer's: no sum has them twice"


def test_what_an_upper_layer_replaces_is_an_item_with_the_layer_that_did() -> None:
    run = docker(saved((tar([("a", b"one")]), tar([("a", b"two")]), tar([("a", b"three")]))))
    assert [(each.kind, each.meta["layer"], each.meta.get("replaced_in_layer")) for each in run.items[:-1]] == [
        (Kind.REVISIT, 3, None), (Kind.DELETED, 2, 3), (Kind.DELETED, 1, 2)]  # fmt: skip


def test_what_is_made_anew_in_an_upper_layer_is_there() -> None:
    run = docker(saved((tar(BASE), tar([(".wh.a", b"")]), tar([("a", b"again\n")]))))
    assert f"{NAME}/a" in seen(run)
    assert gone(run) == {f"{NAME}/a": 2}


def test_a_file_in_the_place_of_a_folder_hides_what_was_in_it() -> None:
    run = docker(saved((tar(BASE), tar([("b", b"a file now\n")]))))
    assert seen(run) == [NAME, f"{NAME}/a", f"{NAME}/b"]
    assert gone(run).keys() >= {f"{NAME}/b/old", f"{NAME}/b/older"}


def test_a_folder_in_the_place_of_a_file() -> None:
    run = docker(saved((tar(BASE), tar([("a", None), ("a/x", b"")]))))
    assert [each.meta for each in run.items if each.kind is Kind.DELETED][0]["replaced_in_layer"] == 2
    assert seen(run).count(f"{NAME}/a") == 1


def test_a_layer_that_is_not_what_the_image_says_is_named() -> None:
    files = saved(LAYERS)
    name = next(each for each in files if each.endswith("layer.tar"))
    files[name] = tar([("a", b"other\n")])
    run = docker(files)
    assert [each.code for each in run.notes] == [Loss.DIGEST]
    assert name in run.notes[0].reason
    assert [each["proved"] for each in run.items[-1].meta["layers"]] == [False, True]


def test_a_blob_that_has_not_its_digest_is_named() -> None:
    files = layout(LAYERS)
    config = next(each for each, data in files.items() if b"rootfs" in data)
    files[config] = files[config].replace(b"amd64", b"arm64")
    assert [each.code for each in oci(files).notes] == [Loss.DIGEST]


def test_a_layer_that_is_not_there_is_named_and_the_rest_is_merged() -> None:
    files = saved(LAYERS)
    del files[json.loads(files["manifest.json"])[0]["Layers"][0]]
    run = docker(files)
    assert seen(run) == [NAME, f"{NAME}/b", f"{NAME}/b/c"]
    assert [each.code for each in run.notes] == [Loss.DAMAGED]


def test_one_layer_of_two_images_may_be_a_link() -> None:
    first, second = saved(LAYERS[:1], "wren/base:1"), saved(LAYERS)
    told = json.loads(first["manifest.json"]) + json.loads(second["manifest.json"])
    told[1]["Layers"][0] = "link/layer.tar"  # a symbolic link in the tar: no item beside it has bytes
    run = docker({**first, **second, "manifest.json": json.dumps(told).encode()})
    assert run.notes == []
    assert gone(run) == {f"{NAME}/a": 2, f"{NAME}/b/old": 2, f"{NAME}/b/older": 2}


def test_docker_since_25_writes_both_manifests_and_the_view_is_there_once() -> None:
    files = layout(LAYERS, "tar")
    config = next(each for each, data in files.items() if b"rootfs" in data)
    names = [f"blobs/sha256/{sha(each)}" for each in LAYERS]
    told = [{"Config": config, "RepoTags": ["wren/site:1.0"], "Layers": names}]
    files["manifest.json"] = json.dumps(told).encode()
    check_both_layers(docker(files))
    run = oci(files)
    assert [(each.name, each.meta["view"]) for each in run.items] == [(NAME, "merged with manifest.json")]


def test_no_path_leads_out_of_the_folder() -> None:
    files = saved(LAYERS)
    told = json.loads(files["manifest.json"])
    told[0]["Layers"], told[0]["Config"] = ["../x", "/etc/passwd"], "../../c"
    files |= {"manifest.json": json.dumps(told).encode(), "../x": LAYERS[0], "/etc/passwd": LAYERS[0]}
    assert [each.kind for each in docker(files).items] == [Kind.DIRECTORY]


def test_hostile_layers_and_manifests_end() -> None:
    chance = random.Random(12)
    for make, run in ((saved, docker), (layout, oci)):
        files = make(LAYERS)
        for name, data in files.items():
            for _ in range(40):
                at = chance.randrange(len(data))
                spoilt = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
                run({**files, name: spoilt})
                run({**files, name: data[:at]})


def test_work_is_linear_in_entries() -> None:
    def layers(count: int) -> dict[str, bytes]:
        base = tar([(f"d/{n}", b"") for n in range(count)])
        return saved((base, tar([(f"d/.wh.{n}", b"") for n in range(0, count, 2)])))

    small, large = layers(500), layers(2000)
    assert steps(lambda: docker(large)) < 5 * steps(lambda: docker(small))


def test_a_saved_image_in_a_case(tmp_path: Path) -> None:
    """The tar's own members and the layers' are read once; the view beside them has no byte a second time."""
    bench = Bench(tmp_path / "case")
    files = saved(LAYERS)
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    (tmp_path / "site.tar.gz").write_bytes(made.getvalue())
    bench.ingest(tmp_path / "site.tar.gz")
    rows = bench.items()
    view = {row["path"].split(f"manifest.json/{NAME}/")[1]: row for row in rows if f"{NAME}/" in row["path"]}
    assert {path: row["kind"] for path, row in view.items()} == {
        "a": "deleted", "b": "directory", "b/c": "revisit", "b/old": "deleted", "b/older": "deleted"}  # fmt: skip
    assert all(row["sha256"] is None for row in view.values())
    assert sum(row["sha256"] == sha(b"leaflet one\n") for row in rows) == 1


@pytest.mark.skipif(
    not shutil.which("skopeo"), reason="skopeo, which writes images of containers, is not installed"
)
def test_what_skopeo_writes(tmp_path: Path) -> None:
    source = tmp_path / "oci"
    for name, data in layout(LAYERS).items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    target = tmp_path / "saved.tar"
    subprocess.run(["skopeo", "--insecure-policy", "copy", f"oci:{source}:wren/site:1.0",
                    f"docker-archive:{target}:wren/site:1.0"], check=True, capture_output=True)  # fmt: skip
    with tarfile.open(target) as archive:
        members = {each.name: archive.extractfile(each) for each in archive if each.isreg()}
        files = {name: data.read() for name, data in members.items() if data}
    run = docker(files)
    assert [each.name.partition("/")[2] for each in run.items if each.kind is Kind.REVISIT] == ["b/c"]
    assert set(gone(run).values()) == {2}
    assert run.notes == []
