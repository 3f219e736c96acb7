"""How values are written: property tests over hostile text, known answers for numbers, names, prose."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis.strategies import booleans as yes_or_no
from hypothesis.strategies import characters, integers, lists, text, tuples
from site_server import parsed

from actionday.app.web.overview.view import timeline
from actionday.app.web.showing import hexes, languages, names, numbers, prose
from actionday.testing.hostile import CAPTIONS, DOMAINS, NAMES

ANYTHING = text(characters(codec=None, exclude_categories=()), max_size=80)
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_a_name_is_text_alone_and_nothing_in_it_can_act(value: str) -> None:
    shown = str(names.name(value))
    page = parsed(shown)
    assert {node.name for node in page.all()} <= {"bdi", "span", "wbr"}
    assert not BIDI.search(shown)
    assert all(names.label(char) is None for char in page.text), page.text


@settings(max_examples=300, deadline=None)
@given(
    text(characters(categories=("L", "N", "P", "S")).filter(lambda char: not names.label(char)), max_size=80)
)
def test_a_name_without_anything_unseen_reads_as_it_is(value: str) -> None:
    assert parsed(str(names.name(value))).text == value


@pytest.mark.parametrize("value", NAMES)
def test_hostile_names_lose_their_effect(value: str) -> None:
    page = parsed(str(names.name(value)))
    assert page.one("bdi").attributes == {"dir": "ltr", "class": "name"}
    assert {node.name for node in page.all()} <= {"bdi", "span", "wbr"}
    assert not BIDI.search(page.text)


@pytest.mark.parametrize(
    ("value", "chips"),
    [
        ("invoice\u202egpj.exe", ["RLO"]),
        ("zero\u200bwidth\ufeff.txt", ["ZWSP", "BOM"]),
        ("tab\there\n", ["TAB", "LF"]),
        ("\U000e0061tags", ["U+E0061"]),
        ("計画\u3000書", ["U+3000"]),
        ("a" + "\u0301" * 60, ["+56 marks"]),
        (" both ", ["SP", "SP"]),
        ("x" * 5000, ["+1000"]),
        ("a\x07b\ud800", ["U+0007", "U+D800"]),
    ],
)
def test_what_is_not_seen_becomes_a_labelled_chip(value: str, chips: list[str]) -> None:
    assert [node.text for node in parsed(str(names.name(value))).all("span", "ctl")] == chips


def test_bytes_that_are_no_utf_8_stand_out_and_a_path_may_break_after_a_slash() -> None:
    page = parsed(str(names.name("var/caf\\xe9/a.txt")))
    assert [node.text for node in page.all("span", "byte")] == ["\\xe9"]
    assert len(page.all("wbr")) == 2
    assert page.text == "var/caf\\xe9/a.txt"


@settings(max_examples=300, deadline=None)
@given(lists(tuples(ANYTHING, yes_or_no()), max_size=5))
def test_prose_is_text_and_marks_alone_and_cannot_reorder_the_page(pieces: list[tuple[str, bool]]) -> None:
    shown = str(prose.marked(pieces))
    page = parsed(shown)
    assert {node.name for node in page.all()} <= {"mark", "span"}
    assert not BIDI.search(shown)
    assert len(page.all("mark")) == sum(hit for _, hit in pieces)


def test_marks_change_neither_letters_nor_their_joining() -> None:
    assert str(prose.marked([("إذا", True), ("عة", False)])) == '<mark id="m1">إذا</mark>عة'
    assert str(prose.one_line([("إذا", True), ("عة\n\tx", False)])) == "<mark>إذا</mark>عة x"
    persian = "می\u200cخواهم"
    assert str(prose.shown(persian)) == persian
    assert str(prose.shown("👩\u200d👩\u200d👧")) == "👩\u200d👩\u200d👧"


def test_hidden_characters_are_counted_and_stacked_marks_clipped() -> None:
    assert [prose.hidden(caption) for caption in CAPTIONS[9:12]] == [1, 2, 2]
    zalgo = str(prose.shown("Z" + "\u0300" * 200))
    assert sum(unicodedata.combining(char) > 0 for char in zalgo) == 4
    assert prose.hidden("line\r\nline\n\ttab") == 0


def test_a_look_alike_domain_shows_its_punycode_beside() -> None:
    assert "xn--" not in str(names.domain(DOMAINS[0]))
    assert "xn--kstrel-radio-sck.example" in str(names.domain(DOMAINS[1]))


@given(integers(0, 10**15))
def test_a_count_keeps_its_digits_and_parts_its_thousands(count: int) -> None:
    shown = numbers.grouped(count)
    assert shown.replace("\u202f", "") == str(count)
    assert re.fullmatch("[0-9]{1,3}(\u202f[0-9]{3})*", shown)


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        (numbers.number(0), "0"),
        (numbers.number(812344), "812\u202f344"),
        (numbers.size(999), "999\u00a0B"),
        (numbers.size(18204), "18.2\u00a0KB 18\u202f204 B"),
        (numbers.size(999_999), "1.0\u00a0MB 999\u202f999 B"),
        (numbers.percent(0, 22), "0\u00a0%"),
        (numbers.percent(1, 22000), "1\u00a0%"),
        (numbers.percent(21999, 22000), "99\u00a0%"),
        (numbers.percent(22, 22), "100\u00a0%"),
        (numbers.duration(59.4), "59\u00a0s"),
        (numbers.duration(1080), "18\u00a0min 00\u00a0s"),
        (numbers.duration(100_000), "1\u00a0d 03\u00a0h"),
        (numbers.moment("2026-03-04T21:14:09.123456Z"), "2026-03-04 21:14:09Z"),
        (numbers.moment("yesterday"), "yesterday"),
        (numbers.offset(66363392), "0x3f4a000"),
        (numbers.short_hash("9f2c" * 16), "9f2c9f2c…9f2c"),
    ],
)
def test_figures_read_the_same_in_every_direction(given_: object, shown: str) -> None:
    page = parsed(str(given_))
    assert page.text == shown
    outer = page.all()[0]
    assert outer.attributes["dir"] == "ltr"


def test_hex_is_sixteen_bytes_a_line_with_what_is_printable() -> None:
    assert hexes.hex_line(16, b"<a>\x00\xff").striptags().startswith("00000010 3c 61 3e 00 ff <a>..")
    line = hexes.hex_line(16, bytes(range(97, 113)))
    assert (
        line.striptags()
        == "00000010 61 62 63 64 65 66 67 68 00000018 69 6a 6b 6c 6d 6e 6f 70 abcdefghijklmnop"
    )
    assert line.endswith("\n</span>")


@pytest.mark.parametrize(
    ("code", "script", "tag"),
    [
        ("arb", None, "ar"),
        ("eng", None, "en"),
        ("zho", "Hant", "zh-Hant"),
        ("und", None, "und"),
        (None, None, "und"),
        ("ceb", None, "ceb"),
    ],
)
def test_browsers_are_told_the_language_as_they_know_it(
    code: str | None, script: str | None, tag: str
) -> None:
    assert languages.tag(code, script) == tag


def test_languages_have_a_name_for_the_reader() -> None:
    assert languages.language_name("rus", "ar") == "الروسية"
    assert languages.language_name("rus", "en") == "Russian"
    assert languages.language_name("xxx", "ar") == "xxx"
    assert languages.language_name("prs", "ar") == "الفارسية (prs)"


def test_each_language_of_a_group_is_named_by_itself() -> None:
    assert [languages.language_name(code, "en") for code in ("ind", "zsm")] == [
        "Indonesian",
        "Standard Malay",
    ]
    assert [languages.language_name(code, "ar") for code in ("ind", "zsm")] == ["الإندونيسية", "الماليزية"]
    assert languages.language_name("zho", "ar") == "الصينية"
    assert languages.language_name("hrv", "ar") == "الكرواتية"
    assert languages.language_name("quy", "ar") == "كيشوا (quy)", "the name of all Quechua: which one is said"
    assert [languages.tag(code) for code in ("ind", "zsm")] == ["id", "ms"]


def test_every_language_and_script_that_can_be_told_has_a_name_of_its_own() -> None:
    from actionday.model.language import languages as known
    from actionday.model.script import SCRIPTS

    for reader in ("en", "ar"):
        names = [languages.language_name(code, reader) for code in known()]
        twice = {each for each in names if names.count(each) > 1}
        assert len(twice) == (reader == "ar"), "Estonian and its standard are one name in Arabic"
    assert languages._names()["scripts"].keys() >= SCRIPTS
    assert languages.script_name("Arab", "ar") == "العربية"


@pytest.mark.parametrize(("first", "last", "marks"), [
    ("2026-11", "2026-11", ["2026-11"]),
    ("2025-11", "2026-02", ["2025-11", "12", "2026-01", "02"]),
])  # fmt: skip
def test_each_of_few_months_is_named(first: str, last: str, marks: list[str]) -> None:
    rows = [{"key": key, "count": 1, "href": "", "unknown": False} for key in dict.fromkeys((first, last))]
    assert [column["mark"] for column in timeline(rows)] == marks


def test_a_month_behind_a_gap_is_named_with_its_year() -> None:
    rows = [
        {"key": key, "count": 1, "href": "", "unknown": False} for key in ("1970-01", "2026-03", "2026-11")
    ]
    assert [column["mark"] for column in timeline(rows)] == ["1970-01", "…", "2026-03", "…", "11"]
    many = [{"key": f"{year}-05", "count": 1, "href": "", "unknown": False} for year in range(1990, 2020, 2)]
    marks = [column["mark"] for column in timeline(many)]
    assert [mark for mark in marks if mark not in ("", "…")] == [str(year) for year in range(1990, 2020, 2)]


def test_a_name_of_thousands_of_characters_is_shown_by_its_ends_and_how_much_is_between() -> None:
    assert parsed(str(names.short_name("x" * 251 + ".log"))).text == "x" * 251 + ".log"
    long = "begin\u202e" + "n" * 3990 + "end.exe"
    page = parsed(str(names.short_name(long)))
    assert [node.text for node in page.all("span", "ctl")] == [
        "RLO",
        f"+{len(long) - names.HEAD - names.TAIL}",
    ]
    assert page.text.endswith("end.exe")
    assert len(page.text) < 400


@pytest.mark.parametrize(("last", "named"), [(2022, 8), (2023, 5), (2030, 8), (2031, 6), (2115, 8)])
def test_no_more_years_are_named_than_stand_side_by_side(last: int, named: int) -> None:
    rows = [{"key": str(key), "count": 1, "href": "", "unknown": False} for key in (2015, last)]
    marks = [column["mark"] for column in timeline(rows) if column["mark"]]
    assert (len(marks), marks[0]) == (named, "2015")
