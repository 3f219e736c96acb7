"""Codes of languages and what they cover."""

import csv
import os
from pathlib import Path

import pytest

from actionday.model.language import codes_matching, languages, macro_of, whole_of

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.mark.parametrize(
    ("asked", "covered"),
    [
        ("ar", {"arb", "ary", "arz", "apc", "acm", "aeb", "acq", "ajp", "ars"}),
        ("ara", {"arb", "ary", "arz", "apc", "acm", "aeb", "acq", "ajp", "ars"}),
        ("arz", {"arz"}),
        ("en", {"eng"}),
        ("eng", {"eng"}),
        ("fa", {"pes", "prs"}),
        ("hbs", {"bos", "hrv", "srp"}),
        ("sh", {"bos", "hrv", "srp"}),
        ("bs", {"bos"}),
        ("no", {"nob", "nno"}),
        ("nb", {"nob"}),
        ("id", {"ind"}),
        ("ku", {"ckb", "kmr"}),
        ("ms", {"zsm", "ind", "bjn", "min"}),
        ("zsm", {"zsm"}),
        ("lv", {"lvs", "ltg"}),
        ("ltg", {"ltg"}),
        ("ak", {"aka", "twi"}),
        ("tw", {"twi"}),
        ("zh", {"zho", "cmn", "yue"}),
        ("yue", {"yue"}),
        ("und", {"und"}),
        ("", set()),
        ("xx", set()),
        ("AR", set()),
        ("arabic", set()),
    ],
)
def test_a_code_covers_the_languages_it_names(asked: str, covered: set[str]) -> None:
    assert codes_matching(asked) == covered


def test_the_macrolanguage_of_a_language_and_of_what_has_none() -> None:
    assert [macro_of(code) for code in ("arz", "prs", "zsm", "eng", "und", "qqq")] == [
        "ara", "fas", "msa", "eng", "und", "qqq",
    ]  # fmt: skip


MACROLANGUAGES = {
    "ak": "aka", "ar": "ara", "ay": "aym", "az": "aze", "et": "est", "fa": "fas", "ff": "ful", "gn": "grn", "ku": "kur",
    "kr": "kau", "kg": "kon", "lv": "lav", "mg": "mlg", "mn": "mon", "ms": "msa", "ne": "nep", "no": "nor", "om": "orm",
    "or": "ori", "ps": "pus", "qu": "que", "sc": "srd", "sh": "hbs", "sq": "sqi", "sw": "swa", "uz": "uzb", "yi": "yid",
    "zh": "zho",
}  # fmt: skip
"""Of ISO 639-3, by their ISO 639-1 code, as far as a text can be told to be in one of their languages."""


def test_a_macrolanguage_is_the_same_by_either_of_its_codes() -> None:
    assert {two: codes_matching(two) for two in MACROLANGUAGES} == {
        two: codes_matching(three) for two, three in MACROLANGUAGES.items()
    }
    told = {known.macro for known in languages().values() if known.macro}
    assert told - set(MACROLANGUAGES.values()) == {"din", "tmh"}, "which have no code of two letters"


@pytest.mark.parametrize(
    ("code", "whole"),
    [("ind", "ms"), ("id", "ms"), ("zsm", "ms"), ("arz", "ar"), ("hr", "sh"), ("nb", "no"), ("ltg", "lv"), ("twi", "ak"),
     ("ar", None), ("msa", None), ("ms", None), ("en", None), ("swh", None), ("und", None), ("xx", None)],
)  # fmt: skip
def test_the_macrolanguage_that_covers_more_is_named(code: str, whole: str | None) -> None:
    assert whole_of(code) == whole


def test_codes_are_well_formed_and_every_language_is_found_by_each_of_its_codes() -> None:
    for code, known in languages().items():
        assert len(code) == 3 and code.isascii() and code.islower()
        assert len(known.two) in (0, 2) and len(known.macro) in (0, 3)
        assert known.name
        for name in filter(None, (code, known.two, known.macro)):
            assert code in codes_matching(name)


def test_the_table_agrees_with_the_evaluation_data() -> None:
    path = DATA / "lang" / "languages.tsv"
    if not path.exists():
        pytest.skip(f"the evaluation data is not there: {path}")
    with path.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file, delimiter="\t"))
    assert len(listed) > 200
    for row in listed:
        assert row["iso639_3"] in languages()
        assert macro_of(row["iso639_3"]) == (row["macrolanguage"] or row["iso639_3"])
