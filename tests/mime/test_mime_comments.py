"""Comments may stand wherever the standard allows them, and decide nothing; what is doubled or missing is said."""

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, lists, sampled_from

from actionday.mime.body import disposition
from actionday.mime.comments import uncommented
from actionday.mime.fields import Fields
from actionday.mime.parameters import structured
from actionday.mime.structure import Walk
from actionday.mime.transfer import coding_of
from actionday.mime.window import Window
from actionday.model import Limits
from actionday.parsers.mail import PARSER


@pytest.mark.parametrize(
    ("field", "value", "parameters"),
    [
        (b"(x) multipart/mixed; boundary=B", "multipart/mixed", {b"boundary": b"B"}),
        (b"text/plain (a; b); charset=us-ascii (Plain; text)", "text/plain", {b"charset": b"us-ascii"}),
        (b'multipart/mixed (a (b) \\) c); boundary="a(b)c" (d)', "multipart/mixed", {b"boundary": b"a(b)c"}),
        (b"text (x) / (y) html", "text/html", {}),
        (b'text/plain; name (x) = (y) "a (1).txt"', "text/plain", {b"name": b"a (1).txt"}),
        (
            b"application/pdf; name=report (1).pdf; x=y (c)",
            "application/pdf",
            {b"name": b"report (1).pdf", b"x": b"y"},
        ),
        (b"text/plain; charset=utf-8 (never closed", "text/plain", {b"charset": b"utf-8 (never closed"}),
        (b"text/plain charset=utf-8", "text/plain", {b"charset": b"utf-8"}),  # the semicolon forgotten
        (b"(only a comment)", "", {}),
    ],
)
def test_a_structured_field_is_read_without_its_comments(field: bytes, value: str, parameters: dict) -> None:
    found = structured(field)
    assert (found.value, found.parameters) == (value, parameters)


@pytest.mark.parametrize("field", [b"(x) base64", b"base64 (y)", b"BASE64(z)", b"( (nested) ) base64 ; x=1"])
def test_a_coding_is_read_without_its_comments(field: bytes) -> None:
    assert coding_of(field) == ("base64", "")


def test_a_disposition_is_read_without_its_comments() -> None:
    placed = disposition(Fields(b"Content-Disposition: (here) attachment (x); filename=a.txt (the list)\n"))
    assert placed.value == "attachment"
    assert placed.text(b"filename").startswith("a.txt")


@given(
    lists(sampled_from([b"(", b")", b'"', b"\\", b";", b"a", b" ", b"name=", b"="]), max_size=40).map(
        b"".join
    )
)
@settings(max_examples=300)
def test_no_field_is_longer_without_its_comments_and_none_is_left_to_take_out(field: bytes) -> None:
    once = uncommented(field)
    assert len(once) <= len(field)
    if b"(" not in field:
        assert once == field


@given(binary(max_size=60))
@settings(max_examples=200)
def test_any_bytes_are_a_field(field: bytes) -> None:
    structured(field)
    coding_of(field)


HEAD = b"From: a@x.example\nTo: b@x.example\nSubject: b\nMIME-Version: 1.0\n"
ENCODED = b"Y29tbWVudCBzZWNyZXR3b3Jk"
"""comment secretword"""
SHOWN = {
    "comments around the type": b"Content-Type: (hi) multipart/mixed (x); boundary=B\n\n--B\n"
    b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + ENCODED + b"\n--B--\n",
    "comments around the coding": b"Content-Type: text/plain\nContent-Transfer-Encoding: (x) base64 (y)\n\n"
    + ENCODED
    + b"=\n",
    "no boundary": b"Content-Type: multipart/mixed\n\n--B\nContent-Type: text/plain\n"
    b"Content-Transfer-Encoding: base64\n\n" + ENCODED + b"\n--B--\n",
    "no boundary, within another": b"Content-Type: multipart/mixed; boundary=A\n\n--A\n"
    b"Content-Type: multipart/alternative\n\n--B\nContent-Transfer-Encoding: base64\n\n"
    + ENCODED
    + b"\n--B--\n--A\n\nlast\n--A--\n",
}


@pytest.mark.parametrize("body", SHOWN.values(), ids=SHOWN)
def test_a_text_that_mail_programs_decode_is_decoded(body: bytes) -> None:
    assert "comment secretword" in "".join(
        PARSER.parse(memoryview(HEAD + body), "message/rfc822", Limits()).text
    )


def codes(data: bytes) -> dict[str, str]:
    walk = Walk(Window.over(data), len(data))
    for _ in walk:
        pass
    return walk.shape.problems


def test_a_missing_boundary_is_said_whether_guessed_or_not() -> None:
    assert "guessed" in codes(HEAD + SHOWN["no boundary"])["boundary"]
    assert "read as text" in codes(HEAD + b"Content-Type: multipart/mixed\n\nno parts\n")["boundary"]


def test_a_boundary_of_the_multipart_around_is_not_taken_for_the_missing_one() -> None:
    data = (
        b"Content-Type: multipart/mixed; boundary=A\n\n--A\nContent-Type: multipart/mixed\n\ntext\n"
        b"--A\nContent-Type: text/plain\n\nlast\n--A--\n"
    )
    walk = Walk(Window.over(data), len(data))
    assert [part.path for part in walk if not part.outside] == ["1", "2"]
    assert "read as text" in walk.shape.problems["boundary"]


@pytest.mark.parametrize(
    "name", [b"Content-Type: text/plain", b"Content-Transfer-Encoding: 7bit", b"Content-Disposition: inline"]
)
@pytest.mark.parametrize("where", ["message", "part"])
def test_a_field_that_decides_how_a_part_is_read_and_stands_twice_is_said(name: bytes, where: str) -> None:
    twice = name + b"\n" + name.lower() + b"\n"
    if where == "message":
        found = codes(HEAD + twice + b"\nbody\n")
    else:
        found = codes(
            HEAD + b"Content-Type: multipart/mixed; boundary=B\n\n--B\n" + twice + b"\nbody\n--B--\n"
        )
    assert found["repeated_field"].endswith(
        f"2 fields {name.partition(b':')[0].lower().decode()}; the first one counts"
    )
