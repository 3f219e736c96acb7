"""The part of a report about each exhibit: its files with their hashes, the imager's hash against ours, its balance."""

from collections.abc import Iterator, Mapping
from typing import Any

from actionday.access.exhibits import Compared, Exhibit, Source, exhibits
from actionday.access.images import imaged
from actionday.access.missing import IMAGED, Missing
from actionday.access.provenance import provenance
from actionday.access.tally import read_without_a_disk
from actionday.exchange.report._page import (
    Block,
    Facts,
    Note,
    Section,
    Table,
    Text,
    Value,
    code,
    name,
    said,
    visible,
)
from actionday.exchange.report._words import Say
from actionday.model.counted import grouped
from actionday.model.times import stamp
from actionday.storage.case import Case
from actionday.storage.database.accounts import Account, Accounts
from actionday.storage.database.balance import Balance

OF_DISK = (
    "A disk: its free space, what is left of the last block of files, and the tables of its file systems "
    "as bytes are not read unless items of their own say so."
)
HASHES = {"sha256": "SHA-256", "sha1": "SHA-1", "md5": "MD5"}
MOST_SOURCES = 2000
"""Files of one exhibit that are named with their hashes; a disk of 2 TB has some thousand segments."""
MOST_NOTED = 60


class _Counts:
    """The figures of ``accounts`` as ``exhibits`` asks for them."""

    def __init__(self, found: Accounts, numbers: Mapping[str, int], without: Mapping[int, int]) -> None:
        self._without = without
        self._of = {numbers[each.exhibit]: each for each in found.exhibits if each.exhibit in numbers}

    def balance(self, exhibit: int | None = None) -> Balance:
        return self._of[exhibit or 0].balance

    def losses(self, exhibit: int) -> int:
        return sum(self._of[exhibit].losses.values())

    def degraded(self, exhibit: int) -> int:
        return self._without.get(exhibit, 0)


def of_exhibits(case: Case, found: Accounts, say: Say) -> Iterator[Section]:
    """Yield a section for all of them, and one for each in the order of acquisition."""
    numbers = dict(case.database.execute("SELECT id, number FROM exhibits"))
    listed = exhibits(case.database, _Counts(found, numbers, read_without_a_disk(case.database)))
    by_name = {each.exhibit: each for each in found.exhibits}
    heads = [
        say("Exhibit"),
        say("Found"),
        say("Parsed"),
        say("Known good"),
        say("Skipped"),
        say("Failed"),
        say("Losses"),
    ]
    rows = [(name(each.id), *_figures(by_name[each.id])) for each in listed]
    blocks: list[Block] = (
        [Table(heads, [4, 2, 2, 2, 2, 2, 2], rows)] if rows else [Note(say("There is no exhibit."))]
    )
    yield Section(Text(say("The exhibits"), "said"), 1, blocks)
    for each in listed:
        yield Section(Text(each.id, "name"), 2, list(_blocks(case, each, by_name[each.id], say)))


def _figures(account: Account) -> tuple[Value, ...]:
    one = account.balance
    counts = (one.found, one.parsed, one.known_good, one.skipped, one.failed, sum(account.losses.values()))
    return tuple(code(grouped(count)) for count in counts)


def _blocks(case: Case, each: Exhibit, account: Account, say: Say) -> Iterator[Block]:
    yield Facts(list(_facts(case, each, account, say)))
    if not account.complete:
        yield Note(say("NOT gone through to its end: the figures are those so far."), True)
    if not account.balance.adds_up:
        yield Note(say("The balance DOES NOT ADD UP."), True)
    yield Table(
        [say("File"), say("Bytes"), say("Hashes")],
        [4, 2, 12],
        [_source(one, say) for one in each.sources[:MOST_SOURCES]],
    )
    if (more := len(each.sources) - MOST_SOURCES) > 0:
        yield Note(say("Further files: {n}; `actionday show` of the exhibit names each.", n=grouped(more)))
    yield from _imager(each, say)
    yield from _within(case, each, say)
    if each.degraded:
        count = grouped(each.degraded)
        yield Note(
            say(
                "Arrays read without a disk that is missing: {n}. What it held is read from the others.",
                n=count,
            )
        )
    if account.losses:
        rows = [(code(key), code(grouped(number))) for key, number in account.losses.items()]
        yield Table([say("Losses by code"), say("Lines")], [3, 1], rows)
    if account.disk:
        yield Note(say(OF_DISK))


def _facts(case: Case, each: Exhibit, account: Account, say: Say) -> Iterator[tuple[str, Value]]:
    yield say("State"), code(each.state)
    yield say("Bytes"), code(grouped(each.size))
    origin = provenance(case.database, each.number)
    if origin and origin.entry and origin.entry.entry:
        yield say("Acquired at"), code(stamp(origin.entry.entry.time))
        yield say("Acquired by"), name(origin.entry.entry.actor)
        yield say("Entry of the ledger"), code(grouped(origin.entry.number))
    if origin and origin.version:
        yield say("Acquired with"), code(f"Actionday {origin.version}")
    if account.files_counted:
        yield (
            say("Of its files counted as items"),
            code(f"{grouped(account.files_counted)} / {grouped(account.files)}"),
        )
    if each.root is not None and each.root.reason:
        yield say("Said of it as a whole"), name(f"{each.root.status}: {each.root.reason}")
    yield from _lost(each.missing, say)


def _lost(lost: Missing | None, say: Say) -> Iterator[tuple[str, Value]]:
    if lost:
        part = say("{n} of {of} B", n=grouped(lost.bytes), of=grouped(lost.of))
        yield say("Of the disk cannot be had, and is not in the case"), said(f"{part} ({lost.share})")


def _source(one: Source, say: Say) -> tuple[Value, ...]:
    hashes = code(*(f"{HASHES[key]} {value}" for key in HASHES if (value := getattr(one, key))))
    if not hashes:
        hashes = said(say("a folder: each file has its own hash") if one.folder else say("not hashed yet"))
    file = name(one.path) if one.named else (*name(one.path), Text(say("found beside, not named"), "said"))
    return file, code("" if one.folder else grouped(one.size)), hashes


def _imager(each: Exhibit, say: Say) -> Iterator[Block]:
    noted = each.acquisition.get(IMAGED)
    if each.compared:
        yield _hashes([(name(each.id), one) for one in each.compared], say)
    elif isinstance(noted, dict):
        yield Note(
            say("Its imager noted no hash of the disk.")
            if not each.hash_unknown
            else say("What hash its imager noted is not known.")
        )
    if isinstance(noted, dict):
        kept = {key: value for key, value in noted.items() if value not in (None, "") and key not in HASHES}
        rows = [(visible_key(key), name(_plain(value))) for key, value in list(kept.items())[:MOST_NOTED]]
        if rows:
            yield Table(
                [say("Noted by the imager"), say("In its words")],
                [1, 2],
                [(name(key), value) for key, value in rows],
            )


def visible_key(key: object) -> str:
    """Return the name of a fact as words."""
    return str(key).replace("_", " ")


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _hashes(rows: list[tuple[Value, Compared]], say: Say) -> Table:
    heads = [say("Disk"), say("Outcome"), say("Hash that the imager noted, and ours of the same bytes")]
    return Table(heads, [4, 2, 12], [(what, said(_outcome(one, say)), _pair(one)) for what, one in rows])


def _outcome(one: Compared, say: Say) -> str:
    if one.why:
        return say("not to be compared")
    return say({True: "the same", False: "DIFFERS", None: "not compared yet"}[one.equal])


def _pair(one: Compared) -> Value:
    label = HASHES.get(one.algorithm, one.algorithm)
    ours = (Text(f"{label} {one.ours}", "code"),) if one.ours else ()
    return (*code(visible(f"{label} {one.stored}")), *ours, *(name(one.why) if one.why else ()))


def _within(case: Case, each: Exhibit, say: Say) -> Iterator[Block]:
    found = imaged(case.database, each.number)
    rows = [(name(image.path), one) for image in found.images for one in image.compared]
    if rows:
        yield _hashes(rows, say)
    for image in found.images:
        if image.missing:
            yield Facts([*((say("Image"), name(image.path)),), *_lost(image.missing, say)])
    if found.more:
        yield Note(
            say(
                "Further images: {n}; with another hash than the imager noted: {bad}.",
                n=grouped(found.more),
                bad=grouped(found.more_differing),
            ),
            found.more_differing > 0,
        )
