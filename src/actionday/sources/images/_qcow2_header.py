"""The header of a QCOW2 file, its extensions and the names of its snapshots.

Source: QEMU, ``docs/interop/qcow2.txt``, sections "Header", "Header extensions", "Snapshots".
"""

from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Damaged, Stream, Unsupported
from actionday.sources.images._disk import exactly

DIRTY, CORRUPT, EXTERNAL, COMPRESSION, SUBCLUSTERS = 1, 2, 4, 8, 16
BACKING_FORMAT, DATA_FILE, BITMAPS, KEYS, END = 0xE2792ACA, 0x44415441, 0x23852875, 0x0537BE77, 0
LARGEST_L1 = 32 << 20
"""Bytes of the first-level table QEMU allows."""
MOST_SNAPSHOTS = 65536
MOST_NAMED, NAME_TOLD = 20, 100
"""Snapshots named in a remark, and characters of a name: one may have 64 KiB, and each is that of an item anyhow."""
WRITTEN = 112
"""Bytes of a header as QEMU writes it: in files of version 2 as well, which say that theirs has 72."""


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
    end: int
    """The byte behind the header, its extensions and the name of the backing file."""
    counts: tuple[int, int]
    """Start and length of the table of reference counts."""
    bitmaps: bytes
    """The extension that tells where bitmaps are."""
    keys: tuple[int, int]
    """Start and length of the header of an encryption."""


class Snapshot(NamedTuple):
    """An internal snapshot; sizes and places in bytes."""

    name: str
    table: tuple[int, int]
    """Start and length of its first-level table."""
    end: int
    """Behind its entry."""
    size: int
    """Of its disk."""
    memory: int
    """Of the state of the machine's memory that it keeps."""


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
    extensions = list(_extensions(stream, length, 1 << bits))
    told = {kind: value for kind, value, _ in extensions}
    named = _u64(raw, 8) + _u32(raw, 16) if _u64(raw, 8) else 0
    return Header(
        version, _u64(raw, 24), bits, _u32(raw, 32), l1_size, _u64(raw, 40), _backing(stream, raw),
        told.get(BACKING_FORMAT, b"").decode("latin-1"), told.get(DATA_FILE, b"").decode("utf-8", "replace"),
        bool(features & EXTERNAL), bool(features & SUBCLUSTERS), length > 104 and raw[104] == 1,
        _u32(raw, 60), _u64(raw, 64), _notes(features),
        max(length, WRITTEN, named, *(end for _, _, end in extensions)), (_u64(raw, 48), _u32(raw, 56) << bits),
        told.get(BITMAPS, b""), (_u64(told.get(KEYS, b""), 0), _u64(told.get(KEYS, b""), 8)),
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


def _extensions(stream: Stream, at: int, end: int) -> Iterator[tuple[int, bytes, int]]:
    """Yield kind and value of each, and the byte behind it."""
    while at + 8 <= end:
        stream.seek(at)
        head = stream.read(8)
        kind, length = _u32(head, 0), _u32(head, 4)
        if len(head) < 8 or kind == END or at + 8 + length > end:
            return
        value = stream.read(length)
        at += 8 + (length + 7) // 8 * 8
        yield kind, value, at


def snapshots(stream: Stream, head: Header) -> list[Snapshot]:
    """Return the internal snapshots, as far as they can be read."""
    found, at = [], head.snapshot_offset
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
        told = stream.read(min(extra, 16))
        stream.seek(at + 40 + extra + identity)
        text = stream.read(name).decode("utf-8", "replace")
        at += (40 + extra + identity + name + 7) // 8 * 8
        size = _u64(told, 8) if len(told) == 16 else head.size
        memory = _u64(told, 0) if len(told) >= 8 else _u32(raw, 32)
        found.append(Snapshot(text, (_u64(raw, 0), _u32(raw, 8) * 8), at, size, memory))
    return found


def listed(names: list[str]) -> str:
    """Return the names for a remark: the first of many, the beginning of long ones."""
    told = [each if len(each) <= NAME_TOLD else f"{each[:NAME_TOLD]}…" for each in names[:MOST_NAMED]]
    more = len(names) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "big")


def _u64(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 8], "big")
