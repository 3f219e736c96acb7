"""Rows that were deleted and still stand in the free bytes of pages in use: in free blocks, and before the cells.

Of a cell that became a free block the first four bytes are gone, with the number of the row; one that stood first, or
beside another free block, is there to the byte. Only what has as many values as the table has columns, and fits to the
byte, is a row: the rest says nothing for sure.

Source: SQLite, "Database File Format": 1.6 (b-tree pages, free blocks, cells), 2.1 (record format).
"""

import re
from collections.abc import Iterator
from struct import unpack_from
from typing import Any, NamedTuple

import numpy as np

from actionday.sources.databases._sqlitepages import HEADER, Pages
from actionday.sources.databases._sqliterecords import (
    INDEX_INNER,
    TABLE_INNER,
    TABLE_LEAF,
    below,
    kind_of,
    values,
    varint,
)
from actionday.sources.databases._sqliteschema import Schema

LOST = 4
"""Bytes at the beginning of a free block: the next one, and its own length."""
MOST_COLUMNS = 40
"""Of a table whose free bytes are gone through: the header of a record is then told by one byte."""
DEEPEST = 64
TRIED = 4
"""Places at which a cell may end that are tried: bytes of a value may look like where a block began."""
FIXED = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
"""Bytes of a value by its type."""


class Left(NamedTuple):
    """A row that was left: its byte in the page, its number or 0 where that is gone, its values."""

    at: int
    number: int
    values: list[Any]
    where: str


def leaves(pages: Pages, root: int, seen: set[int]) -> Iterator[tuple[int, bytes]]:
    """Yield the leaves of a table that are not ``seen`` yet, in order; what is damaged is passed over."""
    waiting = [(root, 0)]
    while waiting:
        number, depth = waiting.pop()
        if not 0 < number <= pages.count or number in seen or depth > DEEPEST:
            continue
        seen.add(number)
        page = pages.page(number)
        kind = kind_of(page, number)
        if kind in (TABLE_INNER, INDEX_INNER):
            waiting += reversed([(each, depth + 1) for each in below(page, number)])
        elif kind == TABLE_LEAF:
            yield number, page


def left_over(page: bytes, number: int, columns: Schema, codec: str) -> Iterator[Left]:
    """Yield the rows in the free bytes of a leaf of a table with such ``columns``."""
    wanted = len(columns.columns)
    if not 0 < wanted <= MOST_COLUMNS:
        return
    at = HEADER if number == 1 else 0
    free, count, content = unpack_from(">HHH", page, at + 1)
    begin, end = at + 8 + 2 * count, min(content or 65536, len(page))
    shape = _shape(wanted)
    if begin < end and page.count(0, begin, end) < end - begin:
        for start, _, row in _whole(page, begin, end, shape, wanted, codec):
            yield Left(start, row[0], row[1], "before the cells of a page")
    last = 0
    while last < free <= len(page) - LOST:
        last, (free, size) = free, unpack_from(">HH", page, free)
        if not LOST <= size <= len(page) - last:
            return
        yield from _block(page, last, last + size, columns, codec, shape)


def _block(
    page: bytes, begin: int, end: int, columns: Schema, codec: str, shape: re.Pattern[bytes]
) -> Iterator[Left]:
    """Yield what stands in a free block: whole cells, and such without a beginning in what is left beside them."""
    here, where = begin, "in a free block of a page"
    found = list(_whole(page, begin + LOST, end, shape, len(columns.columns), codec))
    for start, behind, row in [*found, (end, end, None)]:
        for at, headless in _beheaded(page, here, start, columns, codec):
            yield Left(at, 0, headless, where)
        if row is not None:
            yield Left(start, row[0], row[1], where)
        here = behind


def _beheaded(
    page: bytes, begin: int, end: int, columns: Schema, codec: str
) -> Iterator[tuple[int, list[Any]]]:
    """Yield cells without their first bytes: a block that grew forward keeps where it began before."""
    parts = [begin, *_began(page, begin, end), end]
    number = 0
    while number < len(parts) - 1:
        for behind in range(number + 1, min(number + 1 + TRIED, len(parts))):
            row = _headless(page[parts[number] : parts[behind]], columns, codec)
            if row is not None:
                yield parts[number], row
                break
        number = behind if row is not None else number + 1


def _began(page: bytes, begin: int, end: int) -> list[int]:
    """Return where within a block another may have begun: there it says how long it was, to the same end."""
    data = np.frombuffer(page, np.uint8, end - begin, begin).astype(np.uint16)
    here = np.arange(LOST, len(data) - LOST)
    lengths = data[here + 2] << 8 | data[here + 3] if len(here) else here
    found: list[int] = (begin + here[lengths == len(data) - here]).tolist()
    return found


def _shape(wanted: int) -> re.Pattern[bytes]:
    """Return how a cell begins: its length, the number of its row, the length of a header for so many values."""
    header = (
        b"[" + re.escape(bytes([wanted + 1])) + b"-" + re.escape(bytes([min(127, 3 * wanted + 1)])) + b"]"
    )
    return re.compile(
        rb"(?=[\x80-\xff]{0,2}[\x00-\x7f][\x80-\xff]{0,8}[\x00-\x7f]" + header + b")", re.DOTALL
    )


def _whole(
    page: bytes, begin: int, end: int, shape: re.Pattern[bytes], wanted: int, codec: str
) -> Iterator[tuple[int, int, tuple[int, list[Any]]]]:
    """Yield the cells that are whole: where each begins and ends, its number and values."""
    here = begin
    for match in shape.finditer(page, begin, end):
        start = match.start()
        if start < here:
            continue
        try:
            length, at = varint(page, start)
            number, at = varint(page, at)
            behind = at + length
            row = _values(page[at:behind], wanted, codec) if length and behind <= end else None
        except IndexError:
            continue
        if row is not None:
            yield start, behind, (number, row)
            here = behind


def _headless(block: bytes, columns: Schema, codec: str) -> list[Any] | None:
    """Return the values of a cell whose first four bytes are gone; None where none, or more than one, fits."""
    fits = list[list[Any]]()
    wanted = len(columns.columns)
    for header in range(2, 12):
        length = len(block) - header
        of_length = 1 if length < 1 << 7 else 2 if length < 1 << 14 else 3
        if not 1 <= header - of_length <= 9 or length < wanted + 1:
            continue
        if header >= LOST and not wanted < block[header] <= 3 * wanted + 1:
            continue
        lost = (
            b"\0" if header + 1 < LOST else b""
        )  # the type of the first value, which a row's number does not have
        if lost and columns.alias != 0:
            continue
        row = _told(block, max(LOST, header + 1), header, lost, wanted, codec)
        if row is not None and row not in fits:
            fits.append(row)
    return fits[0] if len(fits) == 1 else None


def _told(block: bytes, at: int, header: int, lost: bytes, wanted: int, codec: str) -> list[Any] | None:
    """Return the values of a record from ``header`` on whose types stand from ``at`` on, behind those ``lost``."""
    end = at
    try:
        for _ in range(wanted - len(lost)):
            _, end = varint(block, end)
    except IndexError:
        return None
    size = end - header
    if size > 127 or (header >= LOST and block[header] != size):
        return None
    return _values(bytes([size]) + lost + block[at:end] + block[end:], wanted, codec)


def _values(payload: bytes, wanted: int, codec: str) -> list[Any] | None:
    """Return the values of a record that has ``wanted`` of them and ends where it does, None of any other."""
    try:
        end, at = varint(payload, 0)
        data, texts = end, list[bool]()
        while at < end:
            serial, at = varint(payload, at)
            if 10 <= serial < 12 or len(texts) == wanted:
                return None
            data += FIXED[serial] if serial < 10 else (serial - 12) // 2
            texts.append(serial >= 12 and serial % 2 == 1)
        if at != end or data != len(payload) or len(texts) != wanted:
            return None
        row = values(payload, codec)
    except (IndexError, ValueError):
        return None
    return (
        None if any(text and isinstance(each, bytes) for text, each in zip(texts, row, strict=True)) else row
    )
