"""A UDF file set as a tree of names and files, with the names that were removed and the named streams.

Source: ECMA-167 3rd edition, 4/8.6 (directories), 4/9.1 (files); OSTA UDF 2.60, 3.3.5 (named streams).
"""

from collections.abc import Iterator

from msgspec.structs import replace

from actionday.model import Context, Found, Kind, Loss, Status
from actionday.model.unopened import LINK_LEFT, never_opened
from actionday.sources.filesystems._doubts import dated, doubted
from actionday.sources.filesystems._left_over import DIRECTORY as GONE_DIRECTORY
from actionday.sources.filesystems._left_over import GONE
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._names_lost import NamesLost
from actionday.sources.filesystems._streams import Name
from actionday.sources.filesystems._times import moment
from actionday.sources.filesystems._tree import Walk
from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems._udf_entry import (
    DELETED,
    DIRECTORY,
    HIDDEN,
    LINK,
    PARENT,
    SPECIAL,
    STREAMS,
    Entry,
    identifiers,
    number_of,
    target,
)
from actionday.sources.filesystems._udf_volume import Volume

LONGEST_TARGET = 65536
REMOVED = "deleted; whether where it lay was used again since is not known"


class UdfTree:
    """One file set."""

    kind = "udf"

    def __init__(self, volume: Volume) -> None:
        self.volume, self.root = volume, number_of(volume.root)
        self._hidden: set[str] = set()
        self._last: Entry | None = None

    def names(self, inode: int) -> Iterator[Name | BadMap]:
        """Yield the names in a directory. Raises BadMap or Missing."""
        entry = self._entry(inode)
        if not entry.trusted:
            yield BadMap("the checksum of its file entry differs")
        lost = NamesLost(self.volume.reader)
        for each in identifiers(entry, lost):
            if each.flags & PARENT:
                continue
            place = f"udf:{inode}:{each.at}"
            if each.flags & HIDDEN:
                self._hidden.add(place)
            name = each.name.encode("utf-8", "surrogatepass")
            yield Name(name, number_of(each.icb), place, deleted=bool(each.flags & DELETED))
        yield from lost.told()

    def enters(self, name: Name) -> bool:
        """Say whether a name leads to a directory. Raises BadMap or Missing."""
        return bool(name.inode) and self._entry(name.inode).type == DIRECTORY

    def in_use(self, _inode: int) -> bool:
        """Say no: nothing tells whether a removed name's file is another's now."""
        return False

    def unnamed(self, _named: Marks) -> Iterator[tuple[int, int | None]]:
        """Yield nothing: there is no second list of files."""
        return iter(())

    def found(self, name: Name, bare: Found) -> Found:
        """Return the item of a name. Raises BadMap or Missing."""
        hidden = {"hidden": True} if name.place in self._hidden else {}
        self._hidden.discard(name.place)
        if name.deleted and not name.inode:
            return replace(bare, status=Status.EMPTY, reason=GONE, meta={"deleted": True})
        entry = self._entry(name.inode)
        meta, mtime = _facts(entry)
        if name.deleted:
            meta["deleted"] = True
        item = self._of_type(entry, replace(bare, meta={**meta, **hidden}, mtime=mtime))
        if entry.trusted:
            return item
        return doubted(item, f"the checksum of its file entry (block {entry.block}) differs")

    def _of_type(self, entry: Entry, item: Found) -> Found:
        deleted = item.kind is Kind.DELETED
        if entry.type == DIRECTORY:
            if deleted:
                meta = {**item.meta, "type": "directory"}
                return replace(item, status=Status.EMPTY, reason=GONE_DIRECTORY, meta=meta)
            return replace(item, kind=Kind.DIRECTORY)
        if entry.type in SPECIAL:
            reason = never_opened(SPECIAL[entry.type])
            kind = item.kind if deleted else Kind.SPECIAL
            return replace(item, kind=kind, status=Status.UNSUPPORTED, reason=reason)
        if entry.type == LINK:
            meta = {**item.meta, "target": shown(target(entry.content(LONGEST_TARGET)))[0]}
            reason = LINK_LEFT
            kind = item.kind if deleted else Kind.SYMLINK
            return replace(item, kind=kind, meta=meta, status=Status.UNSUPPORTED, reason=reason)
        reason = REMOVED if deleted else ""
        return replace(item, size=entry.size, runs=tuple(entry.runs()), reason=reason)

    def beside(self, name: Name, found: Found) -> Iterator[Found]:
        """Yield the named streams of a file or a directory. Raises BadMap or Missing."""
        folder = self._entry(name.inode).streams() if name.inode else 0
        if not folder:
            return
        listing = self._entry(folder)
        if listing.type not in (STREAMS, DIRECTORY):
            raise BadMap("its named streams stand in no directory")
        lost = NamesLost(self.volume.reader)
        for each in identifiers(listing, lost):
            if each.flags & (PARENT | DELETED) or not each.icb.length:
                continue
            text, raw = shown(f"{found.name}:{each.name}")
            bare = Found(name=text, raw=raw, kind=Kind.STREAM, place=f"udf:{folder}:{each.at}")
            try:
                entry = self._entry(number_of(each.icb))
                yield replace(bare, size=entry.size, runs=tuple(entry.runs()))
            except (BadMap, Missing) as error:
                yield replace(bare, status=Status.UNREADABLE, reason=f"udf: {error}")
        for why in lost.told():
            raise why

    def _entry(self, number: int) -> Entry:
        if self._last is None or self._last.number != number:
            self._last = Entry(self.volume, number)
        return self._last


def _facts(entry: Entry) -> tuple[dict[str, object], str | None]:
    meta: dict[str, object] = {"block": entry.block, "links": entry.links}
    meta |= {key: value for key, value in (("uid", entry.uid), ("gid", entry.gid)) if value != 0xFFFFFFFF}
    times, odd = entry.times()
    told, mtime = dated(times, moment)
    return meta | told | odd, mtime


def walk_of(volume: Volume, around: Context) -> Walk:
    """Return the walk over the volume's tree; what is not read of it is noted."""
    if volume.more_sets:
        around.note(Loss.DAMAGED, "udf: there is more than one file set: only the first is read")
    return Walk(UdfTree(volume), around)
