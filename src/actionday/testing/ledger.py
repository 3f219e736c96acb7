"""A ledger in memory, and the suite that every ``LogStore`` must pass."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from actionday.ledger import Action, Entry, Head, Ledger, LedgerError, LogStore, Row, Signer, verify_log
from actionday.ledger.keys import signer_of

ORIGIN = "actionday/case/kestrel"
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


class MemoryLogStore:
    """A log in plain lists and dicts, open to a test's hands: ``kept`` and ``marked`` may be altered."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.name = origin
        self.kept: list[Row] = []
        self.marked: dict[tuple[int, str], Head] = {}
        self.given: set[tuple[int, str]] = set()

    def origin(self) -> str:
        """Return the log's name."""
        return self.name

    def size(self) -> int:
        """Return 1 + the highest index."""
        return max((row.index for row in self.kept), default=-1) + 1

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows at the end."""
        if rows and rows[0].index != self.size():
            raise LedgerError(f"entry {rows[0].index} does not follow the last of {self.size()}")
        self.kept.extend(rows)

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Yield the rows with start <= index < stop."""
        return (row for row in self.kept if start <= row.index < stop)

    def scan(self) -> Iterator[Row]:
        """Yield every row."""
        return iter(self.kept)

    def hashes(self, indexes: Sequence[int]) -> Sequence[bytes]:
        """Return the stored hashes of these rows."""
        found = {index: self.kept[index].hashes for index in indexes if index < len(self.kept)}
        if len(found) != len(set(indexes)):
            raise LedgerError(f"of the entries {list(indexes)} one is not stored")
        return [found[index] for index in indexes]

    def joinings(self) -> Iterator[Row]:
        """Yield the rows of ``key.added`` entries."""
        return (row for row in self.kept if row.leaf.startswith(b'{"action":"key.added",'))

    def latest(self) -> Head | None:
        """Return the head of the greatest size."""
        return max(self.marked.values(), key=lambda head: head.size, default=None)

    def head_of(self, key: str) -> Head | None:
        """Return the head of the greatest size signed by ``key``."""
        own = (head for head in self.marked.values() if head.key == key)
        return max(own, key=lambda head: head.size, default=None)

    def heads(self) -> Iterator[Head]:
        """Yield every kept head, by size."""
        return iter(sorted(self.marked.values(), key=lambda head: (head.size, head.key)))

    def put_head(self, head: Head, replaced: Head | None) -> None:
        """Keep ``head``; forget ``replaced`` unless it was given out."""
        if replaced is not None and (place := (replaced.size, replaced.key)) not in self.given:
            del self.marked[place]
        self.marked[head.size, head.key] = head

    def mark_given(self, head: Head) -> None:
        """Note that ``head`` left the house."""
        self.given.add((head.size, head.key))


def signer(seed: int = 1) -> Signer:
    """Return a signer that is the same for the same ``seed`` (0..255)."""
    return signer_of(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def entry(number: int, actor: str = "examiner") -> Entry:
    """Return the ``number``-th of a row of searches, a second after one another."""
    return Entry(
        START + timedelta(seconds=number), actor, Action.SEARCHED, f"query {number}", {"hits": number}
    )


def check_log_store(make_store: Callable[[], LogStore]) -> None:
    """Assert that stores keep the contract of ``LogStore``.

    ``make_store`` returns a new empty store each time, a write transaction open where there are such.
    """
    _check_empty(make_store())
    _check_rows(make_store())
    _check_order(make_store())
    _check_heads(make_store())
    _check_ledger(make_store())


def _check_empty(store: LogStore) -> None:
    assert store.origin() == store.origin() != ""
    assert (store.size(), store.latest(), store.head_of("nobody")) == (0, None, None)
    assert (list(store.scan()), list(store.rows(0, 9)), list(store.heads())) == ([], [], [])
    assert list(store.hashes([])) == []


def _check_rows(store: LogStore) -> None:
    texts = ["{}", '{"a":"\u0645\u0631\u0643\u0632 \U0001f600"}', "x" * 1_000_000]
    rows = [Row(i, text.encode(), bytes([i]) * 32 * (i + 1)) for i, text in enumerate(texts)]
    store.append(rows[:2])
    store.append(rows[2:])
    assert store.size() == 3
    assert list(store.scan()) == list(store.rows(0, 3)) == list(store.rows(0, 99)) == rows
    assert list(store.rows(1, 2)) == rows[1:2]
    assert list(store.hashes([2, 0, 2])) == [rows[2].hashes, rows[0].hashes, rows[2].hashes]
    assert _refuses(lambda: store.hashes([0, 3])), "a missing row must not be passed over"


def _check_order(store: LogStore) -> None:
    first = Row(0, b"{}", bytes(32))
    assert _refuses(lambda: store.append([Row(1, b"{}", bytes(32))])), "a gap"
    store.append([first])
    assert _refuses(lambda: store.append([first])), "an index twice"
    assert list(store.scan()) == [first]


def _check_heads(store: LogStore) -> None:
    a1, a2, a3, b2 = (
        Head("a", 1, "n1\n"),
        Head("a", 2, "n2\n"),
        Head("a", 3, "n3\n"),
        Head("b", 2, "m\u2014\n"),
    )
    store.put_head(a1, None)
    store.put_head(a2, a1)
    store.put_head(b2, None)
    assert list(store.heads()) == [a2, b2], "the head that was replaced is gone, the other key's is not"
    store.mark_given(a2)
    store.mark_given(a2)
    store.put_head(a3, a2)
    assert list(store.heads()) == [a2, b2, a3], "a head that was given out stays"
    assert (store.latest(), store.head_of("a"), store.head_of("b"), store.head_of("c")) == (a3, a3, b2, None)


def _check_ledger(store: LogStore) -> None:
    first, second = Ledger(store, signer(1)), Ledger(store, signer(2))
    for number in range(20):
        (first if number % 3 else second).append(entry(number))
    first.append_many(entry(number) for number in range(20, 40))
    report = verify_log(store, [signer(1).verifier, signer(2).verifier])
    assert report.ok, report.difference
    assert (report.size, report.heads) == (store.size(), 1)
    assert first.keys() == [signer(2).verifier, signer(1).verifier]


def _refuses(act: Callable[[], object]) -> bool:
    try:
        act()
    except LedgerError:
        return True
    return False
