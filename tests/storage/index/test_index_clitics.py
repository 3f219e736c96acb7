"""What is written to a word without a space, in Arabic and Hebrew: the spellings of one word meet, both ways."""

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexed import Texts

from actionday.storage.index import highlights, parse
from actionday.storage.index.normalise import normalise, tokens

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
FAMILIES = [
    "محطة محطه المحطة المحطه والمحطة والمحطه بالمحطة بالمحطه للمحطة ومحطة ومحطه محطتنا محطتها محطته ومحطتنا",
    "إذاعة اذاعه الإذاعة الاذاعه الإذاعه إذاعتنا اذاعتي وإذاعتنا",
    "ساعة ساعه الساعة الساعه والساعه ساعتهم",
    "لغة لغه اللغة اللغه ولغة ولغه لغتنا",
    "وكالة وكاله الوكالة الوكاله وكالتنا",
    "قناة قناه القناة القناه قناتنا قناتهم",
    "والدة والده الوالدة الوالده",
    "ألمانية المانيه الألمانية الالمانيه",
    "كلمات كلماتهم الكلمات",
    "بيت بيتنا البيت والبيت",
    "برامج برامجها البرامج",
    "كتاب كتابه الكتاب وكتابها",
    "שידורים השידורים ושידורים והשידורים בשידורים מהשידורים שהשידורים",
    "תחנה התחנה והתחנה לתחנה בתחנה ותחנה",
    "מהנדס המהנדס ומהנדס והמהנדס",
]
PAIRS = [pair for family in FAMILIES for pair in permutations(family.split(), 2)]


def meet(query: str, text: str) -> bool:
    """Tell whether a word finds another, as the index and the marks decide it."""
    return bool(highlights(text, parse(query)))


@pytest.mark.parametrize(("query", "text"), PAIRS)
def test_the_spellings_of_a_word_find_one_another(query: str, text: str) -> None:
    assert meet(query, text)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_index_finds_them_all_and_the_very_word_first(tmp_path: Path, family: str) -> None:
    words = family.split()
    with Texts(tmp_path / "index", words) as texts:
        for word in words:
            found = texts.found(word)
            assert sorted(found) == sorted(words), word
            assert normalise(found[0]).body == normalise(word).body


@settings(max_examples=400, deadline=None)
@given(st.text(LETTERS, min_size=3, max_size=10))
def test_either_spelling_of_the_last_letter_finds_the_other_with_and_without_the_article(word: str) -> None:
    spellings = [f"{article}{word}{last}" for article in ("", "ال") for last in "ةه"]
    for query, text in permutations(spellings, 2):
        assert meet(query, text), (query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("مدرس", "مدرسة"),
        ("كتابة", "كتاب"),
        ("مكتبة", "المكتب"),
        ("كلما", "كلماتهم"),
        ("دم", "والدة"),
        ("בית", "הבת"),
        ("ים", "הים"),
        ("שיר", "שירים"),
    ],
)
def test_other_words_are_not_found(query: str, text: str) -> None:
    assert not meet(query, text)


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("المحطة", "في المحطه، وفي مَحَطَّتِنا", ["المحطه", "مَحَطَّتِنا"]),
        ("إذاعة", "هذه إذاعتنا؛ والإذاعه", ["إذاعتنا", "والإذاعه"]),
        ("שידורים", "לוח הַשִּׁידוּרִים, וְהַשידורים", ["הַשִּׁידוּרִים", "וְהַשידורים"]),
    ],
)
def test_the_very_word_of_the_original_is_marked(query: str, text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in highlights(text, parse(query))] == marked


@pytest.mark.parametrize("query", ['"محطة"', '"שידורים"'])
def test_a_phrase_stays_as_spelt(query: str) -> None:
    assert not meet(query, "المحطه محطه השידורים")


def test_no_word_has_more_than_a_few_forms() -> None:
    for word in ("وبكتاباتهما", "والمحطه", "ومحطته", "والשידורים", "ושהשידורים"):
        assert all(len(token.alts) <= 6 for token in tokens(word))
