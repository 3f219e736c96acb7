"""Images of containers as Docker and the OCI layout write them, of the same two layers."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import zstandard

Entries = Sequence[tuple[str, bytes | None]]
BASE: Entries = (
    ("a", b"leaflet one\n"),
    ("b", None),
    ("b/old", b"leaflet two\n"),
    ("b/older", b"leaflet three\n"),
)
TOP: Entries = ((".wh.a", b""), ("b", None), ("b/.wh..wh..opq", b""), ("b/c", b"leaflet four\n"))
LABELS = {"example.kestrel.site": "wren.example"}


def tar(entries: Entries) -> bytes:
    """Return a tar of files, and of folders where there is no content."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.mtime, info.mode = 1772658848, 0o644
            if data is None:
                info.type = tarfile.DIRTYPE
            else:
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data or b""))
    return made.getvalue()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def config_of(layers: Sequence[bytes]) -> bytes:
    """Return the configuration of an image whose layers are these tars."""
    history = [
        {"created": "2026-03-04T21:14:08Z", "created_by": f"COPY step {n}"} for n in range(len(layers))
    ]
    return json.dumps({
        "architecture": "amd64", "os": "linux", "created": "2026-03-04T21:14:08Z",
        "config": {"Env": ["SITE=wren.example"], "Cmd": ["nginx"], "Labels": LABELS, "ExposedPorts": {"80/tcp": {}}},
        "history": history, "rootfs": {"type": "layers", "diff_ids": [f"sha256:{sha(each)}" for each in layers]},
    }).encode()  # fmt: skip


def saved(layers: Sequence[bytes], tag: str = "wren/site:1.0") -> dict[str, bytes]:
    """Return the files of ``docker save`` before version 25."""
    config = config_of(layers)
    names = [f"{sha(each + b'v1')}/layer.tar" for each in layers]
    told = [{"Config": f"{sha(config)}.json", "RepoTags": [tag], "Layers": names}]
    return {**dict(zip(names, layers, strict=True)), f"{sha(config)}.json": config,
            "manifest.json": json.dumps(told).encode()}  # fmt: skip


PACKED: Mapping[str, Callable[[bytes], bytes]] = {
    "tar": lambda data: data,
    "tar+gzip": lambda data: gzip.compress(data, mtime=0),
    "tar+zstd": zstandard.compress,
}


def layout(
    layers: Sequence[bytes], packing: str = "tar+gzip", tag: str = "wren/site:1.0"
) -> dict[str, bytes]:
    """Return the files of an OCI layout."""
    config = config_of(layers)
    blobs = [PACKED[packing](each) for each in layers]
    oci = "application/vnd.oci.image"
    manifest = json.dumps({
        "schemaVersion": 2, "mediaType": f"{oci}.manifest.v1+json",
        "config": {"mediaType": f"{oci}.config.v1+json", "digest": f"sha256:{sha(config)}", "size": len(config)},
        "layers": [{"mediaType": f"{oci}.layer.v1.{packing}", "digest": f"sha256:{sha(each)}", "size": len(each)}
                   for each in blobs],
    }).encode()  # fmt: skip
    index = {"schemaVersion": 2, "manifests": [{
        "mediaType": f"{oci}.manifest.v1+json", "digest": f"sha256:{sha(manifest)}", "size": len(manifest),
        "annotations": {"org.opencontainers.image.ref.name": tag}}]}  # fmt: skip
    return {**{f"blobs/sha256/{sha(each)}": each for each in (config, manifest, *blobs)},
            "oci-layout": b'{"imageLayoutVersion": "1.0.0"}', "index.json": json.dumps(index).encode()}  # fmt: skip


CONTAINER = "c0ffee" * 10 + "abcd"


def container_config(image: str, driver: str = "overlay2") -> bytes:
    """Return a container's ``config.v2.json``."""
    return json.dumps({
        "StreamConfig": {}, "State": {"Running": True, "StartedAt": "2026-03-05T08:00:00Z", "FinishedAt": ""},
        "ID": CONTAINER, "Created": "2026-03-04T22:00:00Z", "Path": "nginx", "Name": "/wren-web", "Driver": driver,
        "Config": {"Hostname": "wren", "Image": "wren/site:1.0", "Env": ["SITE=wren.example"], "Labels": LABELS},
        "Image": image, "LogPath": "", "MountPoints": {"/data": {
            "Source": "/srv/data", "Destination": "/data", "Name": ""}},
    }).encode()  # fmt: skip


def docker_folder(where: Path, layers: Sequence[Entries], own: Entries) -> tuple[list[str], list[str]]:
    """Write ``/var/lib/docker`` with an image of these layers and a container that wrote ``own``.

    Return the whiteouts and the opaque folders, which are to be made on the file system itself.
    """
    docker = where / "var/lib/docker"
    tars = [tar(each) for each in layers]
    config, white, opaque = config_of(tars), list[str](), list[str]()
    image, chain, top = f"sha256:{sha(config)}", "", ""
    kept = {f"image/overlay2/imagedb/content/sha256/{sha(config)}": config,
            f"containers/{CONTAINER}/config.v2.json": container_config(image),
            f"image/overlay2/layerdb/mounts/{CONTAINER}/mount-id": b"f" * 64,
            f"image/overlay2/layerdb/mounts/{CONTAINER}/init-id": b"f" * 64 + b"-init"}  # fmt: skip
    folders = {"f" * 64: own, "f" * 64 + "-init": (("etc", None), ("etc/hostname", b""))}
    for number, each in enumerate(tars):
        diff = f"sha256:{sha(each)}"
        chain = f"sha256:{sha(f'{chain} {diff}'.encode())}" if chain else diff
        top = sha(b"cache %d" % number)
        folders[top] = layers[number]
        kept[f"image/overlay2/layerdb/{chain.replace(':', '/')}/cache-id"] = top.encode()
    for folder, entries in folders.items():
        (docker / "overlay2" / folder / "diff").mkdir(parents=True)
        for name, data in entries:
            path = f"var/lib/docker/overlay2/{folder}/diff/{name}"
            above, _, last = path.rpartition("/")
            if last == ".wh..wh..opq":
                opaque.append(above)
            elif last.startswith(".wh."):
                white.append(f"{above}/{last[4:]}")
            elif data is None:
                (where / path).mkdir(parents=True, exist_ok=True)
            else:
                (where / path).write_bytes(data)
    for name, data in kept.items():
        path = docker / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return white, opaque


LAYERS = (tar(BASE), tar(TOP))
SAMPLES: dict[str, Callable[[], bytes]] = {
    "manifest.json": lambda: saved(LAYERS)["manifest.json"],
    "config.v2.json": lambda: container_config(f"sha256:{'0' * 64}"),
    "index.json": lambda: layout(LAYERS)["index.json"],
}
