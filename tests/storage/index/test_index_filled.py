"""The ways by which a document is filled quickly say what the plain ones say."""

import json

from hypothesis import given
from hypothesis import strategies as st

from actionday.storage.index import schema
from actionday.storage.index.metadata import searched, words
from actionday.storage.index.normalise import normalise

NAMES = st.text("aB_ .-ß7é東京ﷺ\u0301\ud800", max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | NAMES | st.just("2026-11-26T04:05:02Z"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "mode", "date", "user"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(NAMES, min_size=1, max_size=5).map("/".join), st.booleans())
def test_a_path_is_what_its_components_are(path: str, told: bool) -> None:
    name = path.rpartition("/")[2] if told else "another"
    assert schema._path(path, name, normalise(name).body) == schema.path_words(path)


@given(VALUES, VALUES)
def test_words_are_those_of_the_values_that_are_searched(facts: object, beside: object) -> None:
    own, other = (_json(each) for each in (facts, beside))
    known = {fact.value for fact in searched(other)}
    values = dict.fromkeys(fact.value for fact in searched(own) if fact.value not in known)
    found = [normalise(value) for value in values]
    assert words(own, other) == (
        tuple(each.body.encode() for each in found if each.body.strip()),
        tuple(each.alt.encode() for each in found if each.alt),
    )


def _json(value: object) -> bytes:
    return json.dumps(value).encode() if _encodable(value) else b"{}"


def _encodable(value: object) -> bool:
    return "\ud800" not in json.dumps(value, ensure_ascii=False)
