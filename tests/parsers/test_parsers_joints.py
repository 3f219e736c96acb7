"""Words with nothing but tags between them: in markup one word and several are written alike, both are found."""

import io
import zipfile
from email.message import EmailMessage
from time import process_time

import pytest

from actionday.model import Limits
from actionday.parsers import Parsers
from actionday.parsers._joints import parted, readings_of
from actionday.pipeline.extracted import terms
from actionday.pipeline.spelt import with_spellings

KINDS = {
    "html": "text/html",
    "xhtml": "application/xhtml+xml",
    "xml": "application/xml",
    "svg": "image/svg+xml",
}
SPANS = "<span>falcon</span><span>lantern</span>"


def read(content: str | bytes, mime: str = "text/html") -> str:
    parsed = Parsers.load().parse(mime, content.encode() if isinstance(content, str) else content, Limits())
    assert parsed is not None
    return "".join(parsed.text)


def words(text: str) -> set[str]:
    return set(b" ".join(terms(with_spellings([text])[0])[0]).decode().split())


def book(page: str) -> bytes:
    """An EPUB of one page."""
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier><dc:title>T</dc:title>'
        '<dc:language>en</dc:language></metadata><manifest><item id="a" href="a.xhtml" '
        'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("mimetype", "application/epub+zip")
        for name, text in (("META-INF/container.xml", container), ("c.opf", opf), ("a.xhtml", page)):
            made.writestr(name, f'<?xml version="1.0"?>{text}')
    return packed.getvalue()


def message(page: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "a@kestrel.example"
    mail.set_content(page, subtype="html")
    return mail.as_bytes()


@pytest.mark.parametrize(
    "markup",
    [
        SPANS,
        "<a href=a>falcon</a><a href=b>lantern</a>",
        "<label>falcon</label><span>lantern</span>",
        "<time>falcon</time><b>lantern</b>",
        "<x-user>falcon</x-user><x-text>lantern</x-text>",
        "falcon<sup>lantern</sup>",
        '<div style="display:flex"><span>falcon</span><span>lantern</span></div>',
        '<span style="color: red; display: block">falcon</span><span style="display:block">lantern</span>',
        "<svg><title>falcon</title><text>lantern</text></svg>",
        "<svg><text>falcon</text></svg><svg><desc>lantern</desc></svg>",
        "<svg><text><tspan x=0 dy=1>falcon</tspan><tspan x=0 dy=2>lantern</tspan></text></svg>",
        "falcon&#8203;lantern",
        "falcon<wbr>lantern",
        "falcon<!-- -->lantern",
        "<i>falcon</i><!-- a --><!-- b --><i>lantern</i>",
        "<b>falc&#111;n</b><i>&#108;antern</i>",
    ],
)
def test_neighbours_are_found_as_the_words_they_are(markup: str) -> None:
    assert {"falcon", "lantern"} <= words(read(f"<p>The {markup} waits</p>"))


@pytest.mark.parametrize(
    "markup",
    ["<b>K</b>estrel", "<span>Kes</span><span>trel</span>", "<a href=a>Kes</a><a href=a>trel</a>", "Kes<wbr>trel",
     "Kes&shy;trel", "Kes&#8203;trel", "<font>Kes<!-- x --></font>trel", "<x-a>Kes</x-a><x-a>trel</x-a>",
     "".join(f'<span style="display:inline-block">{letter}</span>' for letter in "Kestrel")],
)  # fmt: skip
def test_one_word_in_several_elements_stays_one(markup: str) -> None:
    assert "kestrel" in words(read(f"<p>The {markup} waits</p>"))


def test_a_name_beside_a_text_with_a_part_of_a_word_marked_is_found_with_the_word() -> None:
    found = words(read("<p><span>falcon</span><span>lan<mark>ter</mark>n</span></p>"))
    assert {"falcon", "lantern", "falconlantern"} <= found


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{SPANS}</p></body></html>', KINDS["xhtml"]),
        ("<root><p>the <b>falcon</b><i>lantern</i> waits</p></root>", KINDS["xml"]),
        ('<book xmlns="http://docbook.org/ns/docbook"><para><literal>falcon</literal><literal>lantern</literal></para></book>',
         KINDS["xml"]),
        ('<svg xmlns="http://www.w3.org/2000/svg"><text><tspan x="0">falcon</tspan><tspan x="9">lantern</tspan></text></svg>',
         KINDS["svg"]),
        (message(f"<p>{SPANS}</p>"), "message/rfc822"),
        (book(f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{SPANS}</p></body></html>'), "application/epub+zip"),
    ],
)  # fmt: skip
def test_every_kind_of_markup_has_both_readings(content: str | bytes, kind: str) -> None:
    assert {"falcon", "lantern", "falconlantern"} <= words(read(content, kind))


def test_lines_of_a_drawing_stand_apart_and_letters_of_it_are_a_word_too() -> None:
    page = (
        '<svg xmlns="http://www.w3.org/2000/svg"><text><tspan x="0" y="1">the falcon</tspan>'
        '<tspan x="0" dy="2">waits here</tspan></text></svg>'
    )
    text = read(page, KINDS["svg"])
    assert "the falcon waits here" in text
    assert "falconwaits" in words(text)


def test_runs_of_a_word_processor_never_part_a_word() -> None:
    space = "http://schemas.microsoft.com/office/word/2003/wordml"
    page = f'<w:p xmlns:w="{space}"><w:r><w:t>Kes</w:t></w:r><w:r><w:rPr/><w:t>trel</w:t></w:r></w:p>'
    text = read(page, "application/vnd.ms-word-2003+xml")
    assert text.split() == ["Kestrel"]


def test_what_tells_itself_adds_nothing() -> None:
    for page in (
        "<table><tr><td>one</td><td>two</td></tr></table><p>one<br>two<p><b>one</b> <b>two</b>, <i>one</i>.<b>two</b>",
        "<p>广<b>播</b>电 <b>ไป</b>มา</p>", "<pre><span>f</span><span>(</span><span>x</span><span>)</span></pre>",
        "<li><a href=a>1</a><span>mod</span></li>", "<script>x('<b>one</b><b>two</b>')</script>",
    ):  # fmt: skip
        assert "— — —\n" not in read(page).replace("— — —\na\n", "")


@pytest.mark.parametrize(
    "markup", ["bus<i>es</i>", "H<i>2</i>O", "1<i>st</i>", "wo<i>r</i>d", "<i>K</i>estrel"]
)
def test_a_letter_or_two_within_a_word_are_no_words(markup: str) -> None:
    assert "— — —" not in read(f"<p>The {markup} waits</p>")
    assert "— — —" not in read(f"<root><p>The {markup} waits</p></root>", KINDS["xml"])


def test_growth_is_bounded_whatever_a_page_does() -> None:
    letters = "".join(f"<b>{chr(97 + n % 26)}{n % 10}</b>" for n in range(20_000))
    assert sum(map(len, readings_of(letters))) < 5 * 40_000
    pairs = " ".join(f"<b>w{n}</b><i>x{n}</i>" for n in range(20_000))
    assert sum(map(len, readings_of(pairs))) <= len(pairs)
    for page in (
        "<a" * 30_000 + "x<!--" * 30_000,
        "x" + "</a>" * 30_000 + "y",
        "x<b style='" + "display:block " * 20_000,
    ):
        begun = process_time()
        assert list(readings_of(page)) == []
        assert len(parted(page)) <= len(page) + 1
        assert process_time() - begun < 2
