"""What a small PDF may cost is bounded for all its parts together, and what is not read for that is said."""

import zlib

import pytest
from tests.parsers.test_parsers_pdf_contents import read
from tests.parsers.test_parsers_pdf_hidden import SAID, SHOWN, held, inline, pdf

from actionday.model import Loss
from actionday.parsers import _pdf_rows
from actionday.parsers._pdf_budget import MOST_OF_IMAGES, MOST_ROWS, Budget
from actionday.parsers._pdf_filters import TIMES, undone_to
from actionday.parsers._pdf_objects import dictionaries
from actionday.parsers._pdf_operators import prose_to
from actionday.parsers._pdf_parts import MOST, MOST_OF_IMAGE

LINE = SAID.encode() + b"\n"


def of_text(size: int) -> bytes:
    """An inline image of so many bytes that are text."""
    return b"BI /F/Fl ID %s EI " % zlib.compress(LINE * (size // len(LINE)), 9)


def test_inline_images_behind_predictors_cost_a_document_nothing_of_its_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = list[int]()
    monkeypatch.setattr(_pdf_rows, "_row", lambda way, *_: rows.append(way) or b"")
    paeth = zlib.compress(b"\4\1\1\1\1\1" * (MOST_OF_IMAGE // 6), 9)
    head = b"/F/Fl /DP<</Predictor 15/Columns 5>>"
    parsed = read(pdf(b"% " + LINE + (inline(paeth, head) + b" ") * 20))
    assert "the schedule of week twelve" in "".join(parsed.text)
    assert (rows, [note.code for note in parsed.notes]) == ([], ["unlinked_part"])


def test_of_images_that_are_no_text_only_their_begin_is_unpacked() -> None:
    budget = Budget()
    zeros = b"BI /F/Fl ID %s EI " % zlib.compress(bytes(MOST_OF_IMAGE), 9)
    words, cut = prose_to(zeros * 100 + of_text(5000), budget)
    assert (len(words), cut) == (1, False)
    assert MOST_OF_IMAGES - budget.images < 101 * 5000 + 20_000


def test_text_of_an_inline_image_that_is_cut_is_said() -> None:
    (said,) = (
        note
        for note in read(pdf(of_text(MOST_OF_IMAGE + 999) + SHOWN)).notes
        if note.code == Loss.PARTS_LIMIT
    )
    assert f"of packed inline images {MOST_OF_IMAGE} and {MOST_OF_IMAGES}" in said.reason
    parsed = read(pdf(of_text(MOST_OF_IMAGE - 999) + SHOWN))
    assert [note.code for note in parsed.notes] == ["unlinked_part"]


@pytest.mark.parametrize("key", [b"/KW 6 0 R", b""], ids=["referred", "alone"])
def test_inline_images_of_all_contents_have_one_bound(key: bytes) -> None:
    content = held(SHOWN + b" q " * 9 + of_text(MOST_OF_IMAGE - 999) * 3)
    parsed = read(pdf(SHOWN, *[content] * 3, page=key))
    assert Loss.PARTS_LIMIT in [note.code for note in parsed.notes]
    assert "the schedule of week twelve" in "".join(parsed.text)


def test_comments_without_a_letter_are_passed_over_at_once() -> None:
    budget = Budget(signs=10)
    words, cut = prose_to(SHOWN + b" " + b"% 1.2 !\n" * 1_000_000 + b"%" + LINE, budget)
    assert (words, cut) == ([SAID], False)


@pytest.mark.parametrize("unit", [b"%abc\n", b"(a) 1 w ", b"[(a)", b"<aa>"])
def test_of_comments_and_strings_a_number_is_kept_and_more_are_said(unit: bytes) -> None:
    few, many = (b"%" + LINE + unit * count for count in (MOST // 2, MOST + 9))
    assert prose_to(few, Budget()) == ([SAID], False) or unit == b"%abc\n"
    words, cut = prose_to(many, Budget())
    assert (words[0], cut) == (SAID, True)


@pytest.mark.parametrize("unit", [b"()", b"(a)Tj ", b"%a\n", b"<aa>"])
def test_what_begins_and_ends_in_a_document_is_bounded(unit: bytes) -> None:
    budget = Budget(signs=5000)
    assert prose_to(b"%" + LINE + unit * 1000, budget)[1] is False
    words, cut = prose_to(b"%" + LINE + unit * 5000, budget)
    assert (words[0], cut, budget.signs) == (SAID, True, 0)


def test_a_content_and_an_object_stream_that_are_not_gone_through_to_their_end_are_said() -> None:
    units = b"%abc\n" * (MOST + 9)
    for data in (
        pdf(SHOWN + b" %" + LINE + units),
        pdf(SHOWN, held(b"9 0 %" + LINE + b"<</A 1>>" + units, b"/Type/ObjStm/N 1/First 4")),
    ):
        parsed = read(data)
        assert "the schedule of week twelve" in "".join(parsed.text)
        assert Loss.PARTS_LIMIT in [note.code for note in parsed.notes]


def rows(data: bytes, way: int, columns: int = 5) -> bytes:
    """Rows that say a predictor and are as they were: nothing stands above or before."""
    return b"".join(bytes((way,)) + data[at : at + columns] for at in range(0, len(data), columns))


@pytest.mark.parametrize("way", [1, 3, 4])
def test_rows_of_pictures_have_one_bound_in_a_document_and_what_is_beyond_is_said(way: int) -> None:
    head = b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 1>>"
    stream = held(zlib.compress(rows(b"a" * (MOST_ROWS // 2), way, 1), 9), head)
    budget = Budget()
    whole, cut, *_ = undone_to(stream, 64 << 20, budget)
    assert (len(whole), cut) == (MOST_ROWS // 2, False)
    assert [undone_to(stream, 64 << 20, budget)[:2] for _ in range(200)] == [(b"", True)] * 200


def test_rows_without_a_predictor_are_whole_whatever_their_number() -> None:
    head = b"/Filter/FlateDecode/DecodeParms<</Predictor 10/Columns 3>>"
    budget = Budget()
    stored = zlib.compress(rows(LINE * (MOST_ROWS // 10), 0, 3), 9)
    assert undone_to(held(stored, head), 1 << 30, budget).content == LINE * (MOST_ROWS // 10)
    assert budget.rows == MOST_ROWS


def test_a_stream_of_text_whose_rows_are_not_all_undone_is_said() -> None:
    head = b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 1>>"
    big = held(zlib.compress(rows(b"a" * (MOST_ROWS + 99), 2, 1), 9), head)
    parsed = read(pdf(SHOWN, big, page=b"/AA<</O<</S/JavaScript/JS 6 0 R>>>>"))
    assert "the schedule of week twelve" in "".join(parsed.text)
    assert Loss.TEXT_CUT in [note.code for note in parsed.notes]


@pytest.mark.parametrize("name", [b"/Fl", b"/RL"])
def test_filters_that_give_much_each_are_not_all_undone_and_that_is_said(name: bytes) -> None:
    most = 4000
    whole = undone_to(held(bytes(9000), b"/Filter[%s]" % (b"/Crypt" * 40)), most, Budget())
    assert whole.cut and whole.spent <= TIMES * most + 9000
    runs = undone_to(held(b"\x7f" * 129 * 60 + b"\x80", b"/Filter[%s]" % (name * 130)), most, Budget())
    assert runs.spent <= (TIMES + 1) * (most + 128)


@pytest.mark.parametrize(
    ("filters", "said", "whole"),
    [
        (b"[/FlateDecode/FlateDecode]", b"[null<</Predictor 12/Columns 5>>]", True),
        (b"[/FlateDecode/FlateDecode]", b"[<<>><</Columns 5/Predictor 12>>]", True),
        (b"[/FlateDecode/FlateDecode]", b"[9 0 R<</Predictor 12/Columns 5>>]", True),
        (b"[/FlateDecode/FlateDecode]", b"[<</Predictor 12/Columns 5>>null]", False),
        (b"[/FlateDecode/FlateDecode]", b"<</Predictor 12/Columns 5>>", False),
    ],
    ids=["second", "in another order", "behind a reference", "first", "of one filter"],
)
def test_parameters_are_those_of_the_filter_at_their_place(filters: bytes, said: bytes, whole: bool) -> None:
    text = LINE * 3
    above = bytes(5) + text
    up = b"".join(
        b"\2" + bytes((a - b) % 256 for a, b in zip(text[at : at + 5], above[at : at + 5], strict=False))
        for at in range(0, len(text), 5)
    )
    stored = zlib.compress(zlib.compress(up))
    given = undone_to(held(stored, b"/Filter%s/DecodeParms%s" % (filters, said)), 5000, Budget())
    assert (given.content == text) is whole
    assert given.left is (said[:4] == b"[<</" and not whole)


class Counted(bytes):
    """Bytes that count how often something is looked for in them."""

    asked = 0

    def find(self, *what: object) -> int:
        self.asked += 1
        return super().find(*what)


@pytest.mark.parametrize("end", [b"(kwhid)endobj", b"(kwhid)", b"/T/kwhid endobj"])
def test_objects_that_begin_without_an_end_are_looked_through_once(end: bytes) -> None:
    data = Counted(b"1 0 obj " * 100_000 + end)
    held = list(dictionaries(data, frozenset()))
    assert data.asked < 9
    assert [each.strings for each in held] == [[("", "kwhid")]] * (b"(" in end)
    assert len(list(dictionaries(b"1 0 obj <</A 1>> endobj 2 0 obj <</T(a)>> endobj " * 9, frozenset()))) == 9
