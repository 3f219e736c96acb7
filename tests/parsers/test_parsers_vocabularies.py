"""XML of any vocabulary: who said what and when stands in attributes, and no name of an element hides or joins words."""

import pytest

from actionday.model import Limits, Loss, Parsed
from actionday.parsers import Parsers
from actionday.parsers._standing import missing

XML = '<?xml version="1.0"?>'
PARSERS = Parsers.load()


def read(content: str, mime: str = "application/xml") -> Parsed:
    parsed = PARSERS.parse(mime, (XML + content).encode(), Limits())
    assert parsed is not None
    return parsed


def text_of(content: str, mime: str = "application/xml") -> str:
    return "".join(read(content, mime).text)


def test_messages_of_a_telephone_keep_number_time_and_words_together() -> None:
    text = text_of(
        '<smses count="2"><sms address="+4915112345678" date="1583229600000" body="at nine" service_center="+491710760000"/>'
        '<sms address="+4915187654321" body="4711"/><sms address="+4915112345678" body="4711"/></smses>'
    )
    assert text.strip().splitlines() == [
        "2",
        "+4915112345678\t1583229600000\tat nine\t+491710760000",
        "+4915187654321\t4711",
        "+4915112345678\t4711",
    ]


@pytest.mark.parametrize(
    "value",
    ["203.0.113.45", "31337", "52.520008", "+49 30 1234567", "DE89370400440532013000", "falcon", "true",
     "d41d8cd98f00b204e9800998ecf8427e"],
)  # fmt: skip
@pytest.mark.parametrize(
    "key",
    ["addr", "portid", "lat", "v", "userId", "chatId", "telegramID", "family", "familyName", "className", "lifestyle",
     "classification", "ref", "bookRef", "guid", "format", "display-name", "uid", "d", "lang", "version", "points", "id",
     "style", "k:id"],
)  # fmt: skip
def test_any_value_of_any_attribute_is_text_in_a_vocabulary_nobody_knows(key: str, value: str) -> None:
    assert text_of(f'<r xmlns:k="urn:kestrel"><p>before</p><x {key}="{value}"/><p>behind</p></r>').split("\n") == [
        "", "before", value, "behind", "",
    ]  # fmt: skip


def test_thirty_thousand_messages_are_all_text() -> None:
    text = text_of(
        "<l>" + "".join(f'<sms address="Bob" body="message {n} zq"/>' for n in range(30_000)) + "</l>"
    )
    assert text.split("\n")[1:-1] == [f"Bob\tmessage {n} zq" for n in range(30_000)]


@pytest.mark.parametrize(
    ("content", "mime"),
    [('<svg xmlns="http://www.w3.org/2000/svg"><path d="M 0 0 L 5 5" class="big box" points="1,2"/></svg>', "image/svg+xml"),
     ('<svg><path d="M 0 0 L 5 5" style="fill: red"/></svg>', "image/svg+xml"),
     ('<v:svg xmlns:v="http://www.w3.org/2000/svg"><v:g id="layer1" transform="scale(2)"/></v:svg>', "application/xml")],
)  # fmt: skip
def test_measures_of_a_drawing_are_no_text(content: str, mime: str) -> None:
    assert read(content, mime).text == []


def test_what_a_namespace_means_ends_with_its_element() -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><g id="layer1" data-who="Mira" k:n="7"/></svg>'
    text = text_of(f'<r xmlns:k="urn:kestrel"><a id="first"/>{drawing}<a id="last"/></r>')
    assert text.split() == ["first", "Mira", "7", "last"]


@pytest.mark.parametrize("name", ["script", "binary", "binData", "style-sheet"])
def test_no_name_of_an_element_hides_its_text_but_in_documents(name: str) -> None:
    assert text_of(f"<flow-definition><{name}>deploy</{name}></flow-definition>").split() == ["deploy"]
    assert text_of(f'<p xmlns="http://www.w3.org/1999/xhtml">shown<{name}>deploy</{name}></p>').split() == [
        "shown"
    ]


def test_elements_of_data_separate_words_whatever_their_names() -> None:
    row = "<row><a>Ivan</a><b>Petrov</b><i>Moscow</i><code>ABC</code><t>x</t><s>y</s></row>"
    assert text_of(row).split() == ["Ivan", "Petrov", "Moscow", "ABC", "x", "y"]
    assert text_of(
        '<article xmlns="http://docbook.org/ns/docbook"><x>wo<code>r</code>d</x></article>'
    ).split() == ["word"]


def test_a_value_the_document_type_gives_does_not_fill_the_text() -> None:
    given = "kestrel " * 1000
    parsed = read(f'<!DOCTYPE r [<!ATTLIST x a CDATA "{given}">]><r>{"<x/>" * 5000}</r>')
    assert "".join(parsed.text).count("kestrel") == 1000


def test_references_in_values_cannot_make_a_bomb_and_what_is_left_out_is_said() -> None:
    words, elements = "kestrel " * 500, "<x a='&e;'/>" * 1000
    parsed = read(f'<!DOCTYPE r [<!ENTITY e "{words}">]><r>{elements}</r>')
    assert sum(map(len, parsed.text)) < 200_000
    assert [note.code for note in parsed.notes] == [Loss.UNREAD_WORDS]


def test_pictures_in_values_are_counted_and_texts_in_them_are_read() -> None:
    from base64 import b64encode
    from random import Random

    picture = b64encode(Random(1).randbytes(9000)).decode()
    letter = b64encode(b"met at the bridge " * 300).decode()
    parsed = read(
        f'<r><part data="{picture}"/><part data="{letter}"/><a href="data:text/plain,at%20nine"/></r>'
    )
    text = "".join(parsed.text)
    assert (text.count("met at the bridge"), "at nine" in text, picture in text) == (300, True, False)
    assert [note.code for note in parsed.notes] == ["embedded_object"]


def test_numbers_in_comments_are_text() -> None:
    assert "+4915188888888" in text_of("<r><!-- +4915188888888 --><p>x</p></r>")


def test_a_value_stands_in_a_text_only_as_whole_words() -> None:
    text = ["Robertson saw, at the", "old port, Mira (twice)."]
    lines = ["Rob", "Robertson", "at the old port", "Mira", "Mira twice", "port old", "—", "tson saw"]
    assert missing(lines, text) == ["Rob", "port old", "—", "tson saw"]


def test_comparing_many_like_lines_takes_linear_time() -> None:
    lines = ["a " * n + "b" for n in range(1, 700)]
    assert "a b" not in missing(lines, ["a " * 200_000 + "b"])


def test_measures_of_tables_in_running_text_are_no_text() -> None:
    table = '<table border="1"><td colspan="2" who="Mira">x</td></table>'
    assert text_of(f"<article>{table}</article>").split() == ["Mira", "x"]
    assert text_of(f"<r>{table}</r>").split() == ["1", "2", "Mira", "x"]
