"""The packed disks: their names, what is known of them, and themselves, written sparse into a folder."""

import io
import json
import tarfile
from pathlib import Path
from typing import IO, Any

import zstandard

PACKED = Path(__file__).parent / "packed"
_BLOCK = 1 << 16


def names(like: str = "") -> list[str]:
    """Return the samples whose name begins so."""
    return sorted(path.stem for path in PACKED.glob(f"{like}*.json"))


def truth(name: str) -> dict[str, Any]:
    """Return what is known of a sample: its ``disks``, and what the kernel showed as ``trees``."""
    found: dict[str, Any] = json.loads((PACKED / f"{name}.json").read_text("utf-8"))
    return found


def unpack(name: str, into: Path, without: tuple[int, ...] = ()) -> list[Path]:
    """Write the disks of a sample, sparse, but those ``without``; return them in their order."""
    into.mkdir(parents=True, exist_ok=True)
    packed = (PACKED / f"{name}.tar.zst").read_bytes()
    with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(packed) as stream:
        raw = io.BytesIO(stream.read())
    found = []
    with tarfile.open(fileobj=raw) as archive:
        for number, member in enumerate(archive):
            if number in without:
                continue
            data = archive.extractfile(member)
            assert data is not None
            found.append(_sparse(data, into / member.name, member.size))
    return found


def _sparse(data: IO[bytes], path: Path, size: int) -> Path:
    with path.open("wb") as file:
        while block := data.read(_BLOCK):
            if block.count(0) == len(block):
                file.seek(len(block), 1)
            else:
                file.write(block)
        file.truncate(size)
    return path
