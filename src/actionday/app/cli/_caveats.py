"""What has to be said with every answer, in sentences: what is missing in a case, and that it is not as recorded."""

from typing import TYPE_CHECKING

import click

from actionday.app.cli._common import grouped, printable

if TYPE_CHECKING:
    from actionday.access.caveats import Caveats
    from actionday.access.differing import Differing
    from actionday.access.unfinished import Unfinished

MOST_NAMED = 3
LONGEST_FIRST = 300
"""Characters of what differs: it is one line beside an answer, and ``verify`` tells all of it."""


def say_caveats(found: "Caveats") -> None:
    """Say on stderr what of the case is missing, and that it is not as it was recorded; nothing where neither is so."""
    if found.unfinished is not None:
        click.echo(missing(found.unfinished), err=True)
    if found.differing is not None:
        click.echo(altered(found.differing), err=True)
    if found.ledger:
        click.echo(cut(found.ledger), err=True)


def code_of(found: "Caveats") -> int:
    """Return the exit code of an answer that is whole in itself: 1 where the case was not as it was recorded."""
    return 1 if found.differing is not None or found.ledger else 0


def cut(ledger: str) -> str:
    """Return that the ledger does not end as it was signed, and what that means."""
    return (
        f"NOT AS RECORDED: {printable(ledger)}: entries of the ledger were taken away, added or changed. What is given "
        "here may not be what was taken in; actionday verify CASE names what differs."
    )


def altered(found: "Differing") -> str:
    """Return what the last proof found, and what that means for an answer."""
    first = printable(found.first)
    if len(first) > LONGEST_FIRST:
        first = f"{first[:LONGEST_FIRST]}…"
    if not found.time:
        return (
            f"NOT AS RECORDED: {first}, and may have been the last verification. What is given here may not be what "
            "was taken in; actionday verify CASE names what differs."
        )
    where = "not in the ledger" if found.entry is None else f"entry {found.entry} of the ledger"
    return (
        f"NOT AS RECORDED: the verification of {found.time} ({where}) found a difference: "
        f"{first}. What is given here may not be what was taken in; actionday verify CASE names what differs."
    )


def missing(found: "Unfinished") -> str:
    """Return what is not taken in yet, and what that means for an answer."""
    since = f"the intake that began {found.since}" if found.since else "the intake"
    if found.state == "running":
        end = f"{since} is going on. What it has not stored yet is missing here"
    else:
        end = f"{since} did not come to its end. What is left is missing here; the same ingest again goes on with it"
    left = f"{_named(found.exhibits)} not wholly taken in; " if found.exhibits else ""
    return f"NOT COMPLETE: {left}{end}."


def _named(exhibits: tuple[str, ...]) -> str:
    names = ", ".join(map(printable, exhibits[:MOST_NAMED]))
    if len(exhibits) > MOST_NAMED:
        names += f" and {grouped(len(exhibits) - MOST_NAMED)} more"
    return f"exhibit {names} is" if len(exhibits) == 1 else f"exhibits {names} are"
