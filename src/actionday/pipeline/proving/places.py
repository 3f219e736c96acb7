"""Where the files of an exhibit lie below a folder that a person names: found by name, told by size and bytes.

A name alone says nothing: a folder ``docs`` is no difference because an exhibit was called so. And what lies at its
old place does not count: whoever checks the disc that is handed over wants to know what is on the disc.
"""

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from actionday.model import Damaged
from actionday.pipeline.custody import SourceFile, hash_of
from actionday.pipeline.proving.report import Subject
from actionday.pipeline.relisting import Pair, listed_again, same_bytes

Place = tuple[Path | None, str]
"""Where a source lies, and, where it was not found, what has its name and is something else."""


class Below:
    """What has the name of a source below a folder; links are not followed, for they lead off the disc."""

    def __init__(self, folder: Path, sources: Iterable[SourceFile], case: Path) -> None:
        names = {Path(each.path).name for each in sources}
        self.folder = folder
        self._named: dict[str, list[Path]] = defaultdict(list)
        if folder.name in names:
            self._named[folder.name].append(folder)
        for where, folders, files in os.walk(folder):
            for name in names.intersection((*folders, *files)):
                self._named[name].append(Path(where, name))
            folders[:] = [name for name in folders if Path(where, name) != case]

    def find(self, of: Subject, exhibit: int, name: str, source: SourceFile) -> Place:
        """Return where a source of exhibit ``name`` lies; None where nothing there is it, and what became of it."""
        named = self._candidates(source)
        if source.folder:
            return _folder(of, exhibit, name, named)
        return _file(of, source, named)

    def _candidates(self, source: SourceFile) -> list[Path]:
        """Return what has its name and kind; the longer the end of the old path it shares, the earlier."""
        old = Path(source.path)
        named = [path for path in self._named[old.name] if _is_kind(path, folder=source.folder)]
        return sorted(named, key=lambda path: (-_shared_end(old, path), path))


def recorded(source: SourceFile) -> Place:
    """Return the place at which a source was acquired, None where nothing of its kind is there."""
    path = Path(source.path)
    there = path.is_dir() if source.folder else path.exists() and not path.is_dir()
    return (path, "") if there else (None, "")


def _is_kind(path: Path, *, folder: bool) -> bool:
    if path.is_symlink():
        return False
    return path.is_dir() if folder else path.is_file() or path.is_block_device()


def _shared_end(one: Path, other: Path) -> int:
    parts = zip(reversed(one.parts), reversed(other.parts), strict=False)
    return next((at for at, (a, b) in enumerate(parts) if a != b), min(len(one.parts), len(other.parts)))


def _file(of: Subject, source: SourceFile, named: list[Path]) -> Place:
    """Return the file with its bytes, else the first of its size: that is the one whose bytes are others."""
    sizes = {source.size, source.size_at_end}
    alike = [path for path in named if path.is_block_device() or path.stat().st_size in sizes]
    if not alike:
        return None, (
            f"{named[0]} has its name and {named[0].stat().st_size} bytes, it had {source.size}"
            if named
            else ""
        )
    if len(alike) == 1:
        return alike[0], ""
    return next((path for path in alike if _hash(of, path) == source.sha256), alike[0]), ""


def _hash(of: Subject, path: Path) -> str:
    of.pace.read(str(path))
    try:
        return hash_of(os.fsencode(path), of.pace.more).hex()
    except OSError:
        return ""


def _folder(of: Subject, exhibit: int, name: str, named: list[Path]) -> Place:
    """Return the folder that holds at least one of the files that were read, where it was; the fullest comes first."""
    listings = [(path, _listed(of, exhibit, name, path)) for path in named]
    for path, pairs in sorted(listings, key=lambda each: -len(_alike(each[1]))):
        alike = _alike(pairs)
        if any(_same(of, path, pair) for pair in alike):
            return path, ""
        if pairs and not _telling(pairs) and all(pair.row and pair.found for pair in pairs):
            return path, ""  # it has nothing but names
    return None, f"{named[0]} has its name and none of its files" if named else ""


def _same(of: Subject, folder: Path, pair: Pair) -> bool:
    try:
        return bool(pair.row and pair.found and not same_bytes(folder, pair.row, pair.found, of.pace.more))
    except OSError:  # named, where it is proved
        return False


def _listed(of: Subject, exhibit: int, name: str, folder: Path) -> list[Pair]:
    try:
        return list(listed_again(of.case.database, exhibit, name, folder, of.case.folder))
    except Damaged:
        return []


def _telling(pairs: list[Pair]) -> list[Pair]:
    """Return what was read of a folder and has bytes to be known by."""
    return [pair for pair in pairs if pair.row and pair.row.size and pair.row.sha256]


def _alike(pairs: list[Pair]) -> list[Pair]:
    return [pair for pair in _telling(pairs) if pair.row and pair.found and pair.row.size == pair.found.size]
