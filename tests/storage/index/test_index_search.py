"""Fields, filters, counts and facets, held against plain Python over the same documents."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexed import document, index_of

from actionday.storage.index import EVERYTHING, Document, Index, IndexDamaged, QueryError
from actionday.storage.index.answered import answered
from actionday.storage.index.beginnings import parted
from actionday.storage.index.grammar import parse
from actionday.storage.index.node import And, Node, Not, Or, Term, terms
from actionday.storage.index.normalise import normalise
from actionday.storage.index.tallies import Tallies

WORDS = ["kestrel", "radio", "schedule", "أخبار", "новости", "上海"]
MIMES = ["text/plain", "text/html", "application/pdf"]


def made_up() -> list[Document]:
    """Return 120 documents in 40 contents, with every mixture of fields."""
    held = []
    for number in range(120):
        content = number % 40
        text = " ".join(word for at, word in enumerate(WORDS) if content >> at & 1)
        changes = {
            "exhibit": f"S-{number % 3}", "path": f"var/d{number % 5}/log {number % 7}/F{number}.txt",
            "name": f"F{number}.txt", "kind": "deleted" if number % 11 == 0 else "file",
            "status": "empty" if not text else "parsed", "mime": MIMES[content % 3], "year": 2015 + number % 9,
            "languages": ("rus", "eng") if content % 4 == 0 else ("arb",), "modified": number * 1000 % 700,
            "script": "Cyrl" if content % 4 == 0 else "Arab",
        }  # fmt: skip
        held.append(document(number, text or f"{content}", **changes))
    held.append(
        document(120, "", sha256=None, kind="directory", path="var", name="var", languages=(), script=None)
    )
    return held


HELD = made_up()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    made = index_of(tmp_path_factory.mktemp("search") / "index", HELD)
    yield made
    made.close()


def holds(each: Document, node: Node) -> bool:
    """Return whether a document is found, by the plainest reading of the tree."""
    match node:
        case And(parts):
            return all(holds(each, part) for part in parts)
        case Or(parts):
            return any(holds(each, part) for part in parts)
        case Not(part):
            return not holds(each, part)
        case Term(None, text, _, _):
            return text in each.body[0].decode().split() or text in b" ".join(each.body).decode()
        case Term("lang", text, _, _):
            return text in each.languages
        case Term("exhibit", text, _, _):
            return text == each.exhibit
        case Term("type", text, _, _):
            return text in each.mime.split("/") or text == each.mime
        case Term("year", text, _, _):
            low, _, high = text.partition("-")
            return each.year is not None and int(low) <= each.year <= int(high or low)
        case Term("kind", text, _, _):
            return text == each.kind
        case Term("status", text, _, _):
            return text == each.status
    raise AssertionError(node)


FIELD_TERMS = ["lang:rus", "lang:arb", "exhibit:S-1", "type:html", "type:text", "year:2017-2019", "kind:deleted",
               "status:parsed", "year:2016"]  # fmt: skip
LEAVES = st.sampled_from(["kestrel", "radio", "schedule", "новости", "上海", *FIELD_TERMS])
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" ", " AND ", " OR ", " NOT "]), inner).map(
            lambda p: f"({p[0]}{p[1]}{p[2]})"
        ),
        inner.map(lambda query: f"NOT ({query})"),
    ),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(query=QUERIES)
def test_hits_totals_contents_and_facets_are_exact(index: Index, query: str) -> None:
    expected = [each for each in HELD if holds(each, parse(query))]
    page = index.search(query, limit=200)
    assert {hit.item for hit in page.hits} == {each.item for each in expected}
    assert page.total == len(page.hits) == len(expected)
    assert page.contents == len({each.sha256 for each in expected} - {None})
    facets = index.facets(query, {}, ["exhibit", "type", "language", "year"])
    assert dict(facets["exhibit"]) == Counter(each.exhibit for each in expected)
    assert dict(facets["type"]) == Counter(each.mime for each in expected)
    assert dict(facets["language"]) == Counter(code for each in expected for code in each.languages)
    assert dict(facets["year"]) == Counter(str(each.year) for each in expected if each.year is not None)


@pytest.mark.parametrize(
    "filters",
    [
        {"exhibit": ["S-1"]},
        {"exhibit": ["S-0", "S-2"], "language": ["rus"]},
        {"type": ["pdf"], "year": ["2017", "2019"]},
        {"kind": ["deleted"], "status": ["parsed"]},
        {"script": ["Cyrl"]},
        {"language": []},
    ],
)
def test_filters_select_without_changing_scores(index: Index, filters: dict[str, list[str]]) -> None:
    scores = {hit.item: hit.score for hit in index.search("kestrel", limit=200).hits}
    page = index.search("kestrel", limit=200, filters=filters)
    named = {"language": "lang"}
    wanted = [
        each for each in HELD if b"kestrel" in each.body[0].split()
        and all(
            any(_meets(each, named.get(field, field), value) for value in values)
            for field, values in filters.items() if values
        )
    ]  # fmt: skip
    assert {hit.item: hit.score for hit in page.hits} == {each.item: scores[each.item] for each in wanted}
    assert page.contents == len({each.sha256 for each in wanted})


def _meets(each: Document, field: str, value: str) -> bool:
    return each.script == value if field == "script" else holds(each, parse(f"{field}:{value}"))


@pytest.mark.parametrize("year", ["abc", "", "20261", "9" * 40, "-1", "2026-", "2026\n"])
def test_a_filter_that_is_no_year_is_refused(index: Index, year: str) -> None:
    with pytest.raises(QueryError, match="year"):
        index.search("kestrel", limit=1, filters={"year": [year]})


@pytest.mark.parametrize("filters", [{"colour": ["red"]}, {"lang": ["en"]}])
def test_an_unknown_filter_is_refused(index: Index, filters: dict[str, list[str]]) -> None:
    with pytest.raises(KeyError):
        index.search("kestrel", limit=1, filters=filters)


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("path:var/d1", {each.path for each in HELD if each.path.startswith("var/d1/")}),
        ("path:VAR/D1/", {each.path for each in HELD if each.path.startswith("var/d1/")}),
        ('path:"d1/log 6"', {each.path for each in HELD if "d1/log 6" in each.path}),
        ("path:F7.TXT", {each.path for each in HELD if each.path.endswith("/F7.txt")}),
        ("path:d1/F7.txt", set()),
        ("path:ar/d1", set()),
        ("path:var/d*", {each.path for each in HELD if each.path != "var"}),
        ("name:f7", {each.path for each in HELD if each.name == "F7.txt"}),
        ("name:f11*", {each.path for each in HELD if each.name.startswith("F11")}),
        ("name:(f7 OR f8)", {each.path for each in HELD if each.name in ("F7.txt", "F8.txt")}),
        ("name:txt NOT kind:file", {each.path for each in HELD if each.kind == "deleted"}),
        (f"sha256:{HELD[3].sha256}", {each.path for each in HELD if each.sha256 == HELD[3].sha256}),
        (f"sha256:{'0' * 64}", set()),
    ],
)
def test_places_and_contents(index: Index, query: str, paths: set[str]) -> None:
    assert {hit.path for hit in index.search(query, limit=200).hits} == paths


def test_everything_is_every_item(index: Index) -> None:
    page = index.search(EVERYTHING, limit=500)
    assert (page.total, page.contents, len(page.hits)) == (121, 40, 121)


def test_languages_are_asked_for_by_any_of_their_codes(index: Index) -> None:
    assert index.search("lang:ar", limit=1).total == index.search("lang:arb", limit=1).total > 0
    assert (
        index.search("lang:ru", limit=1, filters={"language": ["en"]}).total
        == index.search("lang:rus", limit=1).total
    )


def test_one_language_is_not_its_relatives(tmp_path: Path) -> None:
    """``lang:`` covers a macrolanguage; ``language:`` and the filter are what the facet counted, so they agree."""
    codes = ["zho", "cmn", "cmn", "ind", "arb", "arz"]
    made = index_of(
        tmp_path / "index", [document(n, f"radio {n}", languages=(code,)) for n, code in enumerate(codes)]
    )
    assert made.search("lang:zho", limit=1).total == 3
    for code, number in made.facets("radio", {}, ["language"])["language"]:
        assert made.search(f"language:{code}", limit=1).total == number == codes.count(code)
        assert made.search("radio", limit=1, filters={"language": [code]}).total == number
        assert made.search(f"radio NOT language:{code}", limit=1).total == len(codes) - number
    with pytest.raises(QueryError, match="language: knows no 'ar': write language:acm"):
        made.search("language:ar", limit=1)
    made.close()


@pytest.mark.parametrize(
    ("query", "words"),
    [("kestr*", {"kestrel"}), ("kestral~", {"kestrel"}), ("shcedule~", {"schedule"}), ("rad*", {"radio"}),
     ("x*", set()), ("новост*", {"новости"}), ("أخب*", {"أخبار"})],
)  # fmt: skip
def test_prefix_and_fuzzy(index: Index, query: str, words: set[str]) -> None:
    expected = {each.item for each in HELD if words & {*_original(each)}}
    assert {hit.item for hit in index.search(query, limit=200).hits} == expected


def _original(each: Document) -> list[str]:
    content = int(each.item, 16) % 40
    return [word for at, word in enumerate(WORDS) if content >> at & 1 and each.sha256]


def test_exact_words_stand_above_those_that_only_begin_or_resemble(tmp_path: Path) -> None:
    held = [document(1, "kestrels fly"), document(2, "a kestrel flies far over the long green hills today")]
    index = index_of(tmp_path / "index", held)
    for query in ("kestrel*", "kestrel~"):
        assert [hit.item for hit in index.search(query, limit=9).hits] == [held[1].item, held[0].item]
    index.close()


@pytest.mark.parametrize("query", ["joerk~", "muellerstrase~", "name:joerk~", "meta:joerk~"])
def test_a_letter_may_differ_from_a_second_spelling_too(tmp_path: Path, query: str) -> None:
    said = normalise("Jörg")
    beside = ((said.body.encode(),), (said.alt.encode(),))
    held = [
        document(1, "Herr Jörg, Müllerstrasse", name="Jörg.txt", meta=beside),
        document(2, "Kestrel", name="other.txt"),
    ]
    index = index_of(tmp_path / "index", held)
    found = [int(hit.item, 16) for hit in index.search(query, limit=9).hits]
    index.close()
    assert found == [1]


def test_a_phrase_reaches_over_the_windows_of_a_large_text(tmp_path: Path) -> None:
    whole = document(1, "one two three four")
    parted = document(2, "", body=(b"one two ", b"three four"), alt=())
    index = index_of(tmp_path / "index", [whole, parted])
    assert index.search('"two three"', limit=5).total == 2
    index.close()


def test_copies_that_were_read_differently_are_each_counted(tmp_path: Path) -> None:
    """One place of a content was read, another ran into its deadline: the content is still one of those found."""
    sha256 = document(1, "kestrel").sha256
    held = [document(1, "", sha256=sha256, status="quarantined"), document(2, "kestrel", sha256=sha256)]
    index = index_of(tmp_path / "index", held)
    page = index.search("kestrel", limit=5)
    assert (page.total, page.contents) == (1, 1)
    index.close()


def test_q07_three_hundred_addresses_over_many_texts(tmp_path: Path) -> None:
    held = [document(number, f"from person{number}@mail.example to all") for number in range(2_000)]
    index = index_of(tmp_path / "index", held)
    query = " OR ".join(f"person{number}@mail.example" for number in range(0, 1_500, 5))
    first = index.search(query, limit=50)
    assert (first.total, first.contents, len(first.hits)) == (300, 300, 50)
    rest = [index.search(query, limit=50, offset=offset).hits for offset in range(50, 300, 50)]
    assert len({hit.item for hit in itertools.chain(first.hits, *rest)}) == 300
    index.close()


def test_d05_two_hundred_small_exhibits(tmp_path: Path) -> None:
    held = [
        document(number, f"kestrel {number}", exhibit=f"E-{number // 5:03d}", seq=number // 5 + 1)
        for number in range(1_000)
    ]
    index = Index.open(tmp_path / "index", heap_bytes=15 << 20, writable=True)
    for at in range(0, 1_000, 25):
        index.add(held[at : at + 25])
        index.commit(held[at + 24].seq)
    page = index.search(
        "kestrel", limit=10, filters={"exhibit": [f"E-{number:03d}" for number in range(0, 200, 2)]}
    )
    assert page.total == 500
    assert len(index.facets("kestrel", {}, ["exhibit"])["exhibit"]) == 200
    index.close()
    assert (
        len([file for file in (tmp_path / "index").iterdir() if file.suffix == ".store"]) < 60
    )  # merged meanwhile


def test_leaves_are_counted_for_the_limits() -> None:
    assert len(terms(parse("a (b OR c) NOT d"))) == 4


MANY = [f"zq{number:05d}" for number in range(20_000)]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """More words with one beginning than tantivy takes in a phrase, of Latin letters and of an unspaced script."""
    latin = " ".join(f"the-{word}" for word in MANY)
    han = " ".join(f"好 的{chr(0x4E00 + number)}" for number in range(20_000))
    texts = [latin, han, "10.0.0.1 the zq", "好 的", "the q zq1", "user@zq00001.example"]
    index = index_of(tmp_path_factory.mktemp("crowded"), [document(n, text) for n, text in enumerate(texts)])
    yield index
    index.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("the-zq*", {0, 2}),
        ("the-zq19*", {0}),
        ("the-zq1999*", {0}),
        ("NOT the-zq*", {1, 3, 4, 5}),
        ('"好 的"', {1, 3}),
        ("user@z*", {5}),
        ("10.0.0.1*", {2}),
    ],
)
def test_the_beginning_of_a_phrase_is_found_however_many_words_share_it(
    crowded: Index, query: str, found: set[int]
) -> None:
    page = crowded.search(query, limit=10, facets=["year"])
    assert {int(hit.item, 16) for hit in page.hits} == found
    assert page.total == len(found)


@given(st.lists(st.text("ab好的", max_size=5), min_size=1, unique=True), st.integers(1, 5))
def test_beginnings_are_met_by_each_word_once_and_by_few(ends: list[str], most: int) -> None:
    words = sorted(f"z{end}" for end in ends)
    met = [[word for word in words if re.fullmatch(each, word)] for each in parted(words, "z", most)]
    assert sorted(itertools.chain(*met)) == words
    assert all(0 < len(each) <= most for each in met)


def test_what_is_no_damage_is_not_called_so(tmp_path: Path) -> None:
    index = index_of(tmp_path / "index", [document(1, "kestrel")])

    def refused() -> None:
        raise ValueError("An invalid argument was passed: 'too much'")

    def failed() -> None:
        raise ValueError("Data corrupted")

    for call in (refused, failed):
        with pytest.raises(QueryError, match="does not take this query"):
            answered(index.folder, call)
    index.close()
    next((tmp_path / "index").glob("*.term")).unlink()
    with pytest.raises(IndexDamaged):
        answered(index.folder, failed)


def test_what_was_counted_is_counted_once_until_something_is_committed(tmp_path: Path) -> None:
    """A page, its facets, the next page: contents are counted at the first, each facet when it is first asked for."""
    index = index_of(tmp_path / "index", HELD[:40])
    counted = CountedQueries()
    tallies = Tallies(index._index.schema, index._searcher)
    everything = index._compile(EVERYTHING, {})
    first = tallies.counts("all", everything, counted.once, ["type"])
    again = tallies.counts("all", everything, counted.once, ["type", "year"])
    assert (first.total, first.contents, counted.asked) == (again.total, again.contents, 1)
    assert again.facets.keys() >= {"type", "year"}
    assert tallies.facets("all", everything, ["year"]) is again.facets
    before = index.facets("kestrel", None, ["type", "year"])
    assert before == index.search("kestrel", limit=1, facets=["type", "year"]).facets
    index.add([document(200, "kestrel", mime="text/x-new", seq=2)])
    index.commit(2)
    assert ("text/x-new", 1) in index.facets("kestrel", None, ["type"])["type"]
    index.close()


class CountedQueries:
    """Answers no, and knows how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def once(self) -> bool:
        self.asked += 1
        return False
