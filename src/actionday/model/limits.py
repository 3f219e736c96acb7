"""The limits that keep hostile input from taking the machine; parameters of the case.

Source: the invariants of ``docs/architecture.md`` (sandbox, bombs, deadlines).
"""

import msgspec

MIB = 1 << 20


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What stops by a limit is an item with its reason."""

    depth: int = 32
    """Containers within containers."""
    ratio: int = 200
    """Bytes out for one byte in, once ``ratio_after`` bytes came out of an archive."""
    ratio_after: int = 256 * MIB
    total: int = 50
    """Bytes out of one archive, as a multiple of the exhibit's size (never below ``ratio_after``)."""
    sparse: int = 64 * 1024 * MIB
    """Bytes of holes in one file: nobody stored them, and hashing 64 GiB of zeros takes three minutes."""
    deadline: float = 10.0
    """Seconds for one item, plus ``deadline_per_mib`` for each MiB of it."""
    deadline_per_mib: float = 1.0
    memory: int = 1024 * MIB
    """Bytes of private memory one worker may use."""
    held: int = 64 * MIB
    """Bytes of one content that a worker holds in its memory; larger ones are read in pieces, and examined whole up
    to ``mapped`` where they can be read again."""
    text: int = 128 * MIB
    """Bytes of one content that are read as text; the rest is counted and said. Never more than an eighth of
    ``memory``."""

    @property
    def mapped(self) -> int:
        """Bytes of one content that is examined whole: with a copy of a parser's it stays below ``memory``."""
        return 6 * self.held

    def seconds(self, size: int) -> float:
        """Return the deadline in seconds for an item of ``size`` >= 0 bytes."""
        return self.deadline + self.deadline_per_mib * size / MIB
