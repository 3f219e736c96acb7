"""A document that is a zip of XML parts, read within bounds.

Source: ECMA-376 part 2 (packages); OpenDocument 1.3 part 2. Containers of items are the sources' work: this reads
the parts of *one* document.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from copy import copy

from actionday.model import Damaged, Encrypted, OverLimit
from actionday.model.foreign import plainly

CHUNK = 256 * 1024
RATIO = 200
"""Bytes out for one byte of the document, once ``FREE`` bytes came out; real documents stay below 60."""
FREE = 64 << 20
PARTS = 65536
"""Entries looked at; a document of 10,000 slides has fewer."""
OVERLAP = 64
DIGITS = re.compile(r"(\d+)")
MOST_PROBED = 64 << 20
"""Bytes of a part that is called encrypted which are unpacked to see whether it is."""


class Package:
    """The parts of one document by name. Raises Damaged when it is no zip."""

    def __init__(self, data: memoryview) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
            raise Damaged(f"document package: {plainly(error)}") from error
        self._entries = {info.filename: info for info in self._zip.infolist()[:PARTS]}
        self._lower = {name.lower(): name for name in self._entries}
        self._left = max(FREE, RATIO * len(data))

    def names(self, pattern: str) -> list[str]:
        """Return the parts whose whole name matches, numbers in their order (slide2 before slide10)."""
        wanted = re.compile(pattern)
        found = (name for name in self._entries if wanted.fullmatch(name))
        return sorted(found, key=lambda name: [part.zfill(10) for part in DIGITS.split(name)])

    def known(self, name: str) -> str:
        """Return the part of this name as it is written, whatever the case of its letters; "" for none."""
        return name if name in self._entries else self._lower.get(name.lower(), "")

    def size(self, name: str) -> int:
        """Return the bytes that a part says to have."""
        return self._entries[name].file_size

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
        """Yield the bytes of a part. Raises Damaged, Encrypted, OverLimit (a bomb)."""
        info = self._entries[name]
        if info.flag_bits & 1:
            yield self._said_encrypted(info)
            return
        unchecked = copy(info)
        del (
            unchecked.CRC
        )  # the library gives nothing of a part whose sum differs: it is compared here, at the end
        crc = 0
        try:
            with self._zip.open(unchecked) as part:
                while chunk := part.read(CHUNK):
                    self._left -= len(chunk)
                    crc = zlib.crc32(chunk, crc)
                    if self._left < 0:
                        raise OverLimit(f"document package: unpacks to more than {RATIO} times its size")
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise Damaged(f"document package: part {name}: {plainly(error)}") from error
        if crc != info.CRC:
            raise Damaged(f"document package: part {name}: its CRC-32 differs")

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

    def _said_encrypted(self, info: zipfile.ZipInfo) -> bytes:
        """Return a part that is called encrypted and is not: its bytes as they are have its CRC. Raises Encrypted."""
        plain = copy(info)
        plain.flag_bits &= ~1
        whole = b""
        if info.file_size <= min(self._left, MOST_PROBED):
            broken = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError)
            with suppress(*broken), self._zip.open(plain) as part:  # compares the CRC at its end
                whole = part.read(info.file_size)
        if not whole or len(whole) != info.file_size or zlib.crc32(whole) != info.CRC:
            raise Encrypted(f"document package: part {info.filename} needs a password")
        self._left -= len(whole)
        return whole

    def read(self, name: str, limit: int = 4 << 20) -> bytes:
        """Return up to ``limit`` bytes of a part, none when there is no such part."""
        parts, size = [], 0
        for chunk in self.chunks(name) if name in self else ():
            parts.append(chunk)
            size += len(chunk)
            if size >= limit:
                break
        return b"".join(parts)[:limit]
