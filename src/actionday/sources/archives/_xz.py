"""xz and its predecessor lzma: the streams of a file, one after the other, as one content.

Source: The .xz file format 1.2.0, sections 2 (streams, padding) and 3.4 (checks); the .lzma format, LZMA SDK.
"""

from collections.abc import Iterator
from lzma import FORMAT_ALONE, FORMAT_XZ, LZMADecompressor

from actionday.sources.archives._careful import Course
from actionday.sources.archives._pump import Decoder, pump
from actionday.sources.archives._streams import Behind, Notes, Readable, Window
from actionday.sources.archives._xzblocks import blocks

MAGIC = b"\xfd7zXZ\0"
_MEMORY = 256 << 20  # xz -9 asks for 65 MiB, the largest dictionary for 4 GiB: a bomb's way to take all
_LARGEST = 40
"""The property of LZMA2 that means a dictionary of 4 GiB."""


class _Xz:
    name, padding, magic = "xz", b"\0", MAGIC

    def decoder(self) -> Decoder:
        return LZMADecompressor(FORMAT_XZ, memlimit=_MEMORY)

    def needs(self, head: bytes) -> str:
        found = head.find(b"\x21\x01", len(MAGIC))
        bits = head[found + 2] if 0 <= found < len(head) - 2 else 0
        return _told((2 | bits & 1) << (bits // 2 + 11)) if 0 < bits <= _LARGEST else ""


class _Lzma:
    name, padding, magic = "lzma", b"", b"\x5d\0\0"

    def decoder(self) -> Decoder:
        return LZMADecompressor(FORMAT_ALONE, memlimit=_MEMORY)

    def needs(self, head: bytes) -> str:
        return _told(int.from_bytes(head[1:5], "little"))


def _told(dictionary: int) -> str:
    return f": its dictionary takes {dictionary >> 20} MiB, {_MEMORY >> 20} MiB are allowed"


def unxz(source: Readable, note: Notes, behind: Behind | None = None) -> Iterator[bytes]:
    """Yield the content; raises Damaged where it breaks off or a check differs."""
    return pump(_Xz(), source, note, behind)


def units(stream: Window, course: Course) -> Iterator[bytes]:
    """Yield what the blocks of a damaged file hold."""
    return blocks(stream, course, _Xz().decoder)


def unlzma(source: Readable, note: Notes, behind: Behind | None = None) -> Iterator[bytes]:
    """Yield the content; the format has no check: only a cut or an impossible code is seen."""
    return pump(_Lzma(), source, note, behind)


def is_lzma(head: bytes) -> bool:
    """Return whether ``head`` is that of a .lzma file: usual properties, a dictionary of 2^n or 2^n + 2^(n-1)
    bytes, a size that is unknown or below 256 GiB, and the first byte of the range coder."""
    if len(head) < 14 or head[0] >= 225 or head[13]:
        return False
    dictionary, size = int.from_bytes(head[1:5], "little"), int.from_bytes(head[5:13], "little")
    plausible = dictionary >= 4096 and dictionary & (dictionary - 1) in (
        0,
        1 << (dictionary.bit_length() - 1),
    )
    return plausible and head[0] == 0x5D and (size == (1 << 64) - 1 or size < 1 << 38)
