"""Codes of languages and what they cover."""

import csv
import os
from pathlib import Path

import pytest

from actionday.model.language import codes_matching, languages, macro_of

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
