"""What is counted stands in the singular where there is one of it: in what commands print and what is kept."""

import ast
import re
from pathlib import Path

import pytest

import actionday
from actionday.model.counted import THIN, counted, grouped, parted, thin

PLURAL = re.compile(
    " (more )?(bytes|items|lines|rows|files|entries|places|contents|exhibits|records|characters|workers|runs)\\b"
)


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (1, ("byte",), "1 byte"),
        (0, ("byte",), "0 bytes"),
        (2, ("entry", "entries"), "2 entries"),
        (1, ("place is", "places are"), "1 place is"),
    ],
)
def test_one_is_said_as_one(count: int, words: tuple[str, ...], said: str) -> None:
    assert counted(count, *words) == said
    assert parted(count, *words) == said


def test_what_a_person_is_told_has_its_thousands_parted_and_what_is_kept_with_an_item_has_not() -> None:
    assert (grouped(999), grouped(1234), grouped(1234567)) == ("999", "1\u202f234", "1\u202f234\u202f567")
    assert parted(1234, "item") == "1\u202f234 items"
    assert counted(1234, "item") == "1234 items"


def test_a_parted_figure_is_known_and_a_name_that_looks_like_one_is_not() -> None:
    said = "1\u202f234\u202f567 of 2\u202f000, and 3\u202f000. The last"
    assert sorted(thin(said)) == [1, 5, 14, 25]
    for name in (
        "0a\u202fb.txt",
        "1\u202f003.txt",
        "a1\u202f003",
        "1\u202f0031",
        "1\u202f003\u202f",
        "\u202f003",
    ):
        assert thin(name) == frozenset(), name


TOLD = (
    "app/cli",
    "access",
    "exchange",
    "pipeline/proving",
    "pipeline/repair.py",
    "pipeline/runs.py",
    "storage/held_rows.py",
)
"""Rooms and files whose sentences a person is told as they stand."""
NEVER_ONE = (
    "pipeline/proving/listed.py:",  # a constant, and an argument that cannot be used
    "pipeline/proving/schema.py:",  # the bytes of a database
    "pipeline/proving/stored.py:",  # the bytes of a pack, and of a frame that several objects share
    "pipeline/proving/touched.py:",  # one has a sentence of its own
)
"""Where a number is never one."""
COUNT = re.compile(r"len\(.*\)( - \w+)?|([\w.]+[._])?(count|total)( - \w+)?|[\w.]+[._](more|further)")
"""An expression that gives a count, by its name."""


def sentences() -> list[tuple[str, int, ast.JoinedStr]]:
    house = Path(str(actionday.__file__)).parent
    files = [path for told in TOLD for path in (sorted((house / told).rglob("*.py")) or [house / told])]
    return [
        (str(path.relative_to(house)), node.lineno, node)
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
    ]


def test_no_sentence_has_a_number_before_a_plural_that_may_be_one() -> None:
    found = [
        f"{path}:{line}: {after.value.strip()!r}"
        for path, line, node in sentences()
        for value, after in zip(node.values, node.values[1:], strict=False)
        if isinstance(value, ast.FormattedValue)
        and isinstance(after, ast.Constant)
        and PLURAL.match(str(after.value))
        and not (isinstance(value.value, ast.Name) and value.value.id.isupper())  # a constant is what it is
    ]
    assert [each for each in found if not each.startswith(NEVER_ONE)] == []


def test_every_count_in_a_sentence_that_a_person_is_told_has_its_thousands_parted() -> None:
    found = [
        f"{path}:{line}: {ast.unparse(value.value)}"
        for path, line, node in sentences()
        for value, after in zip(node.values, node.values[1:], strict=False)
        if isinstance(value, ast.FormattedValue) and COUNT.fullmatch(ast.unparse(value.value))
        and isinstance(after, ast.Constant) and re.match(" [a-z]", str(after.value))
    ]  # fmt: skip
    assert found == []


def test_figures_without_an_end_are_none_and_cost_their_length() -> None:
    """Four minutes at this length where each was begun with anew."""
    assert thin(f"111{THIN}" * 150_000 + "x") == frozenset()
