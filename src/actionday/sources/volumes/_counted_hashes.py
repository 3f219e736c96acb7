"""Keys that are one digest of a secret and a number, over and over: those of archivers.

Source: LZMA SDK, 7zAes (``CKeyInfo::CalcKey``); The Unarchiver, XADRARAESHandle (RAR 3).
"""

import hashlib

import numpy as np

from actionday.model import Derivation, TooCostly

MOST_CYCLES = 1 << 24
"""Rounds: 2 s and more by the length of the secret; 7-Zip makes 2^19."""
LONGEST = 512
"""Bytes of secret and salt together."""
STRIDE = 1 << 12


def seven_zip(work: Derivation) -> bytes:
    """Return the key of a 7z. Raises TooCostly."""
    if work.rounds > MOST_CYCLES:
        raise TooCostly(f"{work.rounds} rounds for each secret, of which {MOST_CYCLES} are made here")
    begin = work.salt + work.secret
    if len(begin) > LONGEST:
        raise ValueError(f"a secret and a salt of {len(begin)} bytes")
    digest, step = hashlib.sha256(), min(STRIDE, work.rounds)
    rows = np.empty((step, len(begin) + 8), np.uint8)
    rows[:, : len(begin)] = np.frombuffer(begin, np.uint8)
    for first in range(0, work.rounds, step):
        count = min(step, work.rounds - first)
        numbers = np.arange(first, first + count, dtype="<u8")
        rows[:count, len(begin) :] = numbers.view(np.uint8).reshape(count, 8)
        digest.update(rows[:count].data)
    return digest.digest()[: work.length]
