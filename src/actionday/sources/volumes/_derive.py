"""Keys out of secrets: slow on purpose, and bounded, since what asks for it is a header that somebody wrote.

Source: RFC 8018 (PBKDF2), RFC 9106 (Argon2), Joachim Metz, "BitLocker Drive Encryption (BDE) format specification"
(stretch key).
"""

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.kdf.argon2 import Argon2i, Argon2id
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from actionday.model import Derivation, Stretch, TooCostly
from actionday.sources.volumes._counted_hashes import seven_zip
from actionday.sources.volumes._sectors import hash_of

MOST_ROUNDS = 1 << 26
"""Iterations of PBKDF2: 30 s; cryptsetup makes it so many that they take 2 s where the volume is made."""
MOST_PASSED = 16 << 20
"""KiB that Argon2 may go through in all passes: 20 s; cryptsetup asks for some 4 GiB."""
MOST_LENGTH = 512
STRETCHED = 1 << 20
"""Rounds of BitLocker."""


def derived(work: Derivation, memory: int) -> bytes:
    """Return the key, where that needs at most ``memory`` bytes.

    Raises TooCostly, ``Unknown`` for a hash or a kind that nobody here has, ValueError for numbers that fit nothing.
    """
    if not 0 < work.length <= MOST_LENGTH:
        raise ValueError(f"a key of {work.length} bytes")
    if work.kind == Stretch.BITLOCKER:
        return _bitlocker(work)
    if work.kind == Stretch.SEVEN_ZIP:
        return seven_zip(work)
    if work.kind == Stretch.PBKDF2:
        return _pbkdf2(work)
    made: type[Argon2i] | type[Argon2id] = Argon2i if Stretch(work.kind) is Stretch.ARGON2I else Argon2id
    _bounded(work, memory)
    try:
        argon = made(
            salt=work.salt,
            length=work.length,
            iterations=work.rounds,
            lanes=work.lanes,
            memory_cost=work.memory,
        )
        return argon.derive(work.secret)
    except UnsupportedAlgorithm as error:
        raise TooCostly(f"{work.kind}, which the library for it here has not") from error


def _bounded(work: Derivation, memory: int) -> None:
    if work.memory * 1024 > memory:
        least, most = -(-work.memory // 1024), memory >> 20
        raise TooCostly(f"{least} MiB of memory for each secret, of which {most} may be used here")
    if work.rounds * work.memory > MOST_PASSED:
        raise TooCostly(f"{work.rounds} passes over {work.memory >> 10} MiB for each secret")


def _pbkdf2(work: Derivation) -> bytes:
    if work.rounds > MOST_ROUNDS:
        raise TooCostly(f"{work.rounds} iterations for each secret, of which {MOST_ROUNDS} are made here")
    made = PBKDF2HMAC(hash_of(work.hashed), work.length, work.salt, work.rounds)
    return made.derive(work.secret)


def _bitlocker(work: Derivation) -> bytes:
    """Return the stretched key: of the last digest, the first one, the salt and the number of the round."""
    last, rest = bytes(32), work.secret[:32].ljust(32, b"\0") + work.salt[:16].ljust(16, b"\0")
    sha256 = hashlib.sha256
    for number in range(STRETCHED):
        last = sha256(last + rest + number.to_bytes(8, "little")).digest()
    return last
