"""The header of a message or a part: where it ends, and its fields by name.

Source: RFC 5322 section 2.2 (fields, folding), section 4.5 (white space before the colon); RFC 2045 section 3.
"""

import re
from collections.abc import Iterator

from actionday.mime.window import Window

HEADER_BYTES = 4 << 20
"""The longest header read: servers refuse beyond 1 MiB, hostile files do not ask."""
LINES = re.compile(rb"(?>(?:(?:(?!--)[!-9;-~]++[ \t]*+:|[ \t])[^\n]*+\n)*)")
"""Field lines and folded lines; stops at the first line that is neither (the blank one, as a rule)."""
_BEGINS = re.compile(rb"(?:[!-9;-~]++[ \t]*+:|[ \t])")
POSTMARK = re.compile(rb"(?:\xef\xbb\xbf)?(?:>?From [^\n]*\n)?")
"""What mailboxes and editors leave before the first field: a byte order mark, a From_ line."""
_UNFOLD = re.compile(rb"\r?\n(?=[ \t])")
_COLON = re.compile(rb"[ \t]*+:")
_FOLDED = re.compile(rb"[^\n]*+(?>(?:\n[ \t][^\n]*+)*)")
_FIELD = re.compile(rb"\n([!-9;-~]++)[ \t]*+:([^\n]*+(?>(?:\n[ \t][^\n]*+)*))")


_NO_HEADER = re.compile(rb"\r?\n")


class Fields:
    """Fields by name; one or two are looked up in the raw block, all of them are split first."""

    __slots__ = ("_block", "_index", "_lower")

    def __init__(self, block: bytes) -> None:
        self._block = b"\n" + block
        self._lower = b""
        self._index: dict[bytes, list[bytes]] | None = None

    def get(self, name: bytes) -> bytes:
        """Return the unfolded value of the first field ``name`` (lower case), ``b""`` if there is none."""
        if self._index is None:
            return self._first(name) or b"" if len(self._block) > 1 else b""
        values = self._index.get(name)
        return _unfolded(values[0]) if values else b""

    def all(self, name: bytes, most: int | None = None) -> list[bytes]:
        """Return the unfolded values of every field ``name`` in order, or of the first ``most``."""
        if self._index is None:
            self._index = self._split()
        return [_unfolded(value) for value in self._index.get(name, ())[:most]]

    def pairs(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the name of every field as it stands, with its unfolded value, in order."""
        for found in _FIELD.finditer(self._block):
            yield found[1], _unfolded(found[2])

    def names(self) -> list[bytes]:
        """Return the names of all fields, lower case, each once, in the order in which they first stand."""
        if self._index is None:
            self._index = self._split()
        return list(self._index)

    def count(self, name: bytes) -> int:
        """Return how many fields ``name`` (lower case) there are, without splitting the block."""
        if len(self._block) == 1:
            return 0
        self._lower = self._lower or self._block.lower()
        needle, at, found = b"\n" + name, 0, 0
        while (at := self._lower.find(needle, at)) >= 0:
            at += len(needle)
            found += _COLON.match(self._lower, at) is not None
        return found

    def __contains__(self, name: bytes) -> bool:
        return self._first(name) is not None if self._index is None else name in self._index

    def _split(self) -> dict[bytes, list[bytes]]:
        index: dict[bytes, list[bytes]] = {}
        for name, value in _FIELD.findall(self._block):
            index.setdefault(name.lower(), []).append(value)
        return index

    def _first(self, name: bytes) -> bytes | None:
        """Return the value of the first field ``name``, None if there is none, without splitting the block."""
        self._lower = self._lower or self._block.lower()
        needle, at = b"\n" + name, 0
        while (at := self._lower.find(needle, at)) >= 0:
            at += len(needle)
            colon = _COLON.match(self._lower, at)
            if colon:
                end = _FOLDED.match(self._block, colon.end())
                return _unfolded(end[0]) if end else b""
        return None


def _unfolded(value: bytes) -> bytes:
    return (_UNFOLD.sub(b"", value) if b"\n" in value else value).strip()


def read_header(window: Window, at: int) -> tuple[bytes, int, str]:
    """Return the header block at ``at``, where the body begins, and what is wrong with it ("" if nothing).

    ``broken off`` means that the bytes end before the blank line: the body begins at the end of the bytes.
    """
    if empty := _NO_HEADER.match(window.look(at, 2)):  # a part without any: most parts of a hostile message
        return b"", at + empty.end(), ""
    mark = window.match(POSTMARK, at, 4096)
    at += len(mark)
    block = window.match(LINES, at, HEADER_BYTES)
    end = at + len(block)
    line = window.line(end, HEADER_BYTES)
    if line in (b"\n", b"\r\n"):
        return block, end + len(line), ""
    if len(block) + len(line) >= HEADER_BYTES:
        return block, _blank(window, end), "a header longer than 4 MiB"
    if not line.endswith(b"\n") and not line.startswith(b"--"):
        return block + line if _BEGINS.match(line) else block, end + len(line), "broken off"
    return block, end, "no blank line after the header"


def _blank(window: Window, at: int) -> int:
    """Return where the body begins behind a header that is too long to hold."""
    while (at := window.find(b"\n", at)) >= 0:
        at += 1
        after = window.look(at, 2)
        if after[:1] == b"\n" or after == b"\r\n":
            return at + after.index(b"\n") + 1
    return window.end
