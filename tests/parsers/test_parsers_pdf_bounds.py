"""What a small PDF may cost is bounded for all its parts together, and what is not read for that is said."""

import zlib

import pytest
from tests.parsers.test_parsers_pdf_contents import read
from tests.parsers.test_parsers_pdf_hidden import SAID, SHOWN, held, inline, pdf

from actionday.model import Loss
from actionday.parsers import _pdf_filters
from actionday.parsers._pdf_budget import MOST_OF_IMAGES, Budget
from actionday.parsers._pdf_operators import prose_to
from actionday.parsers._pdf_parts import MOST_OF_IMAGE

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
