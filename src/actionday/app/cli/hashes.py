"""``actionday hashes import``."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from actionday.app.cli._common import (
    CASE,
    Command,
    counted,
    grouped,
    json_option,
    printable,
    say_json,
    seconds_of,
    size_of,
)

if TYPE_CHECKING:
    from actionday.app.cli._progress import Rows
    from actionday.exchange.hash_import import Imported, Moment

SAID_BAD = 20
"""Bad rows named on the terminal; ``--json`` has the first hundred."""
MEANS = {
    "good": "what has one of these hashes is then listed, hashed and found by its name, and not read (known_good)",
    "bad": "what has one of these hashes is read as everything is, and its item names the set (known_hash)",
}


@click.group()
def command() -> None:
    """Take sets of known hashes into a case: of files that need not be read, or that are sought.

    \b
    Example:
      actionday hashes import case RDS_2026.03.1_modern_minimal.db
    """


@command.command("import", cls=Command)
@CASE
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", default="", help="Name of the set; else that of its format, or of the file.")
@click.option(
    "--kind",
    type=click.Choice(["good", "bad"]),
    default=None,
    help="good: such files are not read. bad: they are sought. Else as the format is for.",
)
@json_option
def import_(case: Path, file: Path, name: str, kind: str | None, as_json: bool) -> int:
    """Import the hashes in FILE into CASE: NSRL RDS 2 (text, zip) or 3 (SQLite), Project VIC or CAID JSON, or lists.

    NSRL is good unless --kind says otherwise; Project VIC, CAID and plain lists are bad, and nothing that a set calls
    bad is left unread, whatever another calls it. A row is kept by its strongest hash (SHA-256, SHA-1, MD5). Sets
    count from the next ingest on: what was ingested before stays as it is. An import that was cut off is gone on with
    by the same command; the same file is not imported twice (exit code 0). Exit code 1 when rows gave no hash (they are
    named and counted, all others are imported), 2 when FILE is no such list or another process writes the case.

    \b
    Example:
      actionday hashes import case NSRLFile.txt
      actionday hashes import case sought.csv --kind bad --name "Kestrel, list of 12 May"
    """
    from actionday.app.cli._progress import once_a_second, shown
    from actionday.exchange.hash_import import Pace, import_set
    from actionday.storage.case import Case

    opened = Case.open(case)
    pace, begun = Pace(), time.monotonic()
    try:
        with shown(_line, _rows, as_json=as_json) as to, once_a_second(pace.moment, to):
            found = import_set(opened, file, name, kind or "", pace)
    finally:
        opened.close()
    seconds = time.monotonic() - begun
    if as_json:
        say_json({**found._asdict(), "seconds": round(seconds, 3)})
    else:
        for line in _told(found, seconds):
            click.echo(line)
    return 1 if found.bad and not found.already else 0


def _line(moment: "Moment") -> str:
    """Return a moment of an import as a line."""
    if moment.stage != "reading":
        return f"hashes: {moment.stage}, {seconds_of(moment.seconds)} so far"
    return f"hashes: {counted(moment.rows, 'row')} read, {grouped(round(moment.rate))} a second"


def _rows(moment: "Moment") -> "Rows":
    """Return what a terminal shows of a moment of an import."""
    read = (("rows", grouped(moment.rows)), ("rate", f"{grouped(round(moment.rate))} a second"))
    return (("hashes", moment.stage), ("so far", seconds_of(moment.seconds)), *(read if moment.rows else ()))


def _told(found: "Imported", seconds: float) -> Iterator[str]:
    """Yield what was imported, what was not, and from when on it counts."""
    named = printable(f"{found.name} {found.version}".strip())
    rows = ", ".join(
        f"{grouped(count)} {name.upper().replace('SHA', 'SHA-')}" for name, count in found.rows.items()
    )
    if found.already:
        yield f"This file is set {found.number} of the case already ({named}, known {found.kind}): nothing was done"
        return
    if found.dropped:
        yield f"An import of {printable(found.dropped)} that was cut off is given up; nothing of it is in the case"
    if found.resumed:
        yield f"Gone on with behind {counted(found.resumed, 'row')} that an import which was cut off had read"
    yield f"Set {found.number} of the case: {named}, known {found.kind}: {rows}"
    rate = grouped(round((found.read - found.resumed) / seconds))
    yield f"  {counted(found.read, 'row')} read in {seconds_of(seconds)}, {rate} a second"
    yield f"  each hash is kept once: {size_of(found.size)} in the case's hashes/"
    if found.bad:
        yield f"  {counted(sum(found.bad.values()), 'row')} gave no hash:"
        yield from (f"    {grouped(count)}: {printable(why)}" for why, count in sorted(found.bad.items()))
        yield "  the first of them:"
        yield from (f"    {where}: {printable(why)}" for where, why in found.first_bad[:SAID_BAD])
    yield f"It counts from the next ingest on: {MEANS[found.kind]}. What was ingested before stays as it is"
