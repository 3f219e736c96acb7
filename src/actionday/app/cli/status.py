"""``actionday status``."""

from pathlib import Path

import click

from actionday.app.cli._common import CASE, grouped, json_option, say_json, seconds_of, size_of


@click.command()
@CASE
@json_option
def command(case: Path, as_json: bool) -> None:
    """Say how far CASE is: state, balance, rate, time left, failures by code.

    \b
    Example:
      actionday status case --json
    """
    from actionday.access.status import status
    from actionday.storage.case import Case

    opened = Case.open(case)
    try:
        found = status(opened)
    finally:
        opened.close()
    if as_json:
        say_json(found)
        return
    click.echo(f"state    {found['state']}")
    click.echo(f"found    {grouped(found['found'])}")
    for part in ("parsed", "known_good", "skipped", "failed"):
        click.echo(f"  {part:10} {grouped(found[part])}")
    click.echo(
        f"read     {size_of(found['bytes'])} at {size_of(found['rate'])}/s, left: {seconds_of(found['eta'])}"
    )
    for code, count in found["failures"].items():
        click.echo(f"  {code:20} {grouped(count)}")
