"""The parts of a report about the case as a whole: whose it is, how far it is, its last proof, its ledger's head."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from actionday import __version__
from actionday.access.ledger import Proved, head, last_proof
from actionday.access.recorded import recorded
from actionday.exchange.report._page import Block, Facts, Note, Section, Table, Text, Value, code, name, said
from actionday.exchange.report._words import Say
from actionday.model.counted import grouped
from actionday.model.times import stamp
from actionday.storage.case import Case

FACTS = (
    ("name", "Name"),
    ("authority", "Authority"),
    ("country", "Country"),
    ("legal_basis", "Legal basis"),
    ("purpose", "Purpose"),
    ("retain_until", "To be kept until"),
)
STATES = {
    "empty": "nothing was taken in",
    "running": "an ingest is running: the figures are those of its last checkpoint",
    "complete": "taken in to its end",
    "paused": "paused: not taken in to its end",
    "interrupted": "interrupted: not taken in to its end",
}
PARTS = (("parsed", "Parsed"), ("known_good", "Known good"), ("skipped", "Skipped"), ("failed", "Failed"))
ALTERED = (
    "Not all that is stored is as it was recorded: "
    "the figures below are those that stand there now, and no finding."
)
LINES = 100


def of_case(
    case: Case, told: Mapping[str, Any], say: Say, made: str, by: str, altered: Sequence[str]
) -> Section:
    """Return the first section; ``told`` is what ``status`` returns."""
    facts = case.facts()
    rows: list[tuple[str, Value]] = [(say(label), name(facts[key])) for key, label in FACTS if facts.get(key)]
    rows += [
        (say("Folder"), name(case.folder.resolve())),
        (say("State"), said(say(STATES[told["state"]]))),
        (say("Report made"), code(made)),
        (say("Made by"), name(by)),
        (say("Software"), code(f"Actionday {__version__}")),
    ]
    blocks: list[Block] = [Facts(rows), *_caveats(told, say)]
    if altered:
        blocks.append(Note(say(ALTERED), True))
        blocks.append(Table([say("Difference")], [1], [(name(each),) for each in altered[:LINES]]))
        if (more := len(altered) - LINES) > 0:
            blocks.append(Note(say("And {n} more.", n=grouped(more))))
    return Section(Text(say("The case"), "said"), 1, blocks)


def _caveats(told: Mapping[str, Any], say: Say) -> Iterator[Block]:
    if left := told["unfinished"]:
        yield Note(say("Not everything is taken in: more may be in the exhibits than is told here."), True)
        rows = [(name(each),) for each in left["exhibits"][:LINES]]
        if rows:
            yield Table([say("Exhibits that were not gone through to their end")], [1], rows)
        if (more := len(left["exhibits"]) - len(rows)) > 0:
            yield Note(say("And {n} more.", n=grouped(more)))
    if differs := told["not_as_recorded"]:
        yield Note(say("The last verification found that the case is not as it was recorded:"), True)
        yield Facts([(say("First difference"), name(differs["first"]))])
    if ledger := told["ledger_differs"]:
        yield Note(say("The ledger does not end as its signed head says:"), True)
        yield Facts([(say("Ledger"), name(ledger))])


def balance_of(told: Mapping[str, Any], say: Say) -> Section:
    """Return the balance of the whole case, in the figures of ``status``."""
    parts = [(say(label), code(grouped(told[key]))) for key, label in PARTS]
    adds_up = told["found"] == sum(told[key] for key, _ in PARTS)
    blocks: list[Block] = [
        Note(say("found = parsed + known good + skipped + failed")),
        Facts([(say("Found"), code(grouped(told["found"]))), *parts]),
    ]
    if not adds_up:
        blocks.append(Note(say("The balance DOES NOT ADD UP."), True))
    blocks.append(
        Table(
            [say("Status"), say("Items")],
            [3, 1],
            [(code(status), code(grouped(number))) for status, number in told["by_status"].items()],
        )
    )
    own, rows = (
        told["own_files"],
        [(say("Rows of items, folders and volumes too"), code(grouped(told["listed"])))],
    )
    rows += [
        (say("Files that the exhibits consist of"), code(grouped(own["files"]))),
        (say("Of them counted as items"), code(grouped(own["counted"]))),
        (say("Bytes of content read, what was unpacked too"), code(grouped(told["bytes"]))),
    ]
    return Section(Text(say("The balance of the case"), "said"), 1, [*blocks, Facts(rows)])


def proof_of(case: Case, say: Say) -> Section:
    """Return what the ledger's head is, and what the last verification on record found."""
    now = head(case)
    rows = [
        (say("Entries"), code(grouped(now.size))),
        (say("Root hash of the head"), code(now.root)),
        (say("Name of the ledger"), code(now.origin)),
        (say("Keys"), code(grouped(now.keys))),
    ]
    blocks: list[Block] = [
        Note(
            say(
                "The ledger as it stood when this report was written; the case is read-only, and nothing was recorded."
            )
            if case.readonly
            else say("The ledger as it stood when this report was written; that its writing began is in it.")
        )
    ]
    blocks += (
        [Note(f"{say('The ledger cannot be read:')} {now.damage}", True)] if now.damage else [Facts(rows)]
    )
    found = last_proof(case.database)
    if found is None:
        return _section(say, [*blocks, Note(say("No verification is on record."), True)])
    return _section(say, [*blocks, *_proved(found, say)])


def _section(say: Say, blocks: list[Block]) -> Section:
    return Section(Text(say("The ledger and the last verification"), "said"), 1, blocks)


def _proved(found: Proved, say: Say) -> Iterator[Block]:
    outcome = "Everything that was checked held."
    if found.first:
        outcome = "Something differed from what was recorded."
    elif found.absent:
        outcome = (
            "Nothing differed; not everything could be checked, for it was not found or could not be read."
        )
    elif found.vouched is False:
        outcome = "Whole in itself; nobody vouched for the keys of the ledger."
    yield Note(say(outcome), bool(found.first or found.absent))
    rows: list[tuple[str, Value]] = [
        (say("Entry of the ledger"), code(grouped(found.number))),
        (say("Verified at"), code(stamp(found.entry.time))),
        (say("Verified by"), name(found.entry.actor)),
    ]
    rows += [(say("Head that was verified"), code(found.head))] if found.head else []
    rows += [(say("First difference"), name(found.first))] if found.first else []
    yield Facts(rows)
    told = recorded(found.entry.details)
    if told.checks:
        heads = [say("Check"), say("Outcome"), say("Things that held"), say("Differing")]
        checks = [
            (code(each.name), code(each.state), code(grouped(each.checked)), code(grouped(each.differing)))
            for each in told.checks
        ]
        yield Table(heads, [3, 3, 2, 2], checks)
    lists = (
        ("Not found", told.missing),
        ("Could not be read", told.unread),
        ("Not proved", told.not_proved),
        ("Remarks", told.remarks),
    )
    for label, lines in lists:
        if lines:
            yield Table([say(label)], [1], [(name(each),) for each in lines[:LINES]])
        if (more := len(lines) - LINES) > 0:
            yield Note(say("And {n} more.", n=grouped(more)))
