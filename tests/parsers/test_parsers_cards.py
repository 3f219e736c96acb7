"""Contacts and calendars: every value that is written in a coding is read, under any property and spelling."""

from base64 import b64encode

import pytest
from parser_texts import TEXTS

from actionday.model import Limits
from actionday.parsers.cards import PARSER

CARD = "BEGIN:VCARD\r\nVERSION:2.1\r\n{}\r\nEND:VCARD\r\n"


def text_of(line: str) -> str:
    content = memoryview(CARD.format(line).encode())
    return "".join(PARSER.parse(content, "text/vcard", Limits()).text)


def coded(text: str, code: str = "utf-8") -> str:
    return b64encode(text.encode(code)).decode()


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (f"NOTE;ENCODING=BASE64;CHARSET=UTF-8:{coded('العوسق club')}", "العوسق club"),
        (f"NOTE;ENCODING=b:{coded('العوسق club')}", "العوسق club"),
        (f"item1.FN;CHARSET=windows-1251;ENCODING=BASE64:{coded('Привет', 'cp1251')}", "Привет"),
        (f"NOTE;BASE64:{coded('plain old note')[:8]}\r\n {coded('plain old note')[8:]}", "plain old note"),
        (f"X-OWN;VALUE=BINARY;ENCODING=B:{coded('hidden words here')}", "hidden words here"),
        (f"DESCRIPTION;ENCODING=BASE64;VALUE=BINARY:{coded('العوسق')}", "العوسق"),
        ("N;ENCODING=QUOTED-PRINTABLE:=D8=A7=D9=84=\r\n=D8=B9=D9=88;x", "العو;x"),
        ("N;QUOTED-PRINTABLE;CHARSET=windows-1256:=C7=E1=D3", "الس"),
        ("FN;ENCODING=quoted-printable:=CF=F0=E8=E2=E5=F2", "Привет"),
        ('FN;ENCODING="QUOTED-PRINTABLE";CHARSET="UTF-8":=D8=A7=D9=84', "ال"),
        (f"KEY:data:text/plain;base64,{coded('hidden words here')}", "hidden words here"),
        ("NOTE:data:text/plain;charset=utf-8,%D8%A7%D9%84", "ال"),
    ],
)
def test_values_in_a_coding_are_read(line: str, read: str) -> None:
    assert read in text_of(line)


def test_pictures_are_named_and_what_is_no_text_stays_as_written() -> None:
    picture = b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256))).decode()
    assert picture not in text_of(f"item2.PHOTO;ENCODING=b;TYPE=PNG:{picture}")
    assert picture not in text_of(f"PHOTO:data:image/png;base64,{picture}")
    assert "PHOTO: (binary)" in text_of(f"PHOTO:data:image/png;base64,{picture}")
    assert picture in text_of(f"X-OWN;ENCODING=B:{picture}")


@pytest.mark.parametrize("name", ["people.vcf", "dates.ics"])
def test_a_cut_within_a_card_or_an_event_is_a_loss(name: str) -> None:
    mime, whole = TEXTS[name]
    data = whole.encode() if isinstance(whole, str) else whole
    assert not any(note.code == "broken_off" for note in PARSER.parse(memoryview(data), mime, Limits()).notes)
    last = data.upper().rindex(b"END:")
    for end in range(data.upper().index(b"BEGIN:") + 20, last, 7):
        if data[:end].count(b"BEGIN:V") == data[:end].count(b"END:V"):  # between two cards
            continue
        parsed = PARSER.parse(memoryview(data[:end]), mime, Limits())
        assert "broken_off" in {note.code for note in parsed.notes}, end


def test_every_coded_value_of_a_card_is_read_however_many_there_are() -> None:
    notes = [
        f"ATTACH;ENCODING=b:{coded(f'слова у запруды {number} там', 'cp1251')}" for number in range(1100)
    ]
    card = "\n".join(("BEGIN:VCARD", "VERSION:3.0", "FN:x", *notes, "END:VCARD", ""))
    text = "".join(PARSER.parse(memoryview(card.encode()), "text/vcard", Limits()).text)
    assert "слова у запруды 1099 там" in text
