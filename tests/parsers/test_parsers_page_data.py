"""What a page holds in data addresses, scripts, handlers and numbers of attributes is text, however much there is."""

from base64 import b64encode
from time import process_time

import pytest

from actionday.model import Limits, Parsed
from actionday.parsers import Parsers
from actionday.parsers._long_tags import shortened
from actionday.parsers.html import visible

PARSERS = Parsers.load()
PAGE = b64encode(b"<p>kept in a frame</p>").decode()
ARCHIVE = b64encode(b"PK\x03\x04\x00\xff\xfe" * 9).decode()


def read(content: str) -> Parsed:
    parsed = PARSERS.parse("text/html", content.encode(), Limits())
    assert parsed is not None
    return parsed


def text_of(content: str) -> str:
    return "".join(read(content).text)


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        (f'<iframe src="data:text/html;base64,{PAGE}"></iframe>', "kept in a frame"),
        ('<a href="data:text/plain,kept%20plain">t</a>', "kept plain"),
        ('<img src="data:image/svg+xml;utf8,<svg><text>kept drawn</text></svg>">', "kept drawn"),
        ("<a href=\"javascript:alert('kept said')\">j</a>", "kept said"),
        ("<a onclick=\"go('http://kestrel.onion/x')\">c</a>", "http://kestrel.onion/x"),
        ('<script src="http://kestrel.example/a.js"></script>', "http://kestrel.example/a.js"),
        ('<table background="http://kestrel.example/b"></table>', "http://kestrel.example/b"),
        ('<script type="application/ld+json">{"a": ["kept \\u0061t", 4711]}</script>', "kept at"),
        ('<script id="__NEXT_DATA__" type="application/json">{"p": {"q": "kept"}}</script>', "kept"),
        ('<script type="application/json">{"broken": "kept all the same"</script>', "kept all the same"),
        ('<b title="203.0.113.77">a</b>', "203.0.113.77"),
        ('<b data-ip="203.0.113.78">a</b>', "203.0.113.78"),
        ("<b data-card='4111 1111 1111 1111'>a</b>", "4111 1111 1111 1111"),
        ("<b data-user=falcon>a</b>", "falcon"),
    ],
)  # fmt: skip
def test_what_a_page_holds_besides_its_text_is_text(markup: str, wanted: str) -> None:
    assert wanted in text_of(f"<p>shown</p>{markup}").splitlines()


def test_content_that_is_no_text_is_counted_and_said() -> None:
    parsed = read(f'<p>shown</p><a href="data:application/zip;base64,{ARCHIVE}" download="x.zip">get</a>')
    assert [note.code for note in parsed.notes] == ["embedded_object"]
    assert "1 of application/zip" in parsed.notes[0].reason


def test_thirty_thousand_links_and_tips_are_all_text() -> None:
    page = "".join(f'<a href="https://k.example/{n}" title="tip of {n}">x</a>\n' for n in range(30_000))
    lines = set(text_of(page).splitlines())
    assert {f"https://k.example/{n}" for n in range(30_000)} <= lines
    assert {f"tip of {n}" for n in range(30_000)} <= lines


def test_a_tip_that_is_a_part_of_a_word_of_the_page_is_text() -> None:
    assert text_of('<p>Robertson <b title="Rob">x</b></p>').splitlines()[-1] == "Rob"


def test_a_message_keeps_the_title_of_its_page() -> None:
    assert "falcon" in visible("<title>falcon</title><p>shown</p>")


def test_a_tag_of_any_number_of_attributes_costs_its_length() -> None:
    attributes = " ".join(f'a{n}="bridge at {n}"' for n in range(50_000))
    page = f'<p {attributes}>kept</p><img {attributes} alt="drawn">'
    begun = process_time()
    text = text_of(page)
    assert process_time() - begun < 4
    assert {"kept", "drawn", "bridge at 49999"} <= {line.strip() for line in text.splitlines()}


def test_usual_tags_are_left_as_they_are() -> None:
    page = '<p class="a" ' + "x" * 2000 + '>a</p><a href="' + "y" * 5000 + '">b</a>'
    assert shortened(page) == page


@pytest.mark.parametrize(
    "scheme", ["magnet:?xt=urn:btih:1", "bitcoin:1Ab", "xmpp:mira@k.example", "tel:+49151", "//host.onion/"]
)
def test_a_message_lists_links_of_any_scheme(scheme: str) -> None:
    content = f'Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>a <a href="{scheme}">b</a> <img src="cid:1@x">'
    parsed = PARSERS.parse("message/rfc822", content.encode(), Limits())
    assert parsed is not None
    assert scheme in "".join(parsed.text)
    assert "cid:" not in "".join(parsed.text)


@pytest.mark.parametrize(
    "markup",
    [
        "<!-- the kestrel leaves at noon -->",
        "<!--<p>the <b>kestrel</b> leaves at noon</p>-->",
        "<!-- first line\nthe kestrel leaves at noon -->",
        "<!-- the kestrel leaves at noon",
        "<script>var said = 'the kestrel leaves at noon';</script>",
        '<SCRIPT type="text/javascript">chat.push({text: "the kestrel \\u006ceaves at noon"})</SCRIPT>',
        "<script type=module>// the kestrel leaves at noon\nrun()</script>",
        "<script>/* the kestrel\n * leaves at noon */ run()</script>",
        "<script>x = '<p>the <b>kestrel</b> leaves at noon</p>'</script>",
        '<script type="text/x-template"><p>the kestrel leaves at noon</p></script>',
        '<script type="text/html"><b>the kestrel</b><br>leaves at noon</script>',
        "<style>p::before { content: 'the kestrel leaves at noon' }</style>",
        "<style>/* the kestrel leaves at noon */</style>",
    ],
)
def test_what_somebody_wrote_into_the_code_of_a_page_is_text(markup: str) -> None:
    words = " ".join(text_of(f"<p>shown</p>{markup}").split())
    assert words.startswith("shown")
    assert "kestrel" in words
    assert "leaves at noon" in words
    assert "leaves at noon" in " ".join(visible(f"<p>shown</p>{markup}").split())


def test_code_is_no_text_and_how_much_is_left_out_is_said() -> None:
    code = (
        "<style>p { font-family: 'Helvetica Neue', sans-serif } /* layout fix */</style>"
        "<script>'use strict'; function open() { return document.title == 'no text' }</script><!-- /container -->"
        "<!--[if gte mso 9]><xml><w:View>Normal false false DE</w:View></xml><![endif]-->"
    )
    parsed = read(f"<p>shown</p>{code}")
    assert "".join(parsed.text).split() == ["shown"]
    assert parsed.meta["left_out"] == ["comments", "scripts", "style sheets"]
    assert 200 < parsed.meta["left_out_characters"] < len(code)  # type: ignore[operator]


def test_data_in_xml_under_a_name_of_a_page_is_read_whatever_its_comments_say() -> None:
    page = '<?xml version="1.0"?><html><!-- made by the tool of the club --><style>the kestrel</style></html>'
    assert "the kestrel" in text_of(page)
    assert "the tool of the club" in text_of(page)


def test_code_of_any_kind_costs_its_length() -> None:
    for code in (
        "/*" * 40_000,
        "a" * 100_000,
        "//" * 40_000,
        "<!--" * 20_000,
        "'" * 60_000,
        "<style " * 5_000,
    ):
        begun = process_time()
        visible(f"<script>{code}")
        visible(f"<p>{code}")
        assert process_time() - begun < 2
