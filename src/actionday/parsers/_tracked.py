"""What tracked changes make of a paragraph: how it reads now, and how it read before.

Source: ECMA-376 part 1, 17.13.5 (revisions); OpenDocument 1.3 part 3, 5.5 (change tracking); [MS-DOC] 2.6.1
(sprmCFRMark, sprmCFRMarkDel); Rich Text Format 1.9.1, "Track changes". None of them says how a text is searched.

The running text is what accepting all changes gives. Old and new words would be one word if they stood side by side,
and so neither would be found: the former wording of a paragraph stands at the end of the text, as a line of its own.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal, NamedTuple

from actionday.parsers._unread import Beside

State = Literal["", "new", "old", "passed"]
"""Of a run: it stayed, was put in, was taken out, or was put in and taken out again."""
MOST_NAMED = 1000
"""Changes named in the metadata of one document; the others are counted."""
LONGEST = 10_000
"""Runs after which a paragraph is taken to end: a document that was put in whole is one change."""


class Run(NamedTuple):
    """Characters that share a state."""

    state: State
    text: str


def both(outer: State, inner: State) -> State:
    """Return the state of a change within another."""
    if not outer or not inner or outer == inner:
        return outer or inner
    return "passed"


def shown(state: State) -> bool:
    """Say whether a run is part of what the text reads now."""
    return state in ("", "new")


def now(runs: Iterable[Run]) -> str:
    """Return what the runs read now."""
    return "".join(run.text for run in runs if shown(run.state))


def before(runs: Iterable[Run]) -> Iterator[str]:
    """Yield what runs read before all changes, and in between where something was put in and taken out again."""
    kept = list(runs)
    states = {run.state for run in kept}
    if states - {""}:
        yield "".join(run.text for run in kept if run.state in ("", "old"))
    if "passed" in states:
        yield "".join(_between(kept))


def _between(runs: list[Run]) -> Iterator[str]:
    """Yield the runs with what stood for a while in the place of what stands there now."""
    for changed, group in groupby(runs, key=lambda run: bool(run.state)):
        place = list(group)
        passed = [run.text for run in place if run.state == "passed"]
        yield "".join(passed) if changed and passed else now(place)


def paragraphs(runs: Iterable[Run], ends: re.Pattern[str]) -> Iterator[list[Run]]:
    """Yield the runs of each paragraph that was changed; it ends with an end that was neither put in nor taken out."""
    held: list[Run] = []
    changed = False
    for run in runs:
        if run.state or not (parts := ends.split(run.text))[1:]:
            held.append(run)
            changed |= bool(run.state)
            continue
        if changed:
            yield [*held, Run("", parts[0])]
        held, changed = [Run("", parts[-1])], False
    if changed:
        yield held


def keep(runs: Iterable[Run], beside: Beside) -> None:
    """Put the former wordings of a paragraph beside the text; lines that the text has are not repeated."""
    for wording in before(runs):
        beside.keep(wording)


class Log:
    """Who changed a document when, each once."""

    def __init__(self) -> None:
        self._found: dict[str, None] = {}
        self._more = 0

    def add(self, author: str, date: str) -> None:
        """Take the name and the time of a change, as they are written."""
        said = " ".join(f"{date} {author}".split())[:1000]
        if said and len(self._found) < MOST_NAMED:
            self._found[said] = None
        elif said and said not in self._found:
            self._more += 1

    def meta(self) -> dict[str, object]:
        """Return the property of the document, none where nothing was tracked."""
        more = {"changes_not_named": self._more} if self._more else {}
        return {"changes": list(self._found), **more} if self._found else {}
