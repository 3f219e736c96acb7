"""Abbreviations that a document declares are text where they are used, in XML, in pages and in books alike."""

import io
import zipfile
from time import process_time

import pytest

from actionday.model import Limits, Parsed
from actionday.parsers import Parsers
from actionday.parsers._entities import Entities
from actionday.parsers._page_entities import expanded
from actionday.parsers._unread import Beside

PARSERS = Parsers.load()
KINDS = ("application/xhtml+xml", "text/html", "application/xml", "application/epub+zip")
XMLNS = 'xmlns="http://www.w3.org/1999/xhtml"'


def book(page: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        parts.writestr("mimetype", "application/epub+zip")
        parts.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
            '<rootfile full-path="o.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        parts.writestr(
            "o.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest><item id="a" '
            'href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>',
        )
        parts.writestr("a.xhtml", page)
    return made.getvalue()


def read(kind: str, declared: str, body: str, system: str = "") -> Parsed:
    page = f"<!DOCTYPE html {system}[{declared}]><html {XMLNS}><head><title>T</title></head><body>{body}</body></html>"
    parsed = PARSERS.parse(kind, book(page) if kind.endswith("zip") else page.encode(), Limits())
    assert parsed is not None
    return parsed


def words(parsed: Parsed) -> str:
    return " ".join("".join(parsed.text).split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("declared", "body", "wanted"),
    [
        ('<!ENTITY motto "Sing at dawn">', "<p>we &motto; here</p>", "we Sing at dawn here"),
        ('<!ENTITY a "Mira"><!ENTITY b "&a; Marrow">', "<p>from &b;, x</p>", "from Mira Marrow, x"),
        ('<!ENTITY motto "Sing at dawn">', '<p title="we &motto;">b</p>', "we Sing at dawn"),
        ("<!ENTITY % x '<!ENTITY motto \"Sing at dawn\">'> %x;", "<p>we &motto; here</p>", "we Sing at dawn here"),
        (
            "<!ENTITY % x \"<!ENTITY &#37; y '&#60;!ENTITY motto &#34;Sing at dawn&#34;&#62;'>\"> %x; %y;",
            "<p>we &motto; here</p>",
            "we Sing at dawn here",
        ),
        ('<!ENTITY % x SYSTEM "x.dtd"> %x; <!ENTITY late "Sing at dawn">', "<p>we &late; here</p>", "we Sing at dawn here"),
        ('%nobody; <!ENTITY late "Sing at &#100;awn">', "<p>we &late; here</p>", "we Sing at dawn here"),
        ('<!ENTITY motto "<b>Sing</b> at dawn">', "<p>we &motto; here</p>", "we Sing at dawn here"),
        ('<!ENTITY letters "&#38;#x66;alcon">', "<p>a &letters; b</p>", "a falcon b"),
        ('<!ENTITY motto "Sing &lt; dawn">', "<p>we &motto; here</p>", "we Sing < dawn here"),
        ('<!ENTITY nil "">', "<p>we Si&nil;ng here</p>", "we Sing here"),
        ('<!ENTITY nil ""><!ENTITY b "Si&nil;ng">', "<p>we &b; here</p>", "we Sing here"),
        ("<!ENTITY b \"<i title='Sing > at dawn'/>\">", "<p>we &b; here</p>", "Sing > at dawn"),
        ("<!ENTITY a 'at'><!ENTITY b \"<i title='Sing &a; dawn'/>\">", "<p>we &b; here</p>", "Sing at dawn"),
        ("<!ENTITY b \"&#60;i title='Sing at dawn'/&#62;\">", "<p>we &b; here</p>", "Sing at dawn"),
        ('<!ENTITY b "<![CDATA[Sing <at> dawn]]>">', "<p>we &b; here</p>", "Sing <at> dawn"),
        ('<!ENTITY b "Si<!-- at dawn -->ng">', "<p>we &b; here</p>", "Sing at dawn"),
        ('<!ENTITY b "Si<?x at dawn?>ng">', "<p>we &b; here</p>", "Sing at dawn"),
    ],
)  # fmt: skip
def test_what_a_document_abbreviates_is_text_where_it_is_used(
    kind: str, declared: str, body: str, wanted: str
) -> None:
    assert wanted in words(read(kind, declared, body))


@pytest.mark.parametrize("kind", KINDS)
def test_what_lies_elsewhere_is_named_and_never_fetched(kind: str) -> None:
    declared = (
        '<!ENTITY % x SYSTEM "https://kestrel.example/x.dtd"> %x; <!ENTITY ch SYSTEM "file:///etc/hostname">'
    )
    parsed = read(kind, declared, "<p>before &ch; behind</p>")
    assert "before &ch; behind" in words(parsed)
    assert {"https://kestrel.example/x.dtd", "file:///etc/hostname"} <= set(words(parsed).split())
    (note,) = [note for note in parsed.notes if note.code == "not_expanded"]
    assert note.reason.endswith("not expanded: %x;, &ch;; nothing that lies elsewhere is fetched")


@pytest.mark.parametrize("kind", KINDS)
def test_what_stays_is_told_at_the_end_with_short_ones_within_it(kind: str) -> None:
    parsed = read(kind, f'<!ENTITY o "o"><!ENTITY b "{"kestrel " * 10} falc&o;n">', "<p>we &b; here</p>")
    assert "kestrel falcon" in words(parsed)
    assert parsed.notes[0].reason.endswith("not expanded: &b;; the declared texts stand at the end")


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_can_be_made_a_bomb(kind: str) -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    parsed = read(kind, f'<!ENTITY l0 "lol">{levels}', "<p>&l11;</p>")
    assert "&l11;" in words(parsed)
    assert len(words(parsed)) < 1000
    assert [note.reason for note in parsed.notes if note.code == "not_expanded"] == [
        f"{'XML entities' if kind.endswith('/xml') else 'entities of the page'} not expanded: &l11;; "
        "the declared texts stand at the end"
    ]


def test_a_page_of_nothing_but_references_grows_no_more_than_its_length() -> None:
    for kind in KINDS[:3]:
        parsed = read(kind, f'<!ENTITY a "{"b" * 64}"><!ENTITY c "&a;&a;&a;">', "&c;" * 200_000)
        assert len("".join(parsed.text)) < 2_500_000
        assert [note.code for note in parsed.notes] == ["not_expanded"]


def test_declarations_are_no_text_and_what_comments_among_them_say_is() -> None:
    parsed = read(
        KINDS[0], '<!-- meet at the pier --><!ENTITY a "Mira"><!ENTITY unused "Marrow">', "<p>shown &a;</p>"
    )
    assert words(parsed) == "T shown Mira — — — meet at the pier Marrow"


def test_references_in_comments_and_plain_characters_are_none() -> None:
    pieces = ['<!DOCTYPE a [<!ENTITY m "Mira">]><p>&m;<!-- &m; --><![CDATA[&m;]]>&m;</p>']
    assert "".join(expanded(pieces, Beside())) == "<!DOCTYPE a ><p>Mira<!-- &m; --><![CDATA[&m;]]>Mira</p>"


def test_a_page_reads_alike_wherever_its_pieces_end() -> None:
    page = '<!DOCTYPE a [<!ENTITY m "Mira Ü">]><p>ä &m;<!-- &m; --> &m;&amp; <![CDATA[&m;]]>&m;</p>'
    whole = "".join(expanded([page], Beside()))
    for cut in range(40, len(page)):
        assert "".join(expanded([page[:cut], page[cut:]], Beside())) == whole


def test_a_document_type_that_breaks_is_said_and_what_it_declares_before_counts() -> None:
    parsed = read(KINDS[0], '<!ENTITY m "Mira"><!ENTITY broken>', "<p>from &m;</p>")
    assert "from Mira" in words(parsed)
    assert "document type of the page is not well-formed" in parsed.notes[0].reason


def test_references_in_attributes_of_xml_that_nothing_declares_stay() -> None:
    parsed = PARSERS.parse("application/xml", b'<a b="caf&eacute; &club; x">&club;</a>', Limits())
    assert parsed is not None
    assert words(parsed) == "café &club; x &club;"


def test_a_document_that_says_it_stands_alone_declares_all_the_same() -> None:
    content = b'<?xml version="1.0" standalone="yes"?><!DOCTYPE a [<!ENTITY % x \'<!ENTITY m "Mira">\'>%x;]><a>&m;</a>'
    parsed = PARSERS.parse("application/xml", content, Limits())
    assert parsed is not None
    assert (words(parsed), parsed.reason) == ("Mira", "")


@pytest.mark.parametrize("kind", ["application/xhtml+xml", "text/html", "application/epub+zip"])
def test_plain_characters_of_a_page_are_text(kind: str) -> None:
    page = f"<html {XMLNS}><head><title>T</title></head><body><p>we <![CDATA[sing > at <b>dawn</b>]]> here</p></body></html>"
    parsed = PARSERS.parse(kind, book(page) if kind.endswith("zip") else page.encode(), Limits())
    assert parsed is not None
    assert "we sing > at <b>dawn</b> here" in words(parsed)


def test_references_cost_their_length() -> None:
    taken = []
    for count in (100_000, 200_000):
        begun = process_time()
        expanded([f'<!DOCTYPE a [<!ENTITY m "Mira">]>{"&m; & <!-- " * count}'], Beside())
        expanded([f'<!DOCTYPE a [<!ENTITY m "Mira">]>{"&m; &" * count}'], Beside())
        taken.append(process_time() - begun)
    assert taken[1] < 4 * taken[0] + 0.1


def test_empty_ones_within_empty_ones_cost_their_length() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 12}">' for n in range(1, 9))
    begun = process_time()
    assert words(read(KINDS[2], f'<!ENTITY l0 "">{levels}', "<p>we&l8; sing</p>")).endswith("we sing")
    assert process_time() - begun < 1


@pytest.mark.parametrize("unit", ["<!--", "<a '", "<?x ", "<![CDATA[", "<a \"'<b'\" ", "<i t='&#38;o;'/>"])
def test_markup_in_declared_texts_costs_its_length(unit: str) -> None:
    taken = []
    for count in (50_000, 100_000):
        entities = Entities(0)
        entities.declare("o", False, "o", None, None)
        entities.declare("a", False, unit * count, None, None)
        begun = process_time()
        list(entities.left_over())
        taken.append(process_time() - begun)
    assert taken[1] < 4 * taken[0] + 0.1
