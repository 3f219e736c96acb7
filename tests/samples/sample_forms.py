"""A form on disk with its truth, and what a test needs to read it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "samples" / "small"
LARGE = 16  # MiB: the large form, no larger than a test needs


class Form:
    """A form on disk and its truth."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.truth: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))

    def exhibit(self, name: str) -> dict[str, Any]:
        return next(one for one in self.truth["exhibits"] if one["id"] == name)

    def sources(self, name: str) -> list[Path]:
        return [self.folder / "exhibits" / source for source in self.exhibit(name)["sources"]]

    def items(self, name: str) -> list[dict[str, Any]]:
        return self.exhibit(name)["items"]


def need(*tools: str) -> None:
    """Skip with a visible reason where a reader's tool is not installed."""
    absent = [tool for tool in tools if not shutil.which(tool)]
    if absent:
        pytest.skip(f"not installed: {', '.join(absent)}")
