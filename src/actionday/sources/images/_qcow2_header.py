"""The header of a QCOW2 file, its extensions and the names of its snapshots.

Source: QEMU, ``docs/interop/qcow2.txt``, sections "Header", "Header extensions", "Snapshots".
"""

from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Damaged, Stream, Unsupported
from actionday.sources.images._disk import exactly

DIRTY, CORRUPT, EXTERNAL, COMPRESSION, SUBCLUSTERS = 1, 2, 4, 8, 16
BACKING_FORMAT, DATA_FILE, END = 0xE2792ACA, 0x44415441, 0
LARGEST_L1 = 32 << 20
"""Bytes of the first-level table QEMU allows."""
MOST_SNAPSHOTS = 4096


class Header(NamedTuple):
    """What the header says; sizes in bytes."""

    version: int
    size: int
    cluster_bits: int
    crypt: int
    l1_size: int
    l1_offset: int
    backing: str
    backing_format: str
    data_file: str
    external: bool
    subclusters: bool
    zstd: bool
    snapshot_count: int
    snapshot_offset: int
    notes: tuple[str, ...]


def header(stream: Stream) -> Header:
    """Return the header. Raises Damaged or Unsupported."""
    stream.seek(0)
    raw = stream.read(112)
    version, bits = _u32(raw, 4), _u32(raw, 20)
    if version not in (2, 3):
        raise Unsupported(f"qcow: version {version} is not read here")
    if len(raw) < 72 or not 9 <= bits <= 21:
        raise Damaged(f"qcow2: clusters of 2 to the {bits} bytes")
    features = _u64(raw, 72) if version == 3 else 0
    if unknown := features & ~(DIRTY | CORRUPT | EXTERNAL | COMPRESSION | SUBCLUSTERS):
        raise Unsupported(f"qcow2: unknown incompatible feature 0x{unknown:x}")
    l1_size = _u32(raw, 36)
    if l1_size * 8 > LARGEST_L1:
        raise Damaged(f"qcow2: a first-level table of {l1_size} entries")
    length = max(104, _u32(raw, 100)) if version == 3 else 72
    told = dict(_extensions(stream, length, 1 << bits))
    return Header(
        version, _u64(raw, 24), bits, _u32(raw, 32), l1_size, _u64(raw, 40), _backing(stream, raw),
        told.get(BACKING_FORMAT, b"").decode("latin-1"), told.get(DATA_FILE, b"").decode("utf-8", "replace"),
        bool(features & EXTERNAL), bool(features & SUBCLUSTERS), length > 104 and raw[104] == 1,
        _u32(raw, 60), _u64(raw, 64), _notes(features),
    )  # fmt: skip


def _notes(features: int) -> tuple[str, ...]:
    told = {DIRTY: "was not closed (dirty)", CORRUPT: "its writer marked it as corrupt"}
    return tuple(text for bit, text in told.items() if features & bit)


def _backing(stream: Stream, raw: bytes) -> str:
    offset, length = _u64(raw, 8), _u32(raw, 16)
    if not offset:
        return ""
    if not 0 < length <= 1023:
        raise Damaged(f"qcow2: a backing file's name of {length} bytes")
    name = exactly(stream, offset, length, "qcow2: the backing file's name").decode("utf-8", "replace")
    return name.split("file:", 1)[-1] if name.startswith("file:") else name


def _extensions(stream: Stream, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    while at + 8 <= end:
        stream.seek(at)
        head = stream.read(8)
        kind, length = _u32(head, 0), _u32(head, 4)
        if len(head) < 8 or kind == END or at + 8 + length > end:
            return
        yield kind, stream.read(length)
        at += 8 + (length + 7) // 8 * 8


def snapshots(stream: Stream, head: Header) -> list[str]:
    """Return the names of the internal snapshots, as far as they can be read."""
    names, at = [], head.snapshot_offset
    for _ in range(min(head.snapshot_count, MOST_SNAPSHOTS)):
        stream.seek(at)
        raw = stream.read(40)
        if len(raw) < 40:
            break
        identity, name, extra = (
            int.from_bytes(raw[12:14], "big"),
            int.from_bytes(raw[14:16], "big"),
            _u32(raw, 36),
        )
        stream.seek(at + 40 + extra + identity)
        names.append(stream.read(name).decode("utf-8", "replace"))
        at += (40 + extra + identity + name + 7) // 8 * 8
    return names


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "big")


def _u64(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 8], "big")
