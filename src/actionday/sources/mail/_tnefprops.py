"""The properties within an attribute of TNEF: lists of them, and tables of such lists.

Source: [MS-OXTNEF] 2.1.3.4 (MsgPropertyList), 2.1.3.5.1 (MsgPropertyTable).
"""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from actionday.sources.mail._mapi import (
    FIXED,
    MULTIPLE,
    NAMED,
    VARIABLE,
    Name,
    Property,
    at_hand,
    put_together,
)

MOST_PROPERTIES = 100_000


class Place(NamedTuple):
    """Where the bytes of a value lie in the attribute."""

    begin: int
    end: int


class Listed(NamedTuple):
    """Properties by number, the names of those that have one, where the long ones lie; ``wrong`` says where it ends."""

    found: dict[int, Property]
    names: dict[int, Name]
    places: dict[int, Place]
    end: int
    wrong: str


class _Broken(Exception):
    pass


def listed(data: bytes, at: int = 0) -> Listed:
    """Return the list of properties at ``at``; what stands behind a value that cannot be read is not known."""
    found, names, places = dict[int, Property](), dict[int, Name](), dict[int, Place]()
    try:
        count, at = _long(data, at)
        for _ in range(min(count, MOST_PROPERTIES)):
            kind, number = (
                int.from_bytes(_take(data, at, 2), "little"),
                int.from_bytes(_take(data, at + 2, 2), "little"),
            )
            at += 4
            if number >= NAMED:
                name, at = _name(data, at)
                names.setdefault(number, name)
            values, at = _values(data, at, kind, number)
            if not kind & MULTIPLE and len(values) == 1:
                begin, end = values[0]
                places.setdefault(number, Place(begin, end))
                found.setdefault(number, at_hand(number, kind, data[begin:end]))
            else:
                parts = [data[begin:end] for begin, end in values]
                fixed = kind & ~MULTIPLE in FIXED
                found.setdefault(
                    number, at_hand(number, kind, b"".join(parts) if fixed else put_together(parts))
                )
    except _Broken as why:
        return Listed(found, names, places, len(data), str(why))
    return Listed(
        found,
        names,
        places,
        at,
        "" if count <= MOST_PROPERTIES else f"more than {MOST_PROPERTIES} properties",
    )


def table(data: bytes) -> Iterator[Listed]:
    """Yield the rows of a table of recipients; the last one says what is wrong where it breaks off."""
    try:
        count, at = _long(data, 0)
    except _Broken as why:
        yield Listed({}, {}, {}, 0, str(why))
        return
    for _ in range(min(count, MOST_PROPERTIES)):
        row = listed(data, at)
        yield row
        at = row.end
        if row.wrong:
            return


def _values(data: bytes, at: int, kind: int, number: int) -> tuple[list[tuple[int, int]], int]:
    single = kind & ~MULTIPLE
    if single in FIXED:
        size = FIXED[single]
        count, at = _long(data, at) if kind & MULTIPLE else (1, at)
        step = max(4, size) if not kind & MULTIPLE or size < 4 else size
        if count * step > len(data) - at:
            raise _Broken(f"property {number:04X} breaks off")
        return [(at + step * each, at + step * each + size) for each in range(count)], at + step * count
    if kind == 1:
        return [], at
    if single not in VARIABLE:
        raise _Broken(
            f"property {number:04X} has the type {kind:04X}, which no one knows: nothing behind it is known"
        )
    count, at = _long(data, at)
    values = list[tuple[int, int]]()
    for _ in range(count):
        size, at = _long(data, at)
        if size > len(data) - at:
            raise _Broken(f"property {number:04X} breaks off: {len(data) - at} of {size} bytes are there")
        values.append((at, at + size))
        at += -(-size // 4) * 4
    return values, at


def _name(data: bytes, at: int) -> tuple[Name, int]:
    of, (kind, at) = str(UUID(bytes_le=_take(data, at, 16))), _long(data, at + 16)
    own, at = _long(data, at)
    if kind == 0:
        return Name(of, own), at
    raw = _take(data, at, own)
    return Name(of, raw.decode("utf-16-le", "replace").rstrip("\0")[:512]), at + -(-own // 4) * 4


def _long(data: bytes, at: int) -> tuple[int, int]:
    return int.from_bytes(_take(data, at, 4), "little"), at + 4


def _take(data: bytes, at: int, size: int) -> bytes:
    found = data[at : at + size]
    if len(found) < size:
        raise _Broken(f"the list of properties breaks off at byte {at}")
    return found
