"""A document that is a zip of XML parts, read within bounds.

Source: ECMA-376 part 2 (packages); OpenDocument 1.3 part 2. Containers of items are the sources' work: this reads
the parts of *one* document, under the names that ``sources.archives.package`` knows them by (``mime.zipped``).
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress

from actionday.mime.zipped.headers import header_at
from actionday.mime.zipped.memory import Memory
from actionday.mime.zipped.parts import parts
from actionday.mime.zipped.records import ENCRYPTED, Member
from actionday.model import Damaged, Encrypted, OverLimit
from actionday.model.counted import counted
from actionday.parsers._package_part import unpacked

RATIO = 200
"""Bytes out for one byte of the document, once ``FREE`` bytes came out; real documents stay below 60."""
FREE = 64 << 20
OVERLAP = 64
DIGITS = re.compile(r"(\d+)")
MOST_PROBED = 64 << 20
"""Bytes of a part that is called encrypted which are unpacked to see whether it is."""
_NOTHING = 2
"""Bytes that nothing takes, deflated."""


class Package:
    """The parts of one document by name. Raises Damaged when it is no zip."""

    def __init__(self, data: memoryview) -> None:
        self._data, self._stream = data, Memory(data)
        listed = parts(self._stream)
        if listed.damage and not listed.named:
            raise Damaged(f"document package: {listed.damage.removeprefix('zip: ')}")
        self._entries = {
            name: part.member for name, part in listed.named.items()
        }  # a damage is the source's to say
        self._lower = {name.lower(): name for name in self._entries}
        self._left = max(FREE, RATIO * len(data))

    def names(self, pattern: str) -> list[str]:
        """Return the parts whose whole name matches, numbers in their order (slide2 before slide10)."""
        wanted = re.compile(pattern, re.DOTALL)  # a name may hold line ends
        found = (name for name in self._entries if wanted.fullmatch(name))
        return sorted(found, key=lambda name: [part.zfill(10) for part in DIGITS.split(name)])

    def known(self, name: str) -> str:
        """Return the part of this name as it is written, whatever the case of its letters; "" for none."""
        return name if name in self._entries else self._lower.get(name.lower(), "")

    def is_empty(self, name: str) -> bool:
        """Say whether a part holds nothing, by what it declares and by what is packed."""
        member = self._entries[name]
        return not member.size and member.packed <= _NOTHING

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def holds(self, name: str, pattern: re.Pattern[bytes]) -> bool:
        """Say whether a part has what ``pattern`` finds within ``OVERLAP`` bytes; of one that is damaged, True."""
        left, before = self._left, b""
        try:
            for chunk in self.chunks(name):
                if pattern.search(chunk) or pattern.search(before + chunk[:OVERLAP]):
                    return True
                before = chunk[-OVERLAP:]
        except (Damaged, OverLimit, Encrypted):
            return True
        finally:
            self._left = left  # what is only looked at comes out once more
        return False

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a part, all that is packed. Raises Damaged, Encrypted, OverLimit (a bomb).

        A part that holds more or less than it declares is given whole, then called damaged.
        """
        member = self._entries[name]
        if member.flags & ENCRYPTED:
            yield self._said_encrypted(name, member)
            return
        crc = size = 0
        try:
            for chunk in unpacked(self._packed(member), member.method):
                self._left -= len(chunk)
                crc, size = zlib.crc32(chunk, crc), size + len(chunk)
                if self._left < 0:
                    raise OverLimit(f"document package: unpacks to more than {RATIO} times its size")
                yield chunk
        except Damaged as error:
            raise Damaged(f"document package: part {name}: {error}") from error
        if size != member.size:
            why = f"it holds {counted(size, 'byte')} where {member.size} are declared"
            raise Damaged(f"document package: part {name}: {why}")
        if crc != member.crc:
            raise Damaged(f"document package: part {name}: its CRC-32 differs")

    def _packed(self, member: Member) -> memoryview:
        found = header_at(self._stream, member.offset)
        if found is None:
            raise Damaged("no header of the part stands where the directory says")
        return self._data[found[1] : found[1] + member.packed]

    def salvaged(self, name: str, limit: int = 16 << 20) -> tuple[bytes, str]:
        """Return what can be read of a part, and why that is not all as it was packed, or ""."""
        parts: list[bytes] = []
        size = 0
        try:
            for chunk in self.chunks(name):
                parts.append(chunk)
                size += len(chunk)
                if size >= limit:
                    return b"".join(parts)[:limit], f"part {name}: more than {limit} bytes"
        except Damaged as error:
            return b"".join(parts), str(error)
        return b"".join(parts), ""

    def _said_encrypted(self, name: str, member: Member) -> bytes:
        """Return a part that is called encrypted and is not: its bytes as they are have its CRC. Raises Encrypted."""
        whole = b""
        if member.size <= min(self._left, MOST_PROBED):
            with suppress(Damaged):
                whole = self._clear(member)
        if not whole or len(whole) != member.size or zlib.crc32(whole) != member.crc:
            raise Encrypted(f"document package: part {name} needs a password")
        self._left -= len(whole)
        return whole

    def _clear(self, member: Member) -> bytes:
        pieces, size = [], 0
        for chunk in unpacked(self._packed(member), member.method):
            pieces.append(chunk)
            size += len(chunk)
            if size > member.size:
                break
        return b"".join(pieces)

    def read(self, name: str, limit: int = 4 << 20) -> bytes:
        """Return up to ``limit`` bytes of a part, none when there is no such part."""
        parts, size = [], 0
        for chunk in self.chunks(name) if name in self else ():
            parts.append(chunk)
            size += len(chunk)
            if size >= limit:
                break
        return b"".join(parts)[:limit]
