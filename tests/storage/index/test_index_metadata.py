"""What somebody wrote beside a text is found as the text is, and only where it belongs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from indexed import document, index_of
from msgspec.structs import replace

from actionday.model import Damaged
from actionday.storage.index import Document, Index
from actionday.storage.index.metadata import FIXED, searched, words

LETTER = {
    "subject": "Antenna rota",
    "from": [{"name": "Fenn Rookwood", "address": "rookwood@harbour.example"}],
    "message_id": "a1.b2@mast.example",
    "date": "2026-03-01T05:00:00Z",
    "content_type": "text/plain",
    "charset": "utf-8",
    "attachments": 2,
    "encrypted": True,
}
ARABIC = {"title": "ومحطة جديدة"}
TARGET = {"uri": "https://mirror.example/kestrel/index.html", "ip": "192.0.2.80"}


def told(number: int, text: str, content: object = None, own: object = None, **changes: object) -> Document:
    """Return the document of a text whose parser and source told something of it."""
    facts, place = (None if each is None else json.dumps(each) for each in (content, own))
    made = document(number, text, **changes)
    return replace(made, meta=words(facts), own=words(place, facts))


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    index = index_of(
        tmp_path_factory.mktemp("metadata") / "index",
        [
            told(0, "the radio is on the air", LETTER),
            told(1, "the radio is silent"),
            told(2, "no picture of it", {"description": "An antenna in Radiostadt"}),
            told(3, "a page of it", None, TARGET, sha256="ab" * 32),
            told(4, "a page of it", None, {"uri": "https://other.example/"}, sha256="ab" * 32),
            told(5, "nothing", ARABIC),
        ],
    )
    yield index
    index.close()


def found(index: Index, query: str) -> set[int]:
    page = index.search(query, limit=100)
    assert page.total == len(page.hits) == index.count(query)
    return {int(hit.item, 16) for hit in page.hits}


@pytest.mark.parametrize(
    ("query", "items"),
    [
        ("antenna", {0, 2}),
        ("antenna radio", {0}),
        ("antenna OR radio", {0, 1, 2}),
        ("antenna NOT radio", {2}),
        ("NOT radio", {2, 3, 4, 5}),
        ("NOT antenna", {1, 3, 4, 5}),
        ("radio NOT rookwood", {1}),
        ("rookwood@harbour.example", {0}),
        ('"antenna rota"', {0}),
        ('"rota fenn"', set()),
        ('"rota rookwood"', set()),
        ('"air antenna"', set()),
        ("rookw*", {0}),
        ('"rookwood harb*"', set()),
        ("rookwood@harb*", {0}),
        ("roockwood~", {0}),
        ("radiost*", {2}),
        ("mirror.example/kestrel", {3}),
        ("mirror~", {3}),
        ("192.0.2.80", {3}),
        ("page NOT mirror", {4}),
        ("page", {3, 4}),
        ("meta:radio", set()),
        ("meta:antenna", {0, 2}),
        ("NOT meta:antenna", {1, 3, 4, 5}),
        ("meta:(fenn rota)", {0}),
        ('meta:"fenn rota"', set()),
        ("meta:mirr*", {3}),
        ("meta:miror~", {3}),
        ("meta:page", set()),
        ("محطه", {5}),
        ("meta:محطه", {5}),
        ('"محطه"', set()),
        ("text/plain", set()),
        ("utf", set()),
        ("2026", set()),
    ],
)
def test_a_word_is_found_in_the_text_and_in_what_is_told_of_it(
    held: Index, query: str, items: set[int]
) -> None:
    assert found(held, query) == items


@pytest.mark.parametrize(
    ("query", "total", "contents"),
    [("page", 2, 1), ("mirror", 1, 1), ("example", 3, 2), ("page NOT mirror", 1, 1)],
)
def test_what_is_told_of_a_place_counts_for_it_alone(
    held: Index, query: str, total: int, contents: int
) -> None:
    page = held.search(query, limit=10)
    assert (page.total, page.contents) == (total, contents)


def test_copies_that_are_found_have_one_score_whatever_is_told_of_their_places(held: Index) -> None:
    hits = held.search("page OR mirror", limit=10).hits
    assert [int(hit.item, 16) for hit in hits] == [3, 4]
    assert hits[0].score == hits[1].score > 0


def test_the_word_itself_stands_above_second_forms_in_either(tmp_path: Path) -> None:
    index = index_of(
        tmp_path / "index",
        [
            told(0, "nothing", {"title": "ومحطته"}),
            told(1, "محطه " + "أخبار " * 50),
            told(2, "nothing more", {"title": "محطه"}),
        ],
    )
    assert [int(hit.item, 16) for hit in index.search("محطه", limit=10).hits][2] == 0
    index.close()


def test_the_nearest_word_may_stand_in_metadata_and_one_that_does_is_not_missing(held: Index) -> None:
    assert held.suggestions("rookwod mirorr") == [("rookwod", "rookwood"), ("mirorr", "mirror")]
    assert held.suggestions("rookwood") == []


def test_the_digest_of_a_document_covers_what_is_told_of_it() -> None:
    plain, letter = told(0, "one"), told(0, "one", LETTER)
    elsewhere = replace(plain, own=letter.meta)
    moved = replace(plain, meta=((b"antenna", b"rota"), ()))
    joined = replace(plain, meta=((b"antenna rota",), ()))
    made = [plain, letter, elsewhere, moved, joined]
    assert len({each.digest() for each in made}) == len(made)
    assert plain.text_digest() == elsewhere.text_digest() != letter.text_digest()


def test_values_are_told_with_the_keys_that_lead_to_them() -> None:
    facts = json.dumps(
        {**LETTER, "headers": {"server": "mast", "content-type": "text/html"}, "tags": ["a", "b"]}
    )
    assert [tuple(fact) for fact in searched(facts)] == [
        ("subject", "Antenna rota"),
        ("from.name", "Fenn Rookwood"),
        ("from.address", "rookwood@harbour.example"),
        ("message_id", "a1.b2@mast.example"),
        ("headers.server", "mast"),
        ("tags", "a"),
        ("tags", "b"),
    ]


@pytest.mark.parametrize("torn", ['{"title": "An', "[" * 100_000, b"\xff"])
def test_facts_that_are_torn_are_said_and_nothing_else(torn: str | bytes) -> None:
    with pytest.raises(Damaged):
        searched(torn)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_every_string_is_told_once_in_its_order_and_words_follow_from_it(facts: object) -> None:
    stored = json.dumps(facts)
    told_values = [fact.value for fact in searched(stored)]
    assert told_values == [value for value in _strings(facts) if value.strip()]
    body, _ = words(stored)
    assert len(body) <= len(set(told_values))
    assert words(stored, stored) == ((), ())


def _strings(facts: object) -> Iterator[str]:
    if isinstance(facts, dict):
        for key, value in facts.items():
            if key not in FIXED:
                yield from _strings(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from _strings(value)
    elif isinstance(facts, str):
        yield facts
