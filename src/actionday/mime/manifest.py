"""What an OpenDocument manifest says of a package's parts.

Source: OpenDocument 1.3 part 2, 4.8.4 (manifest:file-entry) and 4.8.7 (manifest:encryption-data). LibreOffice 24.8
and later put the whole document into one part, ``encrypted-package``, listed like any other.
"""

import re
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pyexpat import ExpatError
from typing import NamedTuple

from actionday.mime.expat import create

MANIFEST = "META-INF/manifest.xml"
DOCUMENT = "content.xml"
MOST = 4 << 20
"""Bytes of a manifest that are read: some 20,000 entries."""
BEGIN = 4096
"""Bytes at the start of a part by which encrypted ones are told from others."""
_BEFORE = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"
_MARKUP = re.compile(rb"<[\0\t\n\r -~]{0,15}(?:\Z|(?<=.{16}))", re.DOTALL)
"""Sixteen bytes of markup, or all there are: one encrypted part in 256 begins with ``<`` as well."""
_MARKS = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b\x08",
    b"\xfd7zXZ\0",
    b"7z\xbc\xaf\x27\x1c",
    b"\x28\xb5\x2f\xfd",
    b"BZh",
    b"Rar!\x1a\x07",
    b"OggS",
    b"fLaC",
    b"ID3",
    b"\x1aE\xdf\xa3",
    b"\0\1\0\0",
    b"OTTO",
    b"wOF",
    b"MSCF",
    b"\x5d\0\0",
    b"\x1f\x9d\x90",
    b"\x04\x22\x4d\x18",
)
_DEFLATED = 64
"""Bytes of a deflate stream that random ones are not taken for: one in millions goes so far without a fault."""
_EVEN = 0.8
"""Share of the different bytes that random ones would show, below which bytes are not random."""
_TELLING = 512
"""Bytes at the end of a part that tell by that; of fewer, chance may repeat some."""


class Listed(NamedTuple):
    """The parts a manifest names."""

    parts: frozenset[str]
    sealed: frozenset[str]
    """Those it says are encrypted."""


def listed(xml: bytes) -> Listed:
    """Return what a manifest lists, up to where it stops being XML. Comments and texts in it say nothing."""
    reader = _Reader()
    expat = create(xml)
    expat.StartElementHandler = reader.start
    expat.EndElementHandler = reader.end
    with suppress(ExpatError):  # the entries before the break were read; other parts are taken as they are
        expat.Parse(xml[:MOST], True)
    return Listed(frozenset(reader.parts), frozenset(reader.sealed))


def locks(sealed: frozenset[str], *, has_text: bool) -> bool:
    """Say whether a manifest calls the document as a whole encrypted: its text, or, without one, what there is."""
    return bool(sealed) and (not has_text or DOCUMENT in sealed)


def is_clear(start: bytes) -> bool:
    """Say whether the first bytes of a part (up to ``BEGIN``) show that it is not encrypted."""
    bare = start.lstrip(_BEFORE)
    if bare.startswith(_MARKS) or start.startswith(_MARKS) or start[4:8] == b"ftyp" or _MARKUP.match(bare):
        return True
    return _is_uneven(start) or any(_inflates(start, window) for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS))


def has_clear(pieces: Iterable[bytes]) -> bool:
    """Say whether any stretch of a part shows that it is not encrypted; ``pieces`` are its bytes in order.

    Each byte is counted once (20 ns).
    """
    held = b""
    for number, piece in enumerate(pieces):
        held = held + piece
        if not number and is_clear(held[:BEGIN]):
            return True
        whole = len(held) - len(held) % BEGIN
        if any(_is_uneven(held[at : at + BEGIN]) for at in range(0, whole, BEGIN)):
            return True
        held = held[whole:]
    return len(held) >= _TELLING and _is_uneven(held)


def _is_uneven(stretch: bytes) -> bool:
    random = 256 * (1 - (255 / 256) ** len(stretch))
    return len(set(stretch)) < _EVEN * random


def _inflates(start: bytes, window: int) -> bool:
    """Say whether bytes are deflated as far as they go, to the end of what is packed or of what is there."""
    decoder = zlib.decompressobj(window)
    try:
        decoder.decompress(start, MOST)
    except zlib.error:
        return False
    return len(start) >= _DEFLATED and not decoder.unused_data


class _Reader:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.sealed: list[str] = []
        self._open: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "encryption-data" and self._open and self._open[-1]:
            self.sealed.append(self._open[-1])
        paths = [value for key, value in attributes.items() if key.rpartition(":")[2] == "full-path"]
        self._open.append(paths[0] if paths and local != "encryption-data" else "")
        self.parts += self._open[-1:] if self._open[-1] else []

    def end(self, _: str) -> None:
        self._open.pop()
