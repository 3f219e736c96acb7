"""What a list server appends to an encoded body is told from it, and nothing that is encoded is taken for it."""

from base64 import encodebytes

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, sampled_from
from test_mime_transfer import uuencoded

from actionday.mime.outer import split, tail_of
from actionday.mime.transfer import decoded

MAILMAN = (
    b"_______________________________________________\r\nKestrel mailing list\r\nkestrel@lists.example\r\n"
    b"https://lists.example/listinfo/kestrel\r\n"
)
FOOTERS = [MAILMAN, b"\r\n" + MAILMAN, b"\nUnsubscribe\n", b"\nword\n", b"two words\n", "\nотписаться\n".encode(),
           b"\n-- \nThe Kestrel club, Thursdays at eight\n"]  # fmt: skip
WRITERS = {"base64": encodebytes, "uuencode": uuencoded}


@given(binary(min_size=1, max_size=400), sampled_from(sorted(WRITERS)), sampled_from(FOOTERS))
@settings(max_examples=300)
def test_a_footer_is_told_from_what_is_encoded(data: bytes, coding: str, footer: bytes) -> None:
    raw = WRITERS[coding](data)
    coded, plain = split(raw + footer, coding)
    assert decoded(coded, coding) == (data, None)
    assert plain.split() == footer.split()
    assert raw.split() == (raw + footer)[: tail_of(raw + footer, coding)].split()


@given(binary(max_size=2000), sampled_from(sorted(WRITERS)), sampled_from([b"\n", b"\r\n", b" \n"]))
@settings(max_examples=200)
def test_what_is_encoded_is_never_a_footer(data: bytes, coding: str, ends: bytes) -> None:
    raw = WRITERS[coding](data).replace(b"\n", ends)
    assert split(raw, coding) == (raw, b"")
    assert tail_of(raw, coding) == len(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"S2Vz!dH\xffJlbA==",  # a relay's sign in between
        encodebytes(b"one" * 20) + b"\n" + encodebytes(b"two" * 30),  # blocks joined
        b"S2VzdHJlbA==S2VzdHJlbA==",
        b"",
    ],
)
def test_damaged_and_joined_base64_is_no_footer(raw: bytes) -> None:
    assert split(raw, "base64") == (raw, b"")


def test_lines_before_what_is_encoded_are_told_from_it() -> None:
    raw = encodebytes(b"the Kestrel club " * 9)
    assert split(b"This list is moderated.\n\n" + raw, "base64") == (raw, b"This list is moderated.\n\n")


def test_a_second_file_behind_the_first_is_decoded_too() -> None:
    first, second = uuencoded(b"one" * 30), uuencoded(b"two" * 30)
    body, problem = decoded(first + b"and here is the other\n" + second, "uuencode")
    assert body == b"one" * 30 + b"two" * 30
    assert problem is not None
    assert "1 line outside" in problem.reason


def test_nothing_behind_a_soft_end_of_quoted_printable_is_passed_over() -> None:
    """The decoder of the standard library leaves out everything between ``=`` with a bare CR and the line feed."""
    body, _ = decoded(b"before=\rthe hidden words\nafter=\r\n more", "quoted-printable")
    assert b"the hidden words" in body
    assert body.endswith(b"after more")
