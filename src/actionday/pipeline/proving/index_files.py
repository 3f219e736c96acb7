"""Are the index's own lists whole? The library's files of JSON, which carry no checksum."""

import json
import os
import re
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from actionday.storage.index import Index
from actionday.storage.index.folder import FORMAT
from actionday.storage.index.sealing import KEPT
from actionday.storage.own_names import UNFINISHED_LIST

META, LIST = "meta.json", ".managed.json"
LOCKS = frozenset({".tantivy-meta.lock", ".tantivy-writer.lock"})
"""Files that are locked and never written."""
SEGMENT = re.compile(r"[0-9a-f]{32}\.(\d+\.)?\w+|meta\.json")
LEFT = {
    KEPT: "the list of segments before the last commit, from a run that did not end of itself: it is gone back to only "
    "where all that it lists has the digest of the ledger's seal, and nothing else reads it",
    f"{FORMAT}.new": "what a run that was killed was writing, which nobody reads",
}
"""Files of ours beside the index that no search reads."""


def differing_lists(folder: Path, *, unlisted: bool) -> list[str]:
    """Return what is wrong with the lists of segments and files, a line each.

    The schema and the settings must be those that an empty index has; no segment or file may be listed twice; every
    segment's file must be listed (but with ``unlisted``), and nothing else stand in the list.
    """
    try:
        meta, listed, _ = _json(folder / META, dict), _names(folder / LIST), _json(folder / FORMAT, dict)
        segments_of = _segments(meta)
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
    found += [f"{META}: lists segment {name} more than once" for name in _doubled(segments_of)]
    found += [f"{LIST}: lists {name!r} more than once" for name in _doubled(listed)]
    found += [f"{LIST}: {name!r} is no file of an index" for name in listed if not SEGMENT.fullmatch(name)]
    found += [
        f"{name} is not empty, and nobody writes into it" for name in sorted(LOCKS) if _filled(folder / name)
    ]
    here = {path.name for path in folder.iterdir()}
    segments = {name for name in here if SEGMENT.fullmatch(name)}
    return [*found, *(f"{name} is not in {LIST}" for name in sorted(segments - set(listed)) if not unlisted)]


def unfinished_lists(folder: Path) -> list[str]:
    """Return the files that are named as lists which the library was writing; nobody reads them."""
    return sorted(path.name for path in folder.iterdir() if UNFINISHED_LIST.fullmatch(path.name))


def left_behind(folder: Path) -> list[str]:
    """Return which files of ours lie there that the index does not need, with what they are: nobody proves them."""
    return [f"{name}: {what}" for name, what in LEFT.items() if os.path.lexists(folder / name)]


def absent_files(folder: Path) -> list[str]:
    """Return the files that are listed and not there: a run that was killed may have named them and made none."""
    here = {path.name for path in folder.iterdir()}
    try:
        return sorted(name for name in _names(folder / LIST) if name not in here)
    except _Spoiled:
        return []  # a run is writing it


def _doubled(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _filled(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:  # whoever holds it removes it
        return False


def _names(path: Path) -> list[str]:
    names = _json(path, list)
    if not all(isinstance(name, str) for name in names):
        raise _Spoiled(f"{path.name} is not written as its writer writes it")
    return list(names)


def _segments(meta: dict[str, Any]) -> list[str]:
    try:
        return [str(segment["segment_id"]) for segment in meta["segments"]]
    except (KeyError, TypeError):
        raise _Spoiled(f"{META} is not written as its writer writes it") from None


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
