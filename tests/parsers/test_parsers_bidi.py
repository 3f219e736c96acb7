"""Reading a line of glyphs: the bidirectional algorithm backwards, against lines laid out by hand and by rule."""

import pytest
from hypothesis import given, settings
from hypothesis.strategies import lists, sampled_from

from actionday.parsers._bidi import kind, letters, logical

LINES = [
    # what is read, and its glyphs from left to right as a page shows them
    ("السلام عليكم", "مكيلع مالسلا"),
    ("في 25 دولة و 60 مدينة", "ةنيدم 60 و ةلود 25 يف"),
    ("رقم 0123456789 هنا", "انه 0123456789 مقر"),
    ("12.5% من", "نم %12.5"),
    ("موقع https://kestrel.example/x?a=1 هنا", "انه https://kestrel.example/x?a=1 عقوم"),
    ("نص (بين قوسين) هنا", "انه (نيسوق نيب) صن"),
    ("English line, then العربية inside", "English line, then ةيبرعلا inside"),
    ("plain English (only)", "plain English (only)"),
    ("שלום 25 ו-60", "60-ו 25 םולש"),
    ("1,250.75 دينار", "رانيد 1,250.75"),
]
ARABIC = ("نادي", "العوسق", "مدينة", "إذاعة", "من")
LATIN = ("Kestrel", "club", "FM", "web")
NUMBERS = ("25", "60", "1999", "98.5")


@pytest.mark.parametrize(("read", "shown"), LINES, ids=[read for read, _ in LINES])
def test_lines_laid_out_by_hand(read: str, shown: str) -> None:
    assert logical(list(shown), page_rtl=True) == read


@settings(max_examples=200, deadline=None)
@given(lists(sampled_from(ARABIC + NUMBERS), min_size=1, max_size=8))
def test_words_and_numbers_of_a_right_to_left_line(words: list[str]) -> None:
    """Laid out by the rule: words go leftwards and are mirrored, numbers keep their digits' order."""
    words = ["نادي", *words, "من"]
    shown = " ".join(word if word in NUMBERS else word[::-1] for word in reversed(words))
    assert logical(list(shown)) == " ".join(words)


@settings(max_examples=200, deadline=None)
@given(
    lists(sampled_from(ARABIC), min_size=1, max_size=4), lists(sampled_from(LATIN), min_size=1, max_size=3)
)
def test_a_foreign_run_keeps_its_own_direction(arabic: list[str], latin: list[str]) -> None:
    read = " ".join([*arabic, *latin, "نادي"])
    shown = " ".join(["نادي"[::-1], *latin, *(word[::-1] for word in reversed(arabic))])
    assert logical(list(shown)) == read
    read = " ".join(["In", *arabic, *latin])
    shown = " ".join(["In", *(word[::-1] for word in reversed(arabic)), *latin])
    assert logical(list(shown)) == read


def test_a_ligature_is_one_glyph_in_reading_order() -> None:
    assert logical(["م", "لا", "س", "ل", "ا"]) == "السلام"


def test_presentation_forms_become_letters_and_nothing_else_changes() -> None:
    assert letters("\ufe8d\ufedf\ufeb4\ufefc\ufee1 ﷲ ① ﬁ") == "السلام الله ① ﬁ"


@pytest.mark.parametrize(("glyph", "wanted"), [("ا", "R"), ("ש", "R"), ("a", "L"), ("漢", "L"), ("5", "N"),
                                               ("٥", "N"),
                                               (".", "-"), (" ", "-"), ("لا", "R")])  # fmt: skip
def test_kinds_of_glyphs(glyph: str, wanted: str) -> None:
    assert kind(glyph) == wanted
