"""Where the files of an exhibit lie below a folder that a person names: found by name, told by size and bytes.

A name alone says nothing: a folder ``docs`` is no difference because an exhibit was called so. And what lies at its
old place does not count: whoever checks the disc that is handed over wants to know what is on the disc.
"""

import errno
import os
import stat
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from actionday.model import Damaged
from actionday.model.counted import grouped, parted
from actionday.pipeline.custody import SourceFile, hash_of
from actionday.pipeline.proving.report import Subject
from actionday.pipeline.relisting import Pair, listed_again, same_bytes
from actionday.pipeline.standing import no_file

GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})
"""What says that nothing is at a path; after any other error, nothing is known of what is there."""


class Place(NamedTuple):
    """Where a source lies, and, where it was not found, what has its name and is something else."""

    path: Path | None
    remark: str = ""
    unseen: bool = False
    """It was not found, and may be there: where it would lie could not be looked at."""


class Below:
    """What has the name of a source below a folder; links are not followed, for they lead off the disc."""

    def __init__(self, folder: Path, sources: Iterable[SourceFile], case: Path) -> None:
        names = {Path(each.path).name for each in sources}
        self.folder = folder
        self._named: dict[str, list[Path]] = defaultdict(list)
        if folder.name in names:
            self._named[folder.name].append(folder)
        self._unlisted: list[str] = []
        for where, folders, files in os.walk(folder, onerror=self._failed):
            for name in names.intersection((*folders, *files)):
                self._named[name].append(Path(where, name))
            folders[:] = [name for name in folders if Path(where, name) != case]

    def _failed(self, error: OSError) -> None:
        self._unlisted.append(f"{error.filename}: {error.strerror}")

    def find(self, of: Subject, exhibit: int, name: str, source: SourceFile) -> Place:
        """Return where a source of exhibit ``name`` lies; None where nothing there is it, and what became of it."""
        named = self._candidates(source)
        found = _folder(of, exhibit, name, named) if source.folder else _file(of, source, named)
        if found.path is not None or found.unseen or not self._unlisted:
            return found
        unlisted = (
            f"{parted(len(self._unlisted), 'folder')} there cannot be listed, the first {self._unlisted[0]}"
        )
        return Place(None, "; ".join(filter(None, (found.remark, unlisted))), True)

    def _candidates(self, source: SourceFile) -> list[Path]:
        """Return what has its name and kind; the longer the end of the old path it shares, the earlier."""
        old = Path(source.path)
        named = [path for path in self._named[old.name] if _is_kind(path, folder=source.folder)]
        return sorted(named, key=lambda path: (-_shared_end(old, path), path))


def recorded(source: SourceFile) -> Place:
    """Return the place at which a source was acquired, None where nothing of its kind is there, or may be."""
    path = Path(source.path)
    try:
        folder = stat.S_ISDIR(mode := path.stat().st_mode)
    except OSError as error:
        if error.errno in GONE:
            return Place(None)
        return Place(None, f"cannot be looked at ({error.strerror})", True)
    if folder == source.folder:
        return Place(path)
    return Place(None, no_file(mode) or f"a {'folder' if folder else 'file'} stands there")


def _is_kind(path: Path, *, folder: bool) -> bool:
    """Say whether something is of a kind, and no link; also where nobody can tell: who reads it says why not."""
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        return error.errno not in GONE
    return stat.S_ISDIR(mode) if folder else stat.S_ISREG(mode) or stat.S_ISBLK(mode)


def _shared_end(one: Path, other: Path) -> int:
    parts = zip(reversed(one.parts), reversed(other.parts), strict=False)
    return next((at for at, (a, b) in enumerate(parts) if a != b), min(len(one.parts), len(other.parts)))


def _file(of: Subject, source: SourceFile, named: list[Path]) -> Place:
    """Return the file with its bytes, else the first of its size: that is the one whose bytes are others."""
    sizes = {source.size, source.size_at_end}
    try:
        facts = [(path, path.stat()) for path in named]
    except OSError as error:
        return Place(None, f"{error.filename} cannot be looked at ({error.strerror})", True)
    alike = [path for path, each in facts if stat.S_ISBLK(each.st_mode) or each.st_size in sizes]
    if not alike:
        sizes_of = f"{parted(facts[0][1].st_size, 'byte')}, it had {grouped(source.size)}" if named else ""
        return Place(None, f"{named[0]} has its name and {sizes_of}" if named else "")
    if len(alike) == 1:
        return Place(alike[0])
    return Place(next((path for path in alike if _hash(of, path) == source.sha256), alike[0]))


def _hash(of: Subject, path: Path) -> str:
    of.pace.read(str(path))
    try:
        return hash_of(os.fsencode(path), of.pace.more).hex()
    except OSError:
        return ""


def _folder(of: Subject, exhibit: int, name: str, named: list[Path]) -> Place:
    """Return the folder that holds at least one of the files that were read, where it was; the fullest comes first."""
    listings, why = list[tuple[Path, list[Pair]]](), ""
    for path in named:
        try:
            pairs = list(listed_again(of.case.database, exhibit, name, path, of.case.folder))
        except Damaged as error:
            pairs, why = [], f"cannot be listed ({error})"
        listings.append((path, pairs))
    for path, pairs in sorted(listings, key=lambda each: -len(_alike(each[1]))):
        alike = _alike(pairs)
        if any(_same(of, path, pair) for pair in alike):
            return Place(path)
        if pairs and not _telling(pairs) and all(pair.row and pair.found for pair in pairs):
            return Place(path)  # it has nothing but names
    if why:
        return Place(None, why, True)
    return Place(None, f"{named[0]} has its name and none of its files" if named else "")


def _same(of: Subject, folder: Path, pair: Pair) -> bool:
    try:
        return bool(pair.row and pair.found and not same_bytes(folder, pair.row, pair.found, of.pace.more))
    except OSError:  # named, where it is proved
        return False


def _telling(pairs: list[Pair]) -> list[Pair]:
    """Return what was read of a folder and has bytes to be known by."""
    return [pair for pair in pairs if pair.row and pair.row.size and pair.row.sha256]


def _alike(pairs: list[Pair]) -> list[Pair]:
    return [pair for pair in _telling(pairs) if pair.row and pair.found and pair.row.size == pair.found.size]
