"""Known answers: what is found in each script, and what must not be."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from indexed import Texts

TEXTS = [
    "Işık", "IŞIK", "ışık", "TIME", "time", "İstanbul", "istanbul", "DİYARBAKIR", "İnş",
    "الأخبار", "أخبار", "وأغراضها", "أغراض", "أخبار الإذاعة اليوم", "مُحَمَّد", "كتـــاب جديد", "صفحة ٢٥ من ٦٠",
    "می‌خواهم", "میخواهم", "کتاب", "كتاب", "ایران ۱۴۰۳",
    "我在上海工作", "上海", "東京都に住む", "京都に住む", "カメラを買う", "ｶﾒﾗ", "国家", "繁體字",
    "ประเทศไทยของเรา", "ภาษาไทย",
    "ёлка", "елка", "мой", "мои", "Київ і їжак", "Новости дня",
    "שָׁלוֹם עולם", "שלום", "ירושלים",
    "Müller", "Mueller", "Muller", "Straße", "STRASSE", "café", "CAFE", "Ærø",
    "서울에서 만나요", "한국어",
    "Ὀδυσσεύς", "ΟΔΥΣΣΕΑΣ",
    "हिन्दी समाचार", "Đường phố Hà Nội",
]  # fmt: skip


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Texts]:
    with Texts(tmp_path_factory.mktemp("scripts") / "index", TEXTS) as made:
        yield made


@pytest.mark.parametrize("query", ["Işık", "IŞIK", "ışık", "işik", "ISIK"])
def test_q03_each_turkish_form_finds_the_others(texts: Texts, query: str) -> None:
    assert set(texts.found(query)) == {"Işık", "IŞIK", "ışık"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("time", {"TIME", "time"}),
        ("TIME", {"TIME", "time"}),
        ("tıme", {"TIME", "time"}),
        ("ISTANBUL", {"İstanbul", "istanbul"}),
        ("İSTANBUL", {"İstanbul", "istanbul"}),
        ("diyarbakır", {"DİYARBAKIR"}),
        ("inş", {"İnş"}),
    ],
)
def test_q03_turkish_dots_do_not_hide_words_and_english_is_unharmed(
    texts: Texts, query: str, found: set[str]
) -> None:
    assert set(texts.found(query)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("أخبار", ["أخبار", "أخبار الإذاعة اليوم", "الأخبار"]),
        ("الأخبار", ["الأخبار", "أخبار", "أخبار الإذاعة اليوم"]),
        ("أغراض", ["أغراض", "وأغراضها"]),
        ("وأغراضها", ["وأغراضها", "أغراض"]),
    ],
)
def test_q04_arabic_words_are_found_with_what_is_written_to_them_and_ranked_below(
    texts: Texts, query: str, found: list[str]
) -> None:
    hits = texts.found(query)
    assert sorted(hits) == sorted(found)
    assert hits[0] == found[0] if query in found[0] else hits[0].startswith(query)
    exact = [hit for hit in hits if query in hit.split()]
    assert hits[: len(exact)] == exact


@pytest.mark.parametrize("query", ['"أخبار"', '"الأخبار"', '"أغراض"'])
def test_q04_phrases_stay_exact(texts: Texts, query: str) -> None:
    word = query.strip('"')
    assert all(word in hit.split() for hit in texts.found(query))
    assert len(texts.found(query)) == sum(word in text.split() for text in TEXTS)


@pytest.mark.parametrize("query", ["می‌خواهم", "میخواهم", "ميخواهم"])
def test_q04_persian_is_found_with_and_without_the_joiner(texts: Texts, query: str) -> None:
    assert set(texts.found(query)) == {"می‌خواهم", "میخواهم"}


@pytest.mark.parametrize("query", ["کتاب", "كتاب"])
def test_q04_both_keyboards_kaf(texts: Texts, query: str) -> None:
    assert {"کتاب", "كتاب", "كتـــاب جديد"} <= set(texts.found(query))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("上海", {"我在上海工作", "上海"}),
        ("東京", {"東京都に住む"}),
        ("京都", {"京都に住む", "東京都に住む"}),
        ("東京都", {"東京都に住む"}),
        ("海", {"我在上海工作", "上海"}),
        ("都", {"京都に住む", "東京都に住む"}),
        ("カメラ", {"カメラを買う", "ｶﾒﾗ"}),
        ("海上", set()),
        ('"上海工作"', {"我在上海工作"}),
        ("繁體", {"繁體字"}),
    ],
)
def test_q09_chinese_and_japanese_words_inside_a_run(texts: Texts, query: str, found: set[str]) -> None:
    assert set(texts.found(query)) == found


@pytest.mark.parametrize("query", ["ガス", "ｶﾞｽ", "カ゛ス", "カ\u3099ス"])
def test_voiced_kana_are_one_however_the_mark_is_written(tmp_path: Path, query: str) -> None:
    with Texts(tmp_path / "index", ["ガスの爆弾", "ｶﾞｽの爆弾", "カ゛スの爆弾", "カスの爆弾", "ﾊﾟﾝと"]) as texts:
        assert set(texts.found(query)) == {"ガスの爆弾", "ｶﾞｽの爆弾", "カ゛スの爆弾"}


def test_q09_a_word_by_itself_stands_above_the_same_as_a_part(texts: Texts) -> None:
    assert texts.found("京都") == ["京都に住む", "東京都に住む"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ไทย", {"ประเทศไทยของเรา", "ภาษาไทย"}),
        ("ประเทศ", {"ประเทศไทยของเรา"}),
        ("ภ", {"ภาษาไทย"}),
        ("елка", {"ёлка", "елка"}),
        ("ёлка", {"ёлка", "елка"}),
        ("мои", {"мои"}),
        ("мой", {"мой"}),
        ("їжак", {"Київ і їжак"}),
        ("іжак", set()),
        ("НОВОСТИ", {"Новости дня"}),
        ("שלום", {"שָׁלוֹם עולם", "שלום"}),
        ("שָׁלוֹם", {"שָׁלוֹם עולם", "שלום"}),
        ("محمد", {"مُحَمَّد"}),
        ("25", {"صفحة ٢٥ من ٦٠"}),
        ("٢٥", {"صفحة ٢٥ من ٦٠"}),
        ("1403", {"ایران ۱۴۰۳"}),
        ("서울", {"서울에서 만나요"}),
        ("국어", {"한국어"}),
        ("οδυσσευς", {"Ὀδυσσεύς"}),
        ("हिन्दी", {"हिन्दी समाचार"}),
        ("duong", {"Đường phố Hà Nội"}),
        ("cafe", {"café", "CAFE"}),
        ("strasse", {"Straße", "STRASSE"}),
        ("Straße", {"Straße", "STRASSE"}),
        ("müller", {"Müller", "Mueller", "Muller"}),
        ("mueller", {"Müller", "Mueller"}),
        ("muller", {"Müller", "Muller"}),
        ("aero", {"Ærø"}),
        ("aeroe", {"Ærø"}),
    ],
)
def test_found_in_every_script(texts: Texts, query: str, found: set[str]) -> None:
    assert set(texts.found(query)) == found


def test_the_spelling_that_was_asked_for_comes_first(texts: Texts) -> None:
    assert texts.found("mueller")[0] == "Mueller"


def test_t07_a_malformed_address_costs_nothing(tmp_path: Path) -> None:
    label = "x" * 70
    hostile = f"write to a@.example or x@{label}.example or b@xn--.com, kestrel"
    with Texts(tmp_path / "index", [hostile, "another kestrel"]) as made:
        assert made.found("kestrel") == ["another kestrel", hostile]
        assert made.found(f"x@{label}.example") == [hostile]
        assert made.found("b@xn--.com") == [hostile]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kestrel-radio.example", {0}),
        ("radio.example", {0}),
        ('"kestrel radio example"', {0}),
        ("file_name", {1}),
        ("FILE_NAME.TXT", {1}),
        ("c++", {1}),
        ("10.0.0.1", {2}),
        ("10.0.0", {2}),
        ("0.0.10", set()),
        ("don't", {3}),
        ("don’t", {3}),
    ],
)
def test_identifiers_are_phrases_of_their_parts(tmp_path: Path, query: str, found: set[int]) -> None:
    held = ["see http://kestrel-radio.example/", "file_name.txt in C++", "from 10.0.0.1:22", "I don't"]
    with Texts(tmp_path / "index", held) as made:
        assert set(made.found(query)) == {held[each] for each in found}


def test_words_broken_over_lines_and_abbreviations_are_found(tmp_path: Path) -> None:
    held = [
        "旧\n统\n一战线",
        "旧统\n\n一战线",
        "> ภาษา\r\n> ไทยของ",
        "ꦲꦏ꧀ꦱꦫꦗꦮ",
        'חיילי צה"ל',
        "חיילי צה״ל",
        "חיילי צהל",
        "אלוף בצה''ל",
    ]
    with Texts(tmp_path / "index", held) as made:
        assert made.found("统一战线") == [held[0]]
        assert made.found("ษาไท") == [held[2]]
        assert made.found("ꦏ꧀ꦱ") == [held[3]]
        for query in ('צה"ל', "צה״ל", "צה”ל", "צהל", "צה''ל"):
            assert set(made.found(query)) == set(held[4:])
        assert set(made.found('"חיילי צה"ל"')) == set(held[4:7])
