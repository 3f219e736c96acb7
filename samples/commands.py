"""The command line as a person uses it: shown, run, its output returned."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ACTOR = "make demo"
"""Who did it, in the ledger: by that the demonstration's own entries are told from those of people."""


class CommandFailed(RuntimeError):
    """A command ended with an exit code that was not expected; ``code`` is what the demonstration ends with."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def actionday(*words: str | Path, accept: Sequence[int] = (0,), quiet: bool = False) -> str:
    """Run ``actionday`` with these words and return what it printed to standard output.

    The command is shown first. Raises ``CommandFailed`` with what it said last when its exit code is none of
    ``accept``.
    """
    texts = [str(word) for word in words]
    print(f"\n$ actionday {shlex.join(texts)}", flush=True)
    command = [sys.executable, "-m", "actionday.app.cli.main", *texts]
    environment = {**os.environ, "ACTIONDAY_ACTOR": ACTOR}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode not in accept:
        last = done.stderr.strip().rpartition("\n")[2]
        raise CommandFailed(f"actionday {texts[0]} ended with {done.returncode}: {last}")
    if not quiet and not done.stdout.startswith("{"):
        print("  " + done.stdout.strip())
    return done.stdout


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def shown(text: str) -> str:
    """Return a path as a terminal may print it, relative where it lies below this folder."""
    here = f"{Path.cwd()}/"
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text.removeprefix(here))
