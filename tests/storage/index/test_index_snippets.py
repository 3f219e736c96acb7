"""The very words are marked, in the original, and never part of a letter."""

import time
import unicodedata
from itertools import pairwise, product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexed import Texts, document, index_of

from actionday.storage.index import Sought, highlights, parse, snippet, sought_words
from actionday.storage.index.nearby import Nearby, near
from actionday.storage.index.node import Match, Term
from actionday.storage.index.normalise import normalise, tokens
from actionday.storage.index.query import reach
from actionday.storage.index.snippets import MOST_LOOKS
from actionday.storage.index.stretch import Glance


def marked(text: str, query: str, width: int = 240) -> list[str]:
    """Return what a snippet marks."""
    return [piece for piece, hit in snippet(text, parse(query), width=width) if hit]


@pytest.mark.parametrize("width", range(20, 60))
def test_no_part_of_a_word_is_marked_at_the_end(width: int) -> None:
    """Where a snippet ended in a word that was found, its first letters stood there marked."""
    text = "the kestrel radio is on air, radio kestrel, on the air " * 9
    assert set(marked(text, "radio", width)) == {"radio"}
    pieces = snippet(text, parse("radio"), width=width)
    assert width <= sum(len(piece) for piece, _ in pieces) < width + len("radio")
    assert "".join(piece for piece, _ in pieces) in text


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        ("Heute sendet MÜLLER die Nachrichten", "mueller", ["MÜLLER"]),
        ("Heute sendet MU\u0308LLER die", "müller", ["MU\u0308LLER"]),
        ("die Straße, die STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("اسمع الأخبار وأخبارهم", "أخبار", ["الأخبار", "وأخبارهم"]),
        ("كِتَابٌ جديد", "كتاب", ["كِتَابٌ"]),
        ("می‌خواهم بروم", "میخواهم", ["می‌خواهم"]),
        ("IŞIK ve ışık, light", "ışık", ["IŞIK", "ışık"]),
        ("Мой ёлка мои", "елка", ["ёлка"]),
        ("אמר שָׁלוֹם לכם", "שלום", ["שָׁלוֹם"]),
        ("我在上海工作,上海人", "上海", ["上海", "上海"]),
        ("東京都に住む", "京都", ["京都"]),
        ("東京都に住む", "都", ["都"]),
        ("ประเทศไทยของเรา", "ไทย", ["ไทย"]),
        ("ｶﾒﾗを買う", "カメラ", ["ｶﾒﾗ"]),
        ("see kestrel-radio.example/ now", "kestrel-radio.example", ["kestrel-radio.example"]),
        ("the kestrel, kestrels and kestral", "kestrel*", ["kestrel", "kestrels"]),
        ("the kestrel and kestral fly", "kestrel~", ["kestrel", "kestral"]),
        ("Herr Jörg ruft", "joerk~", ["Jörg"]),
        ("in der Müllerstrasse", "muellerstrase~", ["Müllerstrasse"]),
        ("قال والمدرسة هنا", "مدرسه~", ["والمدرسة"]),
        ("radio kestrel radio, the kestrel", '"radio kestrel"', ["radio kestrel"]),
        ("one two three", "one lang:en NOT two", ["one"]),
        ("one two three", "lang:en NOT two", []),
        ("page ٢٥ of 60", "25", ["٢٥"]),
        ("旧统 \n 一战", "统一", ["统 \n 一"]),
        ("旧统\n一战", "统", ["统"]),
        ("旧统\n\n一战", "统一", []),
        ('חיילי צה"ל בלבנון', "צהל", ['צה"ל']),
        ("חיילי צהל בלבנון", 'צה"ל', ["צהל"]),
        ("nothing of it", "kestrel", []),
        ("", "kestrel", []),
    ],
)
def test_the_very_words_are_marked(text: str, query: str, words: list[str]) -> None:
    assert marked(text, query) == words


@pytest.mark.parametrize("sign", ["", "*"])
def test_of_a_thousand_words_a_bounded_part_of_a_long_text_is_looked_over(sign: str) -> None:
    """Each stretch has all words, no window more than the first: all of them were looked over for all words."""
    words = [f"{number:x}kestrel{number}" for number in range(1_000)]
    later = [" ".join(words[at % 20 * 50 :][:50]) + " filler" * 450 for at in range(800)]
    text = " ".join([*words[:250], *later])
    looked = 0

    class Looked(Sought):
        def likely(self, glance: Glance) -> bool:
            nonlocal looked
            looked += 1
            return super().likely(glance)

    seeking = [
        Looked(each.term, each.words, each.shifts, each.ends_inside, each.needle)
        for each in sought_words(parse(" OR ".join(word + sign for word in words)))
    ]
    assert any(hit for _, hit in snippet(text, seeking))
    assert looked < 2 * MOST_LOOKS


def test_a_query_that_was_prepared_once_marks_the_same() -> None:
    node = parse('kestral~ OR radi* OR "the schedule" OR meta:nothing')
    seeking = sought_words(node)
    for text in ("the kestrel radio", "the schedule", "kestrel " * 3_000 + "the schedule"):
        assert highlights(text, seeking) == highlights(text, node)
        assert snippet(text, seeking) == snippet(text, node)


def test_the_stretch_with_the_most_words_is_shown() -> None:
    filler = "lorem ipsum dolor " * 1_000
    text = f"only kestrel here {filler} the kestrel schedule of the radio {filler} radio alone"
    pieces = snippet(text, parse("kestrel schedule radio"), width=120)
    assert [piece for piece, hit in pieces if hit] == ["kestrel", "schedule", "radio"]
    assert "".join(piece for piece, _ in pieces) in text


def test_without_a_hit_it_is_the_beginning() -> None:
    assert snippet("one two three four", parse("lang:en"), width=7) == [("one two", False)]


def test_a_phrase_is_shown_where_it_stands_and_not_where_its_words_do() -> None:
    filler = "kestrel of the radio and " * 3_000
    assert marked(f"{filler} our radio kestrel speaks {filler}", '"radio kestrel"') == ["radio kestrel"]


CLUSTERS = [
    "a",
    "e\u0301",
    "ш",
    "и\u0306",
    "क\u093c",
    "ท\u0e33",
    "क्ष",
    "👍🏽",
    "👩\u200d💻",
    " ",
    "上",
    "س\u064e",
    "e" + "\u0323\u0302",
]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(CLUSTERS), max_size=120),
    st.sampled_from(["a", "e*", "ш", "上", "س", "и"]),
    st.integers(1, 40),
)
def test_q01_pieces_are_a_stretch_of_the_original_cut_between_letters(
    clusters: list[str], query: str, width: int
) -> None:
    text = "".join(clusters)
    pieces = snippet(text, parse(query), width=width)
    joined = "".join(piece for piece, _ in pieces)
    at = text.find(joined)
    assert at >= 0
    assert all(piece for piece, _ in pieces)
    for piece, _ in pieces[1:]:
        assert unicodedata.category(piece[0])[0] != "M"
        assert piece[0] != "\u200d"
    f"{joined}".encode()


def test_q01_russian_with_a_hit_at_every_position_of_the_first_two_hundred_characters() -> None:
    for at in range(200):
        text = ("щ" * at + " пустельга " + "жщ " * 200)[:500]
        pieces = snippet(text, parse("пустельга"), width=60)
        assert ("пустельга", True) in pieces
        assert "".join(piece for piece, _ in pieces) in text


WORDS = ["kestrel", "kestrels", "radio", "Müller", "mueller", "muller", "أخبار", "الأخبار", "وأخبارهم", "上海",
         "京都", "東京都に", "都", "ไทย", "ёлка", "елка",
         "a@b.example", "IŞIK", "ışık", "ｶﾒﾗ", "e\u0301te", "서울에서"]  # fmt: skip
SOUGHT = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).map(lambda word: f"{word[:3]}*"),
    st.sampled_from(["kestral~", "radoi~", "елку~"]),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
)


@settings(max_examples=80, deadline=None)
@given(
    texts=st.lists(
        st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), min_size=1, max_size=6, unique=True
    ),
    queries=st.lists(SOUGHT, min_size=1, max_size=8),
)
def test_a_text_is_found_exactly_if_something_in_it_is_marked(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], queries: list[str]
) -> None:
    with Texts(tmp_path_factory.mktemp("marked") / "index", texts) as made:
        for query in queries:
            with_marks = {text for text in texts if highlights(text, parse(query))}
            assert set(made.found(query)) == with_marks, query


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, "\n", "x" * 250]), max_size=2_000), st.sampled_from(WORDS))
def test_windows_find_what_the_whole_text_holds(words: list[str], query: str) -> None:
    text, node = " ".join(words), parse(query)
    whole = highlights(text, node)
    assert all(start < end for start, end in whole)
    assert all(before[1] <= after[0] for before, after in pairwise(whole))
    parts = [span for at in range(0, len(text), 1_000) for span in highlights(text, node, at, at + 1_000)]
    assert parts == whole


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, "\n", "x" * 250]), max_size=2_000), SOUGHT)
def test_a_snippet_marks_what_is_marked_in_the_text_as_a_whole(words: list[str], query: str) -> None:
    text, node = " ".join(words), parse(query)
    pieces = snippet(text, node)
    joined, at, marks = "".join(piece for piece, _ in pieces), 0, list[tuple[int, int]]()
    for piece, hit in pieces:
        marks += [(at, at + len(piece))] if hit else []
        at += len(piece)
    whole = highlights(text, node)
    places = [at for at in range(len(text) - len(joined) + 1) if text.startswith(joined, at)]
    assert any(
        [(low - at, min(high - at, len(joined))) for low, high in whole if at <= low < at + len(joined)]
        == marks
        for at in places
    )


HOSTILE = st.text(
    st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("ab ä\n\r>-统一東ｶﾞไกำꦗꦮ한\u1112\u1161\u11abצהל\"'״\u200fسلام\u064eé\u0301\u00ad\u2028\u3000𗀀😀")),
    max_size=60,
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(HOSTILE)
def test_each_word_of_a_hostile_text_is_marked_where_it_stands(text: str) -> None:
    for token in tokens(text):
        query = Term(None, token.word, Match.PHRASE, 0)
        spans = highlights(text, query)
        assert any(start <= token.start < end for start, end in spans)
        for start, end in spans:
            words = normalise(text[start:end]).body.split()
            assert any(word.startswith(token.word) for word in words), (query, text[start:end])


@pytest.mark.parametrize(
    "text",
    [
        "lorem ipsum " * 8_000_000,
        "лорем ипсум " * 3_000_000,
        "上海工作北京" * 5_000_000,
        "\u0301" * 5_000_000,
        "x" * 50_000_000,
    ],
    ids=["ascii", "cyrillic", "chinese", "marks", "one word"],
)
def test_a_hundred_megabytes_with_the_hit_at_the_end_are_answered_soon(text: str) -> None:
    started = time.process_time()
    pieces = snippet(f"{text} kestrel", parse("kestrel"), width=200)
    assert pieces[0][0]
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("left", "right", "most", "is_near"),
    [
        ("kestrel", "kestrel", 1, True),
        ("kestrel", "kestral", 1, True),
        ("kestrel", "kestrl", 1, True),
        ("kestrel", "kestrells", 1, False),
        ("kestrel", "kestrells", 2, True),
        ("radio", "raido", 1, True),
        ("radio", "rdaoi", 1, False),
        ("radio", "rdaoi", 2, True),
        ("", "a", 1, True),
        ("abc", "xyz", 2, False),
    ],
)
def test_near(left: str, right: str, most: int, is_near: bool) -> None:
    assert near(left, right, most) is is_near
    assert near(right, left, most) is is_near


def _apart(left: str, right: str) -> int:
    """Return the optimal string alignment distance, from its definition."""
    table = {(i, 0): i for i in range(len(left) + 1)} | {(0, j): j for j in range(len(right) + 1)}
    for i, j in product(range(1, len(left) + 1), range(1, len(right) + 1)):
        table[i, j] = min(
            table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (left[i - 1] != right[j - 1])
        )
        if i > 1 and j > 1 and left[i - 1] == right[j - 2] and left[i - 2] == right[j - 1]:
            table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(left), len(right)]


EDITED = st.lists(st.tuples(st.sampled_from(["delete", "insert", "change", "swap"]), st.integers(0, 40), st.sampled_from("abx")), max_size=3)  # fmt: skip


def _edited(word: str, edits: list[tuple[str, int, str]]) -> str:
    for edit, place, letter in edits:
        at = place % max(1, len(word))
        inside = {
            "delete": "",
            "insert": word[at : at + 1] + letter,
            "change": letter,
            "swap": word[at : at + 2][::-1],
        }[edit]
        word = word[:at] + inside + word[at + (2 if edit == "swap" else 1) :]
    return word


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("ab", min_size=1, max_size=30), min_size=1, max_size=4, unique=True), EDITED)
def test_words_nearby_are_those_of_the_definition(
    words: list[str], edits: list[tuple[str, int, str]]
) -> None:
    asked = _edited(words[0], edits)
    nearby = Nearby((word, reach(word)) for word in words)
    wanted = {word for word in words if _apart(asked, word) <= reach(word)}
    assert nearby.of(asked) == wanted
    assert wanted == {word for word in words if near(asked, word, reach(word))}


def test_a_thousand_fuzzy_words_are_marked_soon() -> None:
    """Compared one with another this takes minutes: 6,000 words of the text with 1,000 of the query."""
    drawn = Random(3)
    words = ["".join(drawn.choices("etaoinshrdlu", k=drawn.randint(6, 12))) for _ in range(7_000)]
    text, query = " ".join(words[1_000:]), " OR ".join(f"{word}~" for word in words[:1_000])
    started = time.process_time()
    assert marked(f"{text} {words[0][1:]}", query)
    assert time.process_time() - started < 5


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.text("abcd", min_size=3, max_size=7), min_size=1, max_size=30, unique=True),
    st.text("abcd", min_size=3, max_size=7),
)
def test_fuzzy_words_are_those_of_the_index(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], word: str
) -> None:
    index = index_of(
        tmp_path_factory.mktemp("fuzzy") / "index", [document(at, each) for at, each in enumerate(words)]
    )
    found = {words[int(hit.item, 16)] for hit in index.search(f"{word}~", limit=99).hits}
    assert found == {each for each in words if near(each, word, 1 if len(word) < 6 else 2)}
    index.close()


def test_the_index_is_not_needed_for_a_snippet(tmp_path: Path) -> None:
    assert not any(tmp_path.iterdir())
    assert marked("the kestrel", "kestrel") == ["kestrel"]
