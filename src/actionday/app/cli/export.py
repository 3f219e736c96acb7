"""``actionday export``."""

import sys
from pathlib import Path

import click

from actionday.app.cli._common import CASE, json_option, say_json, unlogged


@click.command()
@CASE
@click.argument("kind")
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", help="Format of the rows."
)
@click.option(
    "-o",
    "out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="File to write; - or nothing: stdout.",
)
@click.option("--force", is_flag=True, help="Write over a FILE that is there.")
@json_option
def command(case: Path, kind: str, form: str, out: Path | None, force: bool, as_json: bool) -> None:
    """Write KIND (items, texts, issues, ledger) of CASE, one row a line; the export is recorded in the ledger.

    \b
    Example:
      actionday export case items -o items.jsonl
    """
    from actionday.exchange.export import export, export_to
    from actionday.storage.case import Case

    opened = Case.open(case)
    try:
        if out is None or str(out) == "-":
            export(opened, kind, form, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            unlogged(opened, "export")
            return
        rows = export_to(opened, kind, form, out, force=force)
    finally:
        opened.close()
    if as_json:
        logged = not opened.readonly
        say_json({"kind": kind, "format": form, "rows": rows, "file": str(out), "logged": logged})
    else:
        click.echo(f"{rows} rows written to {out}")
        unlogged(opened, "export")
