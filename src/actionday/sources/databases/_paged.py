"""Rows beyond the first thousand of a table, in pages: an item for each of ten million would be ten times their bytes.

Source: JSON Lines (each line one row in the form of RFC 8785). Measured on 200,000 rows of 109 bytes: one item a row is
195 MB of case and 50 s of processor; pages of 256 are 11 MB and 4 s.
"""

from collections.abc import Iterator
from functools import partial
from io import BytesIO

from actionday.model import Found, Kind

ALONE = 1000
"""Rows of a table that are items of their own: a second of work, a megabyte of case."""
PAGE = 256
"""Rows of a page: what a person still looks through for a word that was found in it."""
PAGE_BYTES = 256 << 10
"""Bytes after which a page ends before that: posts are long, and what is found in them should be near."""


def paged(items: Iterator[Found], *, numbered: bool) -> Iterator[Found]:
    """Yield ``items``, of each table the first ``ALONE`` rows as they are, later ones in pages of neighbours.

    A page has the place of its first row and is yielded before anything that comes behind it, so that a run goes on
    behind any place. ``numbered``: a row's name ends with its number in the table; else rows are counted here. Rows
    that cannot be read, deleted ones and those with long values are never in a page.
    """
    page, count, table = _Page(), 0, ""
    held: Found | None = None
    for found in items:
        if held is not None:  # the row before: alone where long values of it follow
            if found.kind is Kind.ATTACHMENT:
                yield from page.flush()
                yield held
            else:
                yield from page.add(held)
            held = None
        own = found.name.rpartition("/")[0]
        if found.kind is Kind.ROW and found.status is None:
            count = count + 1 if own == table else 1
            table = own
            number = int(found.name.rpartition("/")[2]) if numbered else count
            if number > ALONE:
                if page.table != own:
                    yield from page.flush()
                held = found
                continue
        yield from page.flush()
        yield found
    if held is not None:
        yield from page.add(held)
    yield from page.flush()


class _Page:
    """Rows that are put together."""

    def __init__(self) -> None:
        self.table = ""
        self._lines: list[bytes] = []
        self._names: list[str] = []
        self._place, self._size = "", 0

    def add(self, found: Found) -> Iterator[Found]:
        """Take a row; yield the page where it is full."""
        if found.read is None:
            return
        line = found.read().read()
        if not self._lines:
            self._place = found.place
            self.table = found.name.rpartition("/")[0]
        self._lines.append(line)
        self._names.append(found.name.rpartition("/")[2])
        self._size += len(line) + 1
        if len(self._lines) >= PAGE or self._size >= PAGE_BYTES:
            yield from self.flush()

    def flush(self) -> Iterator[Found]:
        """Yield the page, if it has a row, and begin the next."""
        if self._lines:
            content = b"\n".join((*self._lines, b""))
            yield Found(
                name=f"{self.table}/{self._names[0]}-{self._names[-1]}",
                kind=Kind.ROW,
                place=self._place,
                size=len(content),
                read=partial(BytesIO, content),
                meta={"rows": len(self._lines)},
            )
        self._lines, self._names, self._size, self.table = [], [], 0, ""
