"""What a text's words are, in each script, and that offsets and bulk agree."""

import os
import re
import time
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.storage.index import aligned
from actionday.storage.index.aligned import LONGEST
from actionday.storage.index.blocks import SOME_LINES, blocks
from actionday.storage.index.fold import KNOWN_AT_MOST, Table, composed
from actionday.storage.index.normalise import Normaliser, normalise, tokens

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[4] / "shared" / "data"))
HARD = (
    "aäÄßİıIéйиўїُّٰوالكتابيیہةۀأآ京都東カタﾞｶ゛゜がe\u0301\u0327\u0308上海ไทยำกั서울가ㄱㅏ\u1100\u1161 \n.-_"
    'צה"ל״׳”\u200f\r\u2028\u3000>ꦗꦮꪀꀀ𑄀𗀀ᥐᦀᨠ\u1b35\u1b05ᮊᯀ\u0378\U00010d40'
    "והשידוריםל\u200c\u200b\u00ad\ud800\x00٣۴५ﷺﬁ™½ºᾈΐ'’𠀋😀👍🏽\ufeffŁø\u0640ְ\u05c1ң\u0e33\u102b\u17c1\u1082"
)
ANYTHING = st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from(HARD)), max_size=40)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kestrel RADIO 2024", "kestrel radio 2024"),
        ("a@b.example file_name.txt C++ 10.0.0.1", "a b example file name txt c 10 0 0 1"),
        ("café CAFÉ cafe\u0301 Ærø łódź đường", "cafe cafe cafe aero lodz duong"),
        ("Straße STRASSE", "strasse strasse"),
        ("Müller", "muller"),
        ("Işık IŞIK ışık isik İSTANBUL istanbul TIME", "isik isik isik isik istanbul istanbul time"),
        ("ёлка елка й и Ї і́", "елка елка й и ї і"),
        ("Ὀδυσσεύς ΟΔΥΣΣΕΥΣ", "οδυσσευσ οδυσσευσ"),
        ("أحمد إلى آخر كِتَابٌ كتـــاب کتاب ١٢٣ ۴۵", "احمد الي اخر كتاب كتاب كتاب 123 45"),
        ("می‌خواهم میخواهم", "ميخواهم ميخواهم"),
        ("ﷲ ﻻ", "الله لا"),
        ("שָׁלוֹם שלום", "שלום שלום"),
        ("हिन्दी १२", "हिन्दी 12"),
        (
            "meet\u3164Mira\uffa0at\u1160the\u115fquay ki\u17b4te ki\u180bte",
            "meet mira at the quay kite kite",
        ),
        ("上海", "上海 海"),
        ("東京都。", "東京 京都 都"),
        ("市", "市"),
        ("iPhone手机3", "iphone 手机 机 3"),
        ("ﾃﾞｰﾀ データ", "デー ータ タ デー ータ タ"),
        ("テ゛ータ ﾃ゛ｰﾀ", "デー ータ タ デー ータ タ"),
        ("ハ゜ン は\u309aん", "パン ン ぱん ん"),
        ("ไทย", "ไท ทย ย"),
        ("서울에서", "서울 울에 에서 서"),
        ("①②½ ²", "121 2 2"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("ok \ud800 \x00 ok😀ok", "ok ok 😀 ok"),
    ],
)
def test_words(text: str, words: str) -> None:
    assert normalise(text).body.split() == words.split()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Müller Größe Ærø blå plain", "mueller groesse aeroe blaa"),
        ("الأخبار وأغراضها كتابه مدرسة كتاب", "اخبار واغراض اغراض كتاب مدرسه"),
        ("المحطه إذاعتنا", "محطه محط اذاعت اذاعه"),
        ("והשידורים שידורים חדשות בית", "השידורים שידורים ידורים"),
        ("ولد وطن", ""),
        ("京都に住む", "京都"),
        ("東京都と大阪", "東京都 大阪"),
        ("カメラを買う", "カメラ"),
        ("plain words", ""),
    ],
)
def test_second_spellings_and_stems(text: str, seconds: str) -> None:
    assert Counter(normalise(text).alt.split()) == Counter(seconds.split())


@settings(max_examples=600, deadline=None)
@given(ANYTHING)
def test_tokens_are_the_words_of_the_bulk_with_their_places(text: str) -> None:
    terms, row = normalise(text), list(tokens(text))
    assert terms.body.split() == [token.word for token in row]
    assert Counter(terms.alt.split()) == Counter(alt for token in row for alt in (*token.alts, *token.parts))
    assert all(0 <= token.start < token.end <= len(text) for token in row)
    assert [token.start for token in row] == sorted(token.start for token in row)
    f"{terms.body}{terms.alt}".encode()  # nothing that tantivy could not hold


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_words_are_their_own_words(text: str) -> None:
    words = normalise(text).body.split()
    assert [part for word in words for part in normalise(word).body.split()[:1]] == words


@settings(max_examples=150, deadline=None)
@given(ANYTHING, ANYTHING, st.sampled_from(["\n\n", "\r\n\r\n", "\n \t\n", "\n>\n", "\u2029"]))
def test_a_paragraph_break_parts_texts(before: str, after: str, between: str) -> None:
    joined = normalise(f"{before}{between}{after}").body.split()
    assert joined == normalise(before).body.split() + normalise(after).body.split()


UNSPACED = ["统一战线", "東京都庁", "カメラ屋", "ประเทศไทย", "ພາສາລາວ", "ភាសាខ្មែរ", "မြန်မာ", "ꦲꦏ꧀ꦱꦫ", "ᬅᬓ᭄ᬱᬭ", "ꪁꪫꪱꪣ",
            "ꆈꌠꁱꂷ", "서울에서", "ᥖᥭᥰᥖ", "ᦟᦹᧉᦟ", "ᨲᩫ᩠ᩅ", "ᮅᮛᮀᮞ", "𗀀𗀁𗀂𗀃", "𠀋𠀌𠀍𠀎"]  # fmt: skip


@pytest.mark.parametrize("word", UNSPACED)
def test_a_line_break_inside_a_word_of_a_script_without_spaces_parts_nothing(word: str) -> None:
    whole = normalise(word).body.split()
    assert len(whole) > 2, "one token a character"
    for line_break in (
        "\n",
        "\r\n",
        "\r",
        "\x0b",
        "\u2028",
        "  \n\u3000\u3000",
        "\u200b\n",
        "\n> ",
        "\n> > ",
    ):
        broken = word[:2] + line_break + word[2:]
        row = list(tokens(broken))
        assert [token.word for token in row] == normalise(broken).body.split() == whole
        assert broken[row[0].start : row[-1].end] == broken


@pytest.mark.parametrize(("text", "words"), [
    ("统。\n一", "统 一"), ("统\n(一", "统 一"), ("统\nx一", "统 x 一"), ("x\n统", "x 统"), ("㎏\n㎏", "kg kg"), ("๕\n๕", "5 5"),
    ("统 一\n统", "统 一统 统"), ("ab\ncd é\né", "ab cd e e"), ("हि\nहि", "हि हि"),
])  # fmt: skip
def test_a_line_break_beside_anything_else_parts_words(text: str, words: str) -> None:
    assert normalise(text).body.split() == words.split()
    assert [token.word for token in tokens(text)] == words.split()


def test_many_line_breaks_take_linear_time() -> None:
    started = time.process_time()
    for text in ("统" + " " * 100_000 + "\n" * 100_000 + "一", "统\n" * 20_000, "统\n" + "\u3000" * 100_000, "\r" * 100_000 + "一",
                 "א" + "\u200f" * 100_000 + "א", "א'" * 20_000):  # fmt: skip
        assert normalise(text).body
    assert time.process_time() - started < 20


ABBREVIATED = ["צהל", 'צה"ל', "צה״ל", "צה”ל", "צה“ל", "צה''ל", "צה׳׳ל", "צה’’ל", 'צָהַ"ל', 'צה\u200f"\u200fל']


@pytest.mark.parametrize("text", ABBREVIATED)
def test_gershayim_in_every_spelling_are_one_word(text: str) -> None:
    assert normalise(f"חיילי {text} בלבנון").body.split() == ["חיילי", "צהל", "בלבנון"]
    (token,) = tokens(text)
    assert (token.start, token.end, token.word) == (0, len(text), "צהל")


@pytest.mark.parametrize("text", ["גורג", "ג'ורג'", "ג׳ורג׳", "ג’ורג’", "ג`ורג"])
def test_a_geresh_in_every_spelling_is_one_word(text: str) -> None:
    assert normalise(text).body.split() == ["גורג"]


@pytest.mark.parametrize("text", ['אמר "שלום" לכם', "אמר: 'שלום' לכם", "אמר ״שלום״ לכם", 'אמר"  "שלום" לכם'])
def test_quotation_marks_around_hebrew_words_part_them(text: str) -> None:
    assert normalise(text).body.split() == ["אמר", "שלום", "לכם"]


def test_what_a_geresh_parts_is_found_by_its_parts() -> None:
    assert {"איז", "ס"} <= set(normalise("ס'איז געווען").alt.split())


@given(st.integers(1, 5 * LONGEST), st.sampled_from("x京é"))
@settings(max_examples=60, deadline=None)
def test_no_word_is_longer_than_the_limit_and_nothing_is_lost(length: int, letter: str) -> None:
    words = normalise(f"a {letter * length} b").body.split()
    assert max(map(len, words)) <= LONGEST
    folded = {"é": "e"}.get(letter, letter)
    kept = sum(map(len, words[1:-1])) if letter != "京" else len(words[1:-1])
    assert (words[0], words[-1], kept) == ("a", "b", length)
    assert set("".join(words[1:-1])) == {folded}


def test_a_long_run_of_marks_takes_linear_time() -> None:
    """Python's own normalisation of this takes more than half an hour: 400,000 marks in the wrong order."""
    started = time.process_time()
    text = "a" + "\u0300\u0327" * 100_000 + "\u0300" * 100_000 + "\u0327" * 100_000 + " end"
    assert normalise(text).body.split() == ["a", "end"]
    assert [token.word for token in tokens(text)] == ["a", "end"]
    assert time.process_time() - started < 30


def test_composing_is_that_of_the_standard_for_real_texts() -> None:
    import unicodedata

    for text in ("cafe\u0301", "ﬁ", "가", "\u1100\u1161\u11a8", "क\u093c", "\u0627\u0653"):
        assert composed(text) == unicodedata.normalize("NFKC", text)


def test_a_hostile_text_does_not_fill_the_table() -> None:
    table = Table()
    for code in range(0x20000, 0x20000 + KNOWN_AT_MOST + 5_000):
        assert chr(code).translate(table)
    assert len(table) <= KNOWN_AT_MOST


@pytest.mark.parametrize(
    "language", ["arb", "fra", "heb", "hin", "jpn", "kor", "pes_1", "rus", "tha", "tur", "vie"]
)
def test_on_a_real_text_offsets_lead_back_to_the_word(language: str) -> None:
    files = sorted((DATA / "lang" / "udhr").glob(f"{language}*.txt")) if DATA.exists() else []
    if not files:
        pytest.skip(f"no text in {language} under {DATA}")
    text = files[0].read_text(encoding="utf-8")[:20_000]
    row = list(tokens(text))
    assert [token.word for token in row] == normalise(text).body.split()
    for token in row:
        assert (
            token.word in normalise(text[token.start : token.end]).body.split()
        )  # a mark comes with its base


@pytest.mark.parametrize("spellings", [("װאס", "וואס"), ("oʻzbek", "o'zbek", "o’zbek"), ("обʼєднання", "об'єднання"),
                                       ("ʻokina", "okina"), ("ײַ", "ייַ")], ids=str)  # fmt: skip
def test_spellings_of_one_word_are_one(spellings: tuple[str, ...]) -> None:
    assert len({tuple(normalise(each).body.split()) for each in spellings}) == 1


@pytest.mark.parametrize(("text", "parts"), [
    ("کتابخانه\u200cها", "کتابخانه ها"), ("می\u200cخواهم \u200cx\u200c", "می خواهم"), ("plain کتاب", ""),
], ids=str)  # fmt: skip
def test_what_a_non_joiner_holds_together_is_found_by_its_parts(text: str, parts: str) -> None:
    assert [part for token in tokens(text) for part in token.parts] == normalise(parts).body.split()
    assert set(normalise(parts).body.split()) <= set(normalise(text).alt.split())


@given(st.lists(st.sampled_from(["plain", "é", "", "x" * SOME_LINES, "日本", "a" * 700]), max_size=25))
def test_blocks_are_the_lines_beyond_ascii_that_follow_each_other(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = list(blocks(text))
    assert "\n".join(found) == text
    expected = ["\n".join(each) for plain, each in groupby(text.split("\n"), str.isascii) if not plain]
    assert [block for block in found if not block.isascii()] == expected


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        st.one_of(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), st.sampled_from(HARD)),
        max_size=40,
    )
)
def test_a_row_of_ideographs_is_placed_as_each_of_them_alone(text: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(aligned, "IDEOGRAPHS", re.compile("(?!)"))
        alone = list(Normaliser().tokens(text))
    assert list(Normaliser().tokens(text)) == alone


def test_words_that_come_again_stand_where_they_stand() -> None:
    text = "Привет, привет — приве\u0301т. " * 3
    places = [(token.word, text[token.start : token.end]) for token in tokens(text)]
    assert places == [("привет", "Привет"), ("привет", "привет"), ("привет", "приве\u0301т")] * 3
