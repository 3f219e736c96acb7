"""Options and words that commands share."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

JOINERS = "\u200c\u200d"
Function = TypeVar("Function", bound=Callable[..., Any])

CASE = click.argument("case", type=click.Path(path_type=Path, file_okay=False))


def json_option(function: Function) -> Function:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON; errors too, on stderr.")(
        function
    )


def say_json(value: object) -> None:
    """Print a value as one line of JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def printable(text: str) -> str:
    """Return text out of evidence as a terminal may show it: what would move, colour or turn it is named instead.

    Joiners stay: words of Persian and the scripts of India are spelt with them.
    """
    return "".join(c if c.isprintable() or c in JOINERS else f"<U+{ord(c):04X}>" for c in text)


def grouped(count: int) -> str:
    """Return a number with its thousands parted by a narrow no-break space."""
    return f"{count:,}".replace(",", "\u202f")


def size_of(count: float) -> str:
    """Return bytes in the unit a person reads."""
    for unit in ("B", "KB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def seconds_of(count: float | None) -> str:
    """Return a duration, or that nobody knows it yet."""
    if count is None:
        return "not known yet"
    minutes, seconds = divmod(round(count), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes:02d} min"
        if hours
        else f"{minutes} min {seconds:02d} s"
        if minutes
        else f"{seconds} s"
    )
