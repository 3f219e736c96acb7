"""Options and words that commands share."""

import codecs
import json
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from actionday.storage.case import Case

JOINERS = "\u200c\u200d"
PAGE = 100
"""Columns of a page of a report, at 10 points on A4."""
INDENT = "    "
Function = TypeVar("Function", bound=Callable[..., Any])
Shown = Callable[[str], str]
"""What becomes of a text out of evidence where it is shown: ``printable`` on a terminal, itself in JSON."""

DASH = "(a query that begins with a dash stands in double quotes within the single ones: '\"-word\"')"
CASE = click.argument("case", type=click.Path(path_type=Path, file_okay=False))


class Command(click.Command):
    """Refuses an option or a path that is given and empty: click would take an empty path for the folder one is in."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as click does. Raises BadParameter."""
        try:
            given, _, order = self.make_parser(ctx).parse_args(args=list(args))
        except click.NoSuchOption as error:
            if any(each.name == "words" for each in self.params):
                raise click.UsageError(f"{error.format_message().rstrip('.')} {DASH}", ctx) from error
            raise
        for each in order:
            value = given.get(each.name or "")
            values = value if isinstance(value, list | tuple) else [value]
            if each.name == "query":  # the grammar says what is missing in one, as `search` does
                continue
            named = isinstance(each, click.Option) or isinstance(each.type, click.Path)
            if named and any(isinstance(one, str) and not one.strip() for one in values):
                raise click.BadParameter("is empty: give it a value, or leave it out", ctx, each)
        return super().parse_args(ctx, args)


def json_option(function: Function) -> Function:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON; errors too, on stderr.")(
        function
    )


def say_json(value: object) -> None:
    """Print a value as one line of JSON; in an encoding that does not hold all characters, with JSON's escapes."""
    whole = codecs.lookup(sys.stdout.encoding or "utf-8").name.startswith("utf")
    click.echo(escaped(json.dumps(value, ensure_ascii=not whole, default=str)))


def escaped(text: str) -> str:
    """Return JSON or CSV as a terminal may show it: what would move, colour or turn it is escaped as in JSON."""
    if text.isprintable():  # nearly all of JSON, which is one line
        return text
    return "".join(
        c
        if c in "\n\t" or c.isprintable() or c in JOINERS or unicodedata.category(c) == "Zs"
        else json.dumps(c)[1:-1]
        for c in text
    )


class Terminal:
    """Takes the rows of an export that goes to a terminal, and shows them ``escaped``."""

    def write(self, rows: bytes) -> int:
        """Show whole rows."""
        click.echo(escaped(rows.decode("utf-8", "replace").replace("\r\n", "\n")), nl=False)
        return len(rows)


def unlogged(case: "Case", act: str) -> None:
    """Say where a case is read-only that what was given is not recorded in it."""
    if case.readonly:
        click.echo(f"The case is read-only: this {act} was not logged.", err=True)


def printable(text: str) -> str:
    """Return text out of evidence as a terminal may show it: what would move, colour or turn it is named instead.

    Joiners stay: words of Persian and the scripts of India are spelt with them.
    """
    return "".join(c if c.isprintable() or c in JOINERS else f"<U+{ord(c):04X}>" for c in text)


def told(text: str) -> str:
    """Return a sentence that may hold names out of evidence as ``printable`` does, figures of ours as they are."""
    from actionday.model.counted import thin

    kept = thin(text)
    return (
        "".join(c if at in kept else printable(c) for at, c in enumerate(text)) if kept else printable(text)
    )


def wrapped(line: str) -> str:
    """Return a line of at most ``PAGE`` columns each; where one goes on it is indented, in place of one blank.

    No word is broken: a path or a hash that is longer stands on a line of its own, whole. Each line without its indent
    and with one blank before it gives the line again.
    """
    first, *words = line.split(" ")
    lines, length = [[first]], len(first)
    for word in words:
        if length + 1 + len(word) > PAGE:
            lines.append([word])
            length = len(INDENT) + len(word)
        else:
            lines[-1].append(word)
            length += 1 + len(word)
    return f"\n{INDENT}".join(" ".join(each) for each in lines)


def readable(text: str) -> str:
    """Return a text of several lines as a terminal may show it; lines, tabs and blanks of every width stay."""
    return "".join(
        c
        if c in "\n\t" or c.isprintable() or c in JOINERS or unicodedata.category(c) == "Zs"
        else printable(c)
        for c in text
    )


def grouped(count: int) -> str:
    """Return a number with its thousands parted, as the model has it: loaded when it is needed, not for help."""
    from actionday.model.counted import grouped as parted

    return parted(count)


def counted(count: int, word: str, plural: str = "") -> str:
    """Return a number with what it counts, its thousands parted."""
    from actionday.model.counted import parted

    return parted(count, word, plural)


def share_of(share: float | None) -> str:
    """Return a share in percent, or that nobody knows it yet; never 100 % before everything is done."""
    return "not known yet" if share is None else f"{int(100 * share)} %"


def size_of(count: float) -> str:
    """Return bytes in the unit a person reads."""
    for unit in ("B", "KB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def seconds_of(count: float | None) -> str:
    """Return a duration, or that nobody knows it."""
    if count is None:
        return "not known"
    minutes, seconds = divmod(round(count), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes:02d} min"
        if hours
        else f"{minutes} min {seconds:02d} s"
        if minutes
        else f"{seconds} s"
    )
