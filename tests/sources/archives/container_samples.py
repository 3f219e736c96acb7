"""Images of containers as Docker and the OCI layout write them, of the same two layers."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Mapping, Sequence

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


LAYERS = (tar(BASE), tar(TOP))
SAMPLES: dict[str, Callable[[], bytes]] = {
    "manifest.json": lambda: saved(LAYERS)["manifest.json"],
    "index.json": lambda: layout(LAYERS)["index.json"],
}
