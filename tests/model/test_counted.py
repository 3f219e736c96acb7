"""What is counted stands in the singular where there is one of it: in what commands print and what is kept."""

import ast
import re
from pathlib import Path

import pytest

import actionday.app.cli
from actionday.app.cli._common import counted as grouped_count
from actionday.model.counted import counted

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
    assert grouped_count(count, *words) == said


def sentences() -> list[tuple[str, int, ast.JoinedStr]]:
    folder = Path(str(actionday.app.cli.__file__)).parent
    return [
        (str(path.relative_to(folder)), node.lineno, node)
        for path in sorted(folder.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
    ]


def test_no_command_writes_a_number_before_a_plural_that_may_be_one() -> None:
    found = [
        f"{path}:{line}: {after.value.strip()!r}"
        for path, line, node in sentences()
        for value, after in zip(node.values, node.values[1:], strict=False)
        if isinstance(value, ast.FormattedValue)
        and isinstance(after, ast.Constant)
        and PLURAL.match(str(after.value))
        and not (isinstance(value.value, ast.Name) and value.value.id.isupper())  # a constant is what it is
    ]
    assert found == []
