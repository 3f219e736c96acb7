"""Text of space that belongs to no file: passages of any script with the byte of the disk at which each begins.

Source: none for the space; the codes are those of ``mime.passages``. Measured: 18 MB/s on random bytes, 8 on text.
"""

from collections.abc import Iterator
from functools import partial
from io import BytesIO

from actionday.mime.passages.found import passages_in
from actionday.mime.passages.overlaps import Found as Passage
from actionday.mime.passages.overlaps import placed_in_order
from actionday.mime.prose import is_passage
from actionday.model import Claim, Context, Damaged, Found, Kind, Peek, Stream
from actionday.model.counted import counted
from actionday.model.streams import origin

BLOCK = 1 << 20
OVERLAP = 4 << 10
"""Bytes of a block that the next one has again: a passage across the border is in the second alone."""
PAGE, PAGE_BYTES = 256, 64 << 10
"""Passages, and bytes of text, in one item: what a person looks through for a word that was found in it."""
PART = "text @"
"""How the name of a part begins; the byte of the disk follows at which it begins."""
CODE, CROWDED = "unallocated", "unjudged"


class Passages:
    """A part of free space, of which nothing but its text is wanted."""

    name, sample = "passages", f"{PART}0"
    no_text_of_its_own = True
    slow = "carving"
    kinds = (Kind.UNALLOCATED,)

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for what ``unallocated`` calls a part."""
        return Claim.STRUCTURE if peek.kind is Kind.UNALLOCATED and peek.name.startswith(PART) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield pages of passages, a line each: the byte at which it begins, a tab, its text. Never raises."""
        page = _Page(stream)
        lost, crowded, at, behind = 0, 0, 0, 0
        while at < stream.size:
            beyond: set[int] = set()
            try:
                stream.seek(at)
                block = stream.read(BLOCK)
            except (Damaged, OSError):
                lost += min(BLOCK, stream.size - at)
                at += BLOCK
                continue
            last = at + len(block) >= stream.size or len(block) < BLOCK
            cut = len(block) if last else len(block) - OVERLAP
            for passage in placed_in_order(passages_in(block, beyond)):
                begin, end = at + passage.at, at + passage.end
                if (
                    end <= behind
                    or passage.at >= cut
                    or (passage.end == len(block) and not last and passage.at > BLOCK // 2)
                ):
                    continue
                if begin >= behind and _worth(passage):
                    yield from page.add(begin, passage.text)
                behind = max(behind, end)
            crowded += bool(beyond)
            at += max(1, cut)
            if last:
                break
        yield from page.flush()
        if lost:
            around.note(
                CODE, f"{counted(lost, 'byte')} of free space cannot be read: not looked through for text"
            )
        if crowded:
            where = counted(crowded, "block")
            around.note(
                CROWDED, f"more passages than are judged in {where} of {BLOCK} bytes: some may not be listed"
            )


def _worth(passage: Passage) -> bool:
    text = passage.text
    return (" " in text.strip() or not text.isascii()) and is_passage(text)


class _Page:
    """Passages that are put together."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._lines: list[str] = []
        self._first = self._last = self._place = self._size = 0

    def add(self, at: int, text: str) -> Iterator[Found]:
        """Take a passage; yield the page where it is full."""
        place = origin(self._stream, at)
        if not self._lines:
            self._first, self._place = place, at
        self._last = place
        line = f"{place}\t{' '.join(text.split())}\n"
        self._lines.append(line)
        self._size += len(line)
        if len(self._lines) >= PAGE or self._size >= PAGE_BYTES:
            yield from self.flush()

    def flush(self) -> Iterator[Found]:
        """Yield the page, if it has a line, and begin the next."""
        if self._lines:
            content = "".join(self._lines).encode("utf-8", "replace")
            meta = {"offset": self._first, "last_offset": self._last, "passages": len(self._lines)}
            yield Found(name=f"text @{self._first}.txt", kind=Kind.CARVED, place=str(self._place), size=len(content),
                        read=partial(BytesIO, content), meta=meta)  # fmt: skip
        self._lines, self._size = [], 0


SOURCE = Passages()
