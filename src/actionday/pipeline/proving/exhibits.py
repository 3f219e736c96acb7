"""Are the exhibits still what was taken in? Their files are read and hashed again, their folders listed again.

A file that is not there is no difference: nothing is known of it, and that is said.
"""

from pathlib import Path
from typing import NamedTuple

import msgspec

from actionday.model import Damaged
from actionday.pipeline.custody import SourceFile, hash_of
from actionday.pipeline.moved import find
from actionday.pipeline.proving.report import Check, Subject
from actionday.pipeline.relisting import Pair, facts_of, listed_again, same_bytes

KEPT = ("mode", "uid", "gid", "target")
"""What is compared of a file in a folder beside its bytes and its time."""
ELSEWHERE = "the times and owners of its files are not compared at another place"


class Exhibit(NamedTuple):
    """An exhibit to be proved."""

    number: int
    id: str
    sources: list[SourceFile]
    complete: bool


class Result:
    """What was found out of all exhibits so far."""

    def __init__(self) -> None:
        self.checked = 0
        self.absent: list[str] = []
        self.not_proved: list[str] = []

    def check(self, difference: str | None = None) -> Check:
        """Return it as a check, with the first difference."""
        return Check(
            name="exhibits",
            what="files",
            checked=self.checked,
            difference=difference,
            not_proved=tuple(self.not_proved),
            absent=tuple(self.absent),
        )


def check_exhibits(of: Subject) -> Check:
    """Hash every file of every exhibit again; of a folder, every file that was read, and what is in it now.

    Of an exhibit that is still open what was recorded so far is compared, and not what else is there.
    """
    found = Result()
    query = "SELECT number, id, sources, state FROM exhibits ORDER BY number"
    for number, name, sources, state in of.case.database.execute(query).fetchall():
        files = msgspec.json.decode(sources, type=list[SourceFile])
        exhibit = Exhibit(number, name, files, state == "complete")
        for source in files:
            difference = _source(of, exhibit, source, found)
            if difference:
                return found.check(f"{name}: {difference}")
    return found.check()


def _source(of: Subject, exhibit: Exhibit, source: SourceFile, found: Result) -> str | None:
    """Return how a source differs; ``found`` takes what holds and what cannot be told."""
    if not source.folder and source.sha256 is None:
        found.not_proved.append(f"exhibit {exhibit.id!r}: {source.path}: not hashed yet")
        return None
    path = find(source, of.elsewhere)
    if path is None:
        found.absent.append(f"{exhibit.id}: not found at {source.path}: not proved")
        return None
    moved = path != Path(source.path)
    return (
        _folder(of, exhibit, path, found, moved=moved)
        if source.folder
        else _file(exhibit, source, path, found)
    )


def _file(exhibit: Exhibit, source: SourceFile, path: Path, found: Result) -> str | None:
    try:
        now = hash_of(str(path).encode("utf-8", "surrogateescape")).hex()
    except OSError as error:
        found.absent.append(f"{exhibit.id}: cannot be read at {path} ({error.strerror}): not proved")
        return None
    if now != source.sha256:
        return f"{path}: its SHA-256 is {now}, it was {source.sha256}"
    found.checked += 1
    return None


def _folder(of: Subject, exhibit: Exhibit, path: Path, found: Result, *, moved: bool) -> str | None:
    if moved:
        found.not_proved.append(f"exhibit {exhibit.id!r}: {ELSEWHERE}")
    if not exhibit.complete:
        found.not_proved.append(f"exhibit {exhibit.id!r}: {path}: what is not read yet is not hashed yet")
    try:
        for pair in listed_again(of.case.database, exhibit.number, path, of.case.folder):
            if difference := _thing(path, pair, exhibit, moved=moved):
                name = pair.row.path if pair.row else pair.found.name if pair.found else ""
                return f"{path}/{name}: {difference}"
            found.checked += pair.row is not None and pair.row.sha256 is not None
    except Damaged as error:
        found.absent.append(f"{exhibit.id}: cannot be listed ({error}): not proved")
    return None


def _thing(folder: Path, pair: Pair, exhibit: Exhibit, *, moved: bool) -> str:
    """Return how one thing in a folder is not as it was listed and read: added, gone, other bytes, time or owner."""
    row, now = pair
    if row is None:
        return "is in the folder, and was not when it was taken in" if exhibit.complete else ""
    if now is None:
        return "is no longer in the folder"
    if now.kind != row.kind:
        return f"it is a {now.kind}, it was a {row.kind}"
    if row.sha256 is not None and (difference := same_bytes(folder, row, now)):
        return difference
    if row.kind == "directory" or moved:  # of what is in it, not of it
        return ""
    return _facts(pair) if exhibit.complete else ""


def _facts(pair: Pair) -> str:
    row, now = pair
    assert row is not None
    assert now is not None
    before, after = row.facts(), facts_of(now.meta)
    for key in KEPT:
        if row.meta is not None and before.get(key) != after.get(key):
            return f"its {key} is {after.get(key)}, it was {before.get(key)}"
    if row.mtime != now.mtime and row.reason is None:
        return f"its time of change is {now.mtime}, it was {row.mtime}"
    return ""
