"""A zip member's content: unpacked by its method and held against size and CRC.

Source: PKWARE APPNOTE.TXT 6.3.10, section 4.4.5 (methods), 5.8 (LZMA), 4.4.7 (CRC-32).
"""

import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from actionday.mime.zipped.records import Member
from actionday.model import Damaged, OverLimit, Stream
from actionday.model.foreign import plainly
from actionday.sources.archives._bzip2 import bunzip
from actionday.sources.archives._deflate import Counted, inflate
from actionday.sources.archives._streams import BLOCK, Behind, Notes
from actionday.sources.archives._xz import unxz
from actionday.sources.archives._zstd import unzstd

STORED, DEFLATED = 0, 8
MOST_DICTIONARY = 256 << 20
"""Bytes that LZMA looks back at the most: what it needs of memory."""
MEASURED = frozenset({DEFLATED, 12, 14, 20, 93, 95})
"""Methods whose contents tell where they end, whatever the headers say."""
_READ = {STORED, *MEASURED}
BY_LIBARCHIVE = 98
_NAMES = {
    1: "Shrink", 2: "Reduce", 3: "Reduce", 4: "Reduce", 5: "Reduce", 6: "Implode", 9: "Deflate64",
    10: "PKWARE DCL Implode", 16: "IBM z/OS CMPSC", 18: "IBM TERSE", 19: "IBM LZ77", 94: "MP3", 96: "JPEG",
    97: "WavPack", 98: "PPMd", 99: "AES",
}  # fmt: skip


class Told(Protocol):
    """Hears what lies in a member's packed bytes and is none of its content."""

    def ended(self, used: int) -> None:
        """Take in how many of the packed bytes the content took."""

    def aside(self, name: str, start: int, length: int) -> None:
        """Take in what stands beside the content, by its place in the packed bytes."""


def unsupported(method: int) -> str:
    """Return why a member of this method is not read, or "" when it is."""
    return "" if method in _READ else f"zip: method {method} ({_NAMES.get(method, 'unknown')}) is not read"


def unpack(packed: Stream, member: Member, note: Notes, *, sized: bool = True,
           told: Told | None = None) -> Iterator[bytes]:  # fmt: skip
    """Yield the content of a member whose packed bytes are ``packed``; ``told`` hears which of them it took.

    Raises Damaged when they break off, contradict the method or the CRC, or (if ``sized``) the size.
    """
    crc, size = 0, 0
    for chunk in contents(packed, member.method, note, told):
        crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        yield chunk
    if sized and size != member.size:
        raise Damaged(f"zip: {size} bytes where {member.size} were declared (member at byte {member.offset})")
    if sized and crc != member.crc:
        raise Damaged(
            f"zip: CRC {crc:08x} where {member.crc:08x} was stored (member at byte {member.offset})"
        )


def unpacks(packed: Stream, member: Member) -> bool:
    """Say whether the packed bytes are the member's by size and CRC; no more than its size is unpacked."""
    size = 0
    try:
        for chunk in unpack(packed, member, lambda *_: None):
            size += len(chunk)
            if size > member.size:
                return False
    except (Damaged, OverLimit):
        return False
    return True


def contents(packed: Stream, method: int, note: Notes, told: Told | None) -> Iterator[bytes]:
    """Yield what packed bytes hold, held against nothing."""
    match method:
        case 0:
            return iter(lambda: packed.read(BLOCK), b"")
        case 8:
            return _inflated(packed, told)
        case 12:
            return _telling(packed, told, lambda behind: bunzip(packed, note, behind))
        case 14:
            return _unlzma(packed, told)
        case 95:
            return _telling(packed, told, lambda behind: unxz(packed, note, behind))
        case 20 | 93:
            aside = told.aside if told else None
            return _telling(packed, told, lambda behind: unzstd(packed, note, behind, aside))
    raise Damaged(unsupported(method))


def _telling(
    packed: Stream, told: Told | None, made: Callable[[Behind | None], Iterator[bytes]]
) -> Iterator[bytes]:
    if told is None:
        yield from made(None)
        return
    ends: list[int] = []
    yield from made(lambda start, _: ends.append(start))
    told.ended(ends[0] if ends else packed.size)


def _inflated(packed: Stream, told: Told | None) -> Iterator[bytes]:
    counted = Counted(packed)
    rest = yield from inflate(counted, b"", "zip")
    if told is not None:
        told.ended(counted.count - len(rest))


def _unlzma(packed: Stream, told: Told | None) -> Iterator[bytes]:
    head = packed.read(4)
    properties = packed.read(int.from_bytes(head[2:4], "little"))
    if len(properties) != 5 or properties[0] >= 225:
        raise Damaged("zip: no LZMA properties before the packed content")
    literal, dictionary = properties[0], int.from_bytes(properties[1:5], "little")
    known = {"id": lzma.FILTER_LZMA1, "lc": literal % 9, "lp": literal // 9 % 5, "pb": literal // 45,
             "dict_size": min(max(dictionary, 4096), MOST_DICTIONARY)}  # fmt: skip
    try:
        decoder = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[known])
        while not decoder.eof:
            data = packed.read(BLOCK) if decoder.needs_input else b""
            if chunk := decoder.decompress(data, BLOCK):
                yield chunk
            elif not data and decoder.needs_input:
                break  # the end mark is optional: size and CRC decide
    except (lzma.LZMAError, EOFError) as error:
        if dictionary > MOST_DICTIONARY:  # it may look farther back than is held, and be whole
            why = f"zip: packed by LZMA with a dictionary of {dictionary} bytes, of which {MOST_DICTIONARY} are held"
            raise OverLimit(why) from error
        raise Damaged(f"zip: {plainly(error)}, packed by LZMA") from error
    if told is not None:
        told.ended(packed.tell() - len(decoder.unused_data))
