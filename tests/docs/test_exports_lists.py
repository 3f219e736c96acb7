"""What docs/exports.md lists by name is what the code has: nothing lacks, nothing is listed that there is not."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import actionday.model.loss as losses
from actionday.app.web.showing.reasons import STAGES
from actionday.model import Kind, Loss, Status
from actionday.model.loss import FAILED_CODES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "exports.md").read_text()
TELLING = {"issue": 1, "issue_once": 1, "Issue": 1}
"""What puts a line into the log, and which argument is the stage."""


def cells(heading: str, *, behind: str = "") -> set[str]:
    """Return the names in the first column of the table below a heading, from behind some words on."""
    part = PAGE.partition(f"\n{heading}\n")[2].partition("\n## ")[0].partition("\n### ")[0]
    part = part.partition(behind)[2] if behind else part
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("|")]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def said() -> Iterator[str]:
    """Yield every stage that the code gives a line of the log."""
    for path in (ROOT / "src" / "actionday").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            stage = node.args[TELLING[name]] if name in TELLING and len(node.args) > 1 else None
            if isinstance(stage, ast.Constant) and isinstance(stage.value, str):
                yield stage.value


def test_stages() -> None:
    (row,) = (line for line in PAGE.splitlines() if line.startswith("| `stage` |"))
    listed = set(re.findall(r"`(\w+)`", row)) - {"stage"}
    assert listed == set(said()) == set(STAGES)
    assert not {
        stage for stage in listed if f"`{stage}` (" not in (ROOT / "docs" / "case-format.md").read_text()
    }


def test_kinds_and_statuses() -> None:
    assert cells("### Kinds") == set(map(str, Kind))
    assert cells("### Statuses") == set(map(str, Status))


def test_losses_and_remarks() -> None:
    assert cells("## Losses and remarks") == set(map(str, Loss))
    behind = PAGE.partition("## Losses and remarks")[2].partition("\n## ")[0]
    remarks = {value for name, value in vars(losses).items() if name.isupper() and isinstance(value, str)}
    assert not {code for code in (*remarks, *FAILED_CODES) if f"`{code}`" not in behind}
