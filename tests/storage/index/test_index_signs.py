"""``word*`` and ``word~``: what they mean with every kind of word, or at which character they are refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexed import Texts, document, index_of

from actionday.storage.index import Index, QueryError, highlights, parse
from actionday.storage.index.fields import FIELDS
from actionday.storage.index.metadata import words
from actionday.storage.index.nearby import near
from actionday.storage.index.normalise import normalise, tokens
from actionday.storage.index.query import reach
from actionday.storage.index.unspaced import RUNS

UNSPACED = [
    "广播电台",
    "ラジオ",
    "วิทยุ",
    "ວິທະຍຸ",
    "វិទ្យុ",
    "ရေဒီယို",
    "방송",
    "ꦫꦣꦶꦪꦺꦴ",
    "ꆈꌠ",
    "𒀀𒀁",
    "abc東京",
    "東",
]
PARTS = [
    "well-known",
    "foo.bar",
    "user@host.example",
    "10.0.0.1",
    "don't",
    "oʻzbek",
    "a/b",
    "ﷺ",
    "½",
    "x" * 201,
    "a😀",
]


@pytest.mark.parametrize("field", ["", "meta:", "name:", "path:"])
@pytest.mark.parametrize("word", UNSPACED)
def test_a_script_without_spaces_takes_no_tilde(word: str, field: str) -> None:
    with pytest.raises(QueryError, match="leave out the ~") as error:
        parse(f"radio {field}{word}~")
    assert error.value.position == len(f"radio {field}{word}")


@pytest.mark.parametrize("field", ["", "meta:", "name:"])
@pytest.mark.parametrize("word", PARTS)
def test_a_word_of_several_parts_takes_no_tilde(word: str, field: str) -> None:
    with pytest.raises(QueryError, match=r"~ takes a single word, and this is [2-9]") as error:
        parse(f"{field}{word}~")
    assert error.value.position == len(f"{field}{word}")


@pytest.mark.parametrize(
    ("query", "instead"),
    [
        ("well-known~", "well~ known~"),
        ("name:foo.bar~", "name:(foo~ bar~)"),
        ("path:var/lgo~", "path:(var~ lgo~)"),
    ],
)
def test_what_can_be_written_instead_is_told_and_taken(query: str, instead: str) -> None:
    with pytest.raises(QueryError, match=r"write (?P<told>.*), or leave it out") as error:
        parse(query)
    assert instead in error.value.message
    assert parse(instead)


@pytest.mark.parametrize(
    ("query", "position", "says"),
    [
        ("kestral~, falcon", 7, "may only end a word"),
        ("kestral~~", 7, "may only end a word"),
        ("kestral~*", 7, "may only end a word"),
        ("name:notes~.", 10, "may only end a word"),
        ("meta:kestral~1", 12, "takes no number"),
        ("meta:radio^2", 10, "cannot be weighted"),
        ('"a b"~', 5, "a phrase or bracket takes no ~"),
        ('"a b"~3', 5, "a phrase or bracket takes no ~3"),
        ('name:"a"*', 8, "a phrase or bracket takes no *"),
        ("(a b)^2", 5, "a phrase or bracket takes no ^2"),
        ("kestral～", 7, "write * or ~"),
        ("kest＊", 4, "write * or ~"),
    ],
)
def test_a_sign_that_would_do_nothing_is_refused(query: str, position: int, says: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(query)
    assert (error.value.position, says in error.value.message) == (position, True)


@pytest.mark.parametrize("field", [name for name, field in FIELDS.items() if not field.words])
@pytest.mark.parametrize("sign", "*~")
def test_whole_values_take_no_sign(field: str, sign: str) -> None:
    value = FIELDS[field].example.partition(":")[2].split(" ")[0]
    with pytest.raises(QueryError) as error:
        parse(f"{field}:{value}{sign}")
    assert error.value.position == len(f"{field}:{value}")


@pytest.mark.parametrize(
    "query", ['"kestral~"', "~user", "name:PROGRA~1", "dir/~user/x", 'name:"notes.txt~"', "(a~)"]
)
def test_a_sign_that_stands_for_itself_is_no_error(query: str) -> None:
    assert parse(query)


ONE_WORDS = ["kestrel", "radio", "12345", "صحيفة", "ومحطتنا", "محطة", "צה\"ל", "והשידורים", "می‌خواهم", "müller", "straße", "समाचार",
             "ёлка", "Ὀδυσσεύς", "IŞIK", "ראדיו", "ა", "የሬዲዮ", "😀"]  # fmt: skip
HELD = [
    *ONE_WORDS,
    "kestral",
    "kestrels",
    "12346",
    "محطه",
    "شידור",
    "שידורים",
    "خواهم",
    "mueller",
    "muller",
    "STRASSE",
    "елка",
    "ისა",
]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Each word in a text of its own, and once more as metadata of a content, of an item, and as a name."""
    made = []
    for number, word in enumerate(HELD):
        facts = words(f'{{"subject": {_quoted(word)}}}')
        made += [
            document(4 * number, word),
            document(4 * number + 1, f"empty{number:06d}", meta=facts),
            document(4 * number + 2, f"void{number:06d}", own=facts),
            document(4 * number + 3, f"blank{number:06d}", name=f"{word}.txt", path=f"srv/{word}"),
        ]
    index = index_of(tmp_path_factory.mktemp("signs") / "index", made)
    yield index
    index.close()


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '\\"') + '"'


def found(index: Index, query: str, place: int) -> set[str]:
    """Return the words of the documents found that hold them in one of the four places."""
    numbers = [int(hit.item, 16) for hit in index.search(query, limit=500).hits]
    return {HELD[number // 4] for number in numbers if number % 4 == place}


@pytest.mark.parametrize("word", ONE_WORDS)
def test_a_sign_finds_no_less_than_the_word_and_the_same_everywhere(held: Index, word: str) -> None:
    begun = {
        each
        for each in HELD
        for token in tokens(each)
        if any(form.startswith(_folded(word)) for form in (token.word, *token.alts, *token.parts))
    }
    alike = {
        each
        for each in HELD
        for token in tokens(each)
        if any(
            near(form, _folded(word), reach(_folded(word)))
            for form in (token.word, *token.alts, *token.parts)
        )
    }
    plain = found(held, word, 0)
    assert word in plain
    for sign, wanted in (("", plain), ("*", plain | begun), ("~", plain | alike)):
        for field, place in (("", 0), ("", 1), ("", 2), ("meta:", 1), ("meta:", 2), ("name:", 3)):
            assert found(held, f"{field}{word}{sign}", place) == wanted, (field, place, sign)
        assert {each for each in HELD if highlights(each, parse(f"{word}{sign}"))} == wanted


def _folded(word: str) -> str:
    return normalise(word).body.split()[0]


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.sampled_from("abé-.'_~*^？＊～ 東ท한ש\"ة\u064e\u200c٣①ﷺ😀\u00ad"), min_size=1, max_size=8),
    st.sampled_from(["", "meta:", "name:", "path:"]),
)
def test_a_tilde_is_heeded_or_refused(text: str, field: str) -> None:
    """Whatever stands before it: one word that may differ, or an error; never a word that may not."""
    query = f"{field}{text}~"
    try:
        last = parse(query)
    except QueryError as error:
        assert 0 <= error.position <= len(query)
        return
    while not hasattr(last, "match"):
        last = last.parts[-1] if hasattr(last, "parts") else last.part  # type: ignore[union-attr]
    assert last.match.value == "fuzzy"
    sought = [token.word for token in tokens(last.text)]
    assert len(sought) == 1 or last.field == "path"
    assert not any(RUNS.match(word) for word in sought)


def test_a_path_takes_a_tilde_at_one_component(tmp_path: Path) -> None:
    places = ["var/log-files/x", "var/lgo-files/y", "srv/log-file/z", "srv/other/log", "var/東京/x", "var/東"]
    index = index_of(tmp_path / "index", [document(n, f"{n}", path=path) for n, path in enumerate(places)])
    for query, numbers in (
        ("path:log-files~", {0, 1, 2}),
        ("path:var/lo*", {0}),
        ("path:東", {5}),
        ("path:var/東", {5}),
        ("path:var/東*", {4, 5}),
        ("path:東京", {4}),
    ):
        assert {int(hit.item, 16) for hit in index.search(query, limit=9).hits} == numbers
    index.close()


def test_a_phrase_in_a_name_is_as_spelt_and_does_not_go_on_into_other_spellings(tmp_path: Path) -> None:
    names = ["Müller.txt", "mueller.txt", "muller.txt"]
    index = index_of(tmp_path / "index", [document(n, f"{n}", name=name) for n, name in enumerate(names)])
    for query, numbers in (
        ('name:"mueller"', {1}),
        ('name:"txt mueller"', set()),
        ("name:müller", {0, 1, 2}),
        ("name:mueller", {0, 1}),
    ):
        assert {int(hit.item, 16) for hit in index.search(query, limit=9).hits} == numbers
    index.close()


def test_the_beginning_of_several_parts_is_a_phrase_that_goes_on(tmp_path: Path) -> None:
    held = ["well-known", "well knows", "known well", "东京都", "东京", "东北京", "user@host.example"]
    with Texts(tmp_path / "index", held) as made:
        assert set(made.found("well-kno*")) == {"well-known", "well knows"}
        assert set(made.found("东京*")) == {"东京都", "东京"}
        assert set(made.found("user@ho*")) == {"user@host.example"}
