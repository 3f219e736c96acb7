"""A table as items: itself a directory, its rows, what is too long for a row an attachment of it.

Source: DESIGN words "item" and "content": a row is its canonical JSON (RFC 8785).
"""

from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO
from typing import Any

from actionday.model import Context, Found, Kind, Status
from actionday.model.counted import counted
from actionday.sources.databases._canonical import INLINE, Layout, bare

SHOWN = 3
"""Places that a line of the issue log names."""
Values = Sequence[Any]


class Told:
    """What could not be read as it should: a line each kind, with how often and where first."""

    def __init__(self, format_name: str) -> None:
        self._format = format_name
        self._kinds: dict[tuple[str, str, str], list[Any]] = {}

    def add(self, code: str, what: str, table: str, place: object) -> None:
        """Take down that at ``place`` of ``table`` there is ``what``."""
        kind = self._kinds.setdefault((code, what, table), [0, []])
        kind[0] += 1
        if len(kind[1]) < SHOWN:
            kind[1].append(place)

    def tell(self, around: Context) -> None:
        """Write the lines."""
        for (code, what, table), (count, places) in self._kinds.items():
            where = ", ".join(map(str, places)) + (" …" if count > len(places) else "")
            around.note(code, f"{self._format}: {counted(count, 'row')} {what} (at byte {where})", table)


class Table:
    """One table while its rows come; ``count`` of them so far, also over several statements."""

    def __init__(self, name: str, columns: Sequence[str], facts: dict[str, object] | None = None) -> None:
        self.name, self.layout, self.count = name, Layout(columns), 0
        self.facts = facts or {}

    def directory(self, place: str) -> Found:
        """Return the table itself."""
        meta = {"columns": list(self.layout.columns)} if self.layout.columns else {}
        return Found(name=self.name, kind=Kind.DIRECTORY, place=place, meta=meta | self.facts)

    def row(self, place: str, values: Values) -> Found:
        """Return a row of as many values as there are columns, each None, text, number or bytes."""
        return Found(
            name=f"{self.name}/{self.count:09d}",
            kind=Kind.ROW,
            place=place,
            read=partial(_written, self.layout, values),
        )

    def texts(self, place: str, values: Values) -> Found:
        """Return a row of which each value is None or text: what most rows of a dump are."""
        return Found(
            name=f"{self.name}/{self.count:09d}",
            kind=Kind.ROW,
            place=place,
            read=partial(_as_they_are, self.layout, values),
        )

    def long(self, place: str, values: Values) -> list[Found]:
        """Return the values of a row that are too long for it, each an attachment named after its column."""
        return [
            Found(
                name=f"{self.name}/{self.count:09d}/{self.layout.columns[at]}",
                kind=Kind.ATTACHMENT,
                place=f"{place}:{at}",
                size=len(value),
                read=partial(BytesIO, value),
            )
            for at, value in enumerate(values)
            if isinstance(value, bytes) and len(value) > INLINE
        ]

    def broken(self, place: str, offset: int, length: int, reason: str) -> Found:
        """Return a row that cannot be taken apart: its bytes as they stand."""
        return Found(
            name=f"{self.name}/{self.count:09d}",
            kind=Kind.ROW,
            place=place,
            size=length,
            runs=((offset, length),),
            status=Status.UNREADABLE,
            reason=reason,
        )


def _written(layout: Layout, values: Values) -> BytesIO:
    return BytesIO(layout.json([bare(value) for value in values]))


def _as_they_are(layout: Layout, values: Values) -> BytesIO:
    return BytesIO(layout.json(values))


def byte_of(place: str | None) -> int:
    """Return the byte of the row that a place names, -1 where it names none."""
    first = (place or "").partition(":")[0].lstrip("t")
    return int(first) if first.isdecimal() and first.isascii() and len(first) < 19 else -1


def following(items: Iterator[Found], after: str | None) -> Iterator[Found]:
    """Yield what stands behind ``after``; ``items`` begin at the row that it is of: its long values may still come."""
    at = byte_of(after)
    waiting = at >= 0
    for found in items:
        if waiting and byte_of(found.place) <= at:
            waiting = found.place != after
        else:
            waiting = False
            yield found
