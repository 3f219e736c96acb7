"""Compound files (OLE2): embedded objects and every stream that no parser reads, each an item of its own.

Source: [MS-CFB] 2.6 (directory); [MS-DOC] 2.1.5 (ObjectPool); [MS-XLS] 2.1.7.14 (embedding storages); [MS-OXMSG] 2.2.

The parsers read the document's own streams (``mime.compound_types``); what lies beside them and below is opened here.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from actionday.mime.compound import HEADER, MAGIC, Compound
from actionday.mime.compound_facts import LONGEST, is_numbers, is_told
from actionday.mime.compound_tree import MOST_ENTRIES, STORAGE, STREAM, Entry
from actionday.mime.compound_types import READ, is_message, told_by, type_of, unread
from actionday.model import Claim, Context, Found, Kind, Loss, Note, Peek, Run, Status, Stream
from actionday.model.counted import counted
from actionday.model.streams import RunStream, ends_of, part, read_at
from actionday.sources.archives._compoundbuilt import built
from actionday.sources.archives._compoundparts import NATIVE, Packed, inflated, objects, packed, thumbnail
from actionday.sources.archives._compoundsealed import sealed
from actionday.sources.archives._leftover import behind
from actionday.sources.archives._streams import BLOCK, Window, body

SLIDES = "PowerPoint Document"
NAMED = 32
"""Storages within storages that a path names; one deeper begins anew with its number."""
TIMES = 4
"""Bytes of all streams together, as a multiple of the file: in a sound one each sector belongs to one stream."""
LEAST = 1 << 20
LARGEST = 400 << 20
"""Bytes of a storage that is made a file of its own; of a larger one the streams are items."""


class _Place(NamedTuple):
    """An entry of the directory, what stands before its name in its path, and how deep it lies (0: in the root)."""

    prefix: str
    entry: Entry
    depth: int


class Streams:
    """What lies behind the end, then streams and objects in the order of the tree.

    ``place`` is ``s`` and the number of the entry, ``o`` for what is within its stream, ``r`` for a storage as a file.
    """

    name, sample = "compound", "objects.doc"
    beside = True
    no_byte_left = True
    marks = ((0, MAGIC),)

    def claims(self, peek: Peek) -> Claim:
        """Say MAGIC for a whole header: whoever knows by its directory what the file is comes before."""
        head = peek.head
        sound = head[:8] == MAGIC and len(head) >= HEADER and head[30] in (9, 12)
        return Claim.MAGIC if sound else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield what is no part of the document's text. Raises Damaged where there is no such header."""
        whole = Compound(partial(read_at, stream), stream.size)
        if whole.over < stream.size:
            yield from behind(stream, whole.over, around, "OLE2")
        if whole.is_cut:
            around.note(Loss.PARTS_LIMIT, f"OLE2: more than {MOST_ENTRIES} streams and storages")
        if loose := len(whole.tree.loose):
            around.note("unlinked_part", f"OLE2: {counted(loose, 'stream or storage', 'streams or storages')} "
                        "that no storage leads to")  # fmt: skip
        yield from _Listing(stream, whole).items()
        yield from sealed(stream, whole, whole.tree.top(), around)
        yield from strays(stream, whole, around)


def strays(stream: Stream, whole: Compound, around: Context) -> Iterator[Found]:
    """Yield the sectors in use that belong to no stream, unless they are zeros."""
    runs = whole.strays()
    reader = RunStream(stream, runs)
    if any(any(block) for block in iter(partial(reader.read, BLOCK), b"")):
        around.note("unclaimed", f"OLE2: {counted(reader.size, 'byte')} in sectors of no stream")
        yield _found("sectors of no stream", "x", reader.size, runs)


class _Listing:
    def __init__(self, stream: Stream, whole: Compound) -> None:
        self._stream, self._whole, self._spent = stream, whole, 0
        top = whole.tree.top()
        self._mime = type_of(whole.tree)
        self._unread = unread(self._mime, top, partial(whole.content, limit=32))
        self._top = top
        self._sizes = _sizes(whole, stream.size)

    def items(self) -> Iterator[Found]:
        places = [_Place("", each, 0) for each in reversed(self._top)]
        while places:
            place = places.pop()
            each = place.entry
            members = self._whole.tree.members.get(each.number, ())
            path = f"{place.prefix}{each.name or f'#{each.number}'}"
            if each.kind != STORAGE:
                yield from self._stream_items(each, path, place.depth)
            elif self._sizes[each.number] <= LARGEST and _is_document(each, members):
                yield self._document(each, path)
            elif not members:
                yield Found(name=path, kind=Kind.DIRECTORY, place=f"s{each.number}")
            else:
                prefix = f"{path}/" if place.depth < NAMED else f"#{each.number}/"
                depth = place.depth + 1 if place.depth < NAMED else 1
                places += (_Place(prefix, member, depth) for member in reversed(members))

    def _document(self, each: Entry, path: str) -> Found:
        """Return a storage that is a document as a file of its own."""
        meta = {"rebuilt": "from a storage"}
        if why := self._too_much(self._sizes[each.number]):
            return Found(
                name=path, kind=Kind.MEMBER, place=f"r{each.number}", status=Status.QUARANTINED, reason=why
            )
        return Found(name=path, kind=Kind.MEMBER, place=f"r{each.number}", meta=meta,
                     read=lambda: body(built(self._whole, self._stream, each)))  # fmt: skip

    def _too_much(self, size: int) -> str:
        self._spent += min(size, self._stream.size)
        if self._spent <= TIMES * self._stream.size + LEAST:
            return ""
        return f"OLE2: its streams are more than {TIMES} times as long as the file: the same sectors again and again"

    def _stream_items(self, each: Entry, path: str, depth: int) -> Iterator[Found]:
        kept = depth > 0 or each.number in self._unread
        if not kept and each.name != SLIDES:
            return
        place = f"s{each.number}"
        if why := self._too_much(each.size):
            yield Found(name=path, kind=Kind.MEMBER, place=place, status=Status.QUARANTINED, reason=why)
            return
        runs = self._whole.runs(each)
        if each.name == SLIDES and depth == 0:
            yield from self._objects(each, runs, path)
        if kept and not self._is_told(each, depth):
            within = self._within(each, path, runs)
            if within:
                yield from within
            else:
                yield _found(path, place, each.size, runs)

    def _is_told(self, each: Entry, depth: int) -> bool:
        if each.size > LONGEST:
            return False
        block = self._whole.content(each)
        return (
            is_told(each.name, block) if self._mime in READ and depth == 0 else is_numbers(each.name, block)
        )

    def _within(self, each: Entry, path: str, runs: tuple[Run, ...]) -> list[Found]:
        """Return the file within a stream, and what stands around it, each byte once."""
        reader = RunStream(self._stream, runs)
        held = packed(reader) if each.name == NATIVE else thumbnail(reader)
        if held is None or reader.size < each.size:
            return []
        folder = path.rpartition("/")[0]
        name = f"{folder}/{held.name}".lstrip("/") if held.name else f"{path} @{held.begin}"
        ends = ends_of(runs)
        rest = (*part(runs, ends, 0, held.begin), *part(runs, ends, held.end, reader.size))
        return [_inside(name, f"o{each.number}", held, runs),
                _found(path, f"s{each.number}", sum(length for _, length in rest), rest)]  # fmt: skip

    def _objects(self, each: Entry, runs: tuple[Run, ...], path: str) -> Iterator[Found]:
        for held in objects(RunStream(self._stream, runs)):
            name, place = f"{path}/object @{held.at}", f"o{each.number}.{held.at}"
            if held.is_packed:
                window = Window(RunStream(self._stream, runs), held.begin, held.end - held.begin)
                yield Found(name=name, kind=Kind.MEMBER, place=place, meta={"offset": held.at},
                            read=lambda window=window: body(inflated(window)))  # type: ignore[misc] # fmt: skip
            else:
                yield _inside(name, place, Packed("", held.begin, held.end), runs)


def _sizes(whole: Compound, most: int) -> dict[int, int]:
    """Return the bytes of all streams within each storage, by its number: a step an entry."""
    sizes: dict[int, int] = {}
    for number, members in reversed(whole.tree.members.items()):  # what lies in a storage comes behind it
        each = (sizes.get(one.number, 0) if one.kind == STORAGE else min(one.size, most) for one in members)
        sizes[number] = sum(each)
    return sizes


def _is_document(each: Entry, members: Sequence[Entry]) -> bool:
    """Say whether a storage is one that a reader would open; parts of a message have the names of one, and are none."""
    mime = told_by([member.name for member in members if member.kind == STREAM])
    return bool(mime) and (not is_message(mime) or each.name.endswith("3701000D"))


def _inside(name: str, place: str, held: Packed, runs: tuple[Run, ...]) -> Found:
    pieces = part(runs, ends_of(runs), held.begin, held.end)
    named: dict[str, object] = {"packed_as": list(held.names)} if held.names else {}
    return Found(name=name, kind=Kind.MEMBER, place=place, size=held.end - held.begin, runs=pieces,
                 meta={"offset": held.begin} | named)  # fmt: skip


def _found(path: str, place: str, size: int, runs: tuple[Run, ...]) -> Found:
    there = sum(length for _, length in runs)
    held = sum(length for at, length in runs if at >= 0)
    lost = Note(Loss.DAMAGED, f"OLE2: the stream has {size} bytes, and {held} of them are in the file")
    return Found(name=path, kind=Kind.MEMBER, place=place, size=there, runs=runs,
                 notes=(lost,) if held < size else ())  # fmt: skip


SOURCE = Streams()
