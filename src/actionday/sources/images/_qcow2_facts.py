"""What the first cluster of a QCOW2 tells beside its tables: names, extensions, and what stands behind them.

Source: QEMU, ``docs/interop/qcow2.txt``, sections "Header", "Header extensions", "Feature name table".
"""

import struct

from actionday.model import Context, Stream
from actionday.sources.images._qcow2_header import BACKING_FORMAT, DATA_FILE, END, Header
from actionday.sources.images._slack import slack

FEATURES, BITMAPS, CRYPT = 0x6803F857, 0x23852875, 0x0537BE77
NUMBERS = (BITMAPS, CRYPT)
"""Extensions that hold places and lengths, no words."""
FEATURE = 48
QEMU = frozenset({"dirty bit", "corrupt bit", "external data file", "compression type", "extended L2 entries",
                  "lazy refcounts", "bitmaps", "raw external data"})  # fmt: skip
"""Names of features as QEMU writes them into every image: they tell nothing of this one."""
LATER = struct.pack(">II", 4, 104)
"""What stands at byte 96 of a version 2 that was written with the longer header of version 3."""


def facts_of(stream: Stream, head: Header, names: list[str], around: Context) -> dict[str, object]:
    """Return what header and extensions tell; ``names``: of the snapshots."""
    cluster = 1 << head.cluster_bits
    found: dict[str, object] = {
        "version": head.version,
        "cluster": cluster,
        "backing": head.backing or None,
        "snapshots": names,
    }
    found |= {"backing_format": head.backing_format} if head.backing_format else {}
    found |= {"data_file": head.data_file} if head.data_file else {}
    extensions, end = _extensions(stream, head, cluster)
    others: dict[str, str] = {}
    for kind, raw in extensions:
        if kind == FEATURES:
            features = [_name(raw[at + 2 : at + FEATURE]) for at in range(0, len(raw), FEATURE)]
            found |= {"features": own} if (own := [each for each in features if each not in QEMU]) else {}
        elif kind not in (BACKING_FORMAT, DATA_FILE, *NUMBERS):
            others[f"0x{kind:08x}"] = raw.decode("utf-8", "backslashreplace")
    found |= {"extensions": others} if others else {}
    return found | slack(stream, around, "qcow2", _rooms(stream, end, cluster))


def _extensions(stream: Stream, head: Header, cluster: int) -> tuple[list[tuple[int, bytes]], int]:
    """Return the extensions, and the byte behind the last."""
    stream.seek(96)
    raw = stream.read(8)
    later = head.version == 3 or raw == LATER
    at = max(104, int.from_bytes(raw[4:], "big")) if later else 72
    found = []
    while at + 8 <= cluster:
        stream.seek(at)
        raw = stream.read(8)
        kind, length = int.from_bytes(raw[:4], "big"), int.from_bytes(raw[4:], "big")
        if len(raw) < 8 or kind == END or at + 8 + length > cluster:
            break
        found.append((kind, stream.read(length)))
        at += 8 + (length + 7) // 8 * 8
    return found, at


def _rooms(stream: Stream, end: int, cluster: int) -> list[tuple[int, int]]:
    """Return what is left of the first cluster around the name of the backing file."""
    stream.seek(8)
    raw = stream.read(12)
    first, length = int.from_bytes(raw[:8], "big"), int.from_bytes(raw[8:], "big")
    if not first or not end <= first < cluster:
        return [(end, cluster)]
    return [(end, first), (first + length, cluster)]


def _name(raw: bytes) -> str:
    return raw.rstrip(b"\0").decode("utf-8", "backslashreplace")
