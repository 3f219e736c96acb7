"""LZO1X, as Btrfs and SquashFS have it: one block of instructions.

Source: Linux kernel, ``Documentation/staging/lzo.rst``.
"""

from actionday.sources.filesystems._tsk_runs import BadMap


def unpacked(data: bytes, most: int) -> bytes:
    """Return what one LZO1X block holds, ``most`` bytes at the most. Raises BadMap.

    Some 20 to 40 MB/s of text: each instruction is gone through in Python.
    """
    made = bytearray()
    try:
        _run(data, made, most)
    except IndexError as error:
        raise BadMap("an LZO segment ends within an instruction") from error
    return bytes(made)


def _run(data: bytes, made: bytearray, most: int) -> None:
    """Carry out the instructions of ``data`` up to the one that ends it. Raises BadMap or IndexError."""
    at = state = 0
    if data[0] > 17:
        count, at = data[0] - 17, 1
        at, state = _copied(data, at, count, made), min(count, 4)
    while True:
        if len(made) > most:
            raise BadMap(f"an LZO segment holds more than {most} bytes")
        first = data[at]
        at += 1
        if first < 16:
            if not state:  # a long run of literals
                count, at = _long(data, at, first, 15)
                at, state = _copied(data, at, count + 3, made), 4
                continue
            distance = (data[at] << 2) + (first >> 2) + (2049 if state == 4 else 1)
            length, state, at = 3 if state == 4 else 2, first & 3, at + 1
        elif first >= 64:
            distance = (data[at] << 3) + (first >> 2 & 7) + 1
            length, state, at = (first >> 5) + 1, first & 3, at + 1
        else:
            mask = 31 if first >= 32 else 7
            length, at = _long(data, at, first & mask, mask)
            both = data[at] | data[at + 1] << 8
            distance, state, at, length = (both >> 2) + 1, both & 3, at + 2, length + 2
            if first < 32:
                distance += (first & 8) << 11
                if not distance - 1:  # the end
                    return
                distance += 0x3FFF
        _matched(made, distance, length, most)
        at = _copied(data, at, state, made)


def _long(data: bytes, at: int, count: int, mask: int) -> tuple[int, int]:
    """Return a count that goes on in further bytes where it is 0, and where what follows begins."""
    if count:
        return count, at
    start = at
    while not data[at]:
        at += 1
    return (at - start) * 255 + mask + data[at], at + 1


def _copied(data: bytes, at: int, count: int, made: bytearray) -> int:
    """Copy literals; return where what follows begins. Raises IndexError."""
    if at + count > len(data):
        raise IndexError
    made += data[at : at + count]
    return at + count


def _matched(made: bytearray, distance: int, length: int, most: int) -> None:
    """Repeat what was made ``distance`` bytes before. Raises BadMap."""
    start = len(made) - distance
    if start < 0 or len(made) + length > most:
        raise BadMap("an LZO segment repeats what it does not have")
    if distance >= length:
        made += made[start : start + length]
    else:
        made += (made[start:] * (length // distance + 1))[:length]
