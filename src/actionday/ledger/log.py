"""The log itself: appends, heads, proofs over a store."""

from collections.abc import Iterable, Iterator, Sequence

from actionday.ledger.checkpoint import Checkpoint, open_checkpoint
from actionday.ledger.entry import Action, Entry, parse_entry
from actionday.ledger.errors import BadEntry, Differs, LedgerError
from actionday.ledger.note import Signer, Verifier, sign
from actionday.ledger.store import Head, LogStore, Row
from actionday.ledger.tlog import (
    HASH_SIZE,
    Node,
    consistency_proof,
    fold,
    frontier,
    inclusion_proof,
    leaf_hash,
    stored_hashes,
    tree_hash,
)
from actionday.model.counted import counted


class Ledger:
    """An append-only log of entries in ``store``, its heads signed by ``signer``.

    Without a signer it can be read and proved, not written. Holds no state of the log between calls,
    so that several processes may append in turn, each inside a write transaction of its own.
    """

    def __init__(self, store: LogStore, signer: Signer | None = None) -> None:
        self._store = store
        self._signer = signer
        self._verifier = signer.verifier if signer else None
        self._trusted = ""  # the last note this object made or checked itself

    def append(self, entry: Entry) -> int:
        """Record one entry and sign the new head; return the entry's index.

        Within the caller's write transaction (SQLite: BEGIN IMMEDIATE). A key's first entry is
        preceded by its ``key.added``. Refuses to sign on top of a log whose edge or latest head does
        not hold: ``Differs``.
        """
        return self.append_many([entry])[0]

    def append_many(self, entries: Iterable[Entry]) -> range:
        """Record entries in order under one new head; return their indexes. See ``append``."""
        leaves = list(entries)
        if not leaves:
            return range(size := self._store.size(), size)
        if self._signer is None or self._verifier is None:
            raise LedgerError("the ledger is open for reading only: no signing key")
        size, latest, edge = self._basis(self._verifier)
        joined = latest is not None and (latest.key == str(self._verifier) or self._verifier in self.keys())
        first = [] if joined else [_key_added(leaves[0], self._verifier)]
        rows = list(_rows(size, first + leaves, edge))
        self._store.append(rows)
        end = size + len(rows)
        note = sign(Checkpoint(self._store.origin(), end, fold(edge)).text, self._signer, self._verifier)
        self._store.put_head(Head(str(self._verifier), end, note), latest)
        self._trusted = note
        return range(end - len(leaves), end)

    def head(self) -> Checkpoint:
        """Return the latest signed head; of an empty log, the unsigned one of the empty tree.

        Its signature is checked against the key stored beside it; whether that key is to be trusted
        is for ``verify_log`` and its caller.
        """
        latest = self._store.latest()
        return _opened(latest) if latest else Checkpoint(self._store.origin(), 0, fold(()))

    def stands(self) -> str:
        """Return how the entries that are stored do not end as the latest head says, "" where they do.

        By the number of entries and the edge of their tree alone, in 0.04 ms: that something was taken away
        at the end or changed there. Whether all else is as it was signed is for ``verify_log``.
        """
        try:
            size, latest = self._store.size(), self._store.latest()
            if latest is None:
                return f"{counted(size, 'entry', 'entries')} under no head" if size else ""
            here = Checkpoint(self._store.origin(), size, fold(list(self._read(frontier(size)))))
            head = _parsed(latest)
        except LedgerError as error:
            return str(error)
        return "" if head == here else str(Differs("the log's head", _shown(head), _shown(here)))

    def signed_head(self) -> str:
        """Return the latest head as its signed note, to be exported or stamped, and keep it for good.

        Within the caller's write transaction. Raises ``LedgerError`` for an empty log.
        """
        latest = self._store.latest()
        if latest is None:
            raise LedgerError("an empty log has no head to give out")
        _opened(latest)
        self._store.mark_given(latest)
        return latest.note

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, Entry]]:
        """Yield (index, entry) for start <= index < stop. Raises ``BadEntry`` at one that cannot be read."""
        for row in self._store.rows(start, self._store.size() if stop is None else stop):
            try:
                yield row.index, parse_entry(row.leaf)
            except BadEntry as error:
                raise BadEntry(f"entry {row.index}: {error}") from None

    def leaves(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the leaves' bytes for start <= index < stop, as they stand in an exported log."""
        for row in self._store.rows(start, self._store.size() if stop is None else stop):
            yield row.leaf

    def keys(self) -> list[Verifier]:
        """Return the keys that the log declares, in the order in which they joined. Raises ``LedgerError``."""
        joined = (parse_entry(row.leaf).details.get("key") for row in self._store.joinings())
        return [Verifier.parse(str(key)) for key in joined]

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that entry ``index`` is under the head of ``size`` (the latest by default)."""
        return inclusion_proof(index, self.head().size if size is None else size, self._read)

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the log at size ``new`` begins with the log at size ``old``."""
        return consistency_proof(old, new, self._read)

    def _basis(self, key: Verifier) -> tuple[int, Head | None, list[bytes]]:
        """Return size, latest head and the hashes of the tree's edge, once they hold together."""
        size, latest = self._store.size(), self._store.latest()
        edge = list(self._read(frontier(size)))
        if latest is None:
            if size:
                raise Differs("entries under a signed head", "0", str(size))
            return size, None, edge
        head = _parsed(latest)
        if latest.note != self._trusted:
            head = _opened(latest)
            self._stands_on(self._store.head_of(str(key)))
        expected = Checkpoint(self._store.origin(), size, fold(edge))
        if head != expected:
            raise Differs("the log's head", _shown(head), _shown(expected))
        return size, latest, edge

    def _stands_on(self, own: Head | None) -> None:
        """Check that the log still begins with what this key gave out: one key, one history."""
        if own is None:
            return
        signed = _opened(own)
        now = tree_hash(signed.size, self._read)
        if now != signed.root:
            raise Differs(
                f"root of the first {counted(signed.size, 'entry', 'entries')}", signed.root.hex(), now.hex()
            )

    def _read(self, nodes: Sequence[Node]) -> list[bytes]:
        rows = self._store.hashes([node.last_leaf for node in nodes]) if nodes else []
        return [_at_level(hashes, node) for hashes, node in zip(rows, nodes, strict=True)]


def _rows(size: int, entries: Sequence[Entry], edge: list[bytes]) -> Iterator[Row]:
    """Yield the rows of new entries and move ``edge`` along."""
    for index, entry in enumerate(entries, size):
        leaf = entry.leaf()
        yield Row(index, leaf, b"".join(stored_hashes(index, leaf_hash(leaf), edge)))


def _key_added(first: Entry, verifier: Verifier) -> Entry:
    """Return the entry by which a key joins the log, in the name of whose act brought it."""
    return Entry(first.time, first.actor, Action.KEY_ADDED, verifier.name, {"key": str(verifier)})


def _parsed(head: Head) -> Checkpoint:
    return Checkpoint.parse(head.note.partition("\n\n")[0] + "\n")


def _opened(head: Head) -> Checkpoint:
    """Return the checkpoint of a stored head whose signature holds under the key beside it."""
    checkpoint, _ = open_checkpoint(head.note, [Verifier.parse(head.key)])
    if checkpoint.size != head.size:
        raise Differs("size of a stored head", str(checkpoint.size), str(head.size))
    return checkpoint


def _at_level(hashes: bytes, node: Node) -> bytes:
    found = hashes[node.level * HASH_SIZE : (node.level + 1) * HASH_SIZE]
    if len(found) != HASH_SIZE:
        raise LedgerError(f"entry {node.last_leaf}: its stored hash of level {node.level} is missing")
    return found


def _shown(head: Checkpoint) -> str:
    return f"{head.origin}, {counted(head.size, 'entry', 'entries')}, root {head.root.hex()}"
