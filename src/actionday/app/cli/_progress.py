"""How far something is, on stderr while it works: in place on a terminal, lines in a pipe, JSON with ``--json``."""

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

import click
import msgspec

M = TypeVar("M", bound=msgspec.Struct)
EVERY = 10
"""Of the moments, one a second, this one is a line in a pipe or log."""
SECOND = 1.0
Rows = Sequence[Sequence[str]]
"""What stands in place on a terminal: names and values of a moment, side by side."""


class Lines(Generic[M]):
    """Progress as plain lines, for pipes and logs: one every ten seconds, and the last."""

    def __init__(self, line: Callable[[M], str]) -> None:
        self._line, self._count = line, 0

    def say(self, moment: M, *, last: bool = False) -> None:
        """Take a moment, once a second."""
        if self._count % EVERY == 0 or last:
            click.echo(self._line(moment), err=True)
        self._count += 1

    def end(self) -> None:
        """It is over."""


class Json(Lines[M]):
    """Progress as JSON lines: each moment."""

    def __init__(self) -> None:
        super().__init__(lambda moment: msgspec.json.encode(moment).decode())

    def say(self, moment: M, *, last: bool = False) -> None:  # noqa: ARG002 - each is one
        """Take a moment."""
        click.echo(self._line(moment), err=True)


class Live(Lines[M]):
    """Progress in place, on a terminal."""

    def __init__(self, line: Callable[[M], str], rows: Callable[[M], Rows]) -> None:
        from rich.console import Console
        from rich.live import Live as Shown

        super().__init__(line)
        self._rows = rows
        self._shown = Shown(console=Console(stderr=True), refresh_per_second=4, transient=True)
        self._shown.start()

    def say(self, moment: M, *, last: bool = False) -> None:  # noqa: ARG002 - it is taken away at the end
        """Take a moment."""
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        for row in self._rows(moment):
            table.add_row(*map(Text, row))
        self._shown.update(table)

    def end(self) -> None:
        """Give the terminal back."""
        self._shown.stop()


@contextmanager
def shown(line: Callable[[M], str], rows: Callable[[M], Rows], *, as_json: bool) -> Iterator[Lines[M]]:
    """Give what takes the moments; the terminal is given back however it ends."""
    found = Json[M]() if as_json else Live(line, rows) if sys.stderr.isatty() else Lines(line)
    try:
        yield found
    finally:
        found.end()


@contextmanager
def once_a_second(moment: Callable[[], M], to: Lines[M], every: float = SECOND) -> Iterator[threading.Thread]:
    """Say a moment each second, for work that tells nothing by itself; what takes less than one is silent."""
    over = threading.Event()

    def tell() -> None:
        while not over.wait(every):
            try:
                to.say(moment())
            except OSError:  # nobody reads it any more: what is proved is not less true for that
                return

    thread = threading.Thread(target=tell, name="progress", daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        over.set()
        thread.join()
