"""The demonstration: ``python -m samples.demo [--seed N] --out DIR``, as ``make demo`` runs it.

Every step is a command that a person could type, shown before it is run; what comes out is held against the truth
that the generator wrote. Exit codes: 0 all as expected; 1 something differs; 2 unusable arguments.
"""

import argparse
import json
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from samples.commands import ACTOR, CommandFailed, actionday, read_lines, shown
from samples.expected import Search, Truth, entries, languages, places, read_truth, three_scripts

SMALL = Path(__file__).parent / "small"
MARK = "made-by-make-demo"
"""Only a folder that carries this file is ever removed."""
OWN = frozenset({MARK, "case", "network", "items.jsonl", "texts.jsonl"})
"""What a demonstration leaves in its folder."""
ELSEWHERE = "make demo OUT=another-folder makes one beside it"


ENOUGH = 0.99
"""A language is told by probabilities: of another seed's texts a few may be too short or too mixed."""


class Step(NamedTuple):
    """What was compared: a sentence, and whether it came out as expected."""

    says: str
    holds: bool


def prepare(out: Path, seed: int | None) -> Path:
    """Empty the demo's folder and return that of the network; make it anew where a seed is given.

    Raises ``CommandFailed`` when ``out`` is somebody else's, holds what somebody did or put there, or a tool is
    missing.
    """
    if out.exists() and any(out.iterdir()):
        if why := somebodys(out):
            raise CommandFailed(f"{why}: it stays. {ELSEWHERE}, or move it away", 2)
        print(f"Replacing {out}, in which nobody but make demo did anything.")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / MARK).touch()
    if seed is not None:
        return _generated(seed, out / "network")
    return SMALL.relative_to(Path.cwd()) if SMALL.is_relative_to(Path.cwd()) else SMALL


def somebodys(out: Path) -> str:
    """Return what in a folder is not the demonstration's own doing, "" if nothing."""
    if not (out / MARK).is_file():
        return f"{out} was not made by make demo"
    if others := sorted({each.name for each in out.iterdir()} - OWN):
        return f"{out} holds {shown(others[0])}, which make demo did not make"
    database = out / "case" / "case.db"
    if not database.exists():
        return ""
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as case:
            leaves = [json.loads(leaf) for (leaf,) in case.execute("SELECT leaf FROM ledger_entry")]
    except (sqlite3.Error, ValueError) as error:
        return f"the ledger of {out / 'case'} cannot be read ({error})"
    count = sum(each["actor"] != ACTOR for each in leaves)
    entries = "an entry" if count == 1 else f"{count} entries"
    return f"{out / 'case'} holds {entries} of its ledger that make demo did not make" if count else ""


def _generated(seed: int, folder: Path) -> Path:
    from samples.generate import main

    print(f"Making the network of seed {seed} …")
    code = main(["--seed", str(seed), "--out", str(folder)])
    if code:
        raise CommandFailed("the network could not be made", code)
    return folder


def take_in(case: Path, network: Path, truth: Truth) -> Iterator[Step]:
    """Create the case and take every exhibit into it."""
    actionday(
        "case", "create", case, "--name", "Kestrel (demonstration)", "--authority", "Demonstration",
        "--country", "ES", "--legal-basis", "none: an invented network", "--retain-until", "2030-12-31",
    )  # fmt: skip
    sources = [network / "exhibits" / each.sources[0] for each in truth.exhibits]
    balance = json.loads(actionday("ingest", case, *sources, "--json", accept=(0, 1)))
    print(
        f"  {balance['found']} found = {balance['parsed']} parsed + {balance['known_good']} known good"
        f" + {balance['skipped']} skipped + {balance['failed']} failed, in {balance['seconds']:.0f} seconds"
    )
    for status, count in balance["by_status"].items():
        print(f"    {status:12} {count}")
    parts = sum(balance[part] for part in ("parsed", "known_good", "skipped", "failed"))
    yield Step("the balance adds up", balance["found"] == parts)


def list_items(case: Path, out: Path, truth: Truth) -> Iterator[Step]:
    """Look for every item that the truth says must be found."""
    actionday("export", case, "items", "--force", "-o", out / "items.jsonl", quiet=True)
    rows = list(read_lines(out / "items.jsonl"))
    found, expected = places(truth, rows)
    yield Step(
        f"items that must be found, at their place, with their SHA-256: {found} of {expected}",
        found == expected,
    )
    found, expected = entries(truth, rows)
    yield Step(
        f"messages of chats and rows of dumps, as their writers counted them: {found} of {expected}",
        found == expected,
    )


def tell_languages(case: Path, out: Path, truth: Truth) -> Iterator[Step]:
    """Compare the language of every content that the truth knows one of."""
    actionday("export", case, "texts", "--force", "-o", out / "texts.jsonl", quiet=True)
    rows = languages(truth, list(read_lines(out / "texts.jsonl")))
    for language, (right, expected) in rows.items():
        print(f"    {language}  {right:4} of {expected}")
    right, expected = (sum(each[at] for each in rows.values()) for at in (0, 1))
    says = (
        f"contents whose language is told right: {right} of {expected}"
        " (by macrolanguage: Indonesian and Malay count as one)"
    )
    yield Step(says, right >= ENOUGH * expected)


def search(case: Path, wanted: Search) -> Iterator[Step]:
    """Run one search and compare how many items hold the words."""
    answer = json.loads(actionday("search", case, wanted.query, "--limit", "1", "--json"))
    if answer["hits"]:
        hit = answer["hits"][0]
        print(f"    {hit['exhibit']} › {shown(hit['path'])}\n    {' '.join(hit['snippet'].split())}")
    says = f"{wanted.language} ({wanted.script}): {answer['total']} items found, {wanted.items} expected"
    yield Step(says, answer["total"] == wanted.items)


def prove(case: Path) -> Iterator[Step]:
    """Verify the case."""
    proof = json.loads(actionday("verify", case, "--json", accept=(0, 1)))
    for check in proof["checks"]:
        print(
            f"    {'holds' if check['ok'] else 'DIFFERS':8} {check['name']:9} {check['checked']} {check['what']}"
        )
    yield Step("the case is whole", proof["ok"])


def unshown(report: dict[str, Any]) -> str:
    """Return what the pages cannot show on this machine, as ``doctor --json`` found it; "" where nothing is missing."""
    fonts = next((each for each in report["checks"] if each["name"] == "fonts"), None)
    if fonts is None or fonts["ok"]:
        return ""
    brings = f"; as root: apt-get install {fonts['package']}" if fonts["package"] else ""
    return f"The pages show empty boxes here: {fonts['found']}{brings}"


def steps(out: Path, network: Path) -> Iterator[Step]:
    """Go through the demonstration, yielding what was compared."""
    truth, case = read_truth(network / "truth.json"), out / "case"
    yield from take_in(case, network, truth)
    yield from list_items(case, out, truth)
    yield from tell_languages(case, out, truth)
    for wanted in three_scripts(truth):
        yield from search(case, wanted)
    yield from prove(case)


def demonstrate(out: Path, seed: int | None) -> int:
    """Run it all; return the exit code."""
    begun, wrong = time.monotonic(), 0
    for step in steps(out, prepare(out, seed)):
        print(f"  {'=' if step.holds else 'DIFFERS:'} {step.says}")
        wrong += not step.holds
    print(
        f"\n{'All as expected' if not wrong else f'{wrong} differ'}, in {time.monotonic() - begun:.0f} seconds."
    )
    if wrong:
        print("Whether something is missing on this machine:  actionday doctor")
    if missing := unshown(json.loads(actionday("doctor", "--json", accept=(0, 1), quiet=True))):
        print(missing)
    print(f"Open the pages:  {shown(sys.prefix)}/bin/actionday serve {out / 'case'}")
    return 1 if wrong else 0


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and run the demonstration."""
    parser = argparse.ArgumentParser(prog="samples.demo", description=__doc__)
    parser.add_argument("--seed", type=int, help="another network, made anew (default: the committed one)")
    parser.add_argument(
        "--out", type=Path, default=Path("demo"), help="folder of the demonstration (default: demo)"
    )
    given = parser.parse_args(arguments)
    try:
        return demonstrate(given.out, given.seed)
    except CommandFailed as failed:
        print(failed, file=sys.stderr)
        return failed.code


if __name__ == "__main__":
    sys.exit(main())
