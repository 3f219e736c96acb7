"""Whether the bytes of an RPM package are those that its own digests name.

Source: RPM file format (rpm.org, "RPM V4 Package Format"): index entries; signature tags 269 (SHA1), 273 (SHA256), 1004
(MD5), header tags 5092 and 5093 (digest of the payload as stored, and its algorithm: those of RFC 9580, 9.5).
"""

import hashlib
from collections.abc import Iterator
from struct import unpack_from

from actionday.model import Context, Loss, Stream
from actionday.model.streams import read_at

SHA1, SHA256, MD5 = 269, 273, 1004
PAYLOAD, ALGORITHM = 5092, 5093
ALGORITHMS = {1: "md5", 2: "sha1", 8: "sha256", 9: "sha384", 10: "sha512", 11: "sha224"}
NUMBER, TEXTS, BYTES = 4, (6, 8), 7
MOST = 10_000
"""Index entries looked at; a package of a kernel has two hundred."""
BLOCK = 1 << 20


def compare(stream: Stream, signature: int, header: int, payload: int, around: Context) -> None:
    """Note each digest that differs: of the header, of the payload as stored, of both. Two passes over the payload."""
    signed, told = _entries(stream, signature), _entries(stream, header)
    kinds = [("sha256", SHA256, "header", payload), ("sha1", SHA1, "header", payload),
             ("md5", MD5, "header and payload", stream.size)]  # fmt: skip
    checks = [(name, signed.get(tag), what, header, end) for name, tag, what, end in kinds]
    name = ALGORITHMS.get(int.from_bytes(told.get(ALGORITHM, b"\0"), "big"), "")
    checks.append((name, told.get(PAYLOAD) if name else None, "payload", payload, stream.size))
    for name, stored, what, start, end in checks:
        if stored and (found := _digest(stream, name, start, end)) != stored:
            around.note(
                Loss.DIGEST,
                f"rpm: the {name.upper()} of its {what} is {found.hex()}, noted is {stored.hex()}",
            )


def _entries(stream: Stream, at: int) -> dict[int, bytes]:
    """Return the digests, and the number of their algorithm, among the entries of a header."""
    head = read_at(stream, at, 16)
    count, size = unpack_from(">II", head, 8)
    index = read_at(stream, at + 16, 16 * min(count, MOST))
    store, found = at + 16 + 16 * count, dict[int, bytes]()
    for place in range(0, len(index) - 15, 16):
        tag, kind, offset, many = unpack_from(">IIII", index, place)
        if tag not in (SHA1, SHA256, MD5, PAYLOAD, ALGORITHM) or offset >= size:
            continue
        raw = read_at(stream, store + offset, min(size - offset, 256))
        if kind == NUMBER:
            found[tag] = raw[:4]
        elif kind == BYTES:
            found[tag] = raw[: min(many, 64)]
        elif kind in TEXTS:
            text = raw.partition(b"\0")[0]
            found[tag] = bytes.fromhex(text.decode("ascii", "replace")) if _is_hex(text) else b""
    return found


def _is_hex(text: bytes) -> bool:
    return len(text) % 2 == 0 and not text.strip(b"0123456789abcdefABCDEF")


def _digest(stream: Stream, name: str, start: int, end: int) -> bytes:
    summed = hashlib.new(name, usedforsecurity=False)
    for piece in _pieces(stream, start, end):
        summed.update(piece)
    return summed.digest()


def _pieces(stream: Stream, start: int, end: int) -> Iterator[bytes]:
    while start < end and (piece := read_at(stream, start, min(BLOCK, end - start))):
        yield piece
        start += len(piece)
