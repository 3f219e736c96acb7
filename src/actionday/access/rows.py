"""Rows of tables as a person reads them: what the canonical JSON of a row, or of a page of rows, says by column."""

import json
from typing import Any, NamedTuple

MOST_ROWS, MOST_COLUMNS = 256, 60
"""A page of a long table holds 256 rows at the most; the rest of a wider one stands in the JSON beneath."""


class Rows(NamedTuple):
    """``rows``: a value for each column; None where the table has none (NULL), or the row not that column."""

    columns: list[str]
    rows: list[list[str | None]]
    whole: bool
    """Whether every row and column of what was given is in it."""


def rows_of(text: str) -> Rows | None:
    """Return the rows of JSON Lines, None where no line of it is one: a row that could not be taken apart is raw."""
    lines = text.splitlines()
    told = [each for line in lines[:MOST_ROWS] if (each := _object(line)) is not None]
    if not told:
        return None
    columns = list(dict.fromkeys(key for each in told for key in each))
    shown = columns[:MOST_COLUMNS]
    whole = len(told) == len(lines) and shown == columns
    return Rows(shown, [[_said(each.get(key)) for key in shown] for each in told], whole)


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _said(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
