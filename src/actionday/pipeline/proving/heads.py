"""Heads that were kept outside of a case: is each one of its ledger, and what does it say of what comes behind it?

A head speaks for all that stood before it, and for nothing behind it: of a whole case that was put back as it was
once, everything holds but the heads that were signed since. Source: docs/ledger-format.md, "What verification
proves, and what it cannot".
"""

from collections.abc import Sequence
from typing import NamedTuple

from actionday.ledger.checkpoint import Checkpoint
from actionday.ledger.note import parse_note
from actionday.ledger.store import LogStore
from actionday.ledger.tlog import fold, leaf_hash, stored_hashes
from actionday.pipeline.proving.report import Check

UNHEADED = (
    "that nothing was cut off behind the last head that was kept outside of the case: an older copy of the whole case, "
    "put back, is whole as well. Give the last head that was noted down elsewhere: --head HEAD, the 64 hex digits that "
    "each verify prints as 'Ledger head'; and note down the one below"
)
FOREIGN = (
    "this head is none of this case's ledger: this is an older copy of the case, from before the head was noted down; "
    "or it is of another case, it is mistyped, or the ledger was written anew or cut off before it"
)


class Heads(NamedTuple):
    """How many entries the latest of the heads given covers, 0 without one; the roots of those that are none of the
    log's; and how many were found in it."""

    reach: int = 0
    foreign: tuple[str, ...] = ()
    found: int = 0


def compared(store: LogStore, given: Sequence[str]) -> Heads:
    """Return which heads the log had, each at some size; a signature is not asked: the root stands for every entry."""
    wanted = [_root_of(head) for head in given]
    sizes: dict[int, int] = {}
    edge: list[bytes] = []
    for row in store.scan() if wanted else ():
        stored_hashes(row.index, leaf_hash(row.leaf), edge)
        root = fold(edge)
        for number, (of, size) in enumerate(wanted):
            if of == root and size in (None, row.index + 1):
                sizes[number] = row.index + 1
    foreign = tuple(root.hex() for number, (root, _) in enumerate(wanted) if number not in sizes)
    return Heads(max(sizes.values(), default=0), foreign, len(sizes))


def check_heads(heads: Heads) -> Check:
    """Return the check of the heads that were given; one that is none of the log's says nothing of the case itself."""
    lines = [
        f"the log does not begin with the head {root} that was given: {FOREIGN}" for root in heads.foreign
    ]
    return Check(
        name="head",
        what="heads",
        checked=heads.found,
        difference=next(iter(lines), None),
        more=tuple(lines[1:]),
        differing=len(lines),
    )


def cut_off(heads: Heads) -> str:
    """Return what no head proves: that nothing was cut off behind the last one given, or behind the last one kept."""
    if not heads.reach:
        return UNHEADED
    return (
        f"that nothing was cut off behind entry {heads.reach - 1}, the last under the head that was given: only a "
        "later head can show it"
    )


def checked(given: Sequence[str]) -> None:
    """Look whether each is a head. Raises BadNote."""
    for head in given:
        _root_of(head)


def _root_of(head: str) -> tuple[bytes, int | None]:
    """Return root and size of a signed head; of a root in hex, the size is None. Raises BadNote."""
    text = head.strip()
    if len(text) == 64 and not text.strip("0123456789abcdef"):
        return bytes.fromhex(text), None
    point = Checkpoint.parse(parse_note(head).text)
    return point.root, point.size
