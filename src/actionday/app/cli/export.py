"""``actionday export``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from actionday.app.cli._caveats import code_of, say_caveats
from actionday.app.cli._common import (
    CASE,
    Command,
    Terminal,
    counted,
    json_option,
    printable,
    say_json,
    unlogged,
)
from actionday.app.cli._exported import differing
from actionday.app.cli._query import answered, check_language
from actionday.app.cli._reported import REPORT, report
from actionday.app.cli._unsearched import in_part, undated, unhashed, unlisted, unsearched

if TYPE_CHECKING:
    from actionday.access.found import FoundItems
    from actionday.storage.case import Case

OF_ALL = ("ledger",)
"""Kinds of row that an interrupted ingest leaves whole."""


@click.command(cls=Command)
@CASE
@click.argument("kind")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "html", "pdf"]),
    help="Format of the rows (jsonl), or of a report (as FILE ends).",
)
@click.option(
    "-o",
    "--out",
    "out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="File to write; - or nothing: stdout.",
)
@click.option("--query", help="Only the items that a search for this finds, or their texts: all of them.")
@click.option("--lang", help="Only of texts in this language, as of a search; of a report its own: en, ar.")
@click.option("--force", is_flag=True, help="Write over a FILE that is there.")
@json_option
def command(
    case: Path, kind: str, form: str | None, out: Path | None, query: str | None, lang: str | None, force: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Write KIND (items, texts, issues, ledger) of CASE, one row a line, or its report; recorded in the ledger.

    The intake report (KIND report) says for people, as PDF/A or HTML, what the case holds, what was not examined and
    why, who did what, and what the last `verify` found.

    With --query, in single quotes, items and texts are those that `search` finds, every one. Exit code 2 for a
    malformed query, with nothing written; 1 where something is not as it was stored or signed: it is named, the
    text is left out of its row, and everything else is written; and while the last `verify` differed.

    \b
    Example:
      actionday export case items -o items.jsonl
      actionday export case texts --query '"radio schedule" OR إذاعة' -o schedules.jsonl
      actionday export case report -o report.pdf --lang ar
    """
    from actionday.access.caveats import caveats
    from actionday.exchange.export import export, export_to
    from actionday.storage.case import Case

    if kind == REPORT:
        return report(case, form, out, query, lang or "en", force=force, as_json=as_json)
    form = form or "jsonl"
    check_language(lang)
    opened = Case.open(case)
    try:
        found = _found(opened, kind, query, lang)
        said = caveats(opened)
        said = said._replace(unfinished=None) if kind in OF_ALL else said
        if out is None or str(out) == "-":
            out_to = Terminal() if sys.stdout.isatty() else sys.stdout.buffer
            written = export(opened, kind, form, out_to, found)
            sys.stdout.flush()
            unlogged(opened, "export")
            _say_missing(found)
            say_caveats(said)
            return differing(written.differing, written.said) or code_of(said)
        written = export_to(opened, kind, form, out, force=force, found=found)
    finally:
        opened.close()
    if as_json:
        asked = found.as_data() if found else {}
        told = {
            "kind": kind,
            "format": form,
            "rows": written.rows,
            "file": str(out),
            "sha256": written.sha256,
        }
        differs = {"differing": written.differing, "differs": list(written.said)}
        say_json({**told, **asked, **differs, **said.as_data(), "logged": not opened.readonly})
    else:
        rows = counted(written.rows, "row")
        click.echo(f"{rows} written to {printable(str(out))}, SHA-256 {written.sha256}")
        unlogged(opened, "export")
        _say_missing(found)
        say_caveats(said)
    return differing(written.differing, written.said) or code_of(said)


def _say_missing(found: "FoundItems | None") -> None:
    """Say on stderr what the query of an export could not find."""
    if found:
        for sentence in (
            *unsearched(found.unsearched),
            *in_part(found.in_part),
            *unhashed(found.unhashed),
            *undated(found.undated),
            *unlisted(found.unlisted),
        ):
            click.echo(sentence, err=True)


def _found(case: "Case", kind: str, query: str | None, lang: str | None) -> "FoundItems | None":
    """Return what a query chooses, None where nobody asked for less than everything."""
    from actionday.access.found import find
    from actionday.exchange.export import check_searchable

    within = f"lang:{lang}" if lang else ""
    if query is None and not within:
        return None
    check_searchable(kind)
    with answered():
        return find(case, within) if query is None else find(case, query, within)
