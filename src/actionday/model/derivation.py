"""What a key is derived from: a secret, a salt, and how much work and memory it is to take."""

from enum import StrEnum

import msgspec


class Stretch(StrEnum):
    """How a secret becomes a key."""

    PBKDF2 = "pbkdf2"
    ARGON2I = "argon2i"
    ARGON2ID = "argon2id"
    BITLOCKER = "bitlocker"
    """SHA-256, a million times over."""
    SEVEN_ZIP = "7z"
    """SHA-256 of salt, secret and a number of 64 bits, as often as there are rounds."""


class Derivation(msgspec.Struct, frozen=True, array_like=True):
    """One derivation; equal ones give equal keys."""

    kind: str
    secret: bytes
    salt: bytes
    length: int
    """Bytes of the key, 1 to 512."""
    rounds: int = 1
    """Iterations of PBKDF2, passes of Argon2."""
    hashed: str = "sha256"
    memory: int = 0
    """KiB that Argon2 goes through in each pass."""
    lanes: int = 1


class TooCostly(Exception):
    """It asks for more work or memory than is spent here on one secret; ``str()`` says how much."""
