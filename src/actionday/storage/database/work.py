"""Digests of what is still to be done: the row of an exhibit that is open, and its containers.

Containers come, change and go in the thousands between two checkpoints, so their digest is that of a sum, to which
each row adds and from which it is taken again: what a checkpoint costs depends on what changed, not on what there is.
Source: Bellare and Micciancio, "A New Paradigm for Collision-Free Hashing" (1997), AdHASH; 4,096 bits, so that
Wagner's generalised birthday ("A Generalized Birthday Problem", 2002) takes some 2^128 steps.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256, shake_128

import msgspec

from actionday.storage.database.rows import CONTAINER_COLUMNS, CONTAINERS, Values

EXHIBIT = "SELECT number, id, sources, state, size, acquisition, balance FROM exhibits WHERE number = ?"
SUM_BYTES = 512
MODULUS = 1 << (8 * SUM_BYTES)
AT_ONCE = 500
_encode = msgspec.msgpack.Encoder().encode


def exhibit_digest(connection: sqlite3.Connection, number: int) -> str:
    """Return the SHA-256 over the row of an exhibit, a msgpack array as those of a checkpoint, as hex."""
    return sha256(_encode(connection.execute(EXHIBIT, (number,)).fetchone())).hexdigest()


def added(found: Iterable[Values]) -> int:
    """Return what rows of containers add to the sum: of each the SHAKE128 as a whole number."""
    total = 0
    for row in found:
        total += int.from_bytes(shake_128(_encode(row)).digest(SUM_BYTES), "little")
    return total % MODULUS


def sum_digest(total: int) -> str:
    """Return the SHA-256 over a sum, as hex."""
    return sha256(total.to_bytes(SUM_BYTES, "little")).hexdigest()


def containers_of(connection: sqlite3.Connection, exhibit: int) -> int:
    """Return the sum over all containers of an exhibit. Reads them all."""
    return added(connection.execute(CONTAINERS, (exhibit,)))


def stored(connection: sqlite3.Connection, items: Sequence[bytes]) -> Iterator[Values]:
    """Yield the rows of some containers, those that are there."""
    for at in range(0, len(items), AT_ONCE):
        part = items[at : at + AT_ONCE]
        marks = ",".join("?" * len(part))
        yield from connection.execute(
            f"SELECT {CONTAINER_COLUMNS} FROM containers WHERE item IN ({marks})",  # noqa: S608 - marks alone
            part,
        )
