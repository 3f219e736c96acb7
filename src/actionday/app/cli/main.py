"""``actionday``: finds the command, turns errors into sentences and exit codes.

Exit codes: 0 complete, also with encrypted, unsupported or queued items; 1 something was unreadable, quarantined, not
read whole, a volume that nobody reads, or differs; 2 unusable arguments or input; 3 not complete: a full disk, or our
own fault.
"""

import io
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType

import click

from actionday.app.cli._common import printable, told

COMMANDS = {
    "bundle": "Give items out in one file, with their custody and its proofs.",
    "case": "Create a case, give it passwords.",
    "doctor": "Say what is missing on this machine, and how to install it.",
    "export": "Write items, texts, issues or the ledger to a file.",
    "hashes": "Take sets of known hashes into a case.",
    "ingest": "Take exhibits into a case, or go on where an earlier run stopped.",
    "pause": "Pause the run that takes exhibits into a case.",
    "search": "Search the texts of a case.",
    "serve": "Show a case in the browser.",
    "show": "Show one item: its facts and its text.",
    "status": "Say how far a case is.",
    "verify": "Prove that exhibits, ledger, rows, objects and index are whole.",
}

FOREIGN = (
    "holds bytes that are no UTF-8, which a case keeps neither as a word nor as the name of an exhibit: "
    "take in the folder it lies in, whose names may hold any bytes"
)


class Commands(click.Group):
    """Loads a command's module when it is called, so that ``--help`` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """Return the names of the commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Return a command by name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"actionday.app.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="actionday", prog_name="actionday")
def actionday() -> None:
    """From seized servers to a coordinated, lawful action day.

    \b
    Example:
      actionday case create case --name "Kestrel" --authority "AN" --country ES \\
        --legal-basis "order 12/2026" --retain-until 2031-12-31
      actionday ingest case /evidence/S-01.E01
      actionday search case 'radio AND schedule'
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(
            errors="backslashreplace"
        )  # as stderr is: PYTHONIOENCODING may name any encoding
    for each in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is signal.SIG_DFL:  # nohup ignores one of them, and is let
            signal.signal(each, _ended)
    sys.exit(run(given))


def _ended(_: int, __: FrameType | None) -> None:
    """End as Ctrl-C does: what was handed out by then is recorded, what is open is closed."""
    raise KeyboardInterrupt


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; errors are sentences on stderr, as JSON with ``--json``."""
    if foreign := next((each for each in arguments if not _is_unicode(each)), None):
        _say(f"{printable(foreign)}: {FOREIGN}", 2, arguments)
        return 2
    try:
        code = actionday.main(arguments, prog_name="actionday", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.UsageError as error:
        return _usage(error, arguments)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted: run the same command again to go on", 130, arguments)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        return _failed(error, arguments)


def _is_unicode(argument: str) -> bool:
    try:
        argument.encode()
    except UnicodeEncodeError:
        return False
    return True


def _usage(error: click.UsageError, arguments: list[str]) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and error.ctx is not None:
        return _bare(error.ctx, arguments)
    hint = f" (see '{error.ctx.command_path} --help')" if error.ctx is not None else ""
    _say(f"{error.format_message().rstrip('.')}{hint}", 2, arguments)
    return 2


def _bare(context: click.Context, arguments: list[str]) -> int:
    """Say that a command was not named, and which there are."""
    group = context.command
    names = ", ".join(group.list_commands(context)) if isinstance(group, click.Group) else ""
    path = context.command_path
    _say(f"say which of its commands: {names} (see '{path} --help')", 2, arguments)
    return 2


def _failed(error: Exception, arguments: list[str]) -> int:
    from actionday.model import ActiondayError
    from actionday.storage.room import NO_ROOM, no_room, why_no_room

    if isinstance(error, ActiondayError):
        _say(str(error), error.exit_code, arguments)
        return error.exit_code
    if no_room(error):
        why = why_no_room(error)
        remedy = (
            "no space left on the device: make room"
            if why == NO_ROOM
            else f"{why}. Raise it, or move the case"
        )
        _say(f"{remedy}, then run the same command again to go on", 3, arguments)
        return 3
    if _held(error):
        _say(
            "another program holds the case's database: let it end, then run the same command again",
            2,
            arguments,
        )
        return 2
    if why := _spoiled(error):
        _say(f"{why}. actionday verify names what of the case differs", 1, arguments)
        return 1
    if isinstance(error, OSError):
        _say(_refused(error, arguments), 1, arguments)
        return 1
    if os.environ.get("ACTIONDAY_DEBUG"):
        raise error
    _say(
        f"a fault of Actionday's own: {type(error).__name__}: {error} (ACTIONDAY_DEBUG=1 shows where)",
        3,
        arguments,
    )
    return 3


def _refused(error: OSError, arguments: list[str]) -> str:
    """Return what to say of a file that the system refused; where it does not say which, what it was refused to."""
    why = error.strerror or str(error) or type(error).__name__
    if error.filename is not None:
        name = (
            os.fsencode(error.filename)
            if isinstance(error.filename, str | bytes)
            else str(error.filename).encode()
        )
        return f"{name.decode('utf-8', 'backslashreplace')}: {why}"
    command = next((each for each in arguments if each in COMMANDS), "the command")
    return f"{command}: the system refused to read or write a file, without its name: {why}"


def _held(error: Exception) -> bool:
    """Tell whether the database was held by another program for longer than it is waited for."""
    import sqlite3

    from actionday.storage.database.spoiled import code_of

    return code_of(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _spoiled(error: Exception) -> str:
    """Return what an error says against the case's database, "" where it says nothing of it."""
    import sqlite3

    from actionday.storage.database.spoiled import cause

    return cause(error) if isinstance(error, sqlite3.Error) else ""


def _say(sentence: str, code: int, arguments: list[str]) -> None:
    if "--json" in arguments:
        import json

        sentence = json.dumps({"error": sentence, "exit_code": code}, ensure_ascii=False)
    else:
        sentence = "actionday: " + "\n".join(told(line) for line in sentence.split("\n"))
    click.echo(sentence, err=True)


if __name__ == "__main__":
    main()
