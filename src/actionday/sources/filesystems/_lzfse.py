"""LZFSE, which Apple's systems compress files with: matches and literals, both coded by finite state entropy.

Source: Apple, "LZFSE compression library" (BSD-3-Clause), ``lzfse_internal.h``, ``lzfse_decode_base.c``,
``lzfse_fse.c``.
"""

import struct
from collections.abc import Sequence
from typing import NamedTuple

from actionday.sources.filesystems._lzvn import matched, unlzvn
from actionday.sources.filesystems._tsk_runs import BadMap

END, PLAIN, FIRST, SECOND, LZVN = b"bvx$", b"bvx-", b"bvx1", b"bvx2", b"bvxn"
L_SYMBOLS, M_SYMBOLS, D_SYMBOLS, LITERALS = 20, 20, 64, 256
L_STATES, M_STATES, D_STATES, STATES = 64, 64, 256, 1024
L_BITS = (0,) * 16 + (2, 3, 5, 8)
L_BASE = (*range(16), 16, 20, 28, 60)
M_BITS = (0,) * 16 + (3, 5, 8, 11)
M_BASE = (*range(16), 16, 24, 56, 312)
D_BITS = tuple(number // 4 for number in range(D_SYMBOLS))
HEAD_1 = struct.Struct("<4sIIIIIIi4HiHHH")
HEAD_2 = 32
MOST_LITERALS, MOST_MATCHES = 40_000, 10_000
"""Of one block."""
FREQUENCIES = {2: (2, 1), 0: (2, 0), 1: (3, 2), 5: (3, 3), 3: (5, 4), 11: (5, 5), 19: (5, 6), 27: (5, 7)}


def _bases() -> tuple[int, ...]:
    found, at = list[int](), 0
    for bits in D_BITS:
        found.append(at)
        at += 1 << bits
    return tuple(found)


D_BASE = _bases()


class Head(NamedTuple):
    """What a block begins with: how many literals and matches, states and bits, how often each symbol is."""

    size: int
    literals: int
    literal_bytes: int
    literal_bits: int
    literal_states: Sequence[int]
    matches: int
    match_bytes: int
    match_bits: int
    states: Sequence[int]
    frequencies: Sequence[int]


def unlzfse(data: bytes, size: int) -> bytearray:
    """Return what ``data`` unpacks to, ``size`` bytes at the most: 1 MB/s of text on a core. Raises BadMap."""
    out, at = bytearray(), 0
    try:
        while len(out) < size:
            kind = data[at : at + 4]
            if kind == END:
                break
            if kind == PLAIN:
                length = struct.unpack_from("<I", data, at + 4)[0]
                piece = data[at + 8 : at + 8 + length]
                if len(piece) < length:
                    raise BadMap(f"LZFSE: ends after {len(out) + len(piece)} of {size} bytes")
                out += piece
                at += 8 + length
            elif kind == LZVN:
                raw, packed = struct.unpack_from("<II", data, at + 4)
                unlzvn(data[at + 12 : at + 12 + packed], min(size, len(out) + raw), out)
                at += 12 + packed
            elif kind in (FIRST, SECOND):
                at = _block(data, at, _second(data, at) if kind == SECOND else _first(data, at), out, size)
            else:
                raise BadMap(f"LZFSE: no block begins at byte {at}")
    except (IndexError, struct.error) as error:
        raise BadMap(f"LZFSE: ends after {len(out)} of {size} bytes") from error
    del out[size:]
    return out


def _first(data: bytes, at: int) -> Head:
    _, _, _, literals, matches, literal_bytes, match_bytes, bits, *rest = HEAD_1.unpack_from(data, at)
    count = L_SYMBOLS + M_SYMBOLS + D_SYMBOLS + LITERALS
    told = struct.unpack_from(f"<{count}H", data, at + HEAD_1.size)
    return Head(HEAD_1.size + 2 * count, literals, literal_bytes, bits, rest[:4], matches, match_bytes, rest[4],
                rest[5:], told)  # fmt: skip


def _second(data: bytes, at: int) -> Head:
    one, two, three = struct.unpack_from("<QQQ", data, at + 8)

    def field(value: int, start: int, bits: int) -> int:
        return value >> start & (1 << bits) - 1

    size = field(three, 0, 32)
    return Head(size, field(one, 0, 20), field(one, 20, 20), field(one, 60, 3) - 7,
                [field(two, 10 * number, 10) for number in range(4)], field(one, 40, 20), field(two, 40, 20),
                field(two, 60, 3) - 7, [field(three, 32 + 10 * number, 10) for number in range(3)],
                _frequencies(data[at + HEAD_2 : at + size]))  # fmt: skip


def _frequencies(data: bytes) -> list[int]:
    """Return how often each symbol is, told in bits, the lowest first."""
    found, value, left = list[int](), int.from_bytes(data, "little"), 8 * len(data)
    for _ in range(L_SYMBOLS + M_SYMBOLS + D_SYMBOLS + LITERALS if data else 0):
        low = value & 31
        if low & 15 == 15:
            bits, number = 14, 24 + (value >> 4 & 0x3FF)
        elif low & 15 == 7:
            bits, number = 8, 8 + (value >> 4 & 15)
        else:
            bits, number = FREQUENCIES[next(key for key in (low, low & 7, low & 3) if key in FREQUENCIES)]
        if bits > left:
            raise BadMap("LZFSE: the table of a block is cut")
        value, left = value >> bits, left - bits
        found.append(number)
    if left >= 8:
        raise BadMap("LZFSE: the table of a block is longer than what it tells")
    return found or [0] * (L_SYMBOLS + M_SYMBOLS + D_SYMBOLS + LITERALS)


def _table(
    states: int, told: Sequence[int], bits: Sequence[int], base: Sequence[int]
) -> list[tuple[int, int, int, int]]:
    """Return of each state: bits to be read, those of them that are the value's, the next state's base, the value's."""
    if sum(told) != states:
        raise BadMap("LZFSE: the table of a block does not add up")
    found = list[tuple[int, int, int, int]]()
    for symbol, often in enumerate(told):
        if not often:
            continue
        shift = states.bit_length() - often.bit_length()
        first = (2 * states >> shift) - often
        more, value = bits[symbol], base[symbol]
        for number in range(often):
            if number < first:
                found.append((shift + more, more, (often + number << shift) - states, value))
            else:
                found.append((shift - 1 + more, more, number - first << shift - 1, value))
    return found


def _block(data: bytes, at: int, head: Head, out: bytearray, size: int) -> int:
    """Add what a block holds; return where the next one begins."""
    if head.literals > MOST_LITERALS or head.matches > MOST_MATCHES:
        raise BadMap("LZFSE: a block of more than there may be in one")
    if head.size < HEAD_2:
        raise BadMap("LZFSE: a block that is shorter than its header")
    begin = at + head.size
    middle, end = begin + head.literal_bytes, begin + head.literal_bytes + head.match_bytes
    if end > len(data):
        raise BadMap(f"LZFSE: ends after {len(out)} of {size} bytes")
    told, places = head.frequencies, (L_SYMBOLS, L_SYMBOLS + M_SYMBOLS, L_SYMBOLS + M_SYMBOLS + D_SYMBOLS)
    literals = b""
    if head.literals:
        table = _table(STATES, told[places[2] :], (0,) * LITERALS, range(LITERALS))
        literals = _literals(data[begin:middle], head, table)
    if head.matches:
        tables = (_table(L_STATES, told[: places[0]], L_BITS, L_BASE),
                  _table(M_STATES, told[places[0] : places[1]], M_BITS, M_BASE),
                  _table(D_STATES, told[places[1] : places[2]], D_BITS, D_BASE))  # fmt: skip
        _matches(data[middle:end], head, tables, literals, out, size)
    return end


def _literals(data: bytes, head: Head, table: list[tuple[int, int, int, int]]) -> bytes:
    """Return the literals: four states take turns, bits are read from the end."""
    value, left = int.from_bytes(data, "little"), 8 * len(data) + head.literal_bits
    made, states = bytearray(), list(head.literal_states)
    bound = 0
    for turn in range(head.literals):
        if left < bound or not turn % 1024:  # a number of some KiB costs a step each time it is looked into
            bound = max(0, left - WINDOW)
            window = value >> bound
        bits, _, base, symbol = table[states[turn & 3]]
        left -= bits
        if left < bound:
            if left < 0:
                raise BadMap("LZFSE: the literals of a block are cut")
            bound = max(0, left - WINDOW)
            window = value >> bound
        states[turn & 3] = base + (window >> left - bound & (1 << bits) - 1)
        made.append(symbol)
    return bytes(made)


WINDOW = 512
"""Bits looked at at once: shifting a short number costs next to nothing."""


def _matches(
    data: bytes, head: Head, tables: Sequence[list[tuple[int, int, int, int]]], literals: bytes, out: bytearray,
    size: int,
) -> None:  # fmt: skip
    """Add literals and matches by turns."""
    value, left = int.from_bytes(data, "little"), 8 * len(data) + head.match_bits
    states, told, at, distance, bound = list(head.states), [0, 0, 0], 0, 0, left + 1
    window = 0
    for _ in range(head.matches):
        for number, table in enumerate(tables):
            bits, more, base, least = table[states[number]]
            left -= bits
            if left < bound:
                if left < 0:
                    raise BadMap("LZFSE: the matches of a block are cut")
                bound = max(0, left - WINDOW)
                window = value >> bound
            found = window >> left - bound & (1 << bits) - 1
            states[number] = base + (found >> more)
            told[number] = least + (found & (1 << more) - 1)
        literal, length, again = told
        distance = again or distance
        if literal:
            if at + literal > len(literals):
                raise BadMap("LZFSE: a block has fewer literals than it uses")
            out += literals[at : at + literal]
            at += literal
        if length:
            matched(out, distance, length)
        if len(out) >= size:
            return
