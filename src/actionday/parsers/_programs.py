"""Which bytes of a program, a catalogue of its messages or a font are its own, by its whole structure.

Source: System V ABI, 4 (ELF); PE Format (Microsoft), section table; OpenType 1.9, table directory; WOFF 1.0, 4 and 5;
WOFF2, 4.1; WebAssembly 1.0, 5.5; JVM 4.4 (constant pool); Python ``marshal``; GNU gettext, 10.3; Git, pack format.

A few marks in front make no program: only what the structure accounts for is left unread, as the maker's own words
in every copy. What lies beside it, or begins like a program and is none, is read as any other content.
"""

import hashlib
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from struct import unpack_from

Ranges = Sequence[tuple[int, int]]
"""Begin and end of what is accounted for."""
MOST_TABLES = 4096
LONGEST_MESSAGE = 16 * 1024
"""Bytes of one message of a catalogue; help texts of programs have some thousands."""
ACCOUNTED = 0.9
"""Share of a catalogue that its messages and tables make up."""
SHORT = 16
"""Bytes between two tables that are padding at most."""
MARSHALLED = b"uaAsti"
"""Types of byte code's constants that are preceded by their length in four bytes."""
LONG_NOTICE = 300
WRITTEN = bytes(byte in b"\t\n\r" or (byte >= 32 and byte != 127) for byte in range(256))
"""1 for each byte a text may hold: a search for 300 of them is eighteen times faster than an expression."""
HELD = 64 << 20
"""Bytes from which a content is not held whole: what its structure says of the rest cannot be compared."""


def others(data: memoryview, mime: str) -> Iterator[memoryview]:
    """Yield the ranges of ``data`` that are not a program's own; all of it where it is none."""
    try:
        own = [(0, len(data))] if is_catalogue(data) else KINDS[mime](data) if mime in KINDS else []
    except (struct.error, IndexError):
        own = []  # cut off, or no such thing
    if any(end > len(data) for _, end in own) and len(data) < HELD:
        own = []
    yield from (data[begin:end] for begin, end in _gaps(own, len(data)))


def _gaps(own: Ranges, size: int) -> Iterator[tuple[int, int]]:
    at = 0
    for begin, end in [*sorted(own), (size, size)]:
        if begin - at > SHORT or (begin > at and not own):
            yield at, begin
        at = max(at, end)


def is_catalogue(data: memoryview) -> bool:
    """Say whether it is a catalogue of a program's messages: all of it is, and no message is as long as a letter."""
    order = {b"\xde\x12\x04\x95": "<", b"\x95\x04\x12\xde": ">"}.get(bytes(data[:4]))
    if order is None or len(data) < 28:
        return False
    revision, count, originals, translations, hashed = unpack_from(f"{order}5I", data, 4)
    if (
        revision >> 16 > 1
        or not 0 < count <= len(data) // 16
        or max(originals, translations) > len(data) - 8 * count
    ):
        return False
    told = [unpack_from(f"{order}{2 * count}I", data, table) for table in (originals, translations)]
    lengths = [length for table in told for length in table[::2]]
    ends = [start + length for table in told for length, start in zip(table[::2], table[1::2], strict=True)]
    if max(lengths) > LONGEST_MESSAGE or max(ends) >= len(data) or any(data[end] for end in ends):
        return False
    accounted: int = 28 + 4 * hashed + 16 * count + sum(lengths) + len(lengths)
    return accounted >= ACCOUNTED * len(data)


def _elf(data: memoryview) -> Ranges:
    wide, order = data[4] == 2, "<" if data[5] == 1 else ">"
    head = f"{order}16xHHI{'QQQ' if wide else 'III'}IHHHHHH"
    _, _, version, _, segments, sections, _, own, each, count, width, number, _ = unpack_from(head, data)
    if version != 1 or own != (64 if wide else 52) or not count + number:
        return []
    found = [(0, own), (segments, segments + each * count), (sections, sections + width * number)]
    place = (24, "QQ") if wide else (16, "II")
    for row in range(number):
        kind = unpack_from(f"{order}I", data, sections + row * width + 4)[0]
        begin, size = unpack_from(f"{order}{place[1]}", data, sections + row * width + place[0])
        found += [(begin, begin + size)] if kind != 8 else []  # 8 has no bytes in the file
    place = (8, "Q16xQ") if wide else (4, "I8xI")
    for row in range(count):
        begin, size = unpack_from(f"{order}{place[1]}", data, segments + row * each + place[0])[:2]
        found += [(begin, begin + size)]
    return found


def _portable(data: memoryview) -> Ranges:
    at = unpack_from("<I", data, 60)[0]
    if bytes(data[at : at + 4]) != b"PE\0\0":
        return []
    count, optional = unpack_from("<H12xH", data, at + 6)
    table = at + 24 + optional
    kind, headers = unpack_from("<H58xI", data, at + 24)
    if kind not in (0x10B, 0x20B) or not 0 < count <= 96 or table + 40 * count > headers:
        return []
    rows = [unpack_from("<II", data, table + 40 * row + 16) for row in range(count)]
    signed, length = unpack_from("<II", data, at + 24 + (96 if kind == 0x10B else 112) + 32)  # certificates
    return [(0, headers), *((begin, begin + size) for size, begin in rows), (signed, signed + length)]


def _font(data: memoryview) -> Ranges:
    count = unpack_from(">H", data, 4)[0]
    rows = [unpack_from(">II", data, 12 + 16 * row + 8) for row in range(count)]
    return [(0, 12 + 16 * count), *((begin, begin + size) for begin, size in rows)] if count else []


def _woff(data: memoryview) -> Ranges:
    length, count = unpack_from(">IH", data, 8)
    rows = [unpack_from(">II", data, 44 + 20 * row + 4) for row in range(count)]
    if length != len(data) or not count:
        return []
    return [(0, 44 + 20 * count), *((begin, begin + size) for begin, size in rows)]


def _woff2(data: memoryview) -> Ranges:
    length, count, _, _, packed = unpack_from(">IHHII", data, 8)
    if length != len(data) or not count or packed > length:
        return []
    return [(0, min(length, 48 + 12 * count + packed))]


def _wasm(data: memoryview) -> Ranges:
    at = 8
    while at < len(data):
        kind, size, shift, begin = data[at], 0, 0, at + 1
        while data[begin] & 0x80 and shift < 28:
            size, shift, begin = size | (data[begin] & 0x7F) << shift, shift + 7, begin + 1
        size |= data[begin] << shift
        if kind > 13 or begin + 1 + size > len(data):
            break
        at = begin + 1 + size
    return [(0, at)] if at > 8 else []


def _class(data: memoryview) -> Ranges:
    """Account for the constant pool of a Java class; what follows it is code."""
    sizes = {
        3: 5,
        4: 5,
        5: 9,
        6: 9,
        7: 3,
        8: 3,
        9: 5,
        10: 5,
        11: 5,
        12: 5,
        15: 4,
        16: 3,
        17: 5,
        18: 5,
        19: 3,
        20: 3,
    }
    left, at = unpack_from(">H", data, 8)[0] - 1, 10
    while left > 0:
        tag = data[at]
        size = 3 + unpack_from(">H", data, at + 1)[0] if tag == 1 else sizes.get(tag, 0)
        if not size:
            return []
        at, left = at + size, left - (2 if tag in (5, 6) else 1)
    return [(0, at)]


def _byte_code(data: memoryview) -> Ranges:
    """Account for a module's code, but not for long runs that are none of its constants."""
    if unpack_from("<I", data, 4)[0] > 3 or data[16] & 0x7F != 0x63 or any(data[17:25]):
        return []
    strange = []
    for begin, end in _long_runs(bytes(data)):
        length = int.from_bytes(data[begin - 4 : begin], "little")
        if data[begin - 5] & 0x7F not in MARSHALLED or end > begin + length + LONG_NOTICE:
            strange.append((begin, end))
    edges = [0, *(edge for each in strange for edge in each), len(data)]
    return [each for number, each in enumerate(pairwise(edges)) if number % 2 == 0]


def _long_runs(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each run of ``LONG_NOTICE`` bytes or more that a text may hold."""
    written, run = data.translate(WRITTEN), b"\1" * LONG_NOTICE
    begin = written.find(run)
    while begin >= 0:
        end = written.find(b"\0", begin)
        end = end if end >= 0 else len(data)
        yield begin, end
        begin = written.find(run, end)


def _summed(data: memoryview) -> Ranges:
    """Account for a pack of Git or its index, which end with the SHA-1 of themselves."""
    whole = len(data) > 20 and hashlib.sha1(data[:-20], usedforsecurity=False).digest() == bytes(data[-20:])
    return [(0, len(data))] if whole else []


KINDS: Mapping[str, Callable[[memoryview], Ranges]] = {
    **dict.fromkeys(("application/x-executable", "application/x-sharedlib", "application/x-object",
                     "application/x-elf"), _elf),
    "application/vnd.microsoft.portable-executable": _portable,
    **dict.fromkeys(("font/ttf", "font/otf"), _font),
    "font/woff": _woff,
    "font/woff2": _woff2,
    "application/wasm": _wasm,
    "application/java-vm": _class,
    "application/x-bytecode.python": _byte_code,
    **dict.fromkeys(("application/x-git-pack", "application/x-git-pack-index"), _summed),
}  # fmt: skip
