"""Files within streams of compound files: packed by the packager, in a presentation, in a store of thumbnails.

Source: [MS-OLEDS] 2.3.6 (OLENativeStream) and what Windows's packager writes into it; [MS-PPT] 2.10.34
(ExOleObjStgUncompressedAtom), 2.10.35 (ExOleObjStgCompressedAtom).
"""

import zlib
from collections.abc import Iterator
from struct import error, unpack_from
from typing import NamedTuple

from actionday.model import Damaged, Stream
from actionday.model.foreign import plainly
from actionday.model.streams import RunStream
from actionday.sources.archives._streams import BLOCK, Window

NATIVE = "\x01Ole10Native"
HEAD = 1 << 14
"""Bytes in which the names of a packed file stand."""
OBJECT = 0x1011
"""A record that holds an embedded object, or the macros, of a presentation."""
AHEAD = 1 << 18
JPEG = b"\xff\xd8"
THUMB_HEADS = (12, 16, 24)


class Packed(NamedTuple):
    """A file within a stream: its name ("" for none), its first byte and the one behind it."""

    name: str
    begin: int
    end: int
    names: tuple[str, ...] = ()
    """All that the packager noted: its label, where it came from, where it was copied to."""


def packed(runs: Stream) -> Packed | None:
    """Return the file that the packager put into a stream, None where it is laid out otherwise."""
    runs.seek(0)
    head = runs.read(HEAD)
    try:
        if unpack_from("<H", head, 4)[0] != 2:
            whole = unpack_from("<I", head)[0] == runs.size - 4 and head[4:6] == b"BM"
            return Packed("", 4, runs.size) if whole else None
        label, at = _name(head, 6)
        source, at = _name(head, at)
        length = unpack_from("<I", head, at + 4)[0]
        copied = head[at + 8 : at + 8 + length].partition(b"\0")[0].decode("utf-8", "backslashreplace")
        at += 8 + length
        size = unpack_from("<I", head, at)[0]
    except (error, ValueError):
        return None
    begin, name = at + 4, label.replace("\\", "/").rpartition("/")[2]
    whole = begin + size <= runs.size
    return Packed(name, begin, begin + size, (label, source, copied)) if whole else None


def _name(block: bytes, at: int) -> tuple[str, int]:
    end = block.index(0, at)
    return block[at:end].decode("utf-8", "backslashreplace"), end + 1


def thumbnail(runs: RunStream) -> Packed | None:
    """Return the picture in a stream of a store of thumbnails, behind its head of some numbers."""
    runs.seek(0)
    head = runs.read(32)
    begin = int.from_bytes(head[:4], "little")
    return Packed("", begin, runs.size) if begin in THUMB_HEADS and head[begin : begin + 2] == JPEG else None


class Object(NamedTuple):
    """An object in the stream of a presentation: where its record begins, and its bytes."""

    at: int
    begin: int
    end: int
    is_packed: bool


def objects(runs: RunStream) -> Iterator[Object]:
    """Yield the embedded objects of a presentation's stream, in their order: a step a record, none twice."""
    at, base, block = 0, 0, b""
    while at + 8 <= runs.size:
        if not base <= at <= base + len(block) - 8:
            runs.seek(at)
            base, block = at, runs.read(AHEAD)
        version, kind, length = unpack_from("<HHI", block, at - base)
        if kind == OBJECT:
            yield Object(at, at + 8, min(at + 8 + length, runs.size), version >> 4 == 1)
        at += 8 if version & 15 == 15 else 8 + length


def inflated(window: Window) -> Iterator[bytes]:
    """Yield the bytes of a packed object. Raises Damaged at a fault, after what came before it."""
    window.seek(4)
    inflater = zlib.decompressobj()
    while not inflater.eof:
        data = inflater.unconsumed_tail or window.read(BLOCK)
        try:
            chunk = inflater.decompress(data, BLOCK)
        except zlib.error as why:
            raise Damaged(f"OLE2: {plainly(why)} (an embedded object of a presentation)") from why
        if chunk:
            yield chunk
        elif not data:
            raise Damaged("OLE2: an embedded object of a presentation ends too early")
