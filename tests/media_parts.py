"""Parts that the tests of pictures, sounds and films build them of."""

import struct


def part(kind: bytes, body: bytes) -> bytes:
    """Return a chunk of RIFF."""
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def sound(*more: bytes) -> bytes:
    """Return a WAVE of 200 samples with more chunks before them."""
    body = b"WAVE" + part(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)) + b"".join(more)
    body += part(b"data", b"\x80" * 200)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def box(kind: bytes, *inner: bytes) -> bytes:
    """Return a box of ISO/IEC 14496-12."""
    body = b"".join(inner)
    return struct.pack(">I", len(body) + 8) + kind + body
