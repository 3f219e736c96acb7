"""SQLite: tables and rows as they stand now, with the write-ahead log beside it, and rows of pages in no use any more.

Source: SQLite, "Database File Format": 1 (pages, freelist), 2 (schema), 4 (write-ahead log). Nothing is executed, the
files are not touched: a library that opens them would write a log back.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Peek, Stream
from actionday.sources.databases._paged import paged
from actionday.sources.databases._sqlitepages import MAGIC, Pages
from actionday.sources.databases._sqlitewalk import Walk


class Sqlite:
    """Rows in the order of their tables' trees; ``place`` is page and cell. The text of the whole is a parser's."""

    name, sample = "sqlite", "kestrel.sqlite"
    marks = ((0, MAGIC),)
    binary = True
    beside = True
    waits = ((18, b"\2"),)
    """The version that writes a log (1.3.3): only then does what lies beside the file matter."""

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for the header and a size of pages that there is."""
        size = int.from_bytes(peek.head[16:18], "big")
        sound = peek.head.startswith(MAGIC) and (size == 1 or (size >= 512 and size & (size - 1) == 0))
        return Claim.STRUCTURE if sound and len(peek.head) >= 100 else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the tables with their rows, then what stands on unused and replaced pages.

        Raises Damaged at the end where pages or rows could not be read.
        """
        log = around.sibling(f"{around.name}-wal") if around.name else None
        yield from paged(Walk(Pages(stream, log), around).found(stream.size), numbered=False)


SOURCE = Sqlite()
