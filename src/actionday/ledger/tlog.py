"""Merkle tree hashes and proofs of an append-only log: pure functions over 32-byte hashes.

Functions come in pairs: what ``inclusion_proof`` makes ``check_inclusion`` accepts, what
``consistency_proof`` makes ``check_consistency`` accepts, and nothing else.
A tree is read through ``Read``: given nodes, it returns their hashes in the same order. Only
complete subtrees are ever read; they never change once written.

Source: RFC 6962, sections 2.1 (hashes), 2.1.1 (audit paths), 2.1.2 (consistency proofs).
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from actionday.ledger.errors import Differs, LedgerError
from actionday.model.counted import counted

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


class Node(NamedTuple):
    """The complete subtree over the leaves [number * 2^level, (number + 1) * 2^level)."""

    level: int
    number: int

    @property
    def last_leaf(self) -> int:
        """The leaf with which this subtree became complete."""
        return ((self.number + 1) << self.level) - 1


Read: TypeAlias = Callable[[Sequence[Node]], Sequence[bytes]]


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf's bytes."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def frontier(size: int) -> list[Node]:
    """Return the complete subtrees that make up a tree of ``size`` leaves, left to right."""
    return _cover(0, size)


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of ``frontier(size)``; of none, the empty tree's."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def stored_hashes(index: int, leaf: bytes, edge: list[bytes]) -> list[bytes]:
    """Return the hashes that leaf ``index`` completes: its own, then each subtree it closes, upwards.

    ``edge`` holds the hashes of ``frontier(index)`` and becomes those of ``frontier(index + 1)``.
    ``leaf`` is a leaf hash. 1 + trailing zeros of (index + 1) hashes.
    """
    completed = [leaf]
    while index & 1:
        completed.append(node_hash(edge.pop(), completed[-1]))
        index >>= 1
    edge.append(completed[-1])
    return completed


def tree_hash(size: int, read: Read) -> bytes:
    """Return the root of the tree over the first ``size`` leaves."""
    return fold(read(frontier(size)))


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """Return the audit path of leaf ``index`` in the tree of ``size`` leaves, from the leaf upwards.

    Requires 0 <= index < size.
    """
    return [_range_hash(lo, hi, read) for _, lo, hi in reversed(list(_way_to_leaf(index, size)))]


def check_inclusion(proof: Sequence[bytes], index: int, size: int, leaf: bytes, root: bytes) -> None:
    """Return if ``proof`` shows leaf hash ``leaf`` at ``index`` of the tree with that size and root.

    Raises ``Differs`` (root against computed root) or ``LedgerError`` for a proof of the wrong length.
    """
    way = list(_way_to_leaf(index, size))
    _require_length(proof, len(way))
    at = leaf
    for (on_right, _, _), sibling in zip(reversed(way), proof, strict=True):
        at = node_hash(sibling, at) if on_right else node_hash(at, sibling)
    if at != root:
        raise Differs(f"inclusion of entry {index}", root.hex(), at.hex())


def consistency_proof(old: int, new: int, read: Read) -> list[bytes]:
    """Return the proof that the tree of ``new`` leaves begins with the tree of ``old`` leaves.

    Requires 1 <= old <= new.
    """
    way, rest = _way_to_size(old, new)
    first = [_range_hash(*rest, read)] if rest[0] else []
    return first + [_range_hash(lo, hi, read) for _, lo, hi in reversed(way)]


def check_consistency(proof: Sequence[bytes], old: int, new: int, old_root: bytes, new_root: bytes) -> None:
    """Return if ``proof`` shows that the ``new`` tree begins with the ``old`` one.

    Raises ``Differs`` naming the root that does not come out, or ``LedgerError`` for a wrong length.
    """
    way, rest = _way_to_size(old, new)
    _require_length(proof, len(way) + bool(rest[0]))
    seed, steps = (proof[0], proof[1:]) if rest[0] else (old_root, proof)
    was = now = seed
    for (on_right, _, _), sibling in zip(reversed(way), steps, strict=True):
        was = node_hash(sibling, was) if on_right else was
        now = node_hash(sibling, now) if on_right else node_hash(now, sibling)
    for size, expected, got in ((old, old_root, was), (new, new_root, now)):
        if expected != got:
            raise Differs(f"root of the first {counted(size, 'entry', 'entries')}", expected.hex(), got.hex())


Step: TypeAlias = tuple[bool, int, int]  # went right?, and the sibling's leaves [lo, hi)


def _way_to_leaf(index: int, size: int) -> Iterator[Step]:
    """Yield the siblings passed on the way from the root down to the leaf."""
    if not 0 <= index < size:
        raise LedgerError(f"entry {index} is not in a tree of {size}")
    lo, hi = 0, size
    while hi - lo > 1:
        middle = lo + _split(hi - lo)
        if index < middle:
            yield False, middle, hi
            hi = middle
        else:
            yield True, lo, middle
            lo = middle


def _way_to_size(old: int, new: int) -> tuple[list[Step], tuple[int, int]]:
    """Return the siblings passed on the way to the last subtree of ``old``, and that subtree's leaves."""
    if not 1 <= old <= new:
        raise LedgerError(f"no consistency proof from size {old} to size {new}")
    lo, hi, way = 0, new, list[Step]()
    while hi != old:
        middle = lo + _split(hi - lo)
        if old <= middle:
            way.append((False, middle, hi))
            hi = middle
        else:
            way.append((True, lo, middle))
            lo = middle
    return way, (lo, hi)


def _split(size: int) -> int:
    """Return the largest power of two below ``size``; requires size >= 2."""
    return 1 << ((size - 1).bit_length() - 1)


def _cover(lo: int, hi: int) -> list[Node]:
    """Return the complete subtrees over [lo, hi), left to right; lo is a multiple of the largest."""
    nodes = []
    while lo < hi:
        level = (hi - lo).bit_length() - 1
        nodes.append(Node(level, lo >> level))
        lo += 1 << level
    return nodes


def _range_hash(lo: int, hi: int, read: Read) -> bytes:
    return fold(read(_cover(lo, hi)))


def _require_length(proof: Sequence[bytes], length: int) -> None:
    if len(proof) != length or any(len(part) != HASH_SIZE for part in proof):
        raise LedgerError(f"a proof of {len(proof)} parts, {length} hashes of 32 bytes expected")
