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
from actionday.model import Damaged, Encrypted, ItemError, OverLimit
from actionday.model.counted import counted
from actionday.parsers._package_part import unpacked

RATIO = 200
"""Bytes out for one byte of the document, once ``FREE`` bytes came out; real documents stay below 60."""
FREE = 64 << 20
SMALL = 1 << 20
"""Bytes that a part may declare whatever its packed size; one that declares more than ``RATIO`` is steep."""
STEEP, SLOPE = 48 << 20, 4
"""Bytes out of all steep parts, and for one byte of the document: their own account, of which each may take half of
what is left. A MiB of tags takes 0.15 s, and the deadline of a document is 10 s and one for each MiB of it."""
OVERLAP = 64
DIGITS = re.compile(r"(\d+)")
MOST_PROBED = 64 << 20
"""Bytes of a part that is called encrypted which are unpacked to see whether it is."""
_NOTHING = 2
"""Bytes that nothing takes, deflated."""


class Closed(Damaged):
    """One part is beyond the limit or needs a password: others may be read."""

    def __init__(self, reason: str, alone: type[ItemError]) -> None:
        super().__init__(reason)
        self.alone = alone
        """What is to be said of a document of which nothing else is read."""


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
        self._left = {False: max(FREE, RATIO * len(data)), True: max(STEEP, SLOPE * len(data))}
        self._closed: Closed | None = None

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
        left, before = dict(self._left), b""
        try:
            for chunk in self.chunks(name):
                if pattern.search(chunk) or pattern.search(before + chunk[:OVERLAP]):
                    return True
                before = chunk[-OVERLAP:]
        except Damaged:
            return True
        finally:
            self._left = left  # what is only looked at comes out once more
        return False

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a part, all that is packed. Raises Damaged, Closed (a bomb, a password).

        A part that holds more or less than it declares is given whole, then called damaged; a bomb up to the limit.
        """
        member = self._entries[name]
        if member.flags & ENCRYPTED:
            yield self._said_encrypted(name, member)
            return
        crc = size = 0
        most = self._most(member)
        if not most and not self.is_empty(name):
            raise self._beyond(name, 0)
        try:
            for chunk in unpacked(self._packed(member), member.method):
                if size + len(chunk) > most:
                    raise self._beyond(name, size)
                crc, size = zlib.crc32(chunk, crc), size + len(chunk)
                yield chunk
        except Closed:
            raise
        except Damaged as error:
            raise Damaged(f"document package: part {name}: {error}") from error
        finally:
            self._left[_is_steep(member)] -= size
        if size != member.size:
            why = f"it holds {counted(size, 'byte')} where {member.size} are declared"
            raise Damaged(f"document package: part {name}: {why}")
        if crc != member.crc:
            raise Damaged(f"document package: part {name}: its CRC-32 differs")

    def nothing(self, reason: str) -> ItemError:
        """Return what to say of a document of which nothing was read: a limit or a password, else damage."""
        return self._closed.alone(str(self._closed)) if self._closed else Damaged(reason)

    def _beyond(self, name: str, size: int) -> Closed:
        member, times = self._entries[name], f"to more than {RATIO} times"
        if _is_steep(member):
            why = f"it declares to unpack {times} its packed size"
        elif self._left[False] <= max(SMALL, RATIO * member.packed):
            why = f"the document unpacks {times} its size"
        else:
            why = f"it unpacks {times} its packed size"
        return self._close(f"part {name} is not read behind byte {size}: {why}", OverLimit)

    def _close(self, reason: str, alone: type[ItemError]) -> Closed:
        closed = Closed(f"document package: {reason}", alone)
        self._closed = self._closed or closed
        return closed

    def _most(self, member: Member) -> int:
        """Return how many bytes may come out of a part."""
        if _is_steep(member):
            return self._left[True] // 2
        return min(self._left[False], max(SMALL, RATIO * member.packed))

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
        """Return a part that is called encrypted and is not: its bytes as they are have its CRC. Raises Closed."""
        whole = b""
        if member.size <= min(self._most(member), MOST_PROBED):
            with suppress(Damaged):
                whole = self._clear(member)
        fits = bool(whole) and len(whole) == member.size and zlib.crc32(whole) == member.crc
        self._left[_is_steep(member)] -= min(len(whole), self._left[_is_steep(member)])
        if not fits:
            raise self._close(f"part {name} needs a password", Encrypted)
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


def _is_steep(member: Member) -> bool:
    """Say whether a part declares to unpack to more than honest ones do; one that lies is read as far as they go."""
    return member.size > max(SMALL, RATIO * member.packed)
