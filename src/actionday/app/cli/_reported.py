"""``actionday export CASE report``: the intake report, as HTML or PDF/A."""

import sys
from pathlib import Path

import click

from actionday.app.cli._caveats import code_of, say_caveats
from actionday.app.cli._common import counted, printable, say_json, unlogged
from actionday.app.cli._exported import differing

REPORT = "report"


def report(
    case: Path,
    form: str | None,
    out: Path | None,
    query: str | None,
    language: str,
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Write the report and say what was written; return the exit code. Raises UsageError."""
    from actionday.access.caveats import caveats
    from actionday.exchange import reported
    from actionday.model import UsageError
    from actionday.storage.case import Case

    if query is not None:
        raise UsageError("a query chooses items or texts: a report is of the whole case")
    to = None if out is None or str(out) == "-" else out
    wanted = reported.form_of(to, form)
    if to is None and sys.stdout.isatty():
        raise UsageError("a report goes into a file, not to a terminal: name one with -o")
    opened = Case.open(case)
    try:
        said = caveats(opened)
        if to is None:
            given = reported.report(opened, wanted, language, sys.stdout.buffer)
            sys.stdout.flush()
        else:
            given = reported.report_to(opened, wanted, language, to, force=force)
        if to is not None and as_json:
            told = {
                "kind": REPORT,
                "format": wanted,
                "language": language,
                "file": str(to),
                "bytes": given.size,
            }
            differs = {"sha256": given.sha256, "differing": given.differing, "differs": list(given.said)}
            say_json({**told, **differs, **said.as_data(), "logged": not opened.readonly})
        elif to is not None:
            written = counted(given.size, "byte")
            click.echo(f"{written} written to {printable(str(to))}, SHA-256 {given.sha256}")
        if to is None or not as_json:
            unlogged(opened, "export")
            say_caveats(said)
    finally:
        opened.close()
    return differing(given.differing, given.said) or code_of(said)
