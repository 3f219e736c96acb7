"""The parts of a report about what was not examined and why, what a secret opened, and what is known by its hash."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from actionday.exchange.report._page import Block, Facts, Note, Section, Table, Text, Value, code, name, said
from actionday.exchange.report._words import Say
from actionday.ledger import LedgerError, vouched
from actionday.model import ActiondayError
from actionday.model.counted import grouped
from actionday.model.times import stamp
from actionday.storage.case import Case
from actionday.storage.database.accounts import Accounts
from actionday.storage.database.unexamined import Reasons, known_good, largest, marked, opened
from actionday.storage.hashes.sets import TELLING, named
from actionday.storage.ledger_store import SqliteLogStore

EVERY = (
    "Every item that was found and not examined, by state and reason. Reasons stand as they were "
    "recorded; sizes are each item's own."
)
IN_BRACKETS = (
    "In brackets: folders, volumes and exhibits that were opened and could not be listed whole; no "
    "balance counts them, and what is in them nobody counted."
)
NAMED_HERE = (
    "Named here: {n} of {total}, the largest first; left out: {left}. `actionday export CASE items` has "
    "every one."
)
FURTHER = "Further reasons: {n}; items: {items}; bytes: {bytes}. `actionday export CASE items` has each."
MOST_REASONS, MOST_NAMED, MOST_OPENED = 200, 1000, 500
"""Named one by one; of what is beyond, the sums are given. ``export items`` has every one."""


def of_unread(told: Mapping[str, Any], found: Accounts, why: Reasons, say: Say) -> Section:
    """Return by state and reason what was not examined, and the codes of the issue log."""
    blocks: list[Block] = [
        Note(say(EVERY)),
        _table(why, say) if why.named else Note(say("Everything that was found was examined.")),
        *_rest(why, say),
    ]
    if found.uncounted:
        blocks.append(Note(say(IN_BRACKETS)))
    for label, codes in (("Losses by code", told["losses"]), ("Remarks by code", told["remarks"])):
        if codes:
            rows = [(code(key), code(grouped(number))) for key, number in codes.items()]
            blocks.append(Table([say(label), say("Lines")], [3, 1], rows))
    cut = told["cut_disks"]
    if cut["disks"]:
        part = say("{n} of {of} B", n=grouped(cut["bytes"]), of=grouped(cut["of"]))
        blocks.append(
            Facts(
                [
                    (say("Disks of which a part cannot be had"), code(grouped(cut["disks"]))),
                    (say("Of the disk cannot be had, and is not in the case"), said(part)),
                ]
            )
        )
    if cut["untold"]:
        blocks.append(
            Facts(
                [(say("Further disks of which nobody can tell how much lacks"), code(grouped(cut["untold"])))]
            )
        )
    return Section(Text(say("What was not examined, and why"), "said"), 1, blocks)


def _table(why: Reasons, say: Say) -> Table:
    heads = [say("Status"), say("Reason"), say("Items"), say("Bytes")]
    rows = []
    for each in why.named:
        status, number = (each.status, grouped(each.number))
        shown = (status, number) if each.counted else (f"({status})", f"({number})")
        rows.append(
            (
                code(shown[0]),
                name(each.reason),
                code(shown[1]),
                _bytes(each.bytes, each.sizeless, each.number, say),
            )
        )
    return Table(heads, [3, 9, 2, 3], rows)


def _bytes(total: int, sizeless: int, number: int, say: Say) -> Value:
    if sizeless == number:
        return said(say("not known"))
    lines = code(grouped(total))
    return (*lines, *said(say("of {n} not known", n=grouped(sizeless)))) if sizeless else lines


def _rest(why: Reasons, say: Say) -> Iterator[Block]:
    if why.others:
        yield Note(
            say(
                FURTHER,
                n=grouped(why.others),
                items=grouped(why.other_items),
                bytes=grouped(why.other_bytes),
            )
        )


def annexe(case: Case, why: Reasons, say: Say) -> Section:
    """Return the largest items that were not examined, by name, and how many are left out."""
    rows = largest(case.database, MOST_NAMED)
    total = sum(each.number for each in why.named) + why.other_items
    heads = [say("Exhibit"), say("Path"), say("Status and reason"), say("Bytes")]
    shown = [
        (
            name(each.exhibit),
            name(each.path) if each.path else said(say("the exhibit as a whole")),
            (Text(each.status if each.counted else f"({each.status})", "code"), *name(each.reason)),
            said(say("not known")) if each.size is None else code(grouped(each.size)),
        )
        for each in rows
    ]
    blocks: list[Block] = [
        Note(
            say(
                NAMED_HERE,
                n=grouped(len(rows)),
                total=grouped(total),
                left=grouped(total - len(rows)),
            )
        )
    ]
    return Section(
        Text(say("Annexe: the largest items that were not examined"), "said"),
        1,
        [*blocks, *([Table(heads, [3, 7, 7, 2], shown)] if shown else [])],
    )


def of_secrets(case: Case, told: Mapping[str, Any], say: Say) -> Section:
    """Return how much is encrypted, and which secret of the case opened what: its number, never the secret."""
    given = int(case.database.execute("SELECT COUNT(*) FROM secrets").fetchone()[0])
    blocks: list[Block] = [
        Facts(
            [
                (say("Items that stay encrypted"), code(grouped(told["by_status"].get("encrypted", 0)))),
                (say("Secrets given to the case"), code(grouped(given))),
            ]
        )
    ]
    every = opened(case.database)
    rows = [
        (
            name(each.exhibit),
            name(each.path) if each.path else said(say("the exhibit as a whole")),
            name(each.what),
            code(grouped(each.secret)),
        )
        for each in islice(every, MOST_OPENED)
    ]
    if rows:
        heads = [say("Exhibit"), say("Path"), say("Encryption"), say("Number of the secret")]
        blocks.append(Table(heads, [3, 8, 2, 2], rows))
    else:
        blocks.append(Note(say("Nothing was opened by a secret.")))
    if more := sum(1 for _ in every):
        blocks.append(Note(say("And {n} more.", n=grouped(more))))
    return Section(Text(say("What is encrypted, and what opened it"), "said"), 1, blocks)


def of_known(case: Case, say: Say) -> Section:
    """Return the sets of known hashes that the case has, and how much of it they called known good or marked."""
    heading = Text(say("Sets of known hashes"), "said")
    try:
        entries = vouched(SqliteLogStore(case.database), TELLING)
        sets = named(entries)
    except (LedgerError, ActiondayError) as error:
        return Section(heading, 1, [Note(f"{say('The ledger cannot be read:')} {error}", True)])
    if not sets:
        return Section(heading, 1, [Note(say("No set of known hashes was imported."))])
    heads = [
        say("Number"),
        say("Name and version"),
        say("Kind"),
        say("Rows"),
        say("Imported at"),
        say("SHA-256 of its file"),
    ]
    rows = []
    for one, each in zip(sets, entries, strict=True):
        counts = each.details.get("rows")
        held = counts.items() if isinstance(counts, dict) else ()
        lines = code(*(f"{key} {grouped(n)}" for key, n in held if isinstance(n, int)))
        rows.append(
            (
                code(grouped(one.number)),
                name(one.called),
                code(one.kind),
                lines,
                code(stamp(each.time)),
                code(one.sha256),
            )
        )
    good = known_good(case.database, MOST_REASONS)
    blocks: list[Block] = [Table(heads, [1.5, 4, 1.5, 4, 4, 6], rows)]
    if good.named:
        blocks += [_table(good, say), *_rest(good, say)]
    else:
        blocks.append(Note(say("No item is known good.")))
    blocks.append(
        Facts(
            [(say("Items that were read and whose hash is in a set"), code(grouped(marked(case.database))))]
        )
    )
    return Section(heading, 1, blocks)
