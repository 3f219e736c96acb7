"""What is said of an export in which something is not as it was stored."""

from collections.abc import Sequence

import click

from actionday.app.cli._common import counted, printable


def differing(number: int, said: Sequence[str]) -> int:
    """Name on stderr what is not as it was stored; return the exit code."""
    for sentence in said:
        click.echo(f"DIFFERS: {printable(sentence)}", err=True)
    if number:
        things = counted(number, "thing is", "things are")
        how = "actionday verify CASE names what differs, and which items it touches"
        click.echo(f"{things} not as stored or signed: {how}", err=True)
    return 1 if number else 0
