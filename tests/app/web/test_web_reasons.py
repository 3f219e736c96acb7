"""Reasons on a page: known sentences in the reader's language, all others marked as the English they are."""

import re
from pathlib import Path

import pytest

import actionday
from actionday.app.web.language import catalogue
from actionday.app.web.showing.forms import PLACE
from actionday.app.web.showing.sentences import PARTS, SENTENCES, reason
from actionday.model.unopened import LINK_LEFT

ARABIC = catalogue("ar").gettext


@pytest.mark.parametrize("sentence", (*SENTENCES, *PARTS))
def test_each_sentence_is_one_that_the_core_writes(sentence: str) -> None:
    """A sentence that was worded anew is worded anew here too: else it would be English for ever."""
    whole = "".join(
        path.read_text()
        for room in ("model", "pipeline", "parsers", "sources", "detectors")
        for path in (Path(actionday.__file__).parent / room).rglob("*.py")
    )
    whole += LINK_LEFT  # put together, as those of its kind are
    for piece in PLACE.split(sentence)[::2]:
        for words in re.split("[()]|it breaks off:", piece):  # put together of two
            assert words.strip(" :;,") in whole, words


def test_what_is_known_is_translated_with_its_figures_left_to_right() -> None:
    shown = reason("gzip: ends at byte 3445, too early (after 5751 bytes)", ARABIC)
    for piece in ("gzip", "3445", "5751"):
        assert f'<bdi dir="ltr">{piece}</bdi>' in shown
    assert "too early" not in shown
    assert "قبل أوانه" in shown


def test_a_run_of_zeros_is_said_with_its_figure_parted() -> None:
    shown = reason("nothing but zeros: 5368709120 bytes", ARABIC)
    assert '<bdi dir="ltr">5\u202f368\u202f709\u202f120</bdi>' in shown
    assert "zeros" not in shown


def test_the_longer_sentence_is_not_taken_for_the_shorter_one() -> None:
    shown = reason("no parser for tga; what is readable in it is kept as text", ARABIC)
    assert '<bdi dir="ltr">tga</bdi>' in shown
    assert "readable" not in shown


def test_what_is_not_known_and_every_reason_on_an_english_page_says_that_it_is_english() -> None:
    told = "a library's own words, of 5 <b>bytes"
    assert reason(told, ARABIC) == (
        '<bdi lang="en" dir="ltr">a library&#39;s own words, of 5 &lt;b&gt;bytes</bdi>'
    )
    assert reason("symbolic link: not followed", catalogue("en").gettext) == (
        '<bdi lang="en" dir="ltr">symbolic link: not followed</bdi>'
    )


def test_what_a_name_brings_along_stays_harmless() -> None:
    shown = reason("no parser for a\u202eb<i>", ARABIC)
    assert "\u202e" not in shown
    assert "<i>" not in shown
    assert "RLO" in shown


def test_a_long_reason_costs_nothing() -> None:
    assert "bdi" in reason(": ends at byte , too early (after " * 5_000, ARABIC)


def test_what_breaks_off_is_said_with_what_is_not_there() -> None:
    shown = reason("SQL: it breaks off: the line with which pg_dump ends is not there", ARABIC)
    assert "السطر الذي ينهي به pg_dump" in shown
    assert 'lang="en"' not in shown
