"""Proof of equal work: what a tool brought out, by path and SHA-256, against what was put into the image."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

NAMED = 5
"""Lost paths that a row quotes."""


class Work(NamedTuple):
    """Files of the image that a tool brought out whole; those that are missing; those whose bytes differ."""

    files: int
    lost: int
    altered: int
    examples: tuple[str, ...]


def shown(path: Path) -> str:
    """Return a path as exports show it: bytes that are no UTF-8 stand as ``\\xNN``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def compared(truth: Mapping[str, str], found: Mapping[str, str]) -> Work:
    """Return how ``found`` stands to ``truth``, both SHA-256 by path."""
    lost = [path for path in truth if path not in found]
    altered = [path for path, sha256 in truth.items() if path in found and found[path] != sha256]
    examples = tuple(sorted([*lost, *altered])[:NAMED])
    return Work(len(truth) - len(lost) - len(altered), len(lost), len(altered), examples)


def read_truth(path: Path) -> dict[str, str]:
    """Return what ``bench.image`` wrote."""
    found: dict[str, str] = json.loads(path.read_text())
    return found


def of_export(lines: Iterable[str]) -> dict[str, str]:
    """Return the contents in ``actionday export items``; members of archives are there too, under their paths."""
    rows = (json.loads(line) for line in lines)
    return {row["path"]: row["sha256"] for row in rows if row["sha256"]}


def of_folder(folder: Path) -> dict[str, str]:
    """Return the regular files below a folder."""
    found = {}
    for below, _, names in os.walk(folder):
        for name in names:
            path = Path(below) / name
            if not path.is_symlink() and path.is_file():
                with path.open("rb") as file:
                    found[shown(path.relative_to(folder))] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def of_sha256sum(lines: Iterable[str], folder: Path) -> dict[str, str]:
    """Return what ``sha256sum`` printed of files below ``folder``; names with a backslash are escaped there."""
    found, prefix = {}, f"{folder}/"
    for line in lines:
        sha256, _, path = line.rstrip("\n").partition("  ")
        if sha256.startswith("\\"):
            sha256, path = sha256[1:], path.replace("\\n", "\n").replace("\\\\", "\\")
        found[path.removeprefix(prefix)] = sha256
    return found
