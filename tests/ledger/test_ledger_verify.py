"""Verification: whatever is altered is found and named; what cannot be found is proved to be so."""

import copy
import tracemalloc
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.ledger import Action, Entry, Head, Ledger, Report, Row, verify_leaves, verify_log
from actionday.ledger.tlog import fold, leaf_hash, stored_hashes
from actionday.testing.ledger import ORIGIN, START, MemoryLogStore, entry, signer

A, B, THIEF = signer(1), signer(2), signer(66)
TRUSTED = [A.verifier, B.verifier]


def log(count: int = 6) -> MemoryLogStore:
    """Return a log of two keys with ``count + 2`` entries; a head was given out at size 2."""
    store = MemoryLogStore()
    first, second = Ledger(store, A), Ledger(store, B)
    first.append(entry(0))
    first.signed_head()
    for number in range(1, count):
        (second if number % 3 == 2 else first).append(entry(number))
    return store


def verified(store: MemoryLogStore) -> Report:
    return verify_log(store, TRUSTED)


def named(store: MemoryLogStore) -> tuple[int, str]:
    """Return where verification first finds fault, and with what."""
    report = verified(store)
    assert report.difference is not None
    assert not report.ok
    return report.difference.entry, report.difference.what


@pytest.mark.parametrize("count", [3, 4, 7, 8, 30])
def test_a_log_that_was_left_alone_verifies(count: int) -> None:
    store = log(count)
    report = verified(store)
    assert report.difference is None
    assert (report.ok, report.origin, report.size, report.warned) == (True, ORIGIN, count + 2, 0)
    assert report.root == Ledger(store).head().root
    assert report.heads == 2
    assert report.keys == (str(A.verifier), str(B.verifier))


def flips(store: MemoryLogStore) -> Iterator[tuple[str, MemoryLogStore]]:
    """Yield the log with each single bit of what is stored flipped in turn."""

    def each_bit(raw: bytes) -> Iterator[bytes]:
        for place in range(len(raw) * 8):
            flipped = bytearray(raw)
            flipped[place // 8] ^= 1 << place % 8
            yield bytes(flipped)

    def text(raw: bytes) -> str:
        return raw.decode(errors="replace")

    for at, row in enumerate(store.kept):
        others = [replace(row, leaf=leaf) for leaf in each_bit(row.leaf)]
        others += [replace(row, hashes=hashes) for hashes in each_bit(row.hashes)]
        for other in others:
            yield f"entry {at}", with_row(store, at, other)
    for place, head in store.marked.items():
        heads = [head._replace(note=text(note)) for note in each_bit(head.note.encode())]
        heads += [head._replace(key=text(key)) for key in each_bit(head.key.encode())]
        heads += [head._replace(size=head.size ^ 1 << bit) for bit in range(8)]
        for changed in heads:
            altered = copy.copy(store)
            altered.marked = {**store.marked, place: changed}
            yield f"head {place}", altered
    for name in each_bit(store.name.encode()):
        altered = copy.copy(store)
        altered.name = text(name)
        yield "origin", altered


def with_row(store: MemoryLogStore, at: int, row: Row) -> MemoryLogStore:
    altered = copy.copy(store)
    altered.kept = [*store.kept[:at], row, *store.kept[at + 1 :]]
    return altered


def test_every_single_bit_that_is_stored_is_guarded() -> None:
    """Exhaustive over a small log: entries, hashes, heads, keys, sizes, the log's name."""
    store, count = log(3), 0
    for what, altered in flips(store):
        report = verified(altered)
        assert not report.ok, what
        assert report.difference is not None
        if what.startswith("entry"):
            assert report.difference.entry == int(what.removeprefix("entry "))
        count += 1
    assert count > 10_000


def test_an_altered_entry_is_named_with_both_hashes() -> None:
    store = log()
    row = store.kept[4]
    changed = row.leaf.replace(b"query", b"quest")
    report = verified(with_row(store, 4, replace(row, leaf=changed)))
    difference = report.difference
    assert difference is not None
    assert (difference.entry, difference.what) == (4, "leaf hash")
    assert difference.expected == row.hashes[:32].hex() == leaf_hash(row.leaf).hex()
    assert difference.got == leaf_hash(changed).hex()
    assert str(difference) == f"entry 4: leaf hash: expected {difference.expected}, got {difference.got}"
    assert report.size == 4, "the entries before it hold"


def rebuilt(leaves: list[bytes]) -> list[Row]:
    """Return rows whose hashes fit: what somebody without a key can make of any leaves."""
    edge: list[bytes] = []
    return [Row(i, leaf, b"".join(stored_hashes(i, leaf_hash(leaf), edge))) for i, leaf in enumerate(leaves)]


def leaves_of(store: MemoryLogStore) -> list[bytes]:
    return [row.leaf for row in store.kept]


REWRITES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "altered": lambda x: [*x[:4], x[4].replace(b"query", b"quest"), *x[5:]],
    "reordered": lambda x: [*x[:4], x[5], x[4], *x[6:]],
    "duplicated": lambda x: [*x[:4], x[4], *x[4:]],
    "one removed": lambda x: [*x[:4], *x[5:]],
    "one inserted": lambda x: [*x[:4], entry(99).leaf(), *x[4:]],
    "one appended": lambda x: [*x, entry(99).leaf()],
    "truncated": lambda x: x[:-1],
    "emptied": lambda x: [],
}


@pytest.mark.parametrize("rewrite", REWRITES.values(), ids=REWRITES)
def test_a_log_rewritten_with_fitting_hashes_does_not_fit_its_heads(
    rewrite: Callable[[list[bytes]], list[bytes]],
) -> None:
    store = log()
    store.kept = rebuilt(rewrite(leaves_of(store)))
    assert not verified(store).ok


def test_rows_swapped_or_doubled_as_they_stand_are_found_at_their_place() -> None:
    store = log()
    store.kept[3], store.kept[4] = store.kept[4], store.kept[3]
    assert named(store) == (3, "index of the next entry")
    store = log()
    store.kept.insert(4, store.kept[3])
    assert named(store) == (4, "index of the next entry")
    store = log()
    store.kept.insert(0, replace(store.kept[0], index=-1))
    assert named(store) == (0, "index of the next entry")


def test_truncation_is_found_by_the_head_and_the_lack_of_one() -> None:
    store = log()
    latest = store.latest()
    assert latest is not None
    store.kept.pop()
    assert named(store) == (7, "entries under a signed head")
    del store.marked[latest.size, latest.key]
    assert named(store) == (7, "entries under a head signed by a trusted key")


def test_a_log_emptied_of_everything_is_not_in_order() -> None:
    assert named(MemoryLogStore()) == (0, "entries")


def test_a_head_signed_by_another_key_is_not_trusted() -> None:
    """All of the log written anew under a thief's key, joined and signed by the rules."""
    store = MemoryLogStore()
    Ledger(store, THIEF).append_many(entry(n, "forged") for n in range(6))
    assert named(store) == (7, "entries under a head signed by a trusted key")
    assert verify_log(store, None).ok, "without a key from outside only damage is seen"
    assert verify_log(store, None).keys == (str(THIEF.verifier),)


def test_the_keys_of_two_heads_cannot_be_swapped() -> None:
    store = log()
    first, *_, last = store.heads()
    store.marked = {(h.size, h.key): h for h in (first._replace(key=last.key), last._replace(key=first.key))}
    assert named(store)[1] in ("signed head", "key of a stored head")


def test_a_head_stands_beside_the_key_that_signed_it_and_no_other() -> None:
    """Both keys are declared, and the note is true: whose last head it is decides what its key signs next."""
    store = log()
    latest = store.latest()
    assert latest is not None
    wrong = next(str(key) for key in TRUSTED if str(key) != latest.key)
    del store.marked[latest.size, latest.key]
    store.marked[latest.size, wrong] = latest._replace(key=wrong)
    assert named(store) == (8, "signed head")


def test_a_stored_head_carries_one_signature_and_nothing_beside_it() -> None:
    """A note may hold lines of keys that nobody knows: in a stored head they are bytes that nobody recorded."""
    store = log()
    latest = store.latest()
    assert latest is not None
    note = f"{latest.note}\u2014 hidden {b64encode(bytes(60)).decode()}\n"
    store.marked[latest.size, latest.key] = latest._replace(note=note)
    assert named(store) == (8, "signatures of a stored head")
    assert verify_leaves(ORIGIN, list(Ledger(log()).leaves()), [note], TRUSTED).ok, "from outside it may"


def test_a_head_of_a_key_that_never_joined_is_found() -> None:
    store = log()
    latest = store.latest()
    assert latest is not None
    stolen = MemoryLogStore()
    stolen.kept, stolen.marked = list(store.kept), dict(store.marked)
    ledger = Ledger(stolen, THIEF)
    ledger.append(entry(9))
    note = next(h.note for h in stolen.heads() if h.key == str(THIEF.verifier))
    store.put_head(Head(str(THIEF.verifier), latest.size, note), None)
    assert named(store) == (8, "key of a stored head")


def test_a_log_continued_by_a_key_we_do_not_trust_holds_up_to_our_head_only() -> None:
    store = log()
    report = verify_log(store, [A.verifier])
    assert report.difference is not None
    assert report.difference.what == "entries under a head signed by a trusted key"
    assert (report.difference.expected, report.difference.got) == ("8", "2")
    assert [(at.entry, "not a trusted key" in at.text) for at in report.warnings] == [(8, True)]


def test_a_rewrite_by_the_keys_own_holder_shows_only_against_a_head_from_outside() -> None:
    """The limit of a local log, as the format document says it."""
    store = log()
    outside = Ledger(store, A).signed_head()
    forged = MemoryLogStore()
    Ledger(forged, A).append_many(entry(n, "kinder version") for n in range(9))
    assert verify_log(forged, TRUSTED).ok
    report = verify_log(forged, TRUSTED, [outside])
    assert report.difference is not None
    assert (report.difference.entry, report.difference.what) == (8, "root in the signed head of 8 entries")


def test_an_older_whole_copy_shows_only_against_a_head_from_outside() -> None:
    store = log()
    older = copy.deepcopy(store)
    for number in range(10, 15):
        Ledger(store, A).append(entry(number))
    outside = Ledger(store, A).signed_head()
    assert verify_log(older, TRUSTED).ok
    report = verify_log(older, TRUSTED, [outside])
    assert report.difference is not None
    assert report.difference.what == "entries under a signed head"
    assert (report.difference.expected, report.difference.got) == ("13", "8")


def test_heads_from_outside_that_the_log_grew_from_are_accepted() -> None:
    store = log()
    older = [head.note for head in store.heads()]
    Ledger(store, A).append(entry(50))
    report = verify_log(store, TRUSTED, [*older, *older])
    assert report.ok, report.difference


@pytest.mark.parametrize("note", ["", "no note", "a\n1\nb\n\n\u2014 x AAAAAAA=\n"])
def test_a_head_from_outside_that_is_none_is_said_so(note: str) -> None:
    report = verify_log(log(), TRUSTED, [note])
    assert report.difference is not None
    assert report.difference.what == "head from outside"


def test_a_head_of_another_case_does_not_fit() -> None:
    other = MemoryLogStore("actionday/case/other")
    Ledger(other, A).append_many(entry(n) for n in range(3))
    report = verify_log(log(), TRUSTED, [Ledger(other, A).signed_head()])
    assert report.difference is not None
    assert report.difference.what == "log's name in the signed head of 4 entries"


def test_a_clock_that_went_back_is_a_warning_not_a_fault() -> None:
    store = MemoryLogStore()
    Ledger(store, A).append_many([entry(5), entry(3), entry(4)])
    report = verified(store)
    assert report.ok
    assert [at.entry for at in report.warnings] == [2]
    assert "09:00:03Z is before the previous 2026-03-01T09:00:05Z" in report.warnings[0].text


def test_warnings_are_all_counted_and_not_all_kept() -> None:
    store = MemoryLogStore()
    Ledger(store, A).append_many(entry(-n) for n in range(300))
    report = verified(store)
    assert (len(report.warnings), report.warned) == (100, 299)


def test_a_validly_signed_leaf_that_is_no_entry_is_named() -> None:
    class Newer(Entry):
        def leaf(self) -> bytes:
            return super().leaf().replace(b"searched", b"sneezed!")

    store = MemoryLogStore()
    Ledger(store, A).append_many([entry(0), Newer(START, "a", Action.SEARCHED), entry(1)])
    report = verified(store)
    assert report.difference is not None
    assert (report.difference.entry, report.difference.got) == (2, "unknown action 'sneezed!'")


def test_a_joining_without_a_key_is_named() -> None:
    store = MemoryLogStore()
    Ledger(store, A).append(Entry(START, "a", Action.KEY_ADDED, "x", {"key": "none"}))
    assert named(store) == (1, "entry")


def test_progress_is_told_as_it_goes() -> None:
    store, told = MemoryLogStore(), list[int]()
    Ledger(store, A).append_many(entry(n) for n in range(9000))
    assert verify_log(store, TRUSTED, progress=told.append).ok
    assert told == [4096, 8192]


def test_an_exported_log_verifies_without_a_store() -> None:
    store = log()
    ledger = Ledger(store, A)
    head, leaves = ledger.signed_head(), list(ledger.leaves())
    report = verify_leaves(ORIGIN, leaves, [head], TRUSTED)
    assert (report.ok, report.size, report.root) == (True, 8, ledger.head().root)
    for wrong in (leaves[:-1], [*leaves, leaves[0]], leaves[::-1], [b"{}", *leaves[1:]], []):
        assert not verify_leaves(ORIGIN, wrong, [head], TRUSTED).ok
    assert not verify_leaves("another", leaves, [head], TRUSTED).ok
    assert not verify_leaves(ORIGIN, leaves, [], TRUSTED).ok
    assert not verify_leaves(ORIGIN, leaves, [head], [THIEF.verifier]).ok


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 40), st.data())
def test_any_bit_of_any_exported_leaf_is_guarded(count: int, data: st.DataObject) -> None:
    store = MemoryLogStore()
    Ledger(store, A).append_many(entry(n) for n in range(count))
    leaves, head = leaves_of(store), Ledger(store).signed_head()
    at = data.draw(st.integers(0, count))
    place = data.draw(st.integers(0, len(leaves[at]) * 8 - 1))
    flipped = bytearray(leaves[at])
    flipped[place // 8] ^= 1 << place % 8
    leaves[at] = bytes(flipped)
    assert not verify_leaves(ORIGIN, leaves, [head], TRUSTED).ok


def test_memory_does_not_grow_with_the_log() -> None:
    """Measured as the peak while entries stream in: a log ten times as long needs no more."""
    peaks = []
    for count in (2_000, 20_000):
        leaves = (entry(n).leaf() for n in range(count))
        tracemalloc.start()
        verify_leaves(ORIGIN, leaves, [], TRUSTED)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000


def test_the_report_of_a_whole_log_ends_with_the_root_of_its_leaves() -> None:
    store, edge = log(30), list[bytes]()
    for index, leaf in enumerate(leaves_of(store)):
        stored_hashes(index, leaf_hash(leaf), edge)
    assert verified(store).root == fold(edge)
    assert verified(store).warnings == ()
    assert entry(1).time - entry(0).time == timedelta(seconds=1)


def acts(*given: tuple[Action, str, dict[str, int]]) -> list[tuple[int, str]]:
    """Return what a log of these acts is remarked for; the first of them is entry 1."""
    store = MemoryLogStore()
    Ledger(store, A).append_many([Entry(START, "tester", *each) for each in given])
    report = verified(store)
    assert report.ok
    return [(each.entry, each.text.partition(":")[0]) for each in report.warnings]


def test_what_was_begun_and_never_ended_is_a_remark_and_so_is_an_end_of_nothing() -> None:
    begun, ended = Action.EXPORT_BEGUN, Action.EXPORTED
    assert acts((begun, "items", {}), (begun, "texts", {}), (ended, "texts", {"begun": 2})) == [
        (1, "export.begun of 'items'")
    ]
    assert acts((begun, "items", {}), (ended, "items", {"begun": 1})) == []
    assert acts((ended, "items", {})) == []  # of a version that recorded no beginning
    nothing = "it ends entry {}, which is no export.begun of its subject that has not ended"
    twice = ((begun, "items", {}), (ended, "items", {"begun": 1}), (ended, "items", {"begun": 1}))
    assert acts(*twice) == [(3, nothing.format(1))]
    another = [(2, nothing.format(1)), (1, "export.begun of 'items'")]
    assert acts((begun, "items", {}), (ended, "texts", {"begun": 1})) == another
    other = [(2, nothing.format(1)), (1, "download.begun of 'items'")]
    assert acts((Action.DOWNLOAD_BEGUN, "items", {}), (ended, "items", {"begun": 1})) == other
    assert acts((ended, "items", {"begun": 2}), (begun, "items", {})) == [
        (1, nothing.format(2)),
        (2, "export.begun of 'items'"),
    ]
