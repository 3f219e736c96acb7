"""What a small PDF may cost is bounded for all its parts together, and what is not read for that is said."""

import zlib

import pytest
from tests.parsers.test_parsers_pdf_contents import read
from tests.parsers.test_parsers_pdf_hidden import SAID, SHOWN, held, inline, pdf

from actionday.model import Loss
from actionday.parsers import _pdf_filters
from actionday.parsers._pdf_budget import MOST_OF_IMAGES, Budget
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
    monkeypatch.setattr(_pdf_filters, "_row", lambda way, *_: rows.append(way) or b"")
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
