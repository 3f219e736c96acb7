"""``actionday case create`` and ``actionday case secret``."""

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote
from typing import BinaryIO

import click

from actionday.app.cli._common import CASE, Command, counted, grouped, json_option, printable, say_json

LONGEST_FACT = 2000
"""Characters of a fact: a purpose is some sentences."""


@click.group()
def command() -> None:
    """Create a case: a folder with its authority, legal basis and retention date; give it passwords.

    \b
    Example:
      actionday case create case --name "Kestrel" --authority "AN" --country ES \\
        --legal-basis "order 12/2026" --retain-until 2031-12-31
    """


@command.command(cls=Command)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Name of the case.")
@click.option("--authority", required=True, help="Who leads it.")
@click.option("--country", required=True, help="ISO 3166-1 alpha-2 code of the authority's country.")
@click.option("--legal-basis", required=True, help="Order, article or warrant it rests on.")
@click.option("--retain-until", required=True, help="Last day the case may be kept, YYYY-MM-DD.")
@click.option("--purpose", default="", help="What it is for.")
@json_option
def create(
    folder: Path,
    name: str,
    authority: str,
    country: str,
    legal_basis: str,
    retain_until: str,
    purpose: str,
    as_json: bool,
) -> None:
    """Create a case in FOLDER, which must be empty or not exist. Exit code 2 when it cannot be.

    A name, an authority, a legal basis or a purpose without a letter or digit, a country that ISO 3166-1 does not
    know and a last day that is past are refused: they are what the lawfulness of the case rests on.

    \b
    Example:
      actionday case create case --name "Kestrel" --authority "AN" --country ES \\
        --legal-basis "order 12/2026" --retain-until 2031-12-31
    """
    from actionday.storage.case import Case

    facts = {
        "name": _said("--name", name),
        "authority": _said("--authority", authority),
        "country": _country(country),
        "legal_basis": _said("--legal-basis", legal_basis),
        "retain_until": _until(retain_until),
        "purpose": _said("--purpose", purpose) if purpose else "",
    }
    case = Case.create(folder, facts)
    case.close()
    if as_json:
        say_json({"case": str(folder), **facts})
    else:
        for line in _told(folder, facts):
            click.echo(line)


@command.command(cls=Command)
@CASE
@click.option(
    "--file",
    "file",
    required=True,
    type=click.File("rb"),
    help="A password, key or passphrase a line; - for stdin.",
)
@json_option
def secret(case: Path, file: BinaryIO, as_json: bool) -> None:
    """Give CASE passwords, keys and passphrases that were found or handed over; each is tried where one is needed.

    One a line, as it is typed, a blank at its end included; a key in bytes as hex:00ff. They are kept in the case,
    which opens its evidence for whoever may read it; the ledger records how many came, and a digest, never a secret.
    An exhibit that is taken in from now on is opened by them. Exit code 2 for a file with none.

    \b
    Example:
      actionday case secret case --file passwords.txt
    """
    from actionday.pipeline.passphrases import give
    from actionday.storage.case import Case

    opened = Case.open(case)
    try:
        told = give(opened, file.read(), file.name)
    finally:
        opened.close()
    if as_json:
        say_json({"case": str(case), **told._asdict()})
    else:
        click.echo(f"{counted(told.added, 'secret')} added, {grouped(told.known)} known already: "
                   f"the case has {counted(told.secrets, 'secret')}.")  # fmt: skip
        for name, count in told.closed.items():
            click.echo(f"{printable(name)}: {counted(count, 'item')} encrypted, taken in before: to open them, ingest "
                       "it again with another --exhibit")  # fmt: skip


def _told(folder: Path, facts: Mapping[str, str]) -> Iterator[str]:
    """Yield what was recorded, a fact a line, and the command that comes next, as it can be typed."""
    yield f"Case created in {printable(str(folder))}. Recorded in its ledger:"
    for name, value in facts.items():
        yield f"  {name.replace('_', ' '):12}  {printable(value) or 'not given'}"
    yield f"To take an exhibit into it: actionday ingest {printable(quote(str(folder)))} /evidence/S-01.E01"


def _said(option: str, value: str) -> str:
    """Return a fact that says something: one without a letter or a digit names nobody and nothing."""
    from actionday.model.stated import stated

    if "\n" in value or "\t" in value:
        raise click.BadParameter("is more than one line", param_hint=option)
    return stated(option, value, LONGEST_FACT)


def _country(code: str) -> str:
    from actionday.model.country import COUNTRIES, MEANT

    found = code.upper()
    if not code.isascii() or found not in COUNTRIES:
        near = f": write {MEANT[found]}" if found in MEANT else ""
        raise click.BadParameter(f"{code!r} is no ISO 3166-1 alpha-2 code{near}", param_hint="--country")
    return found


def _until(day: str) -> str:
    try:
        until = datetime.date.fromisoformat(day)
    except ValueError as error:
        raise click.BadParameter(f"{day!r} is no date (YYYY-MM-DD)", param_hint="--retain-until") from error
    if until < datetime.datetime.now(datetime.UTC).date():
        raise click.BadParameter(
            f"{until.isoformat()} is in the past: the case could not be kept for a day",
            param_hint="--retain-until",
        )
    return until.isoformat()
