"""What is asked for many at once is what is asked for one by one."""

import sqlite3

import pytest

from actionday.pipeline import documents
from actionday.pipeline.documents import Facts, KnownFacts
from actionday.storage.database import migrate, rows

HASHES = [bytes([high, low]) * 16 for high in range(6) for low in range(256)]
STORED = HASHES[::3]


def database() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", isolation_level=None)
    migrate(made)
    for reading in (b"one", b"two"):
        rows.insert(made, rows.CONTENTS, (_row(sha256, reading) for sha256 in STORED))
    return made


def _row(sha256: bytes, reading: bytes) -> tuple[object, ...]:
    told = ("text/plain", 1, None, None, None, None, "fra", "Latn", 1.0, None)
    return (sha256, b"", b"", 5, *told, reading)


def test_many_are_looked_up_as_one_is() -> None:
    with_many, one_by_one = KnownFacts(made := database()), KnownFacts(made)
    with_many.look_up(HASHES)
    assert [with_many.of(each) for each in HASHES] == [one_by_one.of(each) for each in HASHES]
    assert {each for each in HASHES if with_many.of(each)} == {*STORED}
    assert with_many.of(STORED[0]).keys() == {b"one", b"two"}


def test_what_there_was_not_may_come() -> None:
    facts, new = KnownFacts(made := database()), HASHES[1]
    facts.look_up([new])
    assert facts.of(new) == {}
    facts.add(new, b"one", Facts("text/plain", (), None))
    assert facts.of(new).keys() == {b"one"}
    facts.settle()
    assert facts.of(HASHES[2]) == {}
    facts.settle()
    rows.insert(made, rows.CONTENTS, [_row(HASHES[2], b"one")])
    assert facts.of(HASHES[2]).keys() == {b"one"}


def test_what_is_not_stored_yet_is_not_forgotten_for_what_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "FACTS_KEPT", 2)
    facts, new = KnownFacts(database()), HASHES[1]
    facts.look_up([new])
    facts.add(new, b"one", Facts("text/plain", (), None))
    facts.look_up(STORED[:9])
    assert facts.of(new).keys() == {b"one"}
    facts.add(STORED[0], b"three", Facts("text/plain", (), None))
    assert facts.of(STORED[0]).keys() == {b"one", b"two", b"three"}


def test_keys_are_asked_for_in_parts() -> None:
    query = "SELECT sha256, reading FROM contents WHERE sha256"
    found = [*rows.among(made := database(), query, HASHES)]
    assert len(found) == 2 * len(STORED)
    assert {sha256 for sha256, _ in found} == {*STORED}
    assert [*rows.among(made, query, [])] == []
