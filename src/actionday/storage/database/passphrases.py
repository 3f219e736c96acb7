"""The secrets of a case: passwords, keys and passphrases by which encrypted evidence is opened.

They are bytes as they were given, kept as they are: whoever may read the case may open its evidence. The ledger never
holds one, only a digest of all that were given at once, so slow that one who has the ledger alone learns little by
trying. Source: RFC 7914 (scrypt).
"""

import sqlite3
from collections.abc import Iterable, Sequence
from hashlib import scrypt
from typing import NamedTuple

import msgspec

from actionday.model import UsageError

LONGEST = 4096
"""Bytes of one secret: a key of 4,096 bits as hex has 1,024."""
MOST = 100_000
"""Secrets of a case: each is tried on each encrypted thing."""
COST, BLOCK, PARALLEL, LENGTH = 1 << 14, 8, 1, 32
"""Of scrypt, N, r, p and bytes of the result: 50 ms and 16 MiB."""
BOM = b"\xef\xbb\xbf"


class Batch(NamedTuple):
    """Those that one command added."""

    number: int
    secrets: Sequence[bytes]


def secrets_in(data: bytes, name: str) -> list[bytes]:
    """Return the secrets of a file, one a line, without what ends the line; empty lines are none, doubles count once.

    A blank at the end of a line belongs to the secret. Raises UsageError, which names the line and never the secret.
    """
    found: dict[bytes, None] = {}
    for number, line in enumerate(data.removeprefix(BOM).split(b"\n"), start=1):
        secret = line.removesuffix(b"\r")
        if len(secret) > LONGEST:
            raise UsageError(f"{name}: line {number} has {len(secret)} bytes; a secret has at most {LONGEST}")
        if b"\0" in secret:
            raise UsageError(f"{name}: line {number} has a NUL byte: this is no file of one secret a line")
        if secret:
            found[secret] = None
    return list(found)


def all_secrets(connection: sqlite3.Connection) -> list[bytes]:
    """Return every secret of the case, in the order in which they were given: the first is number 1."""
    return [bytes(value) for (value,) in connection.execute("SELECT value FROM secrets ORDER BY n")]


def batches(connection: sqlite3.Connection) -> list[Batch]:
    """Return the secrets by what added them, in order."""
    found: dict[int, list[bytes]] = {}
    for batch, value in connection.execute("SELECT batch, value FROM secrets ORDER BY n"):
        found.setdefault(batch, []).append(value)
    return [Batch(number, secrets) for number, secrets in found.items()]


def add(connection: sqlite3.Connection, given: Iterable[bytes]) -> Batch:
    """Add those of ``given`` that the case does not have, within the caller's transaction; return them.

    Raises UsageError where they are more than a case may have.
    """
    known = set(all_secrets(connection))
    new = [each for each in given if each not in known]
    if len(known) + len(new) > MOST:
        raise UsageError(
            f"a case has at most {MOST} secrets: it has {len(known)}, and {len(new)} more were given"
        )
    number = int(connection.execute("SELECT COALESCE(MAX(batch), 0) + 1 FROM secrets").fetchone()[0])
    values = [(len(known) + at, number, each) for at, each in enumerate(new, start=1)]
    connection.executemany("INSERT INTO secrets (n, batch, value) VALUES (?, ?, ?)", values)
    return Batch(number, new)


def digest(secrets: Sequence[bytes], salt: str) -> str:
    """Return the digest of a batch as hex: scrypt over a msgpack array of its secrets, in order.

    ``salt``: the origin of the case's log, so that the same list is another digest in another case.
    """
    packed = msgspec.msgpack.encode(list(secrets))
    return scrypt(packed, salt=salt.encode(), n=COST, r=BLOCK, p=PARALLEL, dklen=LENGTH).hex()
