"""What an OpenDocument manifest says of a package's parts.

Source: OpenDocument 1.3 part 2, 4.8.4 (manifest:file-entry) and 4.8.7 (manifest:encryption-data). LibreOffice 24.8
and later put the whole document into one part, ``encrypted-package``, listed like any other.
"""

from contextlib import suppress
from pyexpat import ExpatError
from typing import NamedTuple

from actionday.mime.expat import create

MANIFEST = "META-INF/manifest.xml"
MOST = 4 << 20
"""Bytes of a manifest that are read: some 20,000 entries."""
BEGIN = 4096
"""Bytes at the start of a part by which encrypted ones are told from others."""
_BEFORE = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"
_MARKS = (
    b"<",
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
)
_EVEN = 0.8
"""Share of the different bytes that random ones would show, below which bytes are not random."""


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


def is_clear(start: bytes) -> bool:
    """Say whether the first bytes of a part (up to ``BEGIN``) show that it is not encrypted."""
    if start.lstrip(_BEFORE).startswith(_MARKS) or start.startswith(_MARKS) or start[4:8] == b"ftyp":
        return True
    random = 256 * (1 - (255 / 256) ** len(start))
    return len(set(start)) < _EVEN * random


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
