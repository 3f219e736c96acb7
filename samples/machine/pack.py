"""Disks and truths, packed: a ``NAME.tar.zst`` with the disks, a ``NAME.json`` with what is in them."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import zstandard

WINDOW = 27
"""Log of the bytes in which what was there already is found: the other half of a mirror lies 64 MiB off."""


def pack(name: str, made: Path, into: Path) -> None:
    """Pack what a recipe made in the folder ``made``."""
    disks = sorted(made.glob("disk*.raw"))
    facts: dict[str, Any] = {
        "disks": {disk.name: {"size": disk.stat().st_size, "sha256": _digest(disk)} for disk in disks},
        "trees": {path.name.partition(".")[2]: _tree(path) for path in sorted(made.glob("truth.*"))},
    }
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for disk in disks:
            info = tarfile.TarInfo(disk.name)
            info.size = disk.stat().st_size
            with disk.open("rb") as file:
                archive.addfile(info, file)
    options = zstandard.ZstdCompressionParameters.from_level(
        22, window_log=WINDOW, enable_ldm=True, write_checksum=True
    )
    packed = zstandard.ZstdCompressor(compression_params=options).compress(raw.getvalue())
    (into / f"{name}.tar.zst").write_bytes(packed)
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True)
    (into / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tree(path: Path) -> list[dict[str, Any]]:
    rows = []
    for line in path.read_text("utf-8").splitlines():
        kind, name, size, mtime, mode, told = line.split("\t")
        row: dict[str, Any] = {"kind": kind, "path": name, "mtime": int(mtime), "mode": int(mode, 16)}
        if kind == "file":
            row |= {"size": int(size), "sha256": told}
        elif kind == "link":
            row["target"] = told
        rows.append(row)
    return rows
