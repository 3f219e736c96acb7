"""Are the index's own lists whole? The library's files of JSON, which carry no checksum."""

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from actionday.storage.index import Index
from actionday.storage.index.folder import FORMAT

META, LIST = "meta.json", ".managed.json"
OWN = frozenset({LIST, FORMAT, ".tantivy-meta.lock", ".tantivy-writer.lock"})
UNFINISHED = re.compile(r"\.tmp\w{6}")
"""A list that the library was writing when it was killed: it writes beside and renames."""
SEGMENT = re.compile(r"[0-9a-f]{32}\.\w+|meta\.json")


def differing_lists(folder: Path, *, unlisted: bool) -> list[str]:
    """Return what is wrong with the lists of segments and files, a line each.

    The schema and the settings must be those that an empty index has; every segment's file must be listed (but
    with ``unlisted``), and nothing else lie in the folder.
    """
    try:
        meta, listed, _ = _json(folder / META, dict), _names(folder / LIST), _json(folder / FORMAT, dict)
    except _Spoiled as spoiled:
        return [str(spoiled)]
    with TemporaryDirectory(ignore_cleanup_errors=True) as empty:  # the library may still be at its locks
        Index.open(Path(empty, "index")).close()
        wanted = _json(Path(empty, "index", META), dict)
    found = [
        f"{META}: its {key} is not ours"
        for key in ("schema", "index_settings")
        if meta.get(key) != wanted[key]
    ]
    if unknown := sorted(meta.keys() - wanted.keys()):
        found.append(f"{META}: {unknown[0]!r} is nothing that stands in it")
    here = {path.name for path in folder.iterdir()}
    segments = {name for name in here if SEGMENT.fullmatch(name)}
    others = sorted(here - segments - OWN - set(unfinished_lists(folder)))
    found.extend(f"{name} is none of the index's files" for name in others if not unlisted)
    return [*found, *(f"{name} is not in {LIST}" for name in sorted(segments - listed) if not unlisted)]


def unfinished_lists(folder: Path) -> list[str]:
    """Return the files that a killed run left of lists it was writing; nobody reads them."""
    return sorted(path.name for path in folder.iterdir() if UNFINISHED.fullmatch(path.name))


def _names(path: Path) -> set[str]:
    names = _json(path, list)
    if not all(isinstance(name, str) for name in names):
        raise _Spoiled(f"{path.name} is not written as its writer writes it")
    return set(names)


class _Spoiled(Exception):
    """A list that is not one; the message says which and how."""


def _json(path: Path, kind: type) -> Any:
    """Return what a list holds. Raises _Spoiled for one with a byte more, fewer or other than its writer puts."""
    try:
        text = path.read_text(encoding="utf-8")
        value = json.loads(text)
    except FileNotFoundError:
        raise _Spoiled(f"{path.name} is missing") from None
    except (OSError, ValueError, RecursionError) as error:
        raise _Spoiled(f"{path.name} cannot be read as a list of the index") from error
    if not isinstance(value, kind) or text.removesuffix("\n") not in (
        json.dumps(value, ensure_ascii=False, indent=2),
        json.dumps(value, ensure_ascii=False, separators=(",", ":")),
        json.dumps(value),  # ours
    ):
        raise _Spoiled(f"{path.name} is not written as its writer writes it")
    return value
