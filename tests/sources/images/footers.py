"""Footers of fixed VHDs, as Microsoft's specification has them."""

import struct


def fixed_footer(size: int, *, creator: bytes = b"test", identity: bytes = bytes(range(16))) -> bytes:
    """Return the 512 bytes behind a fixed disk of ``size`` bytes."""
    head = struct.pack(
        ">8sIIQI4sI4sQQIII16s", b"conectix", 2, 0x10000, (1 << 64) - 1, 0, creator, 1, b"Wi2k", size, size, 0, 2, 0, identity
    )  # fmt: skip
    raw = head.ljust(512, b"\0")
    return raw[:64] + struct.pack(">I", ~sum(raw) & 0xFFFFFFFF) + raw[68:]
