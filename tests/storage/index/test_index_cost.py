"""No query reads without end: what each of its words would read is counted, and one too many is an error at its place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from indexed import document, index_of

from actionday.storage.index import Index, QueryError, parse
from actionday.storage.index.beginnings import Beginnings
from actionday.storage.index.cost import (
    BEGUN,
    BEGUN_WORD,
    FOLLOWED,
    FUZZY,
    GOES_ON,
    GOES_ON_WORD,
    MOST,
    POSTING,
    SCANNED,
    Cost,
    too_much,
)

TEXTS = ["alpha avocado", "alpha radio", "radio banana", "radio", "的 的电台"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    held = [
        document(n, text, name=f"alpha{n}.txt", exhibit="S-01" if n else "S-02")
        for n, text in enumerate(TEXTS)
    ]
    made = index_of(tmp_path_factory.mktemp("cost") / "index", held)
    yield made
    made.close()


@pytest.fixture
def cost(index: Index) -> Cost:
    searcher = index._searcher
    return Cost(searcher, Beginnings(index._index.schema, searcher))


@pytest.mark.parametrize(
    ("query", "price"),
    [
        ("alpha", 2 * POSTING),
        ("radio", 3 * POSTING),
        ("nowhere", 0),
        ("a*", 3 * BEGUN + 2 * BEGUN_WORD),
        ("alp*", 2 * BEGUN + BEGUN_WORD),
        ("的", 2 * BEGUN + 2 * BEGUN_WORD),
        ('"alpha radio"', 2 * 2 * FOLLOWED),
        ("radio-b*", 3 * 2 * FOLLOWED + GOES_ON + GOES_ON_WORD),
        ("radio~", FUZZY[1]),
        ("avocado~", FUZZY[2]),
        ("name:alp*", 5 * BEGUN + 5 * BEGUN_WORD),
        ("meta:a*", 0),
        ("path:sr*", 5 * BEGUN + BEGUN_WORD),
        ("exhibit:S-01", 4 * POSTING),
        ("kind:file", 5 * POSTING),
        ("year:2000-2030", 5 * SCANNED),
        ("type:text", 5 * SCANNED),
    ],
)
def test_a_word_costs_what_is_read_for_it(cost: Cost, query: str, price: int) -> None:
    assert cost.of(parse(query)) == price  # type: ignore[arg-type]


@pytest.mark.parametrize("join", [" ", " OR ", " NOT "])
@pytest.mark.parametrize("word", ["a*", "radio", "的", "kind:file"])
def test_the_word_by_which_it_is_too_much_is_told(cost: Cost, word: str, join: str) -> None:
    query = join.join([word] * 6)
    price = cost.of(parse(word))  # type: ignore[arg-type]
    assert too_much(parse(query), cost, 5 * price) is None
    error = too_much(parse(query), cost, 4 * price)
    assert error is not None
    assert error.position == query.rindex(word.removeprefix("kind:"))


def test_the_dearest_word_is_free_wherever_it_stands(cost: Cost) -> None:
    for query in ("avocado~ alpha", "alpha avocado~"):
        assert too_much(parse(query), cost, 2 * POSTING) is None
    assert too_much(parse("avocado~ radio~ alpha"), cost, 2 * POSTING) is not None


def test_words_are_listed_only_where_more_than_one_leaf_stands_for_many(cost: Cost) -> None:
    for query, listed in (("a* radio", 0), ("radio 的", 0), ("a* r*", 2)):
        beginnings = Beginnings(cost._beginnings._schema, cost._searcher)
        assert too_much(parse(query), Cost(cost._searcher, beginnings), 10 * POSTING) is None or listed
        assert len({beginning for _, beginning in beginnings._weighed}) == listed


def test_a_beginning_behind_other_words_costs_by_the_words_it_stands_for(tmp_path: Path) -> None:
    """They are 15,000 in 300 texts here: 0.1 s a leaf that has few postings."""
    made = index_of(
        tmp_path / "index",
        [document(n, " ".join(f"word x{n}y{i}" for i in range(50))) for n in range(300)],
    )
    assert made.count("word-x*") == 300
    with pytest.raises(QueryError, match="too much at once"):
        made.count(" OR ".join(["word-x*"] * 50))
    assert made.count(" OR ".join(["word-x1y*"] * 50)) == 1
    made.close()


def test_brackets_do_not_hide_words(cost: Cost) -> None:
    query = "(" * 40 + "radio OR (NOT (radio alpha))" + ")" * 40
    error = too_much(parse(query), cost, 4 * POSTING)
    assert error is not None
    assert error.position == query.index("alpha")


@pytest.mark.parametrize("sign", ["~", "~ OR meta:x"])
def test_a_thousand_fuzzy_words_are_refused_before_anything_is_read(index: Index, sign: str) -> None:
    words = [f"word{number:04d}{sign}" for number in range(450)]
    allowed = MOST // FUZZY[2] + 1
    query = " OR ".join(words)
    with pytest.raises(QueryError, match="too much at once") as error:
        index.search(query, limit=1)
    assert error.value.position == query.index(words[allowed])
    with pytest.raises(QueryError, match="too much at once"):
        index.count(query)
    with pytest.raises(QueryError, match="too much at once"):
        next(index.records(query))


def test_what_people_ask_for_is_not_refused(tmp_path: Path) -> None:
    """300 addresses, a thousand words, 150 names that may be misspelt."""
    made = index_of(tmp_path / "index", [document(n, f"user{n}@mail.example word{n}") for n in range(300)])
    for query, total in (
        (" OR ".join(f"user{n}@mail.example" for n in range(300)), 300),
        (" OR ".join(f"word{n}*" for n in range(1_000)), 300),
        (" OR ".join(f"kestrel{n:03d}~" for n in range(150)), 0),
        ("NOT (" + " OR ".join(f"x{n}" for n in range(999)) + ")", 300),
    ):
        assert made.search(query, limit=1).total == total
    made.close()
