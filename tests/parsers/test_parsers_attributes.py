"""What pages and markup of any vocabulary say in their attributes is text; code, names of classes and the like are not."""

import pytest
from hypothesis import given, settings
from hypothesis.strategies import text

from actionday.model import Limits, Parsed
from actionday.parsers import Parsers
from actionday.parsers._attributes import attribute_words, without_code
from actionday.parsers._unread import MARK, Beside

PARSERS = Parsers.load()


def read(content: str, mime: str = "text/html") -> Parsed:
    parsed = PARSERS.parse(mime, content.encode(), Limits())
    assert parsed is not None
    return parsed


def words(content: str, mime: str = "text/html") -> list[str]:
    return "".join(read(content, mime).text).replace(MARK, " ").split()


@pytest.mark.parametrize(
    "markup",
    [
        '<iframe srcdoc="<p>kept</p>"></iframe>',
        "<iframe srcdoc='&lt;p&gt;kept&lt;/p&gt;'></iframe>",
        '<select><optgroup label="kept"></optgroup></select>',
        '<select><option label="kept" value=1></select>',
        '<span title="kept">shown</span>',
        "<SPAN TITLE='kept'>shown</SPAN>",
        "<span title=kept>shown</span>",
        '<span title = "kept">shown</span>',
        '<input placeholder="kept">',
        '<a href="kept">shown</a>',
        '<a href="kept#part">shown</a>',
        '<meta name="keywords" content="kept">',
        '<meta name="description" content="kept">',
        '<button aria-label="kept"></button>',
        '<table summary="kept"></table>',
        '<input type="submit" value="kept">',
        '<img alt="kept">',
        '<abbr title="k&#101;pt">shown</abbr>',
    ],
)
def test_f05_what_an_attribute_shows_is_text(markup: str) -> None:
    assert "kept" in words(f"<p>shown</p>{markup}")


@pytest.mark.parametrize(
    ("markup", "target"),
    [
        ('<a href="https://kestrel.example/a?b=1&amp;c=2">x</a>', "https://kestrel.example/a?b=1&c=2"),
        ('<a href="mailto:mira@kestrel.example">x</a>', "mailto:mira@kestrel.example"),
        ('<form action="https://kestrel.example/in"></form>', "https://kestrel.example/in"),
        ('<img src="//kestrel.example/x.png">', "//kestrel.example/x.png"),
    ],
)
def test_f05_targets_of_links_are_text(markup: str, target: str) -> None:
    assert target in words(f"<p>shown</p>{markup}")


def test_f05_words_in_attributes_nobody_knows_are_text() -> None:
    assert words("<p data-note='met at the bridge' data-n='7'>shown</p>") == [
        "shown",
        "met",
        "at",
        "the",
        "bridge",
    ]


def test_f05_values_for_programs_do_not_flood_the_text() -> None:
    page = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex, nofollow"><p class="red big box" id="the id" style="color: red; margin: 0 auto"'
        ' onclick="go to the page" data-x="42">shown</p><img src="local.png"><a href="#top">up</a>'
        "<script>x.title = 'no text'; y = '<a href=\"none.html\" title=\"no\">'</script><!-- <b title='no'> -->"
    )
    assert words(page) == ["shown", "up"]
    assert read(page).meta["left_out"] == ["comments", "scripts"]


def test_f05_a_value_is_read_once_however_often_it_stands() -> None:
    page = (
        '<a href="https://kestrel.example/" title="to the club">x</a>' * 50
        + "<p title='shown here'>shown here</p>"
    )
    found = "".join(read(page).text)
    assert (
        found.count("to the club")
        == found.count("https://kestrel.example/")
        == found.count("shown here")
        == 1
    )


@pytest.mark.parametrize("page", ["a<script>b", "a<style>b", "a<!--b", "a<script>b</script", "a<!-- b"])
def test_f05_code_that_does_not_end_is_code_to_the_end(page: str) -> None:
    assert without_code(page).startswith("a")
    assert "b" not in without_code(page)


def test_f05_hostile_markup_is_read_in_linear_time() -> None:
    for page in (
        '="a b' * 100_000,
        "<!--" * 100_000,
        "title=" * 200_000,
        "x " * 200_000 + "=",
        "aa " * 300_000,
    ):
        attribute_words(page, Beside())
        attribute_words(f'<p data-x="{page}">', Beside())


@settings(max_examples=100, deadline=None)
@given(text("<>=\"' abltitlescp-!/&;", max_size=200))
def test_f05_any_markup_ends_in_values(page: str) -> None:
    beside = Beside()
    assert all("<" in each for each in attribute_words(page, beside))
    assert without_code(without_code(page)) == without_code(without_code(page))
