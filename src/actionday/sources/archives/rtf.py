"""Objects embedded in a rich text file, each an item of its own, and what lies behind the document's end.

Source: Rich Text Format 1.9.1: Objects; [MS-OLEDS] 2.2.4 to 2.2.6.

The document's text is the parser's. An object is its native data (a compound file, which ``compound`` opens; the file
that the packager put there), and a second item where more stands behind it: its picture, notes of the packager.
"""

from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Claim, Context, Found, Kind, Loss, Note, Peek, Stream
from actionday.model.counted import counted
from actionday.sources.archives._oleone import LINKED, NO_PICTURE, Header, file_of, header, is_no_picture
from actionday.sources.archives._rtfdata import Data, begins
from actionday.sources.archives._streams import body
from actionday.sources.archives.appended import SOURCE as APPENDED

MARK = b"{\\rtf"
MOST = 10_000
"""Objects of one document that are items; a long report has some dozen."""
HEAD = 1 << 16
"""Bytes of an object in which its header and the names of a packed file stand."""


class Objects:
    """What ``appended`` yields, then the objects in their order (``place`` is ``b`` and the byte of ``\\objdata``, with
    ``+`` for what stands behind the native data)."""

    name, sample = "rtf", "objects.rtf"
    beside = True
    marks = ((0, MARK),)

    def claims(self, peek: Peek) -> Claim:
        """Say MAGIC for a rich text file."""
        return Claim.MAGIC if peek.head.startswith(MARK) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield what is behind the end and what is embedded."""
        yield from APPENDED.items(stream, around)
        passing = around.after
        if passing is not None and passing[:1] != "b":
            passing = None
        found, number = begins(stream), 0
        begin = next(found, None)
        while begin is not None:
            if number == MOST:
                around.note(Loss.PARTS_LIMIT, f"RTF: only the first {MOST} objects are items")
                return
            number += 1
            read = _read(stream, begin)
            for each in _items(stream, read):
                if passing is not None:
                    passing = None if passing == each.place else passing
                else:
                    yield each
            try:
                begin = found.send(read.data.end)
            except StopIteration:
                return


class _Read(NamedTuple):
    """The data of an object that was gone through: how many bytes, the first and the last of them."""

    data: Data
    size: int
    head: bytes
    tail: bytes


def _read(stream: Stream, begin: int) -> _Read:
    data, size, head, tail = Data(stream, begin), 0, bytearray(), b""
    for chunk in data.chunks():
        size += len(chunk)
        head += chunk[: HEAD - len(head)]
        tail = (tail + chunk[-NO_PICTURE:])[-NO_PICTURE:]
    return _Read(data, size, bytes(head), tail)


def _items(stream: Stream, read: _Read) -> Iterator[Found]:
    data, place = read.data, f"b{read.data.begin}"
    meta: dict[str, object] = {"offset": data.begin}
    notes = list(_faults(data))
    told = header(read.head)
    if told is None:
        yield _found(stream, f"object @{data.begin}", place, (data.begin, 0, read.size), meta, notes)
        return
    meta |= _said(told)
    name, span = told.class_name or f"object @{data.begin}", (told.begin, told.begin + told.size)
    if told.kind == LINKED:
        yield _found(stream, name, place, (data.begin, 0, read.size), meta, notes)
        return
    behind = name
    if held := file_of(told, read.head):
        name, span = held.name or name, (held.begin, held.end)
        meta |= {"packed_as": list(held.names)} if held.names else {}
    begin, end = min(span[0], read.size), min(span[1], read.size)
    if end < span[1]:
        wanted = counted(span[1] - span[0], "byte")
        notes.insert(
            0, Note(Loss.DAMAGED, f"RTF: the object has {wanted}, and {end - begin} of them are in the file")
        )
    yield _found(stream, name, place, (data.begin, begin, end), meta, notes)
    left = read.size - end
    if left and not (left <= NO_PICTURE and is_no_picture(read.tail[-left:])):
        yield _found(stream, f"{behind} (behind its data)", f"{place}+", (data.begin, end, read.size),
                     {"offset": data.begin}, [])  # fmt: skip


def _said(told: Header) -> dict[str, object]:
    said = {"object_class": told.class_name, "object_topic": told.topic, "object_item": told.item}
    return {key: value for key, value in said.items() if value}


def _faults(data: Data) -> Iterator[Note]:
    if not data.closed:
        yield Note(Loss.DAMAGED, f"RTF: the object's data breaks off at byte {data.end}")
    if data.strange:
        what = counted(data.strange, "word or sign that is", "words and signs that are")
        yield Note(Loss.DAMAGED, f"RTF: {what} no hexadecimal in the object's data: passed over")
    if data.odd:
        yield Note(Loss.DAMAGED, "RTF: the object's data ends within a byte")


def _found(
    stream: Stream,
    name: str,
    place: str,
    span: tuple[int, int, int],
    meta: dict[str, object],
    notes: list[Note],
) -> Found:
    at, begin, end = span
    return Found(name=name, kind=Kind.MEMBER, place=place, size=end - begin, meta=meta, notes=tuple(notes),
                 read=lambda: body(_part(Data(stream, at), begin, end)))  # fmt: skip


def _part(data: Data, begin: int, end: int) -> Iterator[bytes]:
    """Yield the bytes of an object from ``begin`` up to ``end``."""
    at = 0
    for chunk in data.chunks():
        part = chunk[max(0, begin - at) : max(0, end - at)]
        at += len(chunk)
        if part:
            yield part
        if at >= end:
            return


SOURCE = Objects()
