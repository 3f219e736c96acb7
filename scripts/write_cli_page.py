"""Write ``docs/cli.md`` from the commands' own help: ``python scripts/write_cli_page.py``."""

from collections.abc import Iterator
from pathlib import Path

import click

from actionday.app.cli.main import COMMANDS, actionday

PAGE = Path(__file__).parent.parent / "docs" / "cli.md"
HEAD = """# The commands

Made from `--help` by `make docs`; a test compares them. Every command takes `--json`: then the result is one JSON
value on standard output, and an error is `{"error", "exit_code"}` on standard error.

| exit code | meaning |
|---|---|
| 0 | complete, also with encrypted, unsupported or queued items; a search without hits |
| 1 | something was unreadable, quarantined, not read whole, or a volume not read; (`verify`) differs or is elsewhere |
| 2 | arguments or input that cannot be used; a second writer on a case |
| 3 | not complete: the disk is full or a limit on files is reached (`ulimit -f`), or a fault of Actionday's own |
| 130 | interrupted (Ctrl-C): the same command again goes on |
"""
WIDTH = 100


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with the words that call it, groups opened up."""
    context = click.Context(actionday, info_name="actionday")
    for name in sorted(COMMANDS):
        command = actionday.get_command(context, name)
        if isinstance(command, click.Group):
            for below in sorted(command.commands):
                yield f"{name} {below}", command.commands[below]
        elif command is not None:
            yield name, command


def help_of(words: str, command: click.Command) -> str:
    """Return what ``actionday WORDS --help`` prints, at a fixed width."""
    settings = {"terminal_width": WIDTH, "max_content_width": WIDTH, "help_option_names": ["-h", "--help"]}
    context = click.Context(command, info_name=f"actionday {words}", **settings)  # type: ignore[arg-type]
    return command.get_help(context)


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    for words, command in commands():
        parts.append(f"\n## actionday {words}\n\n```text\n{help_of(words, command)}\n```\n")
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
