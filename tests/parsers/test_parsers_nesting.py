"""Elements in elements without end, tags without end: what a page costs grows with its size, not with its square.

Work is bounded by what can be counted: levels that are left open, characters given back, places looked at twice.
"""

import re
from html.parser import HTMLParser

import pytest

from actionday.parsers._attributes import attribute_words
from actionday.parsers._nesting import DEEPEST, ENDED, flat
from actionday.parsers._unread import Beside
from actionday.parsers.html import FIGURES, visible

MEGABYTE = 1 << 20
NESTED = ("<ul>x", "<OL>x", "<ul><li>x", "<div>x", "<a><div>x", "<a href='x'><p>x", "<b><font><i>x", "<table><tr><td>x",
          "<own-name>x", "<svg><title>x", "<form><fieldset>x", "<!--><ul>x", "<script></scripty></ul></script><ul>x")  # fmt: skip


class _Depth(HTMLParser):
    """Counts the elements that are open: a second reading of a page, by the standard library."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.deepest = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ENDED.split():
            self.open.append(tag)
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            self.open.remove(tag)


@pytest.mark.parametrize("unit", NESTED)
def test_no_page_is_deeper_than_the_limits(unit: str) -> None:
    page = unit * 3000
    assert _Depth(page).deepest >= min(DEEPEST.values())
    assert _Depth(flat(page)).deepest <= sum(DEEPEST.values())


@pytest.mark.parametrize("unit", NESTED)
def test_what_is_in_elements_beyond_the_limits_is_read_and_lists_do_not_grow(unit: str) -> None:
    numbered = "".join(unit.replace(">x", f">word{number} ") for number in range(3000))
    text = visible(numbered)
    missing = [number for number in range(3000) if f"word{number}" not in text]
    assert not missing
    assert len(text) <= 3000 * (2 * DEEPEST["list"] + len("word2999 ") + 4)


def test_a_page_within_the_limits_is_not_touched() -> None:
    page = "<div><ul><li>one<ul><li>two</ul></ul><p>three</div>" * 5000
    assert flat(page) is page


def test_an_element_left_out_takes_its_end_with_it() -> None:
    levels = DEEPEST["list"]
    page = "<ul>" * (levels + 1) + "deep</ul>less" + "</ul>" * levels + "<p>out"
    assert flat(page) == "<ul>" * levels + "<br>deep<br>less" + "</ul>" * levels + "<p>out"


def test_what_looks_like_tags_in_values_titles_and_scripts_is_not_counted_and_not_left_out() -> None:
    hidden = "<ul>" * 100
    page = (
        f'<title>{hidden}</title><script>"{hidden}"</script><!--{hidden}--><img alt="{hidden} seen">'
        + "<ul>x" * 40
    )
    assert flat(page).startswith(page.partition("<ul>x")[0])
    assert flat(page).count("<ul>x") == DEEPEST["list"]


@pytest.mark.parametrize(
    "unit", ['<img "', "<img alt='", "<img a='\"' ", "<img", '<input value="a" b=', "<area <embed '>"]
)
def test_no_place_of_a_tag_that_does_not_end_is_looked_at_twice(unit: str) -> None:
    page = unit * 2000
    spans = [found.span() for found in FIGURES.finditer(page)]
    begins = [found.start() for found in re.finditer(r"<(?:img|input|embed|area)\b", page)]
    assert all(any(start <= begin < end for start, end in spans) for begin in begins)


def test_a_quotation_mark_within_a_value_without_quotes_ends_no_tag_elsewhere() -> None:
    text = visible("<p>a<img alt=it's>b<img alt='a falcon'>c")
    assert re.search(r"a\s+it's\s+b\s+a falcon\s+c", text)


class _Page(str):
    """A page in which nobody may look for a value again: each look costs its length."""

    __slots__ = ()

    def find(self, *_: object) -> int:  # type: ignore[override]
        raise AssertionError("the whole page is searched for one value")


def test_the_name_of_an_attribute_is_taken_where_its_value_stands() -> None:
    page = _Page(
        "".join(f"<b data-text='word number{number}' style='style number{number}'>" for number in range(100))
    )
    beside = Beside()
    attribute_words(page, beside)
    lines = beside.lines([])
    assert "word number99" in lines
    assert "style number" not in lines


def test_a_value_that_stands_in_the_text_before_is_judged_by_its_attribute() -> None:
    beside = Beside()
    attribute_words('<p>Open Sans Bold<b style="Open Sans Bold">', beside)
    assert beside.lines(["Open Sans Light"]) == ""
