"""P01: evidence that means harm is text on every page; nothing it holds becomes an element, an attribute or an address."""

import re
from collections import Counter

import pytest
from pages import addresses, route_path
from site_server import Node, parsed

from actionday.testing.hostile import CAPTIONS, MARKER, NAMES
from conftest import Made

OURS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "link",
        "script",
        "body",
        "svg",
        "symbol",
        "path",
        "circle",
        "rect",
        "use",
        "a",
        "div",
        "bdi",
        "header",
        "form",
        "label",
        "input",
        "button",
        "details",
        "summary",
        "select",
        "option",
        "nav",
        "h1",
        "h2",
        "h3",
        "ul",
        "ol",
        "li",
        "span",
        "main",
        "section",
        "p",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "pre",
        "mark",
        "code",
        "small",
        "time",
        "footer",
        "dialog",
        "dl",
        "dt",
        "dd",
        "b",
        "kbd",
        "wbr",
        "figure",
        "img",
        "figcaption",
        "aside",
        "progress",
        "textarea",
        "strong",
    ]
)
ADDRESSES = (
    "href",
    "src",
    "action",
    "hx-get",
    "hx-sse:connect",
    "data-full",
    "data-copy",
    "data-clear",
    "data-shield",
    "formaction",
)


def check(page: Node, where: str) -> None:
    """Raise where an element, an attribute or an address is none of ours."""
    for node in page.all():
        assert node.name in OURS, (where, node.name)
        for name, value in node.attributes.items():
            assert not name.startswith("on"), (where, name)
            assert name != "style", where
            if name in ADDRESSES:
                assert re.match(r"/(?![/\\])|#|\?|$", value) or value.startswith("/c/"), (where, name, value)
    scripts = page.all("script")
    assert [script.attributes.get("type", "") for script in scripts] == ["", "application/json"][
        : len(scripts)
    ], where
    assert "nonce" in scripts[0].attributes
    assert not page.all("base")
    assert all("http-equiv" not in meta.attributes for meta in page.all("meta")), where


def test_every_page_is_made_of_our_elements_alone(made: Made) -> None:
    for address in addresses(made.ids):
        check(parsed(made.site.get(route_path(address, made.site.house.key)).text), address)


def test_every_item_with_a_hostile_name_shows_it_as_text(made: Made) -> None:
    for number, name in enumerate(NAMES):
        for view in ("", "?tab=metadata", "?tab=history"):
            page = parsed(made.site.get(f"i/{made.ids[f'name {number}']}{view}").text)
            check(page, name)
        title = page.one("h1")
        letters = [
            char for char in name.rpartition("/")[2] if char.isascii() and char.isprintable() and char != " "
        ]
        assert not Counter(letters) - Counter(title.text), (name, title.text)


def test_captions_are_shown_letter_for_letter(made: Made) -> None:
    text = parsed(made.site.get(f"i/{made.ids['captions']}").text).one("pre", "text").text
    for caption in CAPTIONS[:9]:
        assert caption in text


def test_links_in_evidence_lead_nowhere(made: Made) -> None:
    for address in addresses(made.ids):
        page = parsed(made.site.get(route_path(address, made.site.house.key)).text)
        for link in page.all("a"):
            assert "evil.example" not in re.sub(r"\?.*", "", link.attributes.get("href", ""))


@pytest.mark.parametrize("words", [*CAPTIONS[:6], "<b>", "{{7*7}}", "'\"><script>"])
def test_what_is_typed_into_the_address_is_text_too(made: Made, words: str) -> None:
    for answer in (
        made.site.get("search", q=words),
        made.site.get("items", status=words, type=words, period=words),
        made.site.get("issues", code=words, stage=words),
        made.site.get("ledger", actor=words, action=words),
        made.site.get("x/1", path=words),
        made.site.get(f"i/{made.ids['english']}", q=words, tab=words, at=words),
    ):
        page = parsed(answer.text)
        check(page, words)
        assert MARKER not in page.one("title").text or MARKER in words
