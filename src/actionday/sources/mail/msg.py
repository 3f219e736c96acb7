"""MSG, one item of Outlook in a file: the message, its attachments, the messages within it.

Source: [MS-OXMSG] 2.1 (storages and streams), 2.2 (named properties), 2.4 (the properties stream); [MS-CFB].
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial

from actionday.mime.compound import HEADER, MAGIC, Compound
from actionday.mime.compound_tree import ENTRY, STORAGE, STREAM, Entry, entry
from actionday.mime.compound_types import MESSAGE, told_by, type_of
from actionday.model import Claim, Context, Damaged, Found, Kind, Loss, Peek, Stream
from actionday.model.counted import counted
from actionday.model.streams import RunStream, read_at
from actionday.sources.archives._compoundbuilt import built
from actionday.sources.archives._leftover import behind
from actionday.sources.archives._streams import BLOCK
from actionday.sources.archives.compound import SOURCE as ANY
from actionday.sources.archives.compound import strays
from actionday.sources.mail._mapi import (
    BINARY,
    FIXED,
    MOST,
    MULTIPLE,
    OBJECT,
    UNICODE,
    Name,
    Property,
    Props,
    at_hand,
    is_known,
    names_of,
    put_together,
)
from actionday.sources.mail._mapiitems import ATTACHED, Attached, Letter, Wanted, items
from actionday.sources.mail.eml import NAME

PROPERTIES, NAMES = "__properties_version1.0", "__nameid_version1.0"
RECIPIENT, ATTACHMENT = "__recip_version1.0_#", "__attach_version1.0_#"
ITEM = bytes.fromhex("0b0d020000000000c000000000000046")
"""The class of the root: {00020D0B-0000-0000-C000-000000000046}."""
HEADS = {"": 32, "inner": 24}
"""Bytes before the entries of a properties stream: of the file's message, of one within it; 8 of all else."""
METHOD, EMBEDDED = 0x3705, 5
_VALUE = re.compile(r"__substg1\.0_([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})(?:-([0-9A-Fa-f]{8}))?")


class Msg:
    """The file keeps its own row; the one message in it is ``message``, as in an EML, what hangs on it below it."""

    name, sample = "msg", "mail.msg"
    marks = ((0, MAGIC),)
    binary = True

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE where the root of the directory is a message's, or cannot be seen and the name says so."""
        head = peek.head
        if head[:8] != MAGIC or len(head) < HEADER or head[30] not in (9, 12):
            return Claim.NO
        size = 1 << head[30]
        at = (int.from_bytes(head[48:52], "little") + 1) * size
        rest = at - (peek.size - len(peek.tail))
        sector = (
            head[at : at + size] if at < len(head) else peek.tail[rest : rest + size] if rest >= 0 else b""
        )
        if len(sector) < ENTRY:
            return Claim.STRUCTURE if peek.name.lower().endswith(".msg") and at < peek.size else Claim.NO
        return Claim.STRUCTURE if _is_message(sector) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the message and what is in it; of a file that is none, its streams. Raises Damaged."""
        whole = Compound(partial(read_at, stream), stream.size)
        if stream.size < whole.end:
            around.note(
                Loss.BROKEN_OFF,
                f"MSG: ends {counted(whole.end - stream.size, 'byte')} before the end its tables tell",
            )
        if whole.tree.root is None or not whole.tree.complete:
            around.note(Loss.DAMAGED, "MSG: not all of its directory can be read")
        if type_of(whole.tree) != MESSAGE:
            yield from ANY.items(stream, around)
            return
        if whole.over < stream.size:
            yield from behind(stream, whole.over, around, "OLE2")
        store = _File(stream, whole)
        yield from items(store.letter(None), Wanted(NAME, "0", around))
        for each in store.others():
            around.note(
                "unknown_part",
                "MSG: a stream or storage that is no part of a message: an item of its own",
                each.name,
            )
            yield Found(
                name=each.name,
                kind=Kind.MEMBER,
                place=f"s{each.number}",
                size=each.size,
                runs=whole.runs(each),
            )
        if loose := whole.tree.loose:
            around.note(Loss.DAMAGED, f"MSG: no storage leads to {len(loose)} of its streams and storages")
        yield from strays(stream, whole, around)


def _is_message(sector: bytes) -> bool:
    """Say whether a first sector of a directory is that of a message, where its class is not set by its names."""
    rows = [entry(sector[at : at + ENTRY], 0, long=False) for at in range(0, len(sector) - ENTRY + 1, ENTRY)]
    root = rows[0]
    if root is None:
        return False
    names = [each.name for each in rows[1:] if each is not None]
    if root.class_id == ITEM:
        return not told_by([name for name in names if name != PROPERTIES])
    return not any(root.class_id) and any(name.startswith("__") and "_version1.0" in name for name in names)


SOURCE = Msg()


class _File:
    """Letters out of the storages of one file."""

    def __init__(self, stream: Stream, whole: Compound) -> None:
        self._stream, self._whole = stream, whole
        self._top = whole.tree.top()
        self.names: Mapping[int, Name] = {}
        for each in self._top:
            if each.name == NAMES:
                held = {one.name: one for one in self._members(each)}
                streams = (held.get(f"__substg1.0_000{number}0102") for number in (2, 3, 4))
                self.names = dict(names_of(*(whole.content(one, MOST) if one else b"" for one in streams)))

    def _members(self, storage: Entry | None) -> list[Entry]:
        return self._top if storage is None else self._whole.tree.members.get(storage.number, [])

    def others(self) -> Iterator[Entry]:
        """Yield the streams of the root that are no part of a message."""
        for each in self._top:
            if each.kind == STREAM and each.name != PROPERTIES and not _VALUE.fullmatch(each.name):
                yield each

    def letter(self, storage: Entry | None) -> Letter:
        """Return the message in a storage, None for that of the file itself."""
        members, lost = self._members(storage), list[str]()
        props = self._props(members, HEADS["" if storage is None else "inner"], lost)
        storages = sorted((each for each in members if each.kind == STORAGE), key=lambda each: each.name)
        people = [
            self._props(self._members(each), 8, lost, props.charset)
            for each in storages
            if each.name.startswith(RECIPIENT)
        ]
        files = [
            self._attachment(each, lost, props.charset)
            for each in storages
            if each.name.startswith(ATTACHMENT)
        ]
        return Letter(props, people, files, tuple(lost))

    def _attachment(self, storage: Entry, lost: list[str], charset: str) -> Attached:
        number = str(storage.number)
        members, wrong = self._members(storage), list[str]()
        props = self._props(members, 8, wrong, charset)
        held = next(
            (
                each
                for each in members
                if each.name.upper() == "__SUBSTG1.0_3701000D" and each.kind == STORAGE
            ),
            None,
        )
        if held is not None:
            lost += wrong
            if props.number(METHOD) == EMBEDDED:
                return Attached(number, props, letter=partial(self.letter, held))
            return Attached(number, props, chunks=partial(built, self._whole, self._stream, held))
        data = props.found.get(ATTACHED)
        others = [why for why in wrong if not why.startswith(f"MSG: property {ATTACHED:04X}")]
        lost += others
        if data is None:
            return Attached(number, props)
        if data.error:
            return Attached(number, props, f"the attachment cannot be read: {data.error}")
        own = next(
            (each for each in members if each.kind == STREAM and each.name[12:16].upper() == "3701"), None
        )
        if own is None:
            return Attached(number, props, "the attachment cannot be read: MSG: its stream is not there")
        runs = self._whole.runs(own)
        if sum(length for _, length in runs) < own.size or any(at < 0 for at, _ in runs):
            return Attached(number, props, chunks=data.chunks)
        return Attached(number, props, runs=runs)

    def _props(self, members: list[Entry], head: int, lost: list[str], charset: str = "") -> Props:
        """Return the properties of one object; what its stream lists and no stream has is ``lost``."""
        table = next((each for each in members if each.name == PROPERTIES and each.kind == STREAM), None)
        block = self._whole.content(table, MOST) if table else b""
        if table is None:
            lost.append("MSG: the list of its properties is not there: what has a stream of its own is known")
        elif len(block) < table.size or (len(block) - head) % 16 or len(block) < head:
            lost.append("MSG: the list of its properties breaks off")
        streams, parts = dict[int, tuple[int, Entry]](), dict[int, list[Entry]]()
        for each in members:
            if each.kind == STREAM and (name := _VALUE.fullmatch(each.name)):
                if name[3]:
                    parts.setdefault(int(name[1], 16), []).append(each)
                else:
                    streams.setdefault(int(name[1], 16), (int(name[2], 16), each))
        found: dict[int, Property] = {}
        for at in range(head, len(block) - 15, 16):
            kind, number = (
                int.from_bytes(block[at : at + 2], "little"),
                int.from_bytes(block[at + 2 : at + 4], "little"),
            )
            found.setdefault(number, self._listed(number, kind, block[at + 8 : at + 16], number in streams))
        for number, (kind, each) in streams.items():
            found[number] = self._streamed(number, kind, each, parts.get(number, []))
        lost += (f"MSG: {each.error}" for each in found.values() if each.error)
        return Props(found, self.names, charset)

    def _listed(self, number: int, kind: int, value: bytes, there: bool) -> Property:
        """Return a property by its entry alone: its value stands there, or its stream is lacking."""
        if not is_known(kind):
            why = f"property {number:04X} has the type {kind:04X}, which no one knows"
            return Property(number, kind, lambda: iter(()), None, why)
        if kind in FIXED and FIXED[kind] <= 8:
            return at_hand(number, kind, value[: FIXED[kind]])
        size = int.from_bytes(value[:4], "little")
        empty = there or kind == OBJECT or size <= (2 if kind == UNICODE else 1)
        why = "" if empty else f"property {number:04X} has {size} bytes, and the stream of them is not there"
        return Property(number, kind, lambda: iter(()), 0, why)

    def _streamed(self, number: int, kind: int, each: Entry, parts: list[Entry]) -> Property:
        if not is_known(kind):
            why = f"property {number:04X} has the type {kind:04X}, which no one knows"
            return Property(number, kind, lambda: iter(()), None, why)
        if kind & MULTIPLE and (kind & ~MULTIPLE) not in FIXED:
            count = each.size // (8 if kind & ~MULTIPLE == BINARY else 4)
            if count != len(parts):
                why = f"property {number:04X} has {count} values, and {len(parts)} of their streams are there"
                return Property(number, kind, lambda: iter(()), None, why)
            ordered = sorted(parts, key=lambda one: one.name.upper())
            return at_hand(number, kind, put_together([self._whole.content(one, MOST) for one in ordered]))
        return Property(number, kind, partial(self._chunks, each, number), each.size)

    def _chunks(self, each: Entry, number: int) -> Iterator[bytes]:
        reader = RunStream(self._stream, self._whole.runs(each))
        left = each.size
        while left and (block := reader.read(min(left, BLOCK))):
            left -= len(block)
            yield block
        if left:
            raise Damaged(
                f"MSG: property {number:04X} has {each.size} bytes, and {each.size - left} of them are in the file"
            )
