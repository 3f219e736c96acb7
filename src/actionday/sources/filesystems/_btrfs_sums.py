"""The checksums that Btrfs keeps of its blocks: CRC-32C, xxHash64, SHA-256, BLAKE2b.

Source: Linux kernel, ``fs/btrfs/super.c`` and ``include/uapi/linux/btrfs_tree.h`` (``btrfs_csum_type``); Yann Collet,
"xxHash fast digest algorithm", version 0.1.1, XXH64.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import google_crc32c
import numpy as np

NAMES = ("crc32c", "xxhash64", "sha256", "blake2b")
SIZES = (4, 8, 32, 32)
_PRIMES = (11400714785074694791, 14029467366897019727, 1609587929392839161, 9650029242287828579)
_MASK = (1 << 64) - 1
_LANES = 32
"""Bytes that one round of xxHash64 takes; every block of Btrfs is a multiple of them."""
Numbers = np.ndarray[Any, np.dtype[np.uint64]]


def summed(kind: int) -> Callable[[bytes], bytes]:
    """Return what makes the checksum of a block, whose length is a multiple of 32; ``kind`` < len(NAMES)."""
    return (_crc32c, xxh64, _sha256, _blake2b)[kind]


def sums_of(kind: int, data: bytes, size: int) -> bytes:
    """Return the checksums of all blocks of ``size`` bytes that ``data`` is made of, one behind the other."""
    if kind == 1:
        return _xxh64_of_all(data, size)
    one = summed(kind)
    return b"".join([one(data[at : at + size]) for at in range(0, len(data), size)])


def _crc32c(data: bytes) -> bytes:
    value: int = google_crc32c.value(data)
    return value.to_bytes(4, "little")


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _blake2b(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=32).digest()


def xxh64(data: bytes) -> bytes:
    """Return the xxHash64, seed 0, of a multiple of 32 bytes, as Btrfs stores it."""
    first, second, third, _ = _PRIMES
    lanes = [(first + second) & _MASK, second, 0, -first & _MASK]
    for number, value in enumerate(memoryview(data).cast("Q")):
        mixed = (lanes[number & 3] + value * second) & _MASK
        lanes[number & 3] = (mixed << 31 | mixed >> 33) * first & _MASK
    total = sum(_turned(lane, turn) for lane, turn in zip(lanes, (1, 7, 12, 18), strict=True))
    for lane in lanes:
        total = ((total ^ _turned(lane * second & _MASK, 31) * first & _MASK) * first + _PRIMES[3]) & _MASK
    total = (total + len(data)) & _MASK
    total = (total ^ total >> 33) * second & _MASK
    total = (total ^ total >> 29) * third & _MASK
    return (total ^ total >> 32).to_bytes(8, "little")


def _turned(value: int, turn: int) -> int:
    return (value << turn | value >> 64 - turn) & _MASK


def _xxh64_of_all(data: bytes, size: int) -> bytes:
    """Return what ``xxh64`` does of each block: in all blocks at once, round by round."""
    first, second, third, fourth = (np.uint64(each) for each in _PRIMES)
    rows = np.frombuffer(data, "<u8").reshape(-1, size // _LANES, 4)
    start = (_PRIMES[0] + _PRIMES[1], _PRIMES[1], 0, -_PRIMES[0])
    lanes = np.tile(np.array([each & _MASK for each in start], np.uint64), (len(rows), 1))
    products = rows * second
    for number in range(rows.shape[1]):
        lanes = _all_turned(lanes + products[:, number], 31) * first
    total = np.zeros(len(rows), np.uint64)
    for lane, turn in enumerate((1, 7, 12, 18)):
        total += _all_turned(lanes[:, lane], turn)
    for lane in range(4):
        total = (total ^ _all_turned(lanes[:, lane] * second, 31) * first) * first + fourth
    total += np.uint64(size)
    total = (total ^ total >> np.uint64(33)) * second
    total = (total ^ total >> np.uint64(29)) * third
    return bytes((total ^ total >> np.uint64(32)).astype("<u8").tobytes())


def _all_turned(values: Numbers, turn: int) -> Numbers:
    return values << np.uint64(turn) | values >> np.uint64(64 - turn)
