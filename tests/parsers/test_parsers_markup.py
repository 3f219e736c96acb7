"""HTML and XML: what a reader sees is the text, in bounded time and memory, whatever the markup does."""

import pytest
from hypothesis import given, settings
from hypothesis.strategies import lists, sampled_from

from actionday.model import Limits, Parsed
from actionday.parsers import Parsers
from actionday.parsers.html import WINDOW, parts

LIMITS = Limits()
XML = '<?xml version="1.0"?>'


def read(content: str | bytes, mime: str = "text/html") -> Parsed:
    parsed = Parsers.load().parse(mime, content.encode() if isinstance(content, str) else content, LIMITS)
    assert parsed is not None
    return parsed


def text_of(content: str | bytes, mime: str = "text/html") -> str:
    return "".join(read(content, mime).text)


def test_the_title_comes_first_and_is_kept() -> None:
    parsed = read("<html><head><title>Kestrel &amp; friends</title></head><body><p>one<p>two</body></html>")
    assert "".join(parsed.text) == "Kestrel & friends\n\none\n\ntwo\n"
    assert parsed.meta["title"] == "Kestrel & friends"


def test_what_a_page_shows_is_text_and_its_code_is_not() -> None:
    page = (
        "<style>p { color: red }</style><script>var hidden = 1</script><!-- comment -->"
        "<p>a&lt;b&gt; &quot;c&quot; caf&eacute;<img alt='a falcon'>"
        "<noscript>no script</noscript><textarea>draft</textarea><b>bo</b>ld"
    )
    text = text_of(page)
    for wanted in ('a<b> "c" café', "a falcon", "no script", "draft", "bold"):
        assert wanted in text
    for code in ("red", "hidden", "comment"):
        assert code not in text


@pytest.mark.parametrize(
    ("declared", "code"),
    [('<meta charset="windows-1251">', "cp1251"), ("<meta charset=koi8-r>", "koi8-r"), ("", "utf-16"),
     ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', "cp1251"),
     ('<meta charset="utf-8">', "cp1251"), ('<meta charset="no-such">', "cp1251"), ("", "utf-8-sig")],
)  # fmt: skip
def test_the_encoding_is_found_and_a_wrong_declaration_forgiven(declared: str, code: str) -> None:
    sentence = "Клуб объявляет собрание в четверг в большом зале у старого порта"
    assert sentence in text_of(f"<html><head>{declared}</head><body><p>{sentence}</p>".encode(code))


def test_a_page_that_shows_nothing_is_a_finding() -> None:
    parsed = read("<html><script>render()</script><body></body></html>")
    assert (list(parsed.text), parsed.reason) == ([], "read, but the page shows no characters")


def test_author_and_description_are_metadata() -> None:
    meta = read(
        "<meta name=Author content='Mira &amp; co'><meta property='og:description' content=\"On air\"><p>x"
    ).meta
    assert (meta["author"], meta["description"]) == ("Mira & co", "On air")


def test_300000_nested_tags_are_read() -> None:
    assert "deep" in text_of("<div>" * 300_000 + "deep" + "</div>" * 300_000)
    assert "deep" in text_of("<d>" * 300_000 + "deep" + "</d>" * 300_000, "application/xml")


def test_a_page_larger_than_a_window_loses_and_doubles_no_word() -> None:
    rows = [f"<p class='row'>word{n} &amp; more</p>\n<script>code{n}()</script>\n" for n in range(60_000)]
    page = "<title>long</title>" + "".join(rows)
    assert len(page) > 2 * WINDOW
    words = text_of(page).split()
    assert words == ["long", *(each for n in range(60_000) for each in (f"word{n}", "&", "more"))]


def test_a_script_longer_than_windows_stays_code() -> None:
    text = text_of("<p>before</p><script>" + "x = '<p>code</p>';\n" * 150_000 + "</script><p>after</p>")
    assert text.split() == ["before", "after"]


@settings(max_examples=100, deadline=None)
@given(
    lists(
        sampled_from(
            ["<p>a", "<script>b</script>", "<!-- c -->", "text ", "</div>", "<td>d", "<style>", "</style>"]
        )
    )
)
def test_parts_of_a_page_are_the_page(pieces: list[str]) -> None:
    assert "".join(parts(list(pieces))) == "".join(pieces)


def test_elements_end_lines_but_not_words() -> None:
    text = text_of(
        f"{XML}<r><p>wo<b>r</b>d</p><p>two</p><li>a<ul><li>b</li></ul></li></r>", "application/xml"
    )
    assert text.split() == ["word", "two", "a", "b"]


def test_attributes_that_people_read_are_text_and_pictures_are_not() -> None:
    text = text_of(
        f"{XML}<FictionBook><o text='outline' xmlUrl='https://k.example/f' id='i7'/><binary>QUJD</binary></FictionBook>",
        "application/x-fictionbook+xml",
    )
    assert text.split() == ["outline", "https://k.example/f", "i7"]


def test_no_entity_can_be_made_a_bomb() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    parsed = read(f'{XML}<!DOCTYPE b [<!ENTITY l0 "lol">{levels}]><b>&l11;</b>', "application/xml")
    assert "".join(parsed.text).split() == ["&l11;", "lol"]  # the declared text once, at the end
    assert parsed.reason == "XML entities not expanded: &l11;; the declared texts stand at the end"
    parsed = read(
        f'{XML}<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]><b>a&x;b</b>', "application/xml"
    )
    assert "root:" not in "".join(parsed.text)


def test_short_entities_and_those_of_html_are_resolved() -> None:
    text = text_of(
        f'{XML}<!DOCTYPE b [<!ENTITY club "Kestrel">]><b>&club;&nbsp;caf&eacute; &unknown;</b>',
        "application/xml",
    )
    assert text.strip() == "Kestrel\xa0café &unknown;"


def test_broken_xml_is_read_to_its_end_and_said() -> None:
    parsed = read(f"{XML}<r><p>before</p><p>broken</r> after & all", "application/xml")
    assert [word in "".join(parsed.text) for word in ("before", "broken", "after")] == [True] * 3
    assert "not well-formed" in parsed.reason


@pytest.mark.parametrize("code", ["utf-16", "cp1251", "utf-8"])
def test_xml_in_any_encoding(code: str) -> None:
    content = (
        f'<?xml version="1.0" encoding="{code.replace("cp", "windows-")}"?><r>Клуб «Пустельга»</r>'.encode(
            code
        )
    )
    assert text_of(content, "application/xml").strip() == "Клуб «Пустельга»"


def test_entities_within_entities_are_resolved_while_they_are_short() -> None:
    declared = '<!ENTITY first "Mira"><!ENTITY last "Marrowby"><!ENTITY name "&first; &last;">'
    parsed = read(f"{XML}<!DOCTYPE b [{declared}]><b>from &name;</b>", "application/xml")
    assert ("".join(parsed.text).strip(), parsed.reason) == ("from Mira Marrowby", "")


@pytest.mark.parametrize(
    "entity", ['"the secretentity words"', f'"{"long secretentity words " * 9}"', '"&lt;b>secretentity&lt;/b>"'],
    ids=["unused", "long", "markup"],
)  # fmt: skip
def test_the_text_of_an_entity_that_stands_nowhere_is_read(entity: str) -> None:
    parsed = read(f"{XML}<!DOCTYPE b [<!ENTITY s {entity}>]><b>shown</b>", "application/xml")
    assert "secretentity" in "".join(parsed.text)


def test_an_entity_that_holds_itself_ends() -> None:
    parsed = read(f'{XML}<!DOCTYPE b [<!ENTITY a "x &b;"><!ENTITY b "y &a;">]><b>&a;</b>', "application/xml")
    assert "".join(parsed.text).split() == ["&a;", "x", "y"]


GLUED = ("summary", "details", "legend", "dialog", "option", "button", "select", "textarea", "dt", "caption", "rt",
         "optgroup", "search", "hgroup", "menu", "figcaption", "noframes", "xmp", "listing", "center", "dir")  # fmt: skip


@pytest.mark.parametrize("tag", GLUED)
def test_words_on_both_sides_of_an_element_that_is_no_phrase_stay_apart(tag: str) -> None:
    words = "".join(read(f"<p>x</p><div>one<{tag}>two</{tag}>three</div>").text).split()
    assert not {"onetwo", "twothree", "onetwothree"} & set(words)


@pytest.mark.parametrize("tag", ["b", "span", "a", "em", "i", "u", "label", "x-part", "wbr", "code", "sup"])
def test_words_are_not_cut_by_elements_within_them(tag: str) -> None:
    assert "kestrel" in "".join(read(f"<p>kes<{tag}>tr</{tag}>el</p>").text) or tag == "wbr"
    assert "kestrel" in "".join(read("<p>kes<wbr>trel</p>").text)


@pytest.mark.parametrize(
    "figure", ['<img alt="two">', "<img src=x alt='two'>", '<input value="two">', "<IMG ALT=two>"]
)
def test_alternative_texts_and_values_stand_apart(figure: str) -> None:
    words = "".join(read(f"<p>one{figure}{figure}three</p>").text).split()
    assert "one" in words
    assert "three" in words
    assert words.count("two") == 2
