"""``actionday bundle``."""

from pathlib import Path

import click

from actionday.app.cli._common import CASE, Command, counted, json_option, printable, say_json, size_of
from actionday.app.cli._query import answered


@click.command(cls=Command)
@CASE
@click.option(
    "-o", "out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write."
)
@click.option("--reason", required=True, help="Why, and for whom: it stands in the ledger and in the bundle.")
@click.option(
    "--item", "items", multiple=True, metavar="ITEM", help="An item by id, EXHIBIT/PATH or SHA-256."
)
@click.option("--query", default="", help="All items that a search for this finds.")
@click.option("--exhibit", "exhibits", multiple=True, metavar="ID", help="All items of an exhibit.")
@click.option("--force", is_flag=True, help="Write over a FILE that is there.")
@json_option
def command(
    case: Path,
    out: Path,
    reason: str,
    items: tuple[str, ...],
    query: str,
    exhibits: tuple[str, ...],
    force: bool,
    as_json: bool,
) -> int:
    """Give items of CASE out in one file: rows, texts, bytes, and the entries of the ledger that concern them, proved.

    `actionday verify --bundle FILE` proves it anywhere, with nothing but this program. Without --item, --query or
    --exhibit it holds every item of the case. Nothing is given out that is not as it was taken in: exit code 1. What
    has no bytes that can be had is in it by its row, and named; exit code 1.

    \b
    Example:
      actionday bundle case -o for-the-court.bundle --item S-02/etc/icecast.xml --reason "order 12/2026, court of N"
    """
    from actionday.exchange._chosen import choose
    from actionday.exchange.bundle import bundle
    from actionday.storage.case import Case

    opened = Case.open(case)
    try:
        with answered():
            choose(opened, items, query, exhibits)
        made = bundle(opened, out, reason, query, force=force)
    finally:
        opened.close()
    if as_json:
        say_json({"file": str(out), **made._asdict()})
    else:
        held = f"{counted(made.contents, 'content')} ({size_of(made.bytes)})"
        entries = counted(made.entries, "entry", "entries")
        click.echo(
            f"{counted(made.items, 'item')}, {held}, {entries} of the ledger written to {printable(str(out))}"
        )
        click.echo(f"SHA-256 {made.sha256}")
        for sentence in made.without:
            click.echo(f"without its bytes: {printable(sentence)}", err=True)
    return 1 if made.without else 0
