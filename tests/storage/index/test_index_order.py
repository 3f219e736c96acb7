"""Hits come in one order: whatever the layout of the index, the page size, or how many of them tie."""

import random
from pathlib import Path

import pytest
from indexed import document, index_of, pages

from actionday.storage.index import Document, Index, ranking
from actionday.storage.index.ranking import rounded

RNG = random.Random(7)
WORDS = [f"w{number}" for number in range(40)]


def mixed(count: int) -> list[Document]:
    """Return documents with many equal and many unequal scores, paths that repeat, several exhibits."""
    held = []
    for number in range(count):
        text = " ".join(RNG.choices(WORDS, weights=range(40, 0, -1), k=RNG.choice([3, 3, 3, 8, 20])))
        changes = {
            "exhibit": f"S-{RNG.randrange(3)}",
            "path": f"d{RNG.randrange(60)}/f",
            "modified": RNG.randrange(50) or None,
        }
        held.append(document(number, text, **changes))
    return held


HELD = mixed(700)
QUERIES = ["w1", "w1 w2", "w0 OR w30", "w1*", "w12~", "NOT w1", "exhibit:S-1", '"w0 w1"', "w3 OR w4 OR w5"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return index_of(tmp_path_factory.mktemp("order") / "index", HELD)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """The same documents in another order and in many segments."""
    made = Index.open(tmp_path_factory.mktemp("order") / "other", heap_bytes=15 << 20, writable=True)
    shuffled = RNG.sample(HELD, len(HELD))
    for at in range(0, len(shuffled), 101):
        made.add(shuffled[at : at + 101])
        made.commit(1)
    return made


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("sort", ["score", "path", "time", "oldest"])
def test_the_order_does_not_depend_on_the_layout(index: Index, other: Index, query: str, sort: str) -> None:
    one, two = (each.search(query, limit=2_000, sort=sort) for each in (index, other))
    assert one == two
    assert one.total == len(one.hits)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("sort", ["score", "path", "time", "oldest"])
@pytest.mark.parametrize("size", [31, 200])
def test_pages_together_are_the_whole(index: Index, query: str, sort: str, size: int) -> None:
    whole = [hit.item for hit in index.search(query, limit=2_000, sort=sort).hits]
    assert [item for page in pages(index, query, size, sort=sort) for item in page] == whole


@pytest.mark.parametrize("query", QUERIES)
def test_equal_scores_are_in_order_of_exhibit_and_path(index: Index, query: str) -> None:
    hits = index.search(query, limit=2_000).hits
    keys = [(-hit.score, hit.exhibit, hit.path) for hit in hits]
    assert keys == sorted(keys)


def test_times_are_in_order_and_ties_by_place(index: Index) -> None:
    times = {each.item: -1 if each.modified is None else each.modified for each in HELD}
    keys = [
        (-times[hit.item], hit.exhibit, hit.path) for hit in index.search("w1", limit=2_000, sort="time").hits
    ]
    assert keys == sorted(keys)
    keys = [
        (times[hit.item] < 0, times[hit.item], hit.exhibit, hit.path)
        for hit in index.search("w1", limit=2_000, sort="oldest").hits
    ]
    assert keys == sorted(keys)


def test_what_has_no_time_comes_last_in_both_orders(index: Index) -> None:
    without = {each.item for each in HELD if each.modified is None}
    for sort in ("time", "oldest"):
        found = [hit.item in without for hit in index.search("w1", limit=2_000, sort=sort).hits]
        assert found == sorted(found)
        assert True in found
        assert False in found


def test_a_page_behind_the_end_is_empty_and_counts_still(index: Index) -> None:
    page = index.search("w1", limit=10, offset=100_000)
    assert page.total == index.search("w1", limit=1).total
    assert page.hits == []


def test_an_unknown_order_is_refused(index: Index) -> None:
    with pytest.raises(KeyError):
        index.search("w1", limit=1, sort="colour")


def test_a_tie_of_thousands_is_paged_without_reading_it_all(tmp_path: Path) -> None:
    """Six thousand copies of a licence tie; pages at its beginning, middle and end, and over both its edges."""
    rng = random.Random(3)
    held = [document(number, "licence kestrel", path=f"{rng.random():.12f}") for number in range(6_000)]
    above = [document(10_000 + number, "kestrel", path=f"{number}") for number in range(30)]
    below = [document(20_000 + number, "kestrel " + "other " * 30, path=f"{number}") for number in range(30)]
    index = index_of(tmp_path / "index", rng.sample(held + above + below, 6_060))
    order = [
        each.item for group in (above, held, below) for each in sorted(group, key=lambda each: each.path)
    ]
    for offset in (0, 20, 40, 3_000, 6_000, 6_020, 6_050):
        found = [hit.item for hit in index.search("kestrel", limit=50, offset=offset).hits]
        assert found == order[offset : offset + 50]
    index.close()


@pytest.mark.parametrize("instead", [10_000, 0], ids=["read", "walked to its end"])
def test_a_tie_that_lies_behind_all_else_by_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instead: int
) -> None:
    for name, value in (("READ_AT_MOST", 50), ("PASSING", 0), ("FIRST_WALK", 5), ("SHORT_WALK", 10)):
        monkeypatch.setattr(ranking, name, value)
    monkeypatch.setattr(ranking, "READ_INSTEAD", instead)
    held = [document(number, "licence kestrel", path=f"z/{number:04}") for number in range(400)]
    below = [document(1_000 + n, "kestrel " + "other " * 30, path=f"a/{n:04}") for n in range(400)]
    index = index_of(tmp_path / "index", random.Random(5).sample(held + below, 800))
    order = [each.item for group in (held, below) for each in group]
    for offset in (0, 30, 350, 380, 420, 790):
        assert [hit.item for hit in index.search("kestrel", limit=50, offset=offset).hits] == order[
            offset : offset + 50
        ]
    index.close()


@pytest.mark.parametrize(
    ("score", "shown"),
    [(0.0, 0.0), (12.3456, 12.3), (0.123456, 0.123), (999.96, 1000.0), (1.0, 1.0), (3.4999998, 3.5)],
)
def test_scores_have_three_digits(score: float, shown: float) -> None:
    assert rounded(score) == shown
