"""Entries that are acted on: none is believed before every leaf has its hash, and all are under the latest head.

A leaf that nobody hashed again says what anybody put there, and one that is gone or renamed hides the one that counts;
so all of them are held, and of those that are asked for each is read once, in the same pass.
"""

import json
from collections.abc import Callable, Collection
from typing import NamedTuple

from actionday.ledger.checkpoint import Checkpoint, open_checkpoint
from actionday.ledger.entry import Action, Entry, beginning, entry_of
from actionday.ledger.errors import BadEntry, Differs
from actionday.ledger.note import Verifier
from actionday.ledger.store import LogStore
from actionday.ledger.tlog import fold, leaf_hash, stored_hashes


class Seen(NamedTuple):
    """Who is shown each leaf of some actions as the pass comes to it: MUST believe none before the pass has ended."""

    actions: Collection[Action]
    take: Callable[[bytes], None]


def vouched(store: LogStore, actions: Collection[Action], seen: Seen | None = None) -> list[Entry]:
    """Return the entries of ``actions``, once the log is as its latest head signs it.

    Within the caller's read transaction, in some 5 µs an entry, 35 for one that is returned. Raises ``Differs``, and
    ``LedgerError`` for a log that cannot be read. Under whose key the head stands is for ``verify_log``; it must have
    joined the log.
    """
    wanted = {beginning(action).encode() for action in actions}
    joining = beginning(Action.KEY_ADDED).encode()
    shown = {beginning(action).encode() for action in seen.actions} if seen else set[bytes]()
    found, keys, edge, size = dict[int, bytes](), set[str](), list[bytes](), 0
    for row in store.scan():
        if row.index != size:
            raise Differs("index of the next entry", str(size), str(row.index))
        if b"".join(stored_hashes(size, leaf_hash(row.leaf), edge)) != row.hashes:
            raise Differs(f"entry {size}", "the hashes stored with it", "others")
        begins = row.leaf[: row.leaf.find(b",") + 1]
        if begins in wanted:
            found[size] = row.leaf
        if seen and begins in shown:
            seen.take(row.leaf)
        if begins == joining:
            keys.add(str(_entry(size, row.leaf).details.get("key")))
        size += 1
    _under_its_head(store, Checkpoint(store.origin(), size, fold(edge)), keys)
    return [_entry(number, leaf) for number, leaf in found.items()]


def _entry(number: int, leaf: bytes) -> Entry:
    """Return the entry of a leaf that has its hash: whoever signed it made it canonical."""
    try:
        return entry_of(json.loads(leaf))
    except (ValueError, RecursionError, BadEntry) as error:
        raise BadEntry(f"entry {number}: {error}") from None


def _under_its_head(store: LogStore, here: Checkpoint, keys: Collection[str]) -> None:
    latest = store.latest()
    if latest is None or latest.key not in keys:
        raise Differs("entries under a head whose key is in the log", str(here.size), "0")
    head, _ = open_checkpoint(latest.note, [Verifier.parse(latest.key)])
    if head != here:
        raise Differs("the log's head", *(f"{each.size}, root {each.root.hex()}" for each in (head, here)))
