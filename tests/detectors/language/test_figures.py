"""The figures on the evaluation data (mean over language-script pairs, macrolanguages; ``und`` counts as wrong)."""

from pathlib import Path

import pytest
from bench.language import (
    Row,
    attributed,
    by_pair,
    calibration_error,
    known_languages,
    right,
    right_script,
    rows,
    strangers,
)

from actionday.detectors.language import Attribution, Identifier
from actionday.model.language import REPORTING_THRESHOLD, macro_of

Answered = tuple[list[Row], list[Attribution]]


@pytest.fixture(scope="module")
def answered(identifier: Identifier, data: Path) -> dict[str, Answered]:
    known = known_languages(identifier)
    found = {}
    for name in ("sentences", "short-snippets", "short-pairs", "other-scripts"):
        listed = [row for row in rows(data, name) if macro_of(row.language) in known]
        found[name] = listed, attributed(identifier, [row.text for row in listed])
    return found


@pytest.mark.parametrize(
    ("name", "pairs", "least"),
    [
        ("sentences", 124, 0.995),
        ("short-snippets", 124, 0.965),
        ("short-pairs", 73, 0.90),
        ("other-scripts", 15, 0.99),
    ],
)
def test_mean_accuracy(answered: dict[str, Answered], name: str, pairs: int, least: float) -> None:
    accuracy = by_pair(*answered[name], right)
    assert len(accuracy) == pairs
    assert sum(accuracy.values()) / pairs >= least


@pytest.mark.parametrize("name", ["sentences", "short-snippets", "short-pairs", "other-scripts"])
def test_the_script_is_right_in_99_of_100(answered: dict[str, Answered], name: str) -> None:
    listed, answers = answered[name]
    assert sum(map(right_script, listed, answers)) / len(listed) >= 0.99


@pytest.mark.parametrize("name", ["sentences", "short-snippets"])
def test_confidence_means_what_it_says(answered: dict[str, Answered], name: str) -> None:
    assert calibration_error(*answered[name]) <= 0.03


def test_languages_it_does_not_know_are_not_reported(identifier: Identifier, data: Path) -> None:
    found = strangers(identifier, data, known_languages(identifier))
    assert found["rows"] > 2500
    assert found["below_threshold"] >= 0.95
    assert (
        found["unnamed"] >= 0.89
    )  # the others are named as a guess: Awadhi as Hindi, Kirundi as Kinyarwanda


def test_nearly_every_sentence_in_a_known_language_is_reported(answered: dict[str, Answered]) -> None:
    """The threshold that keeps strangers out leaves what is known in."""
    _, answers = answered["sentences"]
    assert sum(each.confidence >= REPORTING_THRESHOLD for each in answers) / len(answers) >= 0.98


def test_a_sentence_in_one_language_has_one_segment(answered: dict[str, Answered]) -> None:
    _, answers = answered["sentences"]
    assert sum(len(answer.segments) == 1 for answer in answers) / len(answers) >= 0.99
