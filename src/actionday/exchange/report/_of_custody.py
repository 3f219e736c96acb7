"""The parts of a report about who did what: custody by the ledger, the settings of the runs, software and libraries."""

from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from platform import machine, python_version, system
from sqlite3 import sqlite_version
from typing import Any
from unicodedata import unidata_version

from actionday.access import stored
from actionday.access.acts import acts
from actionday.access.ledger import Line
from actionday.exchange.report._page import Block, Facts, Note, Section, Table, Text, Value, code, name
from actionday.exchange.report._words import Say
from actionday.ledger import Action
from actionday.model.counted import grouped
from actionday.model.times import stamp
from actionday.storage.case import Case

PACKAGE = "actionday"
NAMED = (
    Action.CASE_CREATED,
    Action.CASE_MIGRATED,
    Action.KEY_ADDED,
    Action.SECRET_ADDED,
    Action.LIMITS_CHANGED,
    Action.HASHES_IMPORTED,
    Action.EXHIBIT_ACQUIRED,
    Action.EXHIBIT_HASHED,
    Action.EXHIBIT_MOVED,
    Action.EXHIBIT_OPENED,
    Action.EXHIBIT_CLOSED,
    Action.RUN_STARTED,
    Action.RUN_PAUSED,
    Action.RUN_INTERRUPTED,
    Action.RUN_FINISHED,
    Action.REPAIR,
    Action.DOWNLOADED,
    Action.EXPORTED,
    Action.BUNDLED,
    Action.VERIFIED,
)
"""Acts that are named one by one; of the others their number."""
ACTS = (
    "The acts that changed the case, gave something out of it, or proved it, in their order; searches and "
    "views are counted below."
)
MOST_OF_ONE = 200
"""Entries of one act that are named, the newest."""
MOST_RUNS = 100


def custody(case: Case, say: Say) -> Section:
    """Return who did what when, by the ledger: acts of custody named, the newest of each, and all of them counted."""
    found = acts(case.database, frozenset(map(str, NAMED)), MOST_OF_ONE)
    shown = {act: min(number, MOST_OF_ONE) if act in NAMED else 0 for act, number in found.counts.items()}
    counts = [
        (name(act), code(grouped(number)), code(grouped(number - shown[act])))
        for act, number in found.counts.items()
    ]
    heads = [say("Entry"), say("Time (UTC)"), say("Who"), say("Act"), say("What")]
    blocks: list[Block] = [
        Note(say(ACTS)),
        Table(heads, [1.5, 4, 3, 3.5, 6], [_line(each) for each in found.lines]),
        Table([say("Act"), say("Entries"), say("Of them not named above")], [3, 1, 1], counts),
    ]
    return Section(Text(say("Custody: who did what, and when"), "said"), 1, blocks)


def _line(each: Line) -> tuple[Value, ...]:
    number = code(grouped(each.number))
    if each.entry is None:
        return number, code(""), code(""), code(""), name(each.damage)
    one = each.entry
    said = one.details.get("reason")
    what = (*name(one.subject), *(name(said) if isinstance(said, str) and said else ()))
    return number, code(stamp(one.time)), name(one.actor), code(str(one.action)), what


def of_runs(case: Case, say: Say) -> Section:
    """Return the runs with their settings, the newest first."""
    query = "SELECT n, state, actor, started, finished, parameters FROM runs ORDER BY n DESC"
    rows = case.database.execute(query).fetchall()
    heads = [say("Run"), say("State"), say("Who"), say("Began and ended"), say("Settings")]
    shown = [
        (code(grouped(number)), code(state), name(by), code(*filter(None, (began, ended))), _settings(given))
        for number, state, by, began, ended, given in rows[:MOST_RUNS]
    ]
    blocks: list[Block] = (
        [Table(heads, [1, 2.5, 2.5, 4.5, 8], shown)] if rows else [Note(say("There was no run."))]
    )
    if len(rows) > MOST_RUNS:
        blocks.append(Note(say("And {n} more.", n=grouped(len(rows) - MOST_RUNS))))
    limits = [(say("Limits of the case"), code(*_limits(stored.facts(case.facts().get("limits")))))]
    return Section(Text(say("The runs and their settings"), "said"), 1, [*blocks, Facts(limits)])


def _settings(text: str) -> Value:
    facts = stored.facts(text)
    exhibits = facts.pop("exhibits", ())
    sets, limits = facts.pop("hash_sets", ()), facts.pop("limits", {})
    lines = [f"{key}: {value}" for key, value in facts.items()]
    lines += [f"exhibits: {grouped(len(exhibits))}"] if isinstance(exhibits, list) else []
    lines += [f"hash_sets: {grouped(len(sets))}"] if sets else []
    return tuple(each for line in (*lines, *_limits(limits)) for each in name(line))


def _limits(limits: Mapping[str, Any]) -> Iterator[str]:
    for key, value in limits.items():
        yield f"{key}: {grouped(value) if type(value) is int else value}"


def software(say: Say) -> Section:
    """Return what runs on this machine now; the version of Actionday that each run had stands with the run."""
    rows = [("Actionday", version(PACKAGE)), ("Python", python_version()), ("SQLite", sqlite_version)]
    rows += [("Unicode", unidata_version), (system(), machine())]
    rows += sorted(_libraries())
    table = Table(
        [say("Software"), say("Version")], [2, 1], [(code(each), code(number)) for each, number in rows]
    )
    note = Note(
        say(
            "As installed where this report was made. Which version of Actionday made which run stands with the run."
        )
    )
    return Section(Text(say("Software and libraries"), "said"), 1, [note, table])


def _libraries() -> Iterator[tuple[str, str]]:
    for line in requires(PACKAGE) or ():
        wanted = line.split(";")[0]
        library = "".join(c if c.isalnum() or c in "-_." else " " for c in wanted).split()[0]
        try:
            yield library, version(library)
        except PackageNotFoundError:
            yield library, "-"
