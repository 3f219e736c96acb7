"""Little-endian numbers within bytes."""


def u16(data: bytes, at: int) -> int:
    """Return the 16-bit number at ``at`` (0 beyond the end)."""
    return int.from_bytes(data[at : at + 2], "little")


def u32(data: bytes, at: int) -> int:
    """Return the 32-bit number at ``at`` (0 beyond the end)."""
    return int.from_bytes(data[at : at + 4], "little")


def u64(data: bytes, at: int) -> int:
    """Return the 64-bit number at ``at`` (0 beyond the end)."""
    return int.from_bytes(data[at : at + 8], "little")
