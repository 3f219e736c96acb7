"""That a case is not wholly taken in, in a sentence: what is missing in it is missing in every answer."""

from typing import TYPE_CHECKING

import click

from actionday.app.cli._common import grouped, printable

if TYPE_CHECKING:
    from actionday.access.unfinished import Unfinished

MOST_NAMED = 3


def say_unfinished(found: "Unfinished | None") -> None:
    """Say on stderr which exhibits are not wholly taken in, since when, and how to go on; nothing where all are."""
    if found is not None:
        click.echo(sentence(found), err=True)


def sentence(found: "Unfinished") -> str:
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
