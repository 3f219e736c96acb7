"""Words that documents keep away from the page: names of people, fields that show nothing, codes, data of programs."""

import base64
import json

import pytest
from test_parsers_office import DOCX, ODT, XLSX, S, packed, read, text_of, workbook

from actionday.model import Limits
from actionday.parsers import Parsers

PARSERS = Parsers.load()
W = 'xmlns:w="w" xmlns:w15="w15"'
FIELD = base64.b64encode("meet Mira at the harbour".encode("utf-16-le")).decode()


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"word/people.xml": '<w15:people xmlns:w15="x"><w15:person w15:author="Marrow"/></w15:people>'}, "Marrow"),
        (
            {"word/people.xml": '<p xmlns:a="x"><a:person a:author="A"><a:presenceInfo a:userId="mw@kestrel.example"/>'
             "</a:person></p>"},
            "mw@kestrel.example",
        ),
        ({"word/comments.xml": f'<w:comments {W}><w:comment w:initials="MVX"/></w:comments>'}, "MVX"),
        ({"word/document.xml": f"<w:document {W}><w:fldData>{FIELD}</w:fldData></w:document>"}, "Mira at the harbour"),
        ({"word/document.xml": f"<w:document {W}><!-- meet at the pier --></w:document>"}, "meet at the pier"),
        ({"word/document.xml": f"<w:document {W}><?x meet at the pier?></w:document>"}, "meet at the pier"),
    ],
)  # fmt: skip
def test_people_fields_and_remarks_of_word(parts: dict[str, str | bytes], word: str) -> None:
    package: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {W}/>",
    }
    assert word in text_of(DOCX, packed({**package, **parts}))


def sheet(rows: str, around: str = "", **parts: str) -> bytes:
    xml = f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData>{around}</worksheet>'
    return workbook("", **{"xl/worksheets/sheet1.xml": xml, **parts})


def test_a_formula_that_nobody_calculated_is_what_its_cell_says() -> None:
    rows = '<row r="1"><c r="A1"><f>A2&amp;" quay"</f></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1"><f>"har"&amp;"bour"</f><v/></c></row>'
    text = text_of(XLSX, sheet(rows))
    assert '=A2&" quay"\t2\t="har"&"bour"' in text.splitlines()
    assert "harbour" in text.splitlines()


def test_codes_of_printed_headers_stand_within_words() -> None:
    header = "<headerFooter><oddHeader>&amp;LLeft&amp;C&amp;&quot;Arial,Bold&quot;&amp;12Har&amp;Bbour&amp;K01+000 Rat&amp;&amp;Co</oddHeader></headerFooter>"
    assert "Left Harbour Rat&Co" in text_of(XLSX, sheet("", header)).splitlines()


@pytest.mark.parametrize(
    "part",
    [
        {"xl/persons/person.xml": '<personList><person displayName="Marrow"/></personList>'},
        {"xl/externalLinks/externalLink1.xml": '<x><sheetNames><sheetName val="Marrow"/></sheetNames></x>'},
    ],
)
def test_people_and_sheets_of_other_books(part: dict[str, str]) -> None:
    assert "Marrow" in text_of(XLSX, sheet("", **part)).split()


@pytest.mark.parametrize(
    "markup",
    [
        '<text:conditional-text text:condition="x" text:string-value-if-true="no" text:string-value-if-false="Marrow"/>',
        '<text:hidden-text text:string-value="Marrow" text:is-hidden="true"/>',
        '<text:section text:name="Marrow" text:display="none"/>',
        '<text:variable-decl text:name="Marrow"/>',
        '<text:user-defined text:name="Marrow"/>',
    ],
)
def test_hidden_fields_of_opendocument(markup: str) -> None:
    text = (
        f'<d xmlns:text="t" xmlns:office="o"><office:body><text:p>shown {markup}</text:p></office:body></d>'
    )
    assert "Marrow" in text_of(ODT, packed({"content.xml": text})).split()


def test_stores_and_bytes_of_rich_text() -> None:
    content = (
        rb"{\rtf1\ansi before {\*\datastore " + b"<p>meet Mira at the harbour</p>".hex().encode() + b"}"
        rb"{\pict\bin9 {}x\par y}after \bin999 end}"
    )
    text = text_of("application/rtf", content)
    assert "meet Mira at the harbour" in text
    assert {"before", "after", "end"} <= set(text.split())
    assert "x" not in text.split()


def test_xml_that_begins_as_a_page_and_shows_nothing_is_read_as_xml() -> None:
    parsed = read("text/html", b'<table><row day="Thursday"/><row day="Friday"/></table>')
    assert "".join(parsed.text).split() == ["Thursday", "Friday"]
    assert [note.code for note in parsed.notes] == ["second_reader"]
    blank = PARSERS.parse("text/html", b"<!doctype html><html><body class='plain'></body></html>", Limits())
    assert blank is not None
    assert not blank.text


def test_attachments_and_drawings_of_a_notebook_are_read_and_pictures_counted() -> None:
    cell = {
        "cell_type": "raw", "source": "shown", "metadata": {},
        "attachments": {"a": {"text/plain": base64.b64encode(b"meet at the pier").decode(), "image/png": "AAAA"}},
        "outputs": [{"output_type": "display_data", "data": {"image/svg+xml": "<svg><text>Marrow</text></svg>",
                                                             "image/jpeg": "AAAA", "text/html": "<b>page</b>"}}],
    }  # fmt: skip
    parsed = read("application/x-ipynb+json", json.dumps({"nbformat": 4, "cells": [cell]}).encode())
    text = "".join(parsed.text)
    assert "meet at the pier" in text
    assert {"Marrow", "page"} <= set(text.split())
    assert [(note.code, note.reason.partition(": ")[2]) for note in parsed.notes] == [
        ("embedded_object", "1 of image/jpeg, 1 of image/png")
    ]
