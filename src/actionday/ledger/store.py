"""What a ledger needs of the place it is kept in. Three things are stored, nothing else.

- rows: entry ``index`` (0, 1, 2, ... without gaps), its leaf, the hashes it completed;
- heads: signed checkpoints, the latest one and those that were given out;
- the origin: the log's name, fixed when it is made.

``actionday.testing.ledger.check_log_store`` is the suite every implementation must pass.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Row:
    """One stored entry. ``hashes``: the leaf's, then those of the subtrees it closed, 32 bytes each."""

    index: int
    leaf: bytes
    hashes: bytes


class Head(NamedTuple):
    """One stored head: the verifier key that signed it, its size, the signed note."""

    key: str
    size: int
    note: str


class LogStore(Protocol):
    """Where one log is kept. The caller owns the transaction: nothing here commits.

    Stored values may be damaged: they are returned as they are found. What cannot be read at all
    raises ``LedgerError``.
    """

    def origin(self) -> str:
        """Return the log's name."""

    def size(self) -> int:
        """Return 1 + the highest index, 0 for an empty log."""

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows; the first index is ``size()``. Raises ``LedgerError`` outside a transaction."""

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Yield the rows with start <= index < stop, by index. Valid until the next append."""

    def scan(self) -> Iterator[Row]:
        """Yield every row that is there, by index, whatever its index: for verification."""

    def hashes(self, indexes: Sequence[int]) -> Sequence[bytes]:
        """Return ``Row.hashes`` of these rows, in this order. Raises ``LedgerError`` if one is missing."""

    def joinings(self) -> Iterator[Row]:
        """Yield the rows of ``key.added`` entries, by index, without reading the others."""

    def latest(self) -> Head | None:
        """Return the head of the greatest size."""

    def head_of(self, key: str) -> Head | None:
        """Return the head of the greatest size signed by ``key``."""

    def heads(self) -> Iterator[Head]:
        """Yield every kept head, by size."""

    def put_head(self, head: Head, replaced: Head | None) -> None:
        """Keep ``head``; forget ``replaced`` unless it was given out."""

    def mark_given(self, head: Head) -> None:
        """Note that ``head`` left the house: it stays for good. Again is the same as once."""
