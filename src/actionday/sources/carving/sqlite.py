"""SQLite databases: the header counts the pages.

Source: SQLite, "Database File Format", 1.3 (the database header), 1.6 (B-tree pages).
"""

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.carving._base import Plain
from actionday.sources.carving._carver import Carved

LEAF, INNER = 13, 5
KINDS = frozenset({2, 5, 10, 13})
LOCK = 1 << 30
MOST_LOOKED = 4096
"""Pages looked at of a longer one, evenly spread."""
LARGEST = 4 << 30


class Sqlite(Plain):
    """SQLite 3; a journal or log beside it is not joined."""

    name, suffix = "carve-sqlite", ".sqlite"
    marks = (b"SQLite format 3\0",)
    most = LARGEST

    def carve(self, stream: Stream) -> Carved | None:
        """Return a database whose header can be right; cut where its pages do not all lie behind it."""
        head = read_at(stream, 0, 108)
        if len(head) < 108:
            return None
        page = int.from_bytes(head[16:18], "big")
        page, pages = 65536 if page == 1 else page, int.from_bytes(head[28:32], "big")
        fixed = head[21:24] == b"\x40\x20\x20" and head[18] in (1, 2) and head[19] in (1, 2)
        sane = 512 <= page <= 65536 and not page & page - 1 and int.from_bytes(head[44:48], "big") <= 4
        if not fixed or not sane or head[100] not in (LEAF, INNER):
            return None
        told = head[24:28] == head[92:96] and pages > 0
        if not told:
            return Carved(page, whole=False)
        there = _there(stream, page, pages)
        return Carved(there * page if there > 1 else min(page, stream.size), whole=there == pages)


def _there(stream: Stream, page: int, pages: int) -> int:
    """Return how many pages follow one another up to one that is none: there another file lies.

    A page begins with its kind, or (overflow, free pages) with the number of another. The page that holds the byte of
    locks may be anything.
    """
    lock, step = LOCK // page, max(1, pages // MOST_LOOKED)
    for number in range(1, pages, step):
        head = read_at(stream, number * page, 5)
        if len(head) < 5:
            return min(number, stream.size // page)
        if number != lock and head[0] not in KINDS and int.from_bytes(head[:4], "big") > pages:
            return number
    return min(pages, stream.size // page)


CARVER = Sqlite()
