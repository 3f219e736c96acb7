"""Writes EWF sets, so that any of their parts can be left out or bent."""

import hashlib
import struct
import zlib

from actionday.sources.images._ewf_segments import name_of

CHUNK = 32768


def section(kind: bytes, at: int, body: bytes, *, last: bool = False) -> bytes:
    """Return a section that begins at byte ``at`` of its segment."""
    size = 76 + len(body)
    head = struct.pack("<16sQQ40x", kind, at if last else at + size, 0 if last else size)
    return head + struct.pack("<I", zlib.adler32(head)) + body


def segment(number: int, sections: list[tuple[bytes, bytes]]) -> bytes:
    data = b"EVF\x09\x0d\x0a\xff\x00" + struct.pack("<BHH", 1, number, 0)
    for index, (kind, body) in enumerate(sections):
        data += section(kind, len(data), body, last=index == len(sections) - 1)
    return data


def chunk(data: bytes) -> tuple[bytes, bool]:
    packed = zlib.compress(data, 1)
    return (
        (packed, True) if len(packed) < len(data) else (data + struct.pack("<I", zlib.adler32(data)), False)
    )


def tabled(data: bytes, at: int) -> list[tuple[bytes, bytes]]:
    """Return sectors, table and table2 of ``data``; the sectors' section begins at byte ``at``."""
    body, offsets = b"", []
    for start in range(0, len(data), CHUNK):
        packed, compressed = chunk(data[start : start + CHUNK])
        offsets.append(len(body) | (0x80000000 if compressed else 0))
        body += packed
    head = struct.pack("<I4xQ4x", len(offsets), at + 76)
    entries = struct.pack(f"<{len(offsets)}I", *offsets)
    table = head + struct.pack("<I", zlib.adler32(head)) + entries + struct.pack("<I", zlib.adler32(entries))
    return [(b"sectors", body), (b"table", table), (b"table2", table)]


def written(data: bytes, segments: int, name: str = "case.E01") -> dict[str, bytes]:
    """Return a set of ``segments`` files, each with an equal share of the chunks."""
    chunks = -(-len(data) // CHUNK)
    volume = struct.pack("<B3xIIIQ", 1, chunks, 64, 512, len(data) // 512).ljust(1048, b"\0")
    volume += struct.pack("<I", zlib.adler32(volume))
    header = (
        "3\nmain\nc\tn\ta\te\tt\tm\tu\nK-7\t1\tserver\tExaminer \u00c4\tnotes\t1700000000\t1700000001\n\n"
    )
    packed = zlib.compress(header.encode("utf-16"))
    each = -(-chunks // segments)
    files = {}
    for number in range(1, segments + 1):
        sections = [(b"header2", packed), (b"volume", volume)] if number == 1 else [(b"data", volume)]
        at = 13 + sum(76 + len(body) for _, body in sections)
        sections += tabled(data[(number - 1) * each * CHUNK : number * each * CHUNK], at)
        if number == segments:
            sections += [(b"hash", hashlib.md5(data).digest() + bytes(20)), (b"done", b"")]
        else:
            sections.append((b"next", b""))
        files[name_of(name, number)] = segment(number, sections)
    return files


def with_header(text: str) -> bytes:
    """Return a set whose header section is ``text``: in front of all, the others moved by its length."""
    whole = written(bytes(1 << 20), 1)["case.E01"]
    first = whole.index(b"volume\0\0")
    header = section(b"header", 13, zlib.compress(text.encode("latin-1")))
    moved = whole[first:]
    shift = 13 + len(header) - first
    out, at = bytearray(), 0
    while at < len(moved):
        kind = moved[at : at + 16]
        following, size = struct.unpack_from("<QQ", moved, at + 16)
        last = size == 0
        head = struct.pack("<16sQQ40x", kind, following + shift, size)
        body = bytearray(moved[at + 76 :] if last else moved[at + 76 : following - first])
        if kind.startswith(b"table"):
            base = struct.unpack_from("<Q", body, 8)[0] + shift
            struct.pack_into("<Q", body, 8, base)
            struct.pack_into("<I", body, 20, zlib.adler32(bytes(body[:20])))
        out += head + struct.pack("<I", zlib.adler32(head)) + body
        if last:
            break
        at = following - first
    return whole[:13] + header + bytes(out)
