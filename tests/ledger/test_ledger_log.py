"""Appending: one history, signed once, and never on top of a log that does not hold."""

from base64 import b64decode
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.ledger import Action, Differs, Entry, Ledger, LedgerError, Verifier, open_checkpoint
from actionday.ledger.entry import MAX_LEAF
from actionday.ledger.tlog import EMPTY_ROOT, check_consistency, check_inclusion, leaf_hash
from actionday.testing.ledger import ORIGIN, START, MemoryLogStore, check_log_store, entry, signer

A, B = signer(1), signer(2)


def test_the_store_in_memory_keeps_the_contract() -> None:
    check_log_store(MemoryLogStore)


def test_a_keys_first_entry_is_preceded_by_its_joining() -> None:
    store = MemoryLogStore()
    first, second = Ledger(store, A), Ledger(store, B)
    assert (first.append(entry(0)), first.append(entry(1)), second.append(entry(2, "clerk"))) == (1, 2, 4)
    rows = [(index, at.action, at.actor) for index, at in first.entries()]
    assert rows == [
        (0, Action.KEY_ADDED, "examiner"),
        (1, Action.SEARCHED, "examiner"),
        (2, Action.SEARCHED, "examiner"),
        (3, Action.KEY_ADDED, "clerk"),
        (4, Action.SEARCHED, "clerk"),
    ]
    joined = dict(first.entries())[3]
    assert joined.details == {"key": str(B.verifier)}
    assert joined.time == entry(2).time


def test_a_log_written_one_by_one_is_that_written_at_once() -> None:
    single, batch = MemoryLogStore(), MemoryLogStore()
    writer = Ledger(single, A)
    assert [writer.append(entry(n)) for n in range(50)] == list(range(1, 51))
    assert Ledger(batch, A).append_many(entry(n) for n in range(50)) == range(1, 51)
    assert single.kept == batch.kept
    assert list(single.heads()) == list(batch.heads())


def test_nothing_to_append_changes_nothing() -> None:
    store = MemoryLogStore()
    assert Ledger(store, A).append_many([]) == range(0)
    assert store.size() == 0


def test_the_head_is_signed_over_the_root_and_names_the_log() -> None:
    store = MemoryLogStore()
    ledger = Ledger(store, A)
    assert ledger.head().root == EMPTY_ROOT
    ledger.append_many(entry(n) for n in range(6))
    head, signed = open_checkpoint(ledger.signed_head(), [A.verifier])
    assert head == ledger.head() == Ledger(store).head()
    assert (head.origin, head.size, signed) == (ORIGIN, 7, [A.verifier])


def test_only_the_latest_head_and_those_given_out_are_kept() -> None:
    store = MemoryLogStore()
    ledger = Ledger(store, A)
    for number in range(10):
        ledger.append(entry(number))
        if number == 3:
            given = ledger.signed_head()
    assert [head.size for head in store.heads()] == [5, 11]
    assert next(store.heads()).note == given


def test_an_empty_log_has_no_head_to_give_out() -> None:
    with pytest.raises(LedgerError, match="empty"):
        Ledger(MemoryLogStore(), A).signed_head()


def test_without_a_key_it_reads_and_proves_but_does_not_write() -> None:
    store = MemoryLogStore()
    Ledger(store, A).append_many(entry(n) for n in range(4))
    reader = Ledger(store)
    assert [at.subject for _, at in reader.entries(1, 3)] == ["query 0", "query 1"]
    assert len(reader.inclusion_proof(2)) == 3
    with pytest.raises(LedgerError, match="no signing key"):
        reader.append(entry(9))
    assert store.size() == 5


def test_a_refused_entry_leaves_the_log_as_it_was() -> None:
    store = MemoryLogStore()
    ledger = Ledger(store, A)
    ledger.append(entry(0))
    before = (list(store.kept), list(store.heads()))
    with pytest.raises(LedgerError):
        ledger.append_many([entry(1), Entry(START, "a", Action.VIEWED, "x" * MAX_LEAF)])
    assert (store.kept, list(store.heads())) == before
    assert ledger.append(entry(1)) == 2


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([A, B]), st.integers(1, 5)), min_size=1, max_size=12), st.data())
def test_proofs_of_any_log_hold_under_its_heads(turns: list[tuple[object, int]], data: st.DataObject) -> None:
    store, heads = MemoryLogStore(), []
    ledgers = {id(key): Ledger(store, key) for key in (A, B)}
    for key, count in turns:
        ledgers[id(key)].append_many(entry(n) for n in range(count))
        heads.append(ledgers[id(key)].head())
    reader, last = Ledger(store), heads[-1]
    index = data.draw(st.integers(0, last.size - 1))
    leaf = next(iter(reader.leaves(index, index + 1)))
    check_inclusion(reader.inclusion_proof(index), index, last.size, leaf_hash(leaf), last.root)
    for head in heads:
        check_consistency(
            reader.consistency_proof(head.size, last.size), head.size, last.size, head.root, last.root
        )


def tampered(what: str, size: int = 8) -> MemoryLogStore:
    """Return a log of ``size`` entries in which the edge of the tree or the head was altered."""
    store = MemoryLogStore()
    Ledger(store, A).append_many(entry(n) for n in range(size - 1))
    (place, head), last = next(iter(store.marked.items())), store.kept[-1]
    match what:
        case "hashes of the edge":
            store.kept[-1] = replace(last, hashes=last.hashes[:-1] + bytes([last.hashes[-1] ^ 1]))
        case "an entry too many":
            store.kept.append(replace(last, index=size))
        case "last entry gone":
            store.kept.pop()
        case "head gone":
            store.marked.clear()
        case "size of the head":
            store.marked[place] = head._replace(size=size - 1)
        case "head of another log":
            other = MemoryLogStore("actionday/case/other")
            Ledger(other, A).append_many(entry(n) for n in range(size - 1))
            store.marked = other.marked
        case "signature":
            store.marked[place] = head._replace(
                note=head.note.replace(" " + sig(head.note), " " + sig(head.note, 1))
            )
        case "missing hashes":
            store.kept[-1] = replace(last, hashes=b"")
    return store


def sig(note: str, shift: int = 0) -> str:
    value = note.split()[-1]
    return value[:20] + ("A" if value[20] != "A" else "B") + value[21:] if shift else value


@pytest.mark.parametrize(
    "what",
    [
        "hashes of the edge", "an entry too many", "last entry gone", "head gone", "size of the head",
        "head of another log", "signature", "missing hashes",
    ],
)  # fmt: skip
def test_nothing_is_signed_on_top_of_a_log_that_does_not_hold(what: str) -> None:
    """Else the next honest append would put its signature under what somebody altered."""
    store = tampered(what)
    before = (list(store.kept), list(store.heads()))
    with pytest.raises(LedgerError):
        Ledger(store, A).append(entry(8))
    assert (store.kept, list(store.heads())) == before


def test_the_sample_of_those_tests_can_be_appended_to_when_whole() -> None:
    assert Ledger(tampered("nothing"), A).append(entry(8)) == 8
    assert b64decode(sig("x\n\n\u2014 a AAAA")) == bytes(3)


def test_a_key_never_signs_two_histories() -> None:
    """Another key's log that does not begin with what this key signed is not continued by it."""
    store = MemoryLogStore()
    Ledger(store, A).append_many(entry(n) for n in range(5))
    (own,) = store.heads()
    store.kept.clear()
    store.marked.clear()
    Ledger(store, B).append_many(entry(n, "somebody else") for n in range(7))
    store.put_head(own, None)
    with pytest.raises(Differs, match="root of the first 6"):
        Ledger(store, A).append(entry(8))


def test_an_append_that_was_rolled_back_does_not_confuse_the_next() -> None:
    store = MemoryLogStore()
    ledger = Ledger(store, A)
    ledger.append(entry(0))
    kept, marked = list(store.kept), dict(store.marked)
    ledger.append(entry(1))
    store.kept, store.marked = kept, marked
    assert ledger.append(entry(2)) == 2
    assert ledger.head().size == 3


def test_the_joined_key_can_be_read_back() -> None:
    store = MemoryLogStore()
    Ledger(store, A).append(entry(0))
    _, joined = next(Ledger(store).entries())
    assert Verifier.parse(str(joined.details["key"])) == A.verifier
    assert Ledger(store).keys() == [A.verifier]


def test_a_key_joins_once_however_often_others_append_between() -> None:
    store = MemoryLogStore()
    for number in range(12):
        Ledger(store, signer(number % 3)).append(entry(number))
    assert Ledger(store).keys() == [signer(n).verifier for n in range(3)]
    assert [head.size for head in store.heads()] == [15], "one head: no earlier one to cut the log back to"
