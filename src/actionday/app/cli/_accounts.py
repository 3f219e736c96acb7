"""The lines of a proof about each exhibit: its balance, its losses, what of it and of its disks was not read."""

from typing import TYPE_CHECKING

from actionday.app.cli._common import Shown, counted, grouped
from actionday.app.cli._counting import own_files
from actionday.app.cli._facts import not_read, of_disks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actionday.storage.database.accounts import Account, Accounts, Unread


ALTERED = (
    "of the altered case: its rows are not as they were recorded (see what differs above), so the figures of exhibits, "
    "losses and items that follow are those that stand there now, and no finding of this proof"
)


def lines(accounts: "Accounts | None", shown: Shown = str) -> list[str]:
    """Return the lines, none where the rows could not be asked; ``shown`` is what becomes of names out of evidence."""
    return [] if accounts is None else list(_lines(accounts, shown))


NOTHING = {
    "exhibit": "no exhibit was taken in",
    "item": "no item was found in what was taken in, folders and volumes aside",
    "content": "what was taken in has no byte, or none but zeros",
}


def nothing_in(accounts: "Accounts | None") -> str:
    """Return why there is nothing in a case, "" where there is something, or nobody knows."""
    return "" if accounts is None else NOTHING.get(accounts.nothing, "")


def not_read_of_disks(accounts: "Accounts | None") -> dict[str, object] | None:
    """Return in which exhibits disks were opened and what of them was not read; None where there is none.

    ``open``: the same of those that were not gone through to their end, None where there is none.
    """
    if accounts is None or not (accounts.disks or accounts.open_disks):
        return None
    unfinished = not_read(not_whole=_not_whole(accounts, accounts.open_disks), unfinished=True)
    return {
        "exhibits": list(accounts.disks),
        "what": not_read(not_whole=_not_whole(accounts, accounts.disks)),
        "open": {"exhibits": list(accounts.open_disks), "what": unfinished} if accounts.open_disks else None,
    }


def _lines(accounts: "Accounts", shown: Shown) -> "Iterator[str]":
    for each in accounts.exhibits:
        so_far = "" if each.complete else "NOT gone through to its end: so far "
        own = own_files(each.files, each.files_counted) if each.files_counted else ""  # of most none is
        files = f"; {own}" if own else ""
        yield f"exhibit: {shown(each.exhibit)}: {so_far}{_balance(each)}{files}"
    if accounts.grave:
        yield f"not read, or in part: {_of_grave(accounts)}"
    for one in accounts.grave:
        how = f"{'read in part' if one.in_part else 'not read'}{'' if one.counted else ', not counted'}"
        what = ": ".join(filter(None, (one.exhibit, one.path, one.status, one.reason)))
        yield f"{how}: {shown(what)}{_elsewhere(one, shown)}"
    if accounts.more:
        yield (
            f"not read, or in part: and {grouped(accounts.more)} more: actionday export CASE items names each, with "
            "its reason"
        )
    for names, unfinished in ((accounts.disks, False), (accounts.open_disks, True)):
        if names:
            lacks = _not_whole(accounts, names)
            yield of_disks(", ".join(map(shown, names)), not_whole=lacks, unfinished=unfinished)
    if accounts.unexamined:
        yield f"not examined: {counted(accounts.unexamined, 'byte')} of space that belongs to no file, which waits"


def _elsewhere(one: "Unread", shown: Shown) -> str:
    """Return of a part whose first is no file of its exhibit whether another exhibit has its bytes."""
    if one.also_in is None:
        return ""
    if not one.also_in:
        return "; no file and no item of another exhibit of the case has these bytes"
    opened = "they were opened there" if one.also_opened else "they were not opened there either"
    return f"; exhibit {shown(repr(one.also_in))} has these bytes too, and {opened}"


def _of_grave(accounts: "Accounts") -> str:
    """Return how many are named, in the figures of the balance, and of what it does not count."""
    parts = (
        (accounts.failed, "failed"),
        (accounts.whole, "skipped as a whole"),
        (accounts.uncounted, "not counted (exhibits, volumes and folders that were opened)"),
    )
    said = " + ".join(f"{grouped(number)} {what}" for number, what in parts if number)
    return f"{grouped(len(accounts.grave) + accounts.more)} = {said}"


def _not_whole(accounts: "Accounts", names: tuple[str, ...]) -> bool:
    from actionday.model.loss import disks_not_whole

    asked = set(names)
    return any(disks_not_whole(each.losses) for each in accounts.exhibits if each.exhibit in asked)


def _balance(each: "Account") -> str:
    found = each.balance
    total = sum(each.losses.values())
    codes = ", ".join(f"{grouped(number)} {code}" for code, number in each.losses.items())
    return (
        f"found {grouped(found.found)} = parsed {grouped(found.parsed)} + known good {grouped(found.known_good)} "
        f"+ skipped {grouped(found.skipped)} + failed {grouped(found.failed)}"
        f"{'' if found.adds_up else ' (DOES NOT ADD UP)'}; "
        f"{counted(total, 'loss', 'losses')}{f' ({codes})' if codes else ''}"
    )
