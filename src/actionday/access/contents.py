"""One content: its hashes, what the parsers read out of it, and its text a window at a time."""

import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple

from actionday.access import stored
from actionday.access.guesses import passages
from actionday.access.items import Item
from actionday.model import Damaged, Stream
from actionday.model.language import REPORTING_THRESHOLD
from actionday.storage.database.rows import READ
from actionday.storage.index import Node, highlights
from actionday.storage.objects import Location, Packs

WINDOW_BYTES = 24 * 1024
"""A window of text: some eight screens; a page of it stays below 80 KB as sent."""


class Content(NamedTuple):
    """Unique bytes; hashes in hex, but for that of the text. ``text_bytes`` is None without a text."""

    sha256: str
    md5: str
    sha1: str
    size: int
    mime: str
    parser: str | None
    meta: dict[str, Any]
    characters: int | None
    language: str | None
    script: str | None
    confidence: float | None
    segments: list[dict[str, Any]]
    text: Location | None
    text_sha256: bytes = b""

    @property
    def tongues(self) -> list[tuple[str, bool]]:
        """Languages of its passages in their order, each with whether it is a guess."""
        sure = (self.confidence or 0) >= REPORTING_THRESHOLD
        found = passages(self.segments)
        return [(code, not sure if code == self.language else guess) for code, guess in found.items()]

    @property
    def text_bytes(self) -> int | None:
        """Bytes of the text in UTF-8."""
        return None if self.text is None else self.text.size


class Window(NamedTuple):
    """A stretch of a text: bytes ``start`` to ``end`` of ``size``, and where marked words lie in it."""

    text: str
    start: int
    end: int
    size: int
    marks: Sequence[tuple[int, int]]

    @property
    def previous(self) -> int | None:
        """Where the window before begins."""
        return None if self.start == 0 else max(0, self.start - WINDOW_BYTES)

    @property
    def next(self) -> int | None:
        """Where the window behind begins."""
        return None if self.end >= self.size else self.end

    def pieces(self) -> list[tuple[str, bool]]:
        """Return the text in pieces, the marked ones told apart."""
        found, at = [], 0
        for start, end in self.marks:
            found += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        return [piece for piece in (*found, (self.text[at:], False)) if piece[0]]


def find_content(database: sqlite3.Connection, item: Item) -> Content | None:
    """Return the content of an item, as it was read there; None where it has none."""
    query = (
        "SELECT c.sha256, c.md5, c.sha1, c.size, c.mime, c.parser, c.meta, c.characters, c.language, c.script, "  # noqa: S608
        "c.confidence, c.segments, o.pack, o.start, o.size, o.frames, o.skip, c.text "
        f"FROM items i JOIN contents c ON {READ} LEFT JOIN objects o ON o.sha256 = c.text WHERE i.id = ?"
    )
    row = database.execute(query, (bytes.fromhex(item.id),)).fetchone()
    return None if row is None else _content(row)


def _content(row: tuple[Any, ...]) -> Content:
    location = None if row[12] is None else Location.of(row[12:17])
    return Content(
        sha256=row[0].hex(),
        md5=row[1].hex(),
        sha1=row[2].hex(),
        size=row[3],
        mime=row[4],
        parser=row[5],
        meta=stored.facts(row[6]),
        characters=row[7],
        language=row[8],
        script=row[9],
        confidence=row[10],
        segments=stored.records(row[11]),
        text=location,
        text_sha256=row[17] or b"",
    )


def text_window(packs: Packs, content: Content, start: int, node: Node | None) -> Window | None:
    """Return the window of a text that begins at byte ``start`` or just before, words of ``node`` marked.

    None without a text. Raises Damaged when the stored text does not unpack or is not the one that was stored.
    """
    if content.text is None:
        return None
    packs.hold(content.text_sha256, content.text)
    size = content.text.size
    text, begin, end = stretch(packs.stream(content.text), size, max(0, min(start, size)))
    marks = highlights(text, node) if node is not None else []
    return Window(text, begin, end, size, marks)


def stretch(stream: Stream, size: int, start: int) -> tuple[str, int, int]:
    """Return a window's text, its first byte and the one behind its last: whole characters, lines or words if short."""
    stream.seek(start)
    data = stream.read(WINDOW_BYTES + 4)
    if not data and start < size:
        raise Damaged(f"stored text ends at {start} of {size}")
    begin = 0
    while begin < min(4, len(data)) and start > 0 and data[begin] & 0xC0 == 0x80:
        begin += 1
    end = min(len(data), WINDOW_BYTES)
    if start + end < size:
        between = (data.rfind(each, WINDOW_BYTES // 2, end) for each in (b"\n", b" "))
        end = next((at + 1 for at in between if at >= 0), end)
        while end > begin and end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
    return data[begin:end].decode("utf-8", "replace"), start + begin, start + end
