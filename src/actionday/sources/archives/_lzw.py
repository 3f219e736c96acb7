"""LZW as compress(1) writes it, up to the first impossible code: what came before it is given.

Source: compress(1), POSIX.1-2024; ncompress 4.2.4 (codes of 9 to 16 bits in groups of eight, 256 clears the table).
Python reads 4 MB/s: libarchive reads what is sound.
"""

from collections.abc import Iterator

from actionday.sources.archives._streams import BLOCK, Window

HEAD, CLEAR, LEAST = 3, 256, 9
BLOCKED, BITS = 0x80, 0x1F


class Impossible(Exception):
    """A code that no text gives; ``at`` is the byte in which its group begins."""

    def __init__(self, at: int) -> None:
        super().__init__(f"impossible code in the group at byte {at}")
        self.at = at


def unpacked(window: Window) -> Iterator[bytes]:
    """Yield what a stream from its first byte on holds. Raises Impossible, after what could be unpacked."""
    head = window.read(HEAD)
    most = head[2] & BITS if len(head) == HEAD else 0
    if not LEAST <= most <= 16:
        raise Impossible(0)
    clears = bool(head[2] & BLOCKED)
    first_free = CLEAR + clears
    table = [bytes([code]) for code in range(256)] + [b""] * clears
    width, previous, out, size = LEAST, b"", list[bytes](), 0
    while group := window.read(width):
        at = window.tell() - len(group)
        number = int.from_bytes(group, "little")
        for step in range(len(group) * 8 // width):
            code = number >> (step * width) & (1 << width) - 1
            if clears and code == CLEAR:
                del table[first_free:]
                width, previous = LEAST, b""
                break
            if code < len(table):
                entry = table[code]
            elif code == len(table) and previous:
                entry = previous + previous[:1]
            else:
                yield b"".join(out)
                raise Impossible(at)
            if previous and len(table) < 1 << most:
                table.append(previous + entry[:1])
            out.append(entry)
            size += len(entry)
            previous = entry
            if len(table) >= 1 << width and width < most:
                width += 1
                break
        if size >= BLOCK:
            yield b"".join(out)
            out, size = [], 0
    yield b"".join(out)
