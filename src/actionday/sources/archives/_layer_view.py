"""The merged view of layers: what a container sees, and what an upper layer removed or put something in place of.

From the top layer down, so that each is read once and nothing is held but names: whatever lies over an entry is known
when it comes. No byte stands in the view a second time: each entry says which member of which layer it is.

Source: OCI image-spec 1.1, ``layer.md``, "Whiteouts", "Opaque Whiteout"; aufs(5) for ``.wh..wh.``.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from actionday.model import Found, Kind, Status
from actionday.model.unopened import not_followed

WHITEOUT, OPAQUE, OWN = ".wh.", ".wh..wh..opq", ".wh..wh."
DEEPEST = 512
"""Folders within one another; Linux opens no path with more than 2,048, and each costs a look for every entry."""
LONGEST = 4096
KEPT = ("size", "mode", "uid", "gid", "uname", "gname", "target")


class Over(NamedTuple):
    """What lies over an entry: in which layer, and whether it was removed there or something else put in its place."""

    layer: int
    how: str


class View:
    """Names met so far, from the top layer down."""

    def __init__(self) -> None:
        self._over: dict[str, Over] = {}
        """Paths that an upper layer removed, or of which it has a file: the lowest of those layers."""
        self._opaque: dict[str, int] = {}
        self._folders: dict[str, int] = {}
        self.whiteouts = 0

    def __len__(self) -> int:
        return len(self._over) + len(self._opaque) + len(self._folders)

    def layer(self, number: int, members: Iterator[Found]) -> Iterator[tuple[Found, str, Over | None]]:
        """Yield the entries of the next layer below, each with its path and what lies over it.

        Entries of whiteouts are none; a folder of which an upper layer tells already comes once.
        """
        over: dict[str, Over] = {}
        opaque: list[str] = []
        folders: list[str] = []
        for found in members:
            path = plain(found.name)
            if path is None or not found.place.rstrip("+").isdecimal():
                continue  # bytes between members: items beside the layer's own, and no file of it
            folder, _, name = path.rpartition("/")
            if name == OPAQUE:
                opaque.append(folder)
                self.whiteouts += 1
            elif name.startswith(OWN):
                continue
            elif name.startswith(WHITEOUT):
                self.whiteouts += 1
                over[f"{folder}/{name[len(WHITEOUT) :]}".removeprefix("/")] = Over(number, "removed")
            else:
                above = self._above(path, found)
                if found.kind is Kind.DIRECTORY:
                    if above is None and path in self._folders:
                        continue
                    folders.append(path)
                else:
                    over[path] = Over(number, "replaced")
                yield found, path, above
        self._over |= over
        self._opaque |= dict.fromkeys(opaque, number)
        self._folders |= dict.fromkeys(folders, number)

    def _above(self, path: str, found: Found) -> Over | None:
        """Return the lowest layer above that hides a path, by itself or by a folder that it lies in."""
        hiding = [each for each in (self._over.get(path),) if each is not None]
        if found.kind is not Kind.DIRECTORY and path in self._folders:
            hiding.append(Over(self._folders[path], "replaced"))
        end = len(path)
        while end > 0:
            end = max(0, path.rfind("/", 0, end))
            folder = path[:end]
            if folder in self._opaque:
                hiding.append(Over(self._opaque[folder], "removed"))
            if folder and folder in self._over:
                hiding.append(self._over[folder]._replace(how="removed"))
        return min(hiding, default=None)


def plain(name: str) -> str | None:
    """Return the path of a member as a container sees it; None of the root, and of what is no path below it."""
    path = name.lstrip("/")
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    path = path.rstrip("/")
    if path in ("", ".") or len(path) > LONGEST or path.count("/") > DEEPEST:
        return None
    return None if ".." in path.split("/") else path


def item(found: Found, name: str, place: str, above: Over | None, layer: int, layers: Sequence[str]) -> Found:
    """Return the entry of the view for a member of a layer: where its bytes are, and what became of it above."""
    which = f"member {found.name!r} of layer {layer} of {len(layers)} ({layers[layer - 1]})"
    meta: dict[str, object] = {key: found.meta[key] for key in KEPT if key in found.meta}
    meta |= {"layer": layer, "member": found.name}
    if found.size is not None:
        meta["size"] = found.size
    if above is not None:
        meta |= {f"{above.how}_in_layer": above.layer}
        said = f"{above.how} in layer {above.layer} of {len(layers)}"
        if found.kind is Kind.DIRECTORY:
            return Found(name=name, kind=Kind.DELETED, place=place, mtime=found.mtime, meta=meta,
                         status=Status.EMPTY, reason=f"deleted directory: {said}; {which}")  # fmt: skip
        return Found(name=name, kind=Kind.DELETED, place=place, mtime=found.mtime, meta=meta,
                     status=Status.UNSUPPORTED, reason=not_followed(f"{said}; {which}"))  # fmt: skip
    if found.kind in (Kind.DIRECTORY, Kind.SYMLINK, Kind.SPECIAL):
        return Found(name=name, kind=found.kind, place=place, mtime=found.mtime, meta=meta, status=found.status,
                     reason=found.reason)  # fmt: skip
    hard = f"hard link to {found.meta['target']!r}; " if "target" in found.meta else ""
    return Found(name=name, kind=Kind.REVISIT, place=place, mtime=found.mtime, meta=meta,
                 status=Status.UNSUPPORTED, reason=not_followed(f"{hard}the {which}"))  # fmt: skip
