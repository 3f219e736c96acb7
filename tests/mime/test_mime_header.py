"""Fields, encoded words, parameters and addresses: known answers, and the standard library as a slow reference."""

from email.header import Header
from email.utils import formataddr
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, lists, sampled_from, text

from actionday.mime.addresses import MOST, addresses
from actionday.mime.fields import HEADER_BYTES, Fields, read_header
from actionday.mime.parameters import structured
from actionday.mime.window import Window
from actionday.mime.words import decode_words

BLOCK = (
    b"Received: one\r\nSubject: folded\r\n  over\r\n\tlines\r\nX : spaced\r\nreceived:two\r\nTotal: no\r\n"
)


def test_fields_are_found_whatever_their_case_folding_and_blanks() -> None:
    for fields in (Fields(BLOCK), _split(Fields(BLOCK))):
        assert fields.get(b"subject") == b"folded  over\tlines"
        assert fields.get(b"received") == b"one"
        assert fields.get(b"x") == b"spaced"
        assert fields.get(b"to") == b""
        assert b"to" not in fields
        assert b"total" in fields


def _split(fields: Fields) -> Fields:
    fields.all(b"received")
    return fields


def test_all_gives_every_field_of_a_name_in_order_and_no_more_than_asked() -> None:
    assert Fields(BLOCK).all(b"received") == [b"one", b"two"]
    assert Fields(BLOCK * 30).all(b"received", 5) == [b"one", b"two"] * 2 + [b"one"]


@given(lists(sampled_from(["subject", "to", "x-a"]), max_size=8), binary(max_size=12))
@settings(max_examples=150)
def test_split_and_unsplit_lookups_agree(names: list[str], value: bytes) -> None:
    block = b"".join(name.encode() + b": " + value.replace(b"\n", b"") + b"\n" for name in names)
    for name in (b"subject", b"to", b"x-a", b"x"):
        assert Fields(block).get(name) == _split(Fields(block)).get(name)
        assert (name in Fields(block)) == (name in _split(Fields(block)))


@pytest.mark.parametrize(
    ("data", "body", "wrong"),
    [
        (b"A: b\n\nbody", 6, ""),
        (b"A: b\r\n\r\nbody", 8, ""),
        (b"\nbody", 1, ""),
        (b"\xef\xbb\xbfA: b\n\nbody", 9, ""),
        (b"From x Mon\nA: b\n\nbody", 17, ""),
        (b">From x\nA: b\n\nbody", 14, ""),
        (b"A: b\nbody text\n", 5, "no blank line after the header"),
        (b"A: b\n--x\n", 5, "no blank line after the header"),
        (b"A: b\n--x:y\n", 5, "no blank line after the header"),
        (b"A: b", 4, "broken off"),
        (b"A: b\n", 5, "broken off"),
        (b"A: b\n c", 7, "broken off"),
        (b"", 0, "broken off"),
    ],
)
def test_where_the_header_ends(data: bytes, body: int, wrong: str) -> None:
    assert read_header(Window.over(data), 0)[1:] == (body, wrong)


def test_a_header_of_one_mebibyte_is_read_whole_and_one_of_five_is_passed_over() -> None:
    long = b"Subject: " + b"x" * (1 << 20) + b"\nTo: a@b\n\nbody"
    block, body, wrong = read_header(Window.over(long), 0)
    assert (Fields(block).get(b"to"), long[body:], wrong) == (b"a@b", b"body", "")
    endless = b"A: b\nSubject: " + b"x" * (HEADER_BYTES + 10) + b"\n\nbody"
    block, body, wrong = read_header(Window.over(endless), 0)
    assert (Fields(block).get(b"a"), endless[body:], wrong) == (b"b", b"body", "a header longer than 4 MiB")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"plain", "plain"),
        ("köln ж".encode(), "köln ж"),
        (b"=?utf-8?q?M=C3=BCller?=", "Müller"),
        (b"=?UTF-8*en?B?4oKs?=", "€"),
        (b"a =?utf-8?q?b?= =?utf-8?q?_c?= d", "a b c d"),
        (b"=?utf-8?b?4oI=?= =?utf-8?b?rA==?=", "€"),  # one character in two words
        (b"=?koi8-r?b?1MXT1A==?=", "тест"),
        (b"=?windows-1256?b?5c7I?=", "هخب"),
        (b"=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
        (b"=?utf-8?b?not base64!?=", "\x9e\x8b^".encode("latin-1").decode("latin-1")),
        (b"=?utf-8?q?unclosed", "=?utf-8?q?unclosed"),
        (b"=?nosuch?q?abc?=", "abc"),
        (b"a\x00b\x01", "a b "),
    ],
)
def test_encoded_words(raw: bytes, expected: str) -> None:
    if raw.startswith(b"=?utf-8?b?not"):  # what is no base64 is left out, whatever comes of the rest
        assert "=?" not in decode_words(raw)
    else:
        assert decode_words(raw) == expected


@given(text(max_size=80).filter(lambda value: value.isprintable() and value == " ".join(value.split())))
@settings(max_examples=200)
def test_what_the_standard_library_encodes_is_read_back(value: str) -> None:
    encoded = Header(value, "utf-8", maxlinelen=70).encode(linesep="").encode()
    assert decode_words(encoded) == value


@given(binary(max_size=200))
@settings(max_examples=200)
def test_any_bytes_are_text_without_control_characters(raw: bytes) -> None:
    assert not {character for character in decode_words(raw) if character < " " and character != "\t"}


def test_megabytes_of_encoded_words_take_linear_time() -> None:
    assert len(decode_words(b"=?utf-8?q?" * 200_000)) == 2_000_000
    words = b"=?utf-8?q?ab?= " * 60_000
    assert decode_words(words).startswith("ab" * 60_000)
    assert decode_words(b"=?" * 1_000_000).startswith("=?=?")


@pytest.mark.parametrize(
    ("raw", "name", "expected"),
    [
        (b'attachment; filename="a b.txt"', b"filename", "a b.txt"),
        (b"attachment; filename=a.txt; size=3", b"filename", "a.txt"),
        (b"attachment; FileName = plain name.txt", b"filename", "plain name.txt"),
        (rb'attachment; filename="a\"b;c.txt"', b"filename", 'a"b;c.txt'),
        (b"attachment; filename*=UTF-8''%e2%82%ac.txt", b"filename", "€.txt"),
        (
            b"x; filename*0*=UTF-8''%e2%82%ac; filename*1=\"-rates\"; filename*2=.txt",
            b"filename",
            "€-rates.txt",
        ),
        (b"x; filename*0=long; filename*1=er.txt", b"filename", "longer.txt"),
        (b'x; name="=?utf-8?B?0YLQtdGB0YI=?="', b"name", "тест"),
        (b"x; filename*=nosuch''%41", b"filename", "A"),
        (b"x; filename*0*=windows-1251''%f2%e5%f1%f2", b"filename", "тест"),
        (b'x; filename="unclosed', b"filename", "unclosed"),
        (b"x", b"filename", ""),
        (b'x; filename="../../etc/passwd"', b"filename", "../../etc/passwd"),
    ],
)
def test_parameters(raw: bytes, name: bytes, expected: str) -> None:
    assert structured(raw).text(name) == expected


@pytest.mark.parametrize(
    ("charset", "name"),
    [("windows-1251", "Привет мир.txt"), ("gb2312", "测试文件名.txt"), ("utf-8", "مرفأ ٣.txt"),
     ("iso-2022-jp", "港の当番表.txt"), ("utf-8", "100% 🚢.txt")],
)  # fmt: skip
def test_a_name_may_be_cut_anywhere_between_its_sections(charset: str, name: str) -> None:
    coded = quote(name.encode(charset), safe="").encode()
    for first in range(len(coded) + 1):
        for second in range(first, len(coded) + 1, 7):
            raw = b"x; filename*0*=%s''%s; filename*1*=%s; filename*2*=%s" % (
                charset.encode(), coded[:first], coded[first:second], coded[second:],
            )  # fmt: skip
            assert structured(raw).text(b"filename") == name


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            b"x; filename*0*=utf-8''a%4; filename*1=\"1%41\"; filename*2*=%42",
            "a%41%41B",
        ),  # the second is not encoded
        (b"x; filename*1*=%42; filename*0*=utf-8''a", "aB"),
        (b"x; filename*0=a; filename*2=c.txt", "ac.txt"),
        (b"x; filename*1=b.txt", "b.txt"),
        (b"x; filename*0=a; filename*0*=utf-8''%62; filename*x=c; filename*1234567890=d", "b"),
    ],
)
def test_sections_of_a_name_as_they_come(raw: bytes, expected: str) -> None:
    assert structured(raw).text(b"filename") == expected


def test_sections_of_hostile_number_take_linear_time() -> None:
    raw = b"x; " + b"".join(b"filename*%d*=%%4;" % number for number in range(4000))
    assert len(structured(raw).text(b"filename")) > 4000


def test_parameters_of_hostile_length_take_linear_time() -> None:
    assert structured(b'a/b; x="' + b"\\" * 3_000_000).value == "a/b"
    assert structured(b"a/b" + b";" * 3_000_000).parameters == {}
    assert structured(b"a/b; " + b"x=y; " * 600_000).raw(b"x") == b"y"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Bugs <b@acme.example>", [("Bugs", "b@acme.example")]),
        (b'"Doe, John" <j@x.example>, a@b.example', [("Doe, John", "j@x.example"), ("", "a@b.example")]),
        (b"c@d.example (Carl)", [("Carl", "c@d.example")]),
        (b"undisclosed-recipients:;", []),
        (b"club: a@b.example, c@d.example;", [("", "a@b.example"), ("", "c@d.example")]),
        (b"=?utf-8?q?M=C3=BCller=2C_A?= <m@x.example>", [("Müller, A", "m@x.example")]),
        (b"<@relay.example:e@f.example>", [("", "e@f.example")]),
        (b"only a name", [("only a name", "")]),
        (b'"a\\"b" <x@y.example>', [('a"b', "x@y.example")]),
        (b"((((a@b.example", [("((((a@b.example", "")]),
        (b"", []),
        (b" , ;", []),
    ],
)
def test_addresses(raw: bytes, expected: list[tuple[str, str]]) -> None:
    assert [(each.name, each.address) for each in addresses(raw)] == expected


NAMES = text("abcXYZ ,;:<>()@\"\\'éжא", min_size=1, max_size=20).filter(
    lambda name: name == " ".join(name.split())
)


@given(lists(NAMES, min_size=1, max_size=5))
@settings(max_examples=200)
def test_what_the_standard_library_formats_is_read_back(names: list[str]) -> None:
    pairs = [(name, f"u{number}@kestrel.example") for number, name in enumerate(names)]
    field = ", ".join(formataddr(pair) for pair in pairs).encode()
    assert [(each.name, each.address) for each in addresses(field)] == pairs


def test_hostile_address_lists_take_linear_time() -> None:
    for raw in (b'"\\' * 500_000, b"(" * 500_000, b"<" * 500_000, b'"' * 500_001, b"a@b," * 200_000):
        assert len(addresses(raw)) <= MOST
