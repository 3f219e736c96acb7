"""``actionday case create``."""

import datetime
from pathlib import Path

import click

from actionday.app.cli._common import json_option, say_json


@click.group()
def command() -> None:
    """Create a case: a folder with its authority, legal basis and retention date.

    \b
    Example:
      actionday case create case --name "Kestrel" --authority "AN" --country ES \\
        --legal-basis "order 12/2026" --retain-until 2031-12-31
    """


@command.command()
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

    \b
    Example:
      actionday case create case --name "Kestrel" --authority "AN" --country ES \\
        --legal-basis "order 12/2026" --retain-until 2031-12-31
    """
    from actionday.storage.case import Case

    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise click.BadParameter(f"{country!r} is no ISO 3166-1 alpha-2 code", param_hint="--country")
    try:
        until = datetime.date.fromisoformat(retain_until)
    except ValueError as error:
        raise click.BadParameter(
            f"{retain_until!r} is no date (YYYY-MM-DD)", param_hint="--retain-until"
        ) from error
    if until < datetime.datetime.now(datetime.UTC).date():
        click.echo(
            f"warning: --retain-until {until.isoformat()} is past: the case may not be kept even today",
            err=True,
        )
    facts = {
        "name": name,
        "authority": authority,
        "country": country.upper(),
        "legal_basis": legal_basis,
        "retain_until": until.isoformat(),
        "purpose": purpose,
    }
    case = Case.create(folder, facts)
    case.close()
    if as_json:
        say_json({"case": str(folder), **facts})
    else:
        click.echo(f"Case {name!r} created in {folder}. Next: actionday ingest {folder} SOURCE")
