"""What a PDF holds outside of what its tables lead to is read and said; a font's map that lies is said."""

import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from actionday.model import Limits, Parsed
from actionday.parsers import _pdf_stray
from actionday.parsers._pdf_stray import stray
from actionday.parsers.pdf import PARSER

SHOWN = b"BT /F 12 Tf 10 250 Td (the schedule of week twelve) Tj ET"
HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica%s>>"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def document(*more: bytes, font: bytes = HELVETICA % b"", between: bytes = b"", head: bytes = b"") -> bytes:
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        stream(SHOWN),
        font,
        *more,
    )
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + head, []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n%s" % (number, each, between if number == 4 else b"")
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return out + end % (len(places) + 1, table, len(places) + 1, len(out))


def read(content: bytes) -> Parsed:
    return PARSER.parse(memoryview(content), "application/pdf", Limits())


HIDDEN = {
    "a comment between objects": (document(between=b"% meet at the pier\n"), "meet at the pier", "1 comment"),
    "a comment behind the header": (document(head=b"%meet at the pier\n"), "meet at the pier", "1 comment"),
    "a comment in an object": (document(b"<</A 1 % meet at the pier\n>>"), "meet at the pier", "1 comment"),
    "bytes between objects": (document(between=b"meet at the pier\n"), "meet at the pier", "1 piece between objects"),
    "a string nobody refers to": (document(b"(meet at the pier)"), "meet at the pier", "1 object with words"),
    "a dictionary": (document(b"<</Kestrel(pier)>>"), "pier", "1 object with words"),
    "a stream": (document(stream(b"meet at the pier")), "meet at the pier", "1 object with words"),
    "a packed stream": (document(stream(zlib.compress(b"meet at the pier"), b"/Filter/FlateDecode")),
                        "meet at the pier", "1 object with words"),
    "a content no page shows": (document(stream(SHOWN.replace(b"the schedule", b"the old pier"))),
                                "the old pier", "1 object with words"),
    "an object in an object stream": (
        document(stream(b"9 0 10 30 ".ljust(12) + b"<</A(in a packed one)>>".ljust(30) + b"<</B 3>>",
                        b"/Type/ObjStm/N 2/First 12")), "in a packed one", "1 object with words"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_nothing_leads_to_is_read_and_said(kind: str) -> None:
    content, words, said = HIDDEN[kind]
    parsed = read(content)
    assert words in "".join(parsed.text)
    (note,) = parsed.notes
    assert (note.code, said in note.reason) == ("unlinked_part", True)


def test_the_first_byte_and_the_number_are_right() -> None:
    content = document(between=b"meet at the pier\n% and come alone\n")
    at = content.index(b"meet at")
    reason = read(content).notes[0].reason
    assert f"1 comment and 1 piece between objects, 32 bytes, the first at byte {at - 1}" in reason


@pytest.mark.parametrize("content", [
    document(), document(between=b"\r\n  \0\n"), document(b"<</A(100 % (sure) \\) of it)>>".replace(b"A", b"Type")),
    document(stream(bytes(range(256)) + b"% ( no comment")), document(head=b"%% Original object ID: 1 0\n"),
])  # fmt: skip
def test_an_ordinary_one_says_nothing_of_it(content: bytes) -> None:
    assert not [note for note in read(content).notes if "comment" in note.reason or "between" in note.reason]


def mapped(shift: int, encoding: bytes = b"", *, ranges: bool = False) -> bytes:
    rows = [b"<%02x> <%04x>" % (97 + at, 97 + (at + shift) % 26) for at in range(26)]
    body = b"1 beginbfrange <61> <7a> <%04x> endbfrange" % (97 + shift)
    cmap = body if ranges else b"26 beginbfchar " + b"\n".join(rows) + b" endbfchar"
    return document(stream(cmap), font=HELVETICA % (b"/ToUnicode 6 0 R" + encoding))


@pytest.mark.parametrize(
    ("content", "lies"),
    [(mapped(1), True), (mapped(0), False), (mapped(3, b"/Encoding/WinAnsiEncoding", ranges=True), True),
     (mapped(0, b"/Encoding/WinAnsiEncoding", ranges=True), False),
     (mapped(1, b"/Encoding<</Differences[97/b/c/d]>>"), False)],
)  # fmt: skip
def test_a_map_that_says_other_letters_is_said(content: bytes, lies: bool) -> None:
    assert [note.code for note in read(content).notes] == (["encoding_unsure"] if lies else [])


WHOLE = document(b"<</A(words) % and a comment\n>>", between=b"a few bytes\n")


@settings(max_examples=200, deadline=None)
@given(integers(0, len(WHOLE)), integers(0, 30), binary(max_size=12))
def test_no_damage_makes_the_walk_raise(at: int, gone: int, instead: bytes) -> None:
    data = WHOLE[:at] + instead + WHOLE[at + gone :]
    found = stray(memoryview(data))
    assert all(0 <= begin <= end <= len(data) for _, begin, end in found.objects)


@pytest.mark.parametrize("unit", [b"1 0 obj\n(", b"1 0 obj\nendobj\n", b"1 0 obj stream\n", b"% a b\n", b"xref 1 1 ",
                                  b"trailer ", b"endobj (", b"1 0 obj<</A(\\"])  # fmt: skip
def test_hostile_ones_end_soon(unit: bytes) -> None:
    begun = time.process_time()
    stray(memoryview(b"%PDF-1.7\n1 0 obj\n" + unit * (2_000_000 // len(unit))))
    assert time.process_time() - begun < 10


USUALLY = (
    b"% ReportLab generated PDF document -- digest (opensource)",
    b"%\x93\x8c\x8b\x9e ReportLab Generated PDF document http://www.reportlab.com",
    b"% created by Pillow PDF driver",
    b"%% Original object ID: 12 0",
    b"%% Contents for page 3",
    b"%QDF: ignore_newline",
)


@pytest.mark.parametrize("usual", USUALLY)
def test_a_comment_of_a_program_is_passed_over_and_one_that_begins_so_is_not(usual: bytes) -> None:
    assert not read(document(between=usual + b"\n")).notes
    found = read(document(between=usual + b" meet at the pier\n"))
    assert "meet at the pier" in "".join(found.text)
    assert [note.code for note in found.notes] == ["unlinked_part"]


def test_a_few_letters_that_are_no_mark_of_a_binary_document_are_a_comment() -> None:
    assert "計画書攻" in "".join(read(document(between="%計画書攻\n".encode())).text)


@pytest.mark.parametrize("begin", [b"%", b""], ids=["a comment", "a gap"])
def test_what_is_outside_is_read_to_its_end(begin: bytes) -> None:
    found = read(document(between=begin + b"the mill " * 100_000 + b"by the pier\n"))
    assert "by the pier" in "".join(found.text)


def test_what_is_not_read_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_pdf_stray, "MOST", 10)
    data = document(between=b"".join(b"%% remark kw%dx of the harrier\n" % number for number in range(25)))
    (note,) = read(data).notes
    assert note.code == "parts_limit"
    assert "25 comments" in note.reason
    assert "15 of them are not read" in note.reason
    monkeypatch.setattr(_pdf_stray, "MOST", 100)
    monkeypatch.setattr(_pdf_stray, "MOST_BYTES", 300)  # ten of 28 bytes and a part of the next
    found = read(data)
    assert "15 of them are not read, or not to their end" in found.notes[0].reason
    assert "kw9x of the harrier" in "".join(found.text)


def test_objects_that_nothing_refers_to_and_are_not_looked_at_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_pdf_stray, "MOST_UNUSED", 40)
    picture = stream(bytes(range(256)), b"/Subtype/Image")
    (note,) = read(document(stream(b"meet at the pier"), stream(b"meet at the mill"), picture)).notes
    assert (note.code, note.reason[:45]) == ("parts_limit", "PDF: 2 objects that nothing refers to are not")
