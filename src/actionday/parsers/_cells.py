"""The cells of a workbook, sheet by sheet and row by row, whatever is wrong with one of them.

Source: ECMA-376 part 1, 18.3.1.4 (cells), 18.4.8 (shared strings). What its elements say is told in ``_cell_rows``.

xberg 1.3.9 was tried: an error code it does not know, a number in CDATA or a reference that is none costs the whole
sheet, without a word, and half a million cells are the most it takes.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import chain
from pyexpat import ExpatError
from typing import Protocol

from actionday.mime.expat import create, resumed
from actionday.model import Damaged, Loss, Note
from actionday.model.counted import counted
from actionday.parsers._around_cells import Collector
from actionday.parsers._cell_rows import SharedStrings, SheetRows
from actionday.parsers._decode import decode
from actionday.parsers._package import Package
from actionday.parsers._rest import behind
from actionday.parsers._serial import Formats

LONGEST_LINE = 1 << 20
"""Characters collected before a piece is closed."""
TAG = re.compile(r"<[^<>]{0,4096}>")
MOST_BEHIND = 16 << 20
"""Bytes read as plain text behind the place where the XML of a part breaks."""


class _Handler(Protocol):
    def start(self, name: str, attributes: dict[str, str], /) -> None: ...
    def end(self, name: str, /) -> None: ...
    def text(self, value: str, /) -> None: ...


class Cells:
    """Reads the sheets of one workbook; holds its shared strings and remembers which of them a cell shows."""

    def __init__(self, package: Package, formats: Formats, around: Collector, most: int) -> None:
        """``most`` are the characters after which the reading stops: a string may be shared by a million cells."""
        self._package, self._formats, self._around = package, formats, around
        self._shared: list[str] = []
        self._used = bytearray()
        self._left = most
        self.notes: list[Note] = []
        self.cut = False

    def share(self, part: str) -> Iterator[str]:
        """Take the shared strings; yield what stands behind the place where the part breaks."""
        handler = SharedStrings(self._shared, self._around)
        for remains in self._fed(part, handler):
            if remains:
                yield remains
        handler.finish()
        self._used = bytearray(len(self._shared))

    def sheet(self, part: str) -> Iterator[str]:
        """Yield the rows of a sheet, cells separated by tabs, in pieces of a million characters."""
        handler = SheetRows(self._shared, self._used, self._formats, self._around, self._left)
        for remains in self._fed(part, handler):
            if handler.length > LONGEST_LINE or remains:
                yield from self._within(handler.taken(all_of_it=bool(remains)))
            yield from self._within(remains)
            if self.cut:
                return
        yield from self._within(handler.taken(all_of_it=True))
        if handler.unknown:
            self.notes.append(Note(
                Loss.PART_DAMAGED,
                f"{part}: {counted(handler.unknown, 'cell names', 'cells name')} a shared string that is not there",
            ))  # fmt: skip

    def unused(self) -> Iterator[str]:
        """Yield the shared strings that no cell shows: what remains of cells that were deleted."""
        lines = (text for text, used in zip(self._shared, self._used, strict=False) if not used)
        text = "".join(f"{line}\n" for line in dict.fromkeys(lines) if line and not line.isspace())
        yield from self._within(text)

    def _within(self, text: str) -> Iterator[str]:
        if len(text) > self._left:
            self.cut = True
            text = text[: self._left]
        self._left -= len(text)
        if text:
            yield text

    def _fed(self, part: str, handler: _Handler) -> Iterator[str]:
        """Parse a part, giving control back after each chunk; what is damaged in it is noted, the rest yielded."""
        chunks = self._package.chunks(part)
        expat, fed, chunk = None, 0, b""
        try:
            for chunk in chunks:
                if expat is None:
                    expat = create(chunk)
                    expat.buffer_text = True
                    expat.StartElementHandler = handler.start
                    expat.EndElementHandler = handler.end
                    expat.CharacterDataHandler = handler.text
                    expat.EntityDeclHandler = _refuse
                expat.Parse(chunk, False)
                fed += len(chunk)
                yield ""
            (expat or create(b"")).Parse(b"", True)
        except ExpatError as error:
            self._damaged(part, f"XML not well-formed: {error}; the rest is read as plain text")
            if expat is not None:
                expat.buffer_text = False  # hands over what it still holds
                yield _plain(chain((chunk[max(0, resumed(expat.ErrorByteIndex) - fed) :],), chunks))
        except _Refused as error:
            remains, why = behind(self._package, part, str(error), 0)
            self._damaged(part, why)
            yield remains
        except Damaged as error:
            self._damaged(part, str(error))
            if expat is not None:
                expat.buffer_text = False

    def _damaged(self, part: str, why: str) -> None:
        self.notes.append(Note(Loss.PART_DAMAGED, f"{part}: {why}"))


class _Refused(Exception):
    """A construct that only hostile documents have."""


def _refuse(*_: object) -> None:
    raise _Refused("XML whose document type declares entities: office documents have none")


def _plain(chunks: Iterable[bytes]) -> str:
    """Return the words in markup that is not well-formed, without its tags; empty where it cannot be unpacked."""
    parts: list[bytes] = []
    size = 0
    try:
        for chunk in chunks:
            parts.append(chunk)
            size += len(chunk)
            if size > MOST_BEHIND:
                break
    except Damaged:
        parts.append(b"")  # the part is said to be damaged already
    text = "".join(decode(memoryview(b"".join(parts)[:MOST_BEHIND])).pieces)
    return "".join(f"{line}\n" for line in unescape(TAG.sub("\n", text)).splitlines() if line.strip())
