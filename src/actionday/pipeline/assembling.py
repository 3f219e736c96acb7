"""Streams that are parts of one whole, gathered until all streams of their exhibit are known, then opened together.

A part stays open until its whole is gone through: a run that is killed in between asks every part again, and comes to
the same whole; the part of one that cannot be opened is not read either. The item of a whole lies beside its parts: in
what holds all of them, or in the exhibit itself where they lie apart.
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from actionday.model import VOLUMES, Kind, Loss, Status
from actionday.model.identity import item_id
from actionday.pipeline.jobs import Container
from actionday.pipeline.messages import Issue, Located, Member, Opened, Scope, Whole
from actionday.pipeline.placing import joined, row_of
from actionday.pipeline.visit import is_whole


class Key(NamedTuple):
    """What parts of one whole have in common."""

    exhibit: int
    assembly: str
    of: str
    folder: str = ""
    """The path under which its parts lie, where those that lie elsewhere are of another whole."""


class Again(NamedTuple):
    """A whole that can be opened; whether an earlier run had begun with it, and behind which place to go on then."""

    opened: Opened
    resumed: bool
    after: str | None


class Wholes:
    """The parts of each whole."""

    def __init__(self) -> None:
        self._parts: dict[Key, dict[bytes, Container]] = defaultdict(dict)
        self._names: dict[Key, str] = {}
        self._opened: dict[bytes, Sequence[tuple[bytes, Container]]] = {}
        self._left: dict[bytes, str | None] = {}

    def left(self, opened: Opened, after: str | None) -> bool:
        """Say whether a container that an earlier run left open is a whole: its parts will tell of it again."""
        if not is_whole(opened.scope.chain):
            return False
        self._left[opened.row.id] = after
        return True

    def __bool__(self) -> bool:
        """Say whether a part waits."""
        return bool(self._parts)

    def take(self, item: bytes, container: Container, member: Member) -> None:
        """Keep a container that is a part."""
        folder = container.scope.path.rpartition("/")[0] if member.beside else ""
        key = Key(container.exhibit, member.assembly, member.of, folder)
        self._parts[key][item] = container
        if member.name:
            self._names[key] = min(member.name, self._names.get(key, member.name))

    def holds(self, item: bytes) -> bool:
        """Say whether a container is kept open as a part."""
        waiting = any(item in parts for parts in self._parts.values())
        return waiting or any(item == part for parts in self._opened.values() for part, _ in parts)

    def closed(self, item: bytes) -> list[tuple[bytes, Container]]:
        """Return the parts of a whole that is closed; one that is a part of several goes with the last of them."""
        parts = self._opened.pop(item, ())
        return [(part, container) for part, container in parts if not self.holds(part)]

    def release(self, root: bytes, exhibit: int) -> Iterator[Again]:
        """Yield each whole of an exhibit, whose own item is ``root``; no further part can come."""
        own = sorted(key for key in self._parts if key.exhibit == exhibit)
        untold = {key.assembly: self._parts[key] for key in own if not key.of}
        for key in own:
            if not key.of and any(other.assembly == key.assembly for other in own if other != key):
                continue  # its parts went to the others
            whole = self._parts[key] | (untold.get(key.assembly, {}) if key.of else {})
            parts = sorted(whole.items(), key=_path)
            opened = _opened(key, root, parts, self._names.get(key) or key.of)
            self._opened[opened.row.id] = parts
            yield Again(opened, opened.row.id in self._left, self._left.pop(opened.row.id, None))
        for key in own:
            del self._parts[key]


def hand_down(whole: Container, parts: Sequence[Container]) -> Iterator[Issue]:
    """Call the parts of a whole of which nothing came what it is called: nobody read them. Yield what to say of each.

    Not where the whole is counted itself: it was put together, and is encrypted or known to nobody.
    """
    counted = whole.status == Status.UNSUPPORTED and whole.size is not None
    if whole.status in (Status.PARSED, Status.ENCRYPTED) or counted:
        return
    for part in parts:
        row = part.opened.row
        part.status, part.reason = whole.status, f"{whole.opened.row.path}: {whole.reason}"
        if part.status == Status.UNSUPPORTED:
            code = Loss.VOLUME_UNREAD if row.kind in (*VOLUMES, Kind.EXHIBIT) else part.status
            yield Issue(row.id, "open", row.path, code, part.reason)
    whole.status = Status.UNREADABLE


def _path(part: tuple[bytes, Container]) -> tuple[str, bytes]:
    return part[1].scope.path, part[0]


def _opened(key: Key, root: bytes, parts: Sequence[tuple[bytes, Container]], called: str) -> Opened:
    """Return the whole as a container that is to be opened."""
    containers = [container for _, container in parts]
    parents = {each.opened.row.parent for each in containers}
    parent = (parents.pop() or root) if len(parents) == 1 else root
    folders = [each.opened.row.path.rpartition("/")[0] for each in containers]
    path = os.path.commonpath(folders) if parent != root or len(folders) == 1 or key.folder else ""
    name = f"{key.assembly} {called}".strip().replace("/", "_")
    place = f"{key.assembly}:{key.folder}{'/' * bool(key.folder)}{key.of}"
    item = item_id(parent, place)
    size = sum(each.opened.size for each in containers)
    ways = tuple((each.scope.chain, each.scope.path) for each in containers)
    found = Located(name, Kind.VOLUME, place, None, None, None, None, "", None, b"")
    row = row_of(item, parent, joined(path, name), found, status=Status.PARSED, reason="", opened=True)
    scope = Scope(
        containers[0].scope.exhibit,
        item,
        row.path,
        (Whole(key.assembly, key.of, item, ways),),
        1 + max(each.scope.depth for each in containers),
        tuple(dict.fromkeys(one for each in containers for one in each.scope.ancestors)),
    )
    return Opened(row, scope, "", name, size)
