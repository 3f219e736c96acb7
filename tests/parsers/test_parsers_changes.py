"""Texts in which changes were tracked: old and new words are both found, each as a word of its own."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from parser_changes import BEFORE, NOW

from actionday.model import Limits, Parsed
from actionday.parsers import Parsers
from actionday.parsers._unread import MARK

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {"docx": DOCX, "doc": "application/msword", "rtf": "application/rtf",
         "odt": "application/vnd.oasis.opendocument.text",
         "fodt": "application/vnd.oasis.opendocument.text-flat-xml"}  # fmt: skip
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
WORD = re.compile(r"\w+")


def read(parsers: Parsers, mime: str, content: bytes) -> Parsed:
    parsed = parsers.parse(mime, content, Limits())
    assert parsed is not None
    return parsed


def readings(parsed: Parsed) -> tuple[str, str]:
    """Return how a text reads now, and what stands beside it."""
    now, _, beside = "".join(parsed.text).partition(MARK)
    return now, beside


def document(body: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
    return made.getvalue()


def run(text: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def taken_out(text: str) -> str:
    return f'<w:del w:author="Mira" w:date="2026-03-01T10:00:00Z">{run(text, "delText")}</w:del>'


def put_in(text: str) -> str:
    return f'<w:ins w:author="Jon" w:date="2026-03-02T11:00:00Z">{run(text)}</w:ins>'


@pytest.mark.parametrize("ending", TYPES)
def test_what_a_real_writer_tracks_is_read_as_it_is_and_as_it_was(
    parsers: Parsers, made: Path, ending: str
) -> None:
    parsed = read(parsers, TYPES[ending], (made / f"changed.{ending}").read_bytes())
    now, beside = readings(parsed)
    for line in NOW:
        assert line in now, line
    for line in BEFORE:
        assert line in beside.splitlines(), line
        assert line not in now, line
    assert {"Friday", "evening"} <= set(WORD.findall(now))
    assert {"Thursday", "Morning", "Daylight", "harbour"} <= set(WORD.findall(beside))
    assert "ThursdayFriday" not in now + beside
    assert [str(each).replace("Z", "") for each in parsed.meta["changes"]] == [  # type: ignore[attr-defined]
        "2026-03-01T10:00:00 Mira Vale",
        "2026-03-02T11:00:00 Jon Reed",
    ]
    assert parsed.meta["contributors"] == ["Mira Vale", "Jon Reed"]


@pytest.mark.parametrize(
    ("body", "reads", "read_before"),
    [
        (f"<w:p>{run('Meet ')}{taken_out('Thurs')}{put_in('Fri')}{run('day')}</w:p>", "Meet Friday", ["Meet Thursday"]),
        (
            f"<w:p>{taken_out('Thursday')}<w:ins>{run('Satur')}{taken_out('Sun')}</w:ins>{run(' day')}</w:p>",
            "Satur day",
            ["Thursday day", "Sun day"],
        ),
        (
            f"<w:p><w:moveFrom>{run('moved away')}</w:moveFrom>{run(' left')}</w:p>"
            f"<w:p><w:moveTo>{run('moved here')}</w:moveTo></w:p>",
            "left\nmoved here",
            ["moved away left"],
        ),
        (
            f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('har')}</w:p><w:p>{run('bour')}</w:p>",
            "harbour",
            ["har", "bour"],
        ),
        (
            f"<w:p><w:pPr><w:rPr><w:ins/></w:rPr></w:pPr>{run('light')}</w:p><w:p>{run('house')}</w:p>",
            "light\nhouse",
            ["lighthouse"],
        ),
    ],
)  # fmt: skip
def test_runs_moves_and_ends_of_paragraphs_of_word(
    parsers: Parsers, body: str, reads: str, read_before: list[str]
) -> None:
    now, beside = readings(read(parsers, DOCX, document(body)))
    assert now.strip() == reads
    assert beside.split("\n")[:-1] == read_before


def test_a_table_behind_a_paragraph_whose_end_is_gone_begins_a_line(parsers: Parsers) -> None:
    gone = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('Thursday')}</w:p>"
    table = f"<w:tbl><w:tr><w:tc><w:p>{run('Friday')}</w:p></w:tc></w:tr></w:tbl>"
    assert readings(read(parsers, DOCX, document(gone + table)))[0].split() == ["Thursday", "Friday"]


def test_rich_text_with_changes_within_words_and_ends_of_paragraphs(parsers: Parsers) -> None:
    content = (
        rb"{\rtf1\ansi\ansicpg1251{\*\revtbl {Unknown;}{\'cc\'e8\'f0\'e0;}}\pard\plain "
        rb"Meet {\deleted\revauthdel1\revdttmdel132319872 Thurs}{\revised\revauth1 Fri}day "
        rb"{\deleted soon\par }now, {\revised {\deleted passing} lasting} {\mvf gone}{\mvt here} "
        rb"\deleted off\deleted0  on{\deleted  \u1087?\u1091?\u1090?\u1100?}.\par}"
    )
    parsed = read(parsers, "application/rtf", content)
    now, beside = readings(parsed)
    words = set(WORD.findall(now + beside))
    assert {
        "Thursday",
        "Friday",
        "soon",
        "now",
        "passing",
        "lasting",
        "gone",
        "here",
        "off",
        "on",
        "путь",
    } <= words
    assert not {"Thurs", "soon", "off", "gone", "путь", "passing"} & set(WORD.findall(now))
    assert parsed.meta["contributors"] == ["Мира"]
    assert parsed.meta["changes"] == ["2026-03-01T10:00:00 Мира", "Мира"]


def test_pages_and_books_are_read_as_they_are_and_as_they_were(parsers: Parsers) -> None:
    body = (
        "<p>Meet on <del>Thursday</del><ins>Friday</ins></p><p>The <s>Mor</s><ins title='a>b'>eve</ins>ning</p>"
        "<p>red <strike>herring</strike> here</p><ins>new<del>passing</del></ins><del><p>gone</p><p>away</p></del>"
    )
    now, beside = readings(read(parsers, "text/html", f"{body}<script>a='<s>'</script><p>last".encode()))
    assert now.split() == ["Meet", "on", "Friday", "The", "evening", "red", "here", "new", "last"]
    for line in ("Meet on Thursday", "The Morning", "red herring here", "passing", "gone", "away"):
        assert line in beside.splitlines()
    page = (
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body>{body}</body></html>'
    )
    now, beside = readings(read(parsers, "application/epub+zip", book(page)))
    assert {"Friday", "evening"} <= set(WORD.findall(now))
    assert {"Meet on Thursday", "The Morning"} <= set(beside.splitlines())


def book(page: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("mimetype", "application/epub+zip")
        package.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile '
            'full-path="c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        package.writestr(
            "c.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">x</dc:identifier><dc:title>T</dc:title>'
            '<dc:language>en</dc:language></metadata><manifest><item id="a" href="a.xhtml" '
            'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>',
        )
        package.writestr("a.xhtml", page)
    return made.getvalue()


def test_people_and_changes_beyond_those_that_are_named_are_not_lost(parsers: Parsers) -> None:
    """Of a thousand people the names are properties; the others' stand in the text, and changes are counted."""
    many = 1005
    body = "".join(
        f'<w:p><w:ins w:id="{at}" w:author="author{at}" w:date="2026-01-01T00:00:00Z"><w:r><w:t>word</w:t></w:r></w:ins>'
        f'<w:r><w:rPr><w:rPrChange w:author="painter{at}"/></w:rPr><w:t>kept</w:t></w:r></w:p>'
        for at in range(many)
    )
    found = read(parsers, DOCX, document(body))
    text = "".join(found.text)
    contributors = found.meta["contributors"]
    assert isinstance(contributors, list)
    for at in range(many):
        assert f"painter{at}" in contributors or f"painter{at}" in text.split()
        assert f"author{at}" in contributors or f"author{at}" in text.split()
    assert found.meta["changes_not_named"]


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("behind", [0, 262_000, 300_000])
def test_changes_are_found_wherever_in_a_part_they_stand(parsers: Parsers, coding: str, behind: int) -> None:
    """A part without changes is read by a quicker reader: which it is, is told from all its bytes."""
    filler = f"<w:p><w:r><w:t>{'filler ' * (behind // 7)}</w:t></w:r></w:p>"
    change = (
        '<w:p><w:r><w:t>meet at </w:t></w:r><w:del w:author="Mira"><w:r><w:delText>noon</w:delText></w:r></w:del>'
        '<w:ins w:author="Mira"><w:r><w:t>dusk</w:t></w:r></w:ins></w:p>'
    )
    xml = f'<?xml version="1.0" encoding="{coding}"?><w:document {W}><w:body>{filler}{change}</w:body></w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", xml.encode(coding))
    now, beside = readings(read(parsers, DOCX, out.getvalue()))
    assert "meet at dusk" in now and "meet at noon" in beside
