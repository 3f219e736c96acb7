"""A damaged stream of a PDF is not passed over: PDFium reads on and says nothing."""

import random
import re
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from test_parsers_pdf import printed

from actionday.model import Damaged, Limits, Loss, Parsed
from actionday.parsers.pdf import PARSER

SENTENCE = [f"word{number:03}" for number in range(60)]


def pdf(words: Sequence[str], *, length: int | None = None) -> bytes:
    lines = " ".join(f"({word} ) Tj" for word in words)
    packed = zlib.compress(f"BT /F1 9 Tf 10 700 Td {lines} ET".encode())
    said = len(packed) if length is None else length
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9000 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>\nstream\n" % said + packed + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + (b"trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out))
    )


def read(data: bytes) -> tuple[set[str], bool]:
    """Return the words, and whether it is said that some may be missing."""
    try:
        parsed: Parsed = PARSER.parse(memoryview(data), "application/pdf", Limits())
    except Damaged:
        return set(), True
    said = any(note.code == Loss.PAGE_DAMAGED for note in parsed.notes)
    return set(re.findall(r"word\d{3}", "".join(parsed.text))), said


def test_a_whole_one_says_nothing() -> None:
    assert read(pdf(SENTENCE)) == (set(SENTENCE), False)


def test_every_flipped_bit_of_a_compressed_stream_is_noticed() -> None:
    whole = pdf(SENTENCE)
    begin, end = whole.index(b"stream\n") + 7, whole.index(b"\nendstream")
    dice = random.Random(3)
    for at in dice.sample(range(begin, end), 60):
        got, said = read(whole[:at] + bytes([whole[at] ^ 1 << dice.randrange(8)]) + whole[at + 1 :])
        assert said or got == set(SENTENCE), f"byte {at}"


@pytest.mark.parametrize("length", [0, 10, 67, 100])
def test_a_length_that_is_too_short_is_noticed(length: int) -> None:
    got, said = read(pdf(SENTENCE, length=length))
    assert said or got == set(SENTENCE)


def test_a_cut_stream_is_noticed() -> None:
    whole = pdf(SENTENCE)
    begin, end = whole.index(b"stream\n") + 7, whole.index(b"\nendstream")
    assert read(whole[: begin + 40] + whole[end:])[1]


PROGRAM = re.compile(rb"/Length1 \d+[^>]*>>\s*stream\r?\n(.+?)\s*endstream", re.DOTALL)
SAID = ("المهندس زهران", "في قرية النخيل", "Kestrel House")


@pytest.mark.browser
def test_words_that_a_damaged_font_program_takes_from_a_page_are_said_to_be_missing(tmp_path: Path) -> None:
    lines = "".join(f"<p>{said}</p>" for said in SAID)
    page = f"<meta charset=utf-8><body style=\"font-family:'DejaVu Sans'\" dir=rtl>{lines}"
    whole = printed(tmp_path, page)
    sound = PARSER.parse(memoryview(whole), "application/pdf", Limits())
    assert [said for said in SAID if said not in "".join(sound.text)] == []
    assert sound.notes == ()
    begin, end = max((found.span(1) for found in PROGRAM.finditer(whole)), key=lambda span: span[1] - span[0])
    middle = (begin + end) // 2
    for damaged in (whole[:middle] + bytes(200) + whole[middle + 200 :],
                    whole[: end - 4] + bytes(4) + whole[end:]):  # fmt: skip
        parsed = PARSER.parse(memoryview(damaged), "application/pdf", Limits())
        assert [note.code for note in parsed.notes] == [Loss.PAGE_DAMAGED]
        assert parsed.reason.startswith(
            f"PDF: damaged streams, words may be missing: at byte {begin} (a font program that cannot be unpacked: "
        )


EMPTY = b"<<%s/Length %s>>\nstream%s\nendstream"
KINDS = (
    b"",
    b"/Length1 0",
    b"/Subtype/Type1C",
    b"/Type/ObjStm/N 0/First 0",
    b"/Subtype/Image",
    b"/BBox[0 0 9 9]",
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "key", [b"/Filter/FlateDecode", b"/Filter[/FlateDecode]", b"/Filter[/ASCII85Decode/FlateDecode]"]
)
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize(
    "length", [b"0", b"7 0 R", b"90 0 R"], ids=["direct", "indirect", "in an object stream"]
)
def test_an_empty_stream_that_is_called_packed_is_sound(
    kind: bytes, key: bytes, end: bytes, length: bytes
) -> None:
    data = with_objects(EMPTY % (kind + key, length, end or b"\n"), b"0")
    assert not PARSER.parse(memoryview(data), "application/pdf", Limits()).notes


@pytest.mark.parametrize("length", [b"50", b"7 0 R"])
def test_a_stream_whose_bytes_are_gone_is_damaged(length: bytes) -> None:
    assert read(with_objects(EMPTY % (b"/Filter/FlateDecode", length, b"\n"), b"50"))[1]


def with_objects(*more: bytes) -> bytes:
    """The document of one page with more objects, numbered from 6, the first of which its page refers to."""
    data = pdf(SENTENCE)
    body, _, _ = data.partition(b"xref\n0 6")
    body = body.replace(b"/Type/Page/Parent", b"/Type/Page/KW 6 0 R/Parent")
    for number, each in enumerate(more, 6):
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    places = [body.index(b"\n%d 0 obj" % number) + 1 for number in range(1, 6 + len(more))]
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return body + end % (len(places) + 1, table, len(places) + 1, len(body))
