"""Our ingest on one source: whole processes, as a person starts them, and what came of it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.measure import Used, measured
from bench.work import Work, compared, of_export

COMMAND = (sys.executable, "-m", "actionday.app.cli.main")
FACTS = ("--name", "Bench", "--authority", "Bench", "--country", "ES")
BASIS = ("--legal-basis", "bench", "--retain-until", "2099-12-31")


class Ingested(NamedTuple):
    """What an ingest used, how large the case is by part (bytes), what is in it, and what of it is missing."""

    used: Used
    parts: dict[str, int]
    balance: dict[str, Any]
    work: Work


def ingested(source: Path, truth: Mapping[str, str], workers: int, cores: int, folder: Path) -> Ingested:
    """Ingest ``source`` into a new case below ``folder`` on ``cores`` cores; the case is removed at the end.

    Raises RuntimeError when the command ends with another exit code than 0 or 1.
    """
    case, said = folder / "case", folder / "said.txt"
    env = {"XDG_CONFIG_HOME": str(folder / "config"), "ACTIONDAY_ACTOR": "bench"}
    create(case, env)
    words = ("ingest", case, source, "--workers", workers)
    used = measured([*COMMAND, *words], cores, env=env, out=said)
    if used.code not in (0, 1):
        raise RuntimeError(f"ingest ended with {used.code}: {said.read_text()[-2000:]}")
    parts = sizes(case)
    balance = json.loads(_said(["status", case, "--json"], env))
    _said(["export", case, "items", "--force", "-o", folder / "items.jsonl"], env)
    with (folder / "items.jsonl").open(encoding="utf-8") as lines:
        work = compared(truth, of_export(lines))
    shutil.rmtree(case)
    return Ingested(used, parts, balance, work)


def create(case: Path, env: Mapping[str, str]) -> None:
    """Make an empty case."""
    _said(["case", "create", case, *FACTS, *BASIS], env)


def _said(words: Sequence[object], env: Mapping[str, str]) -> str:
    command = [*COMMAND, *map(str, words)]
    return subprocess.run(
        command, env={**os.environ, **env}, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def sizes(case: Path) -> dict[str, int]:
    """Return the bytes of a case by its parts: the database with its log, each folder, and what else there is."""
    parts: dict[str, int] = {}
    for path in case.rglob("*"):
        if path.is_file():
            first = path.relative_to(case).parts[0]
            name = "case.db" if first.startswith("case.db") else first
            parts[name] = parts.get(name, 0) + path.stat().st_size
    return parts
