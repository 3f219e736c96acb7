"""Codes by the names people call languages and scripts."""

import pytest

from actionday.model.codes import (
    ALSO,
    BIBLIOGRAPHIC,
    GROUPS,
    MOST,
    SCRIPT_NAMES,
    SCRIPTS_ALSO,
    near_individual_languages,
    near_languages,
    near_scripts,
)
from actionday.model.language import codes_matching, languages
from actionday.model.script import SCRIPTS


def test_every_language_and_script_is_found_by_its_name_in_any_case() -> None:
    for each in languages().values():
        found = near_languages(each.name.upper())[0]
        assert each.code in codes_matching(found.code)
        assert each.code in [one.code for one in near_individual_languages(each.name)]
    for code, name in SCRIPT_NAMES.items():
        assert near_scripts(name)[0].code == code


def test_every_table_holds_codes_that_a_query_takes() -> None:
    assert SCRIPT_NAMES.keys() == SCRIPTS
    assert set(SCRIPTS_ALSO.values()) <= SCRIPTS
    for code in (*GROUPS, *ALSO.values(), *BIBLIOGRAPHIC.values()):
        assert codes_matching(code)


@pytest.mark.parametrize(
    ("written", "code"),
    [("arabic", "ar"), ("farsi", "fa"), ("chinese", "zh"), ("per", "fa"), ("pt_BR", "pt"), ("indonesian", "id"),
     ("malay", "ms"), ("urdoo", "ur"), ("sardinian", "srd")],
)  # fmt: skip
def test_what_is_suggested_first_covers_all_that_is_called_so(written: str, code: str) -> None:
    assert near_languages(written)[0].code == code


@pytest.mark.parametrize("written", ["xx", "qzqzqz", "", "x" * 1000, "بلا"])
def test_nothing_is_suggested_for_what_resembles_nothing(written: str) -> None:
    assert near_languages(written) == near_scripts(written) == []


def test_suggestions_are_few() -> None:
    for letter in "abcdefghijklmnopqrstuvwxyz":
        assert len(near_languages(letter * 3)) <= MOST
    assert len(near_individual_languages("ara")) == MOST
