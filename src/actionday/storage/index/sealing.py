"""What vouches for an index that grows: one digest of all its segments, taken at each commit.

Merging goes on beside: files that are listed go away while they are read. Then it is done again, as listed by then.

A segment is written once. So what it hashed to when it was new it must hash to when it is merged into another, and when
the index is closed: else somebody altered it in between, and a run would seal that. Files that are merged away are read
once more through a descriptor that was kept of each. One thing comes to a segment later: the list of its documents
that others took the place of, a file of another name; then it is read once more as it was, and is new.
"""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from actionday.storage.index.folder import FORMAT, META, IndexDamaged, digests, files_of, hashed

TRIES = 5
MOST_KEPT = 64
"""Segments whose files are kept open, six of each: merging leaves some eight of a size, and few sizes."""
LISTS = frozenset({META, FORMAT})
KEPT = "meta.json.kept"
"""The list of segments that was last vouched for: by it the index is what it was before a commit of no avail."""


class Sealing:
    """Reads each segment when it is new, and once more when it goes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: Mapping[str, str] = {}
        self._kept: dict[str, dict[str, int]] = {}
        self._names: dict[str, frozenset[str]] = {}
        """The files that each segment had when it was hashed."""
        self._altered = ""
        self._list = b""

    def take(self, found: Mapping[str, str]) -> None:
        """Go on from digests that somebody else vouches for."""
        self._known = found
        with suppress(FileNotFoundError):
            self._list = (self._folder / META).read_bytes()
        self._keep()

    def before(self) -> None:
        """Keep the list of what is vouched for, before the library commits another: see ``put_back``."""
        if self._list:
            self.forget()  # a link or a FIFO of that name is nothing to write through
            (self._folder / KEPT).write_bytes(self._list)

    def forget(self) -> None:
        """Remove the list that was kept: behind a sealed end there is nothing to go back to."""
        (self._folder / KEPT).unlink(missing_ok=True)

    def now(self) -> str | None:
        """Return the digest of the index as it is, None where it changed again and again meanwhile, or was altered."""
        for _ in range(TRIES):
            try:
                before = (self._folder / "meta.json").read_bytes()
                found = digests(self._folder, self._as_they_were())
                if (self._folder / "meta.json").read_bytes() == before:
                    self._let_go(found)
                    self.take(found)
                    self._list = before
                    return None if self._altered else whole(found)
            except (FileNotFoundError, IndexDamaged):
                continue
        return None

    def _as_they_were(self) -> dict[str, str]:
        """Return the digests of the segments that no list of replaced documents came to since they were hashed."""
        same = {**self._known}
        for name in self._known.keys() & self._names.keys():
            now = frozenset(file.name for file in files_of(self._folder, name))
            if not now or now == self._names[name]:
                continue
            if name in self._kept:
                if self._known[name] != hashed(self._kept[name]) or not self._same_files(name):
                    self._alters(name)
                self._drop(name)
            del same[name]
        return same

    def _same_files(self, name: str) -> bool:
        """Say whether the files of a segment that are there still are those that were kept open."""
        there = {file.name: file for file in files_of(self._folder, name)}
        return all(
            (there[each].stat().st_dev, there[each].stat().st_ino)
            == (os.fstat(of).st_dev, os.fstat(of).st_ino)
            for each, of in self._kept[name].items()
            if each in there
        )

    def last(self) -> dict[str, str]:
        """Return the digests of the index, which was closed. Raises IndexDamaged where a segment is not as it was."""
        known = self._as_they_were()
        found = digests(self._folder)
        self._let_go(found)
        for name in sorted(known.keys() & found.keys() - LISTS):
            if known[name] != found[name]:
                self._alters(name)
        if self._altered:
            raise IndexDamaged(self._altered)
        return found

    def close(self) -> None:
        """Let go of all files."""
        for name in [*self._kept]:
            self._drop(name)

    def _keep(self) -> None:
        """Keep the files of each segment open, for when it is merged away."""
        self._names = {
            name: frozenset(file.name for file in files_of(self._folder, name))
            for name in self._known.keys() - LISTS
        }
        for name in self._known.keys() - LISTS - self._kept.keys():
            if len(self._kept) == MOST_KEPT:
                return
            opened: dict[str, int] = {}
            try:
                for file in files_of(self._folder, name):
                    opened[file.name] = os.open(file, os.O_RDONLY)
            except OSError:  # merged away already, or no descriptor left: then it is not read once more
                _close(opened)
            else:
                self._kept[name] = opened

    def _let_go(self, found: Mapping[str, str]) -> None:
        """Read segments that were merged away once more: what they were made into was made of the same bytes."""
        for name in self._kept.keys() - found.keys():
            if self._known.get(name) != hashed(self._kept[name]):
                self._alters(name)
            self._drop(name)

    def _alters(self, name: str) -> None:
        self._altered = self._altered or f"{name} was altered while the run went on"

    def _drop(self, name: str) -> None:
        _close(self._kept.pop(name))


def _close(opened: Mapping[str, int]) -> None:
    for descriptor in opened.values():
        os.close(descriptor)


def put_back(folder: Path, fits: Callable[[Mapping[str, str]], bool]) -> dict[str, str] | None:
    """Undo a commit that no transaction knows: go back to the list that was kept; return the digests of its segments.

    MUST: it is gone back to only where all is what the ledger vouches for, which ``fits`` says; else None, and the
    list stays as it is. Where a merge has removed a segment since, it is so.
    """
    meta, kept = folder / META, folder / KEPT
    try:
        committed, earlier = meta.read_bytes(), kept.read_bytes()
    except OSError:
        return None
    _exchange(meta, earlier)
    with suppress(IndexDamaged, FileNotFoundError):
        found = digests(folder)
        if fits(found):
            return found
    _exchange(meta, committed)
    return None


def _exchange(file: Path, content: bytes) -> None:
    new = file.with_name(KEPT)
    new.unlink(missing_ok=True)
    new.write_bytes(content)
    new.replace(file)


def whole(found: Mapping[str, str]) -> str:
    """Return one digest for those of all segments, of their list and the versions."""
    return sha256(json.dumps(found, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
