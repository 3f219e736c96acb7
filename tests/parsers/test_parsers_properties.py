"""Every property of an office document is metadata under one name in all formats, those of people's own too."""

import io
import zipfile
from pathlib import Path

import pytest

from actionday.detectors.filetype import identify_type
from actionday.model import Damaged, Limits, Loss, Parsed
from actionday.parsers import Parsers
from actionday.parsers._ole import _Block, _own
from actionday.parsers._properties import CUT, cut_of, properties
from actionday.parsers._rtf_info import information

OWN = (
    b"\xfe\xff\0\0\1\0\2\0" + bytes(16) + b"\2\0\0\0" + bytes(16) + b"\x44\0\0\0" + bytes(16) + b"\x44\0\0\0"
    b"\x60\0\0\0\3\0\0\0\1\0\0\0\x20\0\0\0\0\0\0\0\x28\0\0\0\2\0\0\0\x42\0\0\0\2\0\0\0\xe9\xfd\0\0"
    b"\1\0\0\0\2\0\0\0\x0d\0\0\0Case officer\0\0\x1e\0\0\0\5\0\0\0Vale\0"
)  # fmt: skip
"""As an office writes the second set of ``\\5DocumentSummaryInformation``."""


def read(parsers: Parsers, content: bytes) -> Parsed:
    parsed = parsers.parse(identify_type(content, content[-65536:], len(content)), content, Limits())
    assert parsed is not None
    return parsed


def test_properties_of_one_s_own_in_ole() -> None:
    assert _own(_Block(OWN)) == {"custom_case_officer": "Vale", "custom_names": ["Case officer"]}
    for end in range(len(OWN)):
        _own(_Block(OWN[:end]))


def test_properties_of_one_s_own_in_ooxml_and_opendocument() -> None:
    custom = (
        b'<Properties xmlns:vt="x"><property fmtid="{D5}" pid="2" name="Case officer"><vt:lpwstr>Mira Vale</vt:lpwstr>'
        b'</property><property name="Case &amp; no"><vt:i4>4711</vt:i4></property></Properties>'
    )
    assert properties(custom) == {
        "custom_case_officer": "Mira Vale",
        "custom_case_no": "4711",
        "custom_names": ["Case officer", "Case & no"],
    }
    meta = (
        b'<office:meta><meta:keyword>mill</meta:keyword><meta:keyword>radio</meta:keyword><meta:template xlink:title="T" '
        b'xlink:href="../t.ott"/><meta:user-defined meta:name="Case officer">Mira Vale</meta:user-defined></office:meta>'
    )
    assert properties(meta, opendocument=True) == {
        "keywords": "mill; radio", "template": "T; ../t.ott", "custom_case_officer": "Mira Vale",
        "custom_names": ["Case officer"]}  # fmt: skip


def test_the_information_of_rich_text() -> None:
    content = (
        rb"{\rtf1\ansi\ansicpg1251{\*\template C:\\forms\\order.dot}{\info{\title \'cf\'eb\'e0\'ed}{\author Mira}{\operator Ada}"
        rb"{\*\company Kestrel}{\manager \u1575?\u1576?}{\doccomm of June}{\keywords mill, radio}}"
        rb"{\*\userprops{\propname Case officer}\proptype30{\staticval Vale}}text}"
    )
    assert information(memoryview(content)) == {
        "title": "План", "author": "Mira", "last_author": "Ada", "company": "Kestrel", "manager": "اب",
        "description": "of June", "keywords": "mill, radio", "custom_case_officer": "Vale",
        "template": r"C:\forms\order.dot"}  # fmt: skip


def book(made: Path, part: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(made / "pandoc.epub") as given, zipfile.ZipFile(out, "w") as to:
        for each in given.infolist():
            content = given.read(each.filename)
            to.writestr(each.filename, content.replace(old, new) if each.filename.endswith(part) else content)
    return out.getvalue()


@pytest.mark.tools
def test_a_book_tells_its_properties(made: Path, parsers: Parsers) -> None:
    more = b"<dc:publisher>Kestrel</dc:publisher><dc:subject>mill</dc:subject><dc:subject>radio</dc:subject></metadata>"
    meta = read(parsers, book(made, ".opf", b"</metadata>", more)).meta
    assert (meta["title"], meta["company"], meta["keywords"]) == (
        "Kestrel handbook",
        "Kestrel",
        "mill; radio",
    )


@pytest.mark.tools
def test_a_book_without_its_container_gives_its_pages_and_names_the_part(
    made: Path, parsers: Parsers
) -> None:
    parsed = read(parsers, book(made, "container.xml", b"<container", b"<con<tainer"))
    assert "Last paragraph of the handbook." in "".join(parsed.text)
    assert parsed.notes[0].code == Loss.PART_DAMAGED
    assert parsed.reason.startswith("META-INF/container.xml: the order of the pages is lost: ")
    assert parsed.meta["title"] == "Kestrel handbook"


def test_a_book_of_nothing_is_damaged(parsers: Parsers) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/epub+zip")
        made.writestr("META-INF/container.xml", "<a/>")
    with pytest.raises(Damaged, match=r"^EPUB: META-INF/container\.xml: "):
        read(parsers, out.getvalue())


def own(names: list[str], value: str = "v") -> bytes:
    given = "".join(f'<meta:user-defined meta:name="{each}">{value}</meta:user-defined>' for each in names)
    return f"<office:meta>{given}<dc:description>{'a mill ' * 400}at the weir</dc:description></office:meta>".encode()


def test_every_property_is_kept_whole_however_many_there_are_and_whatever_they_are_called() -> None:
    long = "n" * 70 + " kestrel"
    found = properties(own([*(f"P{number}" for number in range(2000)), long]), opendocument=True)
    assert found["custom_p1999"] == "v"
    assert str(found["description"]).endswith("at the weir")
    assert isinstance(found["custom_names"], list)
    assert found["custom_names"][-1] == long, "a key is cut, and keys are not searched"
    assert cut_of(found) == ()


def test_properties_beyond_all_bounds_are_counted() -> None:
    found = properties(own([f"P{number}" for number in range(5)], "w" * (1 << 20)), opendocument=True)
    assert [note.code for note in cut_of(found)] == [Loss.TEXT_CUT]
    assert int(str(found[CUT])) >= 1 << 20


def test_the_properties_of_a_flat_document_are_read_however_long_they_are(parsers: Parsers) -> None:
    flat = (
        b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        b' xmlns:meta="m" xmlns:dc="d" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        b' office:mimetype="application/vnd.oasis.opendocument.text">'
        + own([f"P{number}" for number in range(3000)])
        + b"<office:body><office:text><text:p>t</text:p></office:text></office:body></office:document>"
    )
    assert read(parsers, flat).meta["custom_p2999"] == "v"
