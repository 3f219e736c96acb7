"""Entries: what goes in comes out, and nothing else is an entry."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.ledger import Action, BadEntry, Entry, Json, UnknownAction, canonical, parse_entry
from actionday.ledger.entry import MAX_LEAF, format_time, parse_time

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
GOOD: dict[str, Json] = {
    "action": "searched",
    "actor": "a",
    "details": {},
    "subject": "",
    "time": "2026-03-01T12:00:00Z",
}

entries = st.builds(
    Entry,
    st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)),
    st.text(min_size=1, max_size=200).filter(str.isprintable),
    st.sampled_from(Action),
    st.text(),
    st.dictionaries(st.text(max_size=9), st.integers(0, 2**53 - 1) | st.text() | st.lists(st.booleans())),
)


def test_a_leaf_is_canonical_json_with_five_names() -> None:
    entry = Entry(NOON, "İpek", Action.EXHIBIT_OPENED, "S-1", {"size": 7, "b": None, "a": [True]})
    assert entry.leaf().decode() == (
        '{"action":"exhibit.opened","actor":"İpek","details":{"a":[true],"b":null,"size":7},'
        '"subject":"S-1","time":"2026-03-01T12:00:00Z"}'
    )


@settings(max_examples=300)
@given(entries)
def test_parsing_a_leaf_gives_the_entry_back(entry: Entry) -> None:
    assert parse_entry(entry.leaf()) == entry
    assert parse_entry(entry.leaf()).leaf() == entry.leaf()


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (NOON, "2026-03-01T12:00:00Z"),
        (NOON + timedelta(microseconds=5), "2026-03-01T12:00:00.000005Z"),
        (datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=2))), "2026-02-28T23:30:00Z"),
        (datetime(999, 1, 1, tzinfo=UTC), "0999-01-01T00:00:00Z"),
    ],
    ids=["second", "microsecond", "other zone", "year 999"],
)
def test_a_time_has_one_spelling(time: datetime, text: str) -> None:
    assert format_time(time) == text
    assert parse_time(text) == time


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-01",
        "2026-03-01T12:00:00",
        "2026-03-01T12:00:00+00:00",
        "2026-03-01T12:00:00z",
        "2026-03-01 12:00:00Z",
        "2026-03-01T12:00Z",
        "2026-03-01T12:00:00.5Z",
        "2026-03-01T12:00:00.000000Z",
        "2026-02-30T12:00:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T12:00:60Z",
        "2026-03-01T12:00:00,000005Z",
        "٢٠٢٦-03-01T12:00:00Z",
        "2026-03-01T12:00:00Z\n",
        "0000-01-01T00:00:00Z",
    ],
)
def test_every_other_spelling_of_a_time_is_refused(text: str) -> None:
    with pytest.raises(BadEntry):
        parse_time(text)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(BadEntry, match="zone"):
        Entry(datetime(2026, 3, 1), "a", Action.VIEWED).leaf()


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "Deleted"},
        {"action": "SEARCHED"},
        {"action": 1},
        {"action": None},
        {"actor": ""},
        {"actor": 5},
        {"actor": "a\nb"},
        {"actor": "a" * 201},
        {"details": []},
        {"details": None},
        {"subject": None},
        {"time": "2026-03-01"},
        {"time": 0},
        {"more": 1},
    ],
    ids=str,
)
def test_a_leaf_with_something_else_in_it_is_refused(changes: dict[str, Any]) -> None:
    assert parse_entry(canonical(GOOD)).action is Action.SEARCHED
    with pytest.raises(BadEntry):
        parse_entry(canonical({**GOOD, **changes}))


@pytest.mark.parametrize("name", GOOD)
def test_a_leaf_with_something_missing_is_refused_and_named(name: str) -> None:
    with pytest.raises(BadEntry, match=name):
        parse_entry(canonical({other: value for other, value in GOOD.items() if other != name}))


@pytest.mark.parametrize(
    "leaf", [b"", b"[]", b"null", b"{}", b"\xff", canonical(GOOD) + b"\n", b" " + canonical(GOOD)]
)
def test_what_is_no_canonical_entry_is_refused(leaf: bytes) -> None:
    with pytest.raises(BadEntry):
        parse_entry(leaf)


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_any_bytes_at_all_are_refused_and_never_break_the_reader(leaf: bytes) -> None:
    with pytest.raises(BadEntry):
        parse_entry(leaf)


@pytest.mark.parametrize(
    "entry",
    [
        Entry(NOON, "", Action.VIEWED),
        Entry(NOON, "a\x00", Action.VIEWED),
        Entry(NOON, "a", Action.VIEWED, "\udcff"),
        Entry(NOON, "a", Action.VIEWED, "", {"size": 2**60}),
        Entry(NOON, "a", Action.VIEWED, "x" * MAX_LEAF),
    ],
    ids=["no actor", "NUL in the actor", "surrogate", "great number", "too long"],
)
def test_an_entry_that_could_not_be_read_back_is_never_written(entry: Entry) -> None:
    with pytest.raises(BadEntry):
        entry.leaf()


def test_a_leaf_beyond_the_limit_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(BadEntry, match="longer"):
        parse_entry(b"[" * (MAX_LEAF + 1))


@pytest.mark.parametrize("action", ["head.stamped", "sealed", "case.handed-over"])
def test_an_action_of_a_later_version_is_kept_as_it_is(action: str) -> None:
    leaf = canonical({**GOOD, "action": action})
    found = parse_entry(leaf)
    assert isinstance(found.action, UnknownAction)
    assert (str(found.action), found.leaf()) == (action, leaf)
