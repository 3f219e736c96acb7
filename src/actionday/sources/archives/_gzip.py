"""Gzip: the members of a stream, one after the other, as one content.

Source: RFC 1952 (GZIP file format 4.3), section 2; deflate is RFC 1951.
"""

import struct
import zlib
from collections.abc import Generator, Iterator
from typing import NamedTuple

from actionday.model import Damaged
from actionday.model.counted import counted
from actionday.sources.archives._deflate import Counted, inflate
from actionday.sources.archives._leftover import LEAST
from actionday.sources.archives._resumed import Torn
from actionday.sources.archives._streams import BLOCK, Aside, Behind, Notes, Readable

MAGIC = b"\x1f\x8b"
_CHECKED, _EXTRA, _NAME, _COMMENT, _RESERVED = 2, 4, 8, 16, 0xE0
_TEXTS = _EXTRA | _NAME | _COMMENT
_KNOWN = {b"BC": 2, b"RA": 1 << 16, b"LX": 4, b"sl": 8}
"""Subfields of an extra field that programs write, and their bytes at most (BGZF, dictzip, crawlers)."""


class Header(NamedTuple):
    """What a member says of its content; ``name`` is Latin-1 by the standard, ``length`` in bytes."""

    mtime: int
    name: str
    comment: str
    length: int


def header(head: bytes) -> Header | None:
    """Return a member's header, or None when it is none or goes on behind ``head``."""
    if len(head) < 10 or head[:3] != b"\x1f\x8b\x08" or head[3] & _RESERVED:
        return None
    flags, at = head[3], 10
    if flags & _EXTRA:
        at += 2 + int.from_bytes(head[at : at + 2], "little")
    texts = ["", ""]
    for index, flag in enumerate((_NAME, _COMMENT)):
        if flags & flag:
            end = head.find(b"\0", at)
            if end < 0:
                return None
            texts[index], at = head[at:end].decode("latin-1"), end + 1
    at += 2 if flags & _CHECKED else 0
    return Header(int.from_bytes(head[4:8], "little"), texts[0], texts[1], at) if at <= len(head) else None


def gunzip(
    source: Readable, note: Notes, behind: Behind | None = None, aside: Aside | None = None
) -> Iterator[bytes]:
    """Yield the content of all members, checked against CRC and length.

    ``aside`` is told the comment and the extra field of each member, and the name of each but the first.

    Zeros behind a member are tape padding, also where another member follows them (noted); of anything else there
    ``behind`` is told, else it is noted as trailing. Raises Damaged with the byte at which a member breaks off or
    contradicts its check, after what could be unpacked.
    """
    given = Counted(source)
    data = given.more()
    while data:
        start = given.count - len(data)
        try:
            data = yield from member(given, data, aside)
        except Damaged as error:
            raise Torn(str(error), start) from error
        end = given.count - len(data)
        data = _unpadded(given, data)
        if not MAGIC.startswith(data[:2]):
            _trailing(given, data, behind or _noting(note))
            return
        if data and given.count - len(data) > end:
            note("padding", f"gzip: zeros between members, from byte {end} on")


def member(given: Counted, data: bytes, aside: Aside | None = None) -> Generator[bytes, None, bytes]:
    """Yield the content of one member that begins with ``data`` and goes on in ``given``.

    Returns what was read behind its end. Raises Damaged, after what could be unpacked was yielded.
    """
    start = given.count - len(data)
    while (found := header(data)) is None:
        more = given.more() if len(data) <= BLOCK else b""
        if not more:
            ends = len(data) < 10 or data[:3] == b"\x1f\x8b\x08"
            raise Damaged(f"gzip: {'ends inside' if ends else 'no'} header at byte {start}")
        data += more
    if aside is not None:
        _tell(data[: found.length], start, found, aside)
    crc, size = 0, 0
    content = inflate(given, data[found.length :], "gzip")
    try:
        while True:
            chunk = next(content)
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            yield chunk
    except StopIteration as end:
        data = end.value
    while len(data) < 8 and (more := given.more()):
        data += more
    if len(data) < 8:
        raise Damaged(f"gzip: ends at byte {given.count} inside a member")
    if data[:8] != struct.pack("<II", crc, size & 0xFFFFFFFF):
        raise Damaged(f"gzip: CRC or length differs (member at byte {start})")
    return data[8:]


def _tell(head: bytes, start: int, told: Header, aside: Aside) -> None:
    """Tell what a header says besides the name of the whole."""
    for name, at, length in beside(head, told):
        if name != "name" or start:
            aside(name, start + at, length)


def beside(head: bytes, told: Header) -> Iterator[tuple[str, int, int]]:
    """Yield name, begin and length of the texts of a header, which stand behind one another, and of its extra field."""
    if not head[3] & _TEXTS:
        return
    if head[3] & _EXTRA:
        length = int.from_bytes(head[10:12], "little")
        if not _is_known(head[12 : 12 + length]):
            yield "extra field", 12, length
    at = told.length - (2 if head[3] & _CHECKED else 0)
    for name, flag, text in (("comment", _COMMENT, told.comment), ("name", _NAME, told.name)):
        if text:
            yield name, at - 1 - len(text), len(text)
        at -= len(text) + 1 if head[3] & flag else 0


def _is_known(extra: bytes) -> bool:
    """Say whether an extra field holds what programs need and nothing else but the names of empty subfields."""
    at = unknown = 0
    while at + 4 <= len(extra):
        kind, size = extra[at : at + 2], int.from_bytes(extra[at + 2 : at + 4], "little")
        if size > _KNOWN.get(kind, -1) or (kind == b"RA" and size != 6 + 2 * _count(extra, at + 8)):
            unknown += 2 + size
        at += 4 + size
    return at == len(extra) and unknown < LEAST


def _count(extra: bytes, at: int) -> int:
    return int.from_bytes(extra[at : at + 2], "little")


def _unpadded(given: Counted, data: bytes) -> bytes:
    """Return what follows without zeros in front, two bytes of it at least unless the end comes before."""
    while len(data := data.lstrip(b"\0")) < len(MAGIC):
        more = given.more()
        if not more:
            break
        data += more
    return data


def _trailing(given: Counted, data: bytes, behind: Behind) -> None:
    start, zeros = given.count - len(data), True
    while data:
        zeros = zeros and not any(data)
        data = given.more()
    if not zeros:
        behind(start, given.count - start)


def _noting(note: Notes) -> Behind:
    return lambda start, length: note(
        "trailing", f"gzip: {counted(length, 'byte')} from byte {start} on, behind the last member, no gzip"
    )
