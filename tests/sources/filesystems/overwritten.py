"""A volume something was written over, opened as one in a partition table is."""

import random
from collections.abc import Callable

from disk_chain import Disk
from disk_tools import companions, sha256

from actionday.model import Claim, Kind
from actionday.testing.context import Bytes

FILLS: dict[str, Callable[[int], bytes]] = {
    "zeros": bytes,
    "0xFF": lambda n: b"\xff" * n,
    "noise": lambda n: random.Random(5).randbytes(n),
}
"""What was written over the first copy."""


def over(raw: bytes, at: int, length: int, fill: str) -> bytes:
    return raw[:at] + FILLS[fill](length) + raw[at + length :]


class Volume(Disk):
    """A chain that begins at a volume, as one in a partition table or an image does."""

    def claims(self, peek: object) -> list[tuple[Claim, str]]:
        peek.kind = Kind.VOLUME  # type: ignore[attr-defined]
        return super().claims(peek)  # type: ignore[arg-type]


def opened(raw: bytes) -> tuple[set[str], set[str], Disk]:
    """Return the hashes of what was read, the codes of notes, and the chain."""
    with companions() as started:
        chain = Volume(started)
        bodies = {
            sha256(row.body) for row in chain.rows(Bytes(raw), "p1") if row.body is not None and not row.error
        }
        return bodies, {note.code for context in chain.contexts for note in context.notes}, chain
