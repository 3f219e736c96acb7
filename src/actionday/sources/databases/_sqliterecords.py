"""Records of SQLite: the cells of a page, their chains of overflow, the values in them.

Source: SQLite, "Database File Format": 1.6 (cells, overflow), 2.1 (record format).
"""

from collections.abc import Iterator
from struct import unpack_from
from typing import Any, NamedTuple

from actionday.sources.databases._sqlitepages import HEADER, Pages

TABLE_LEAF, TABLE_INNER, INDEX_LEAF, INDEX_INNER = 13, 5, 10, 2
KINDS = (TABLE_LEAF, TABLE_INNER, INDEX_LEAF, INDEX_INNER)
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


class Record(NamedTuple):
    """One record: where it stands (page, number of the cell), its number in the table, its values."""

    page: int
    cell: int
    number: int
    values: list[Any]
    wrong: str = ""
    """Why it cannot be read (further), "" where it can."""


def kind_of(page: bytes, number: int) -> int:
    """Return what a page of a tree is, 0 where it is none."""
    at = HEADER if number == 1 else 0
    return page[at] if len(page) >= at + 12 and page[at] in KINDS else 0


def below(page: bytes, number: int) -> list[int]:
    """Return the pages under an inner one, in order."""
    at = HEADER if number == 1 else 0
    left = [unpack_from(">I", page, cell)[0] for cell in _cells(page, at, 12) if cell + 4 <= len(page)]
    return [*left, unpack_from(">I", page, at + 8)[0]]


def records(pages: Pages, page: bytes, number: int, *, chains: bool = True) -> Iterator[Record]:
    """Yield the records on a page. ``chains``: whether what goes on on other pages may be read there as they are now.

    Together they are no longer than the page but for their chains; a chain is no longer than the file.
    """
    at = HEADER if number == 1 else 0
    kind = page[at]
    inner = kind == INDEX_INNER
    for index, cell in enumerate(_cells(page, at, 12 if kind in (TABLE_INNER, INDEX_INNER) else 8)):
        try:
            start = cell + 4 if inner else cell
            length, start = varint(page, start)
            row = 0
            if kind == TABLE_LEAF:
                row, start = varint(page, start)
                row -= (row >> 63) << 64
            payload = _payload(pages, page, kind, start, length, chains=chains)
            yield Record(number, index, row, values(payload, pages.codec))
        except (IndexError, ValueError) as error:
            yield Record(number, index, 0, [], str(error) or "ends beyond its page")


def _cells(page: bytes, at: int, head: int) -> list[int]:
    count = unpack_from(">H", page, at + 3)[0]
    count = min(count, max(0, (len(page) - at - head) // 2))
    return list(dict.fromkeys(unpack_from(f">{count}H", page, at + head)))


def _payload(pages: Pages, page: bytes, kind: int, start: int, length: int, *, chains: bool) -> bytes:
    usable = pages.usable
    most = usable - 35 if kind == TABLE_LEAF else (usable - 12) * 64 // 255 - 23
    if length <= most:
        if start + length > len(page):
            raise ValueError("ends beyond its page")
        return page[start : start + length]
    least = (usable - 12) * 32 // 255 - 23
    local = least + (length - least) % (usable - 4)
    local = local if local <= most else least
    if start + local + 4 > len(page) or length > pages.count * pages.size:
        raise ValueError("is longer than the file")
    if not chains:
        raise ValueError("goes on on pages that may hold something else by now")
    parts, left = [page[start : start + local]], length - local
    following, seen = unpack_from(">I", page, start + local)[0], set[int]()
    while left > 0:
        chained = pages.page(following) if 1 < following <= pages.count and following not in seen else b""
        if len(chained) < 4 + min(left, usable - 4):
            raise ValueError(f"breaks off: page {following} of its chain is not there")
        seen.add(following)
        parts.append(chained[4 : 4 + min(left, usable - 4)])
        left -= len(parts[-1])
        following = unpack_from(">I", chained)[0]
    return b"".join(parts)


def values(payload: bytes, codec: str) -> list[Any]:
    """Return the values of a record; text that is none of ``codec`` as bytes within a tuple. Raises ValueError."""
    end, at = varint(payload, 0)
    if end > len(payload):
        raise ValueError("has a header longer than itself")
    data, found = end, list[Any]()
    while at < end:
        serial, at = varint(payload, at)
        if serial == 0:
            found.append(None)
        elif serial in _INTEGERS:
            size = _INTEGERS[serial]
            found.append(int.from_bytes(payload[data : data + size], "big", signed=True))
            data += size
        elif serial == 7:
            if data + 8 > len(payload):
                raise ValueError("ends within a value")
            found.append(unpack_from(">d", payload, data)[0])
            data += 8
        elif serial in (8, 9):
            found.append(serial - 8)
        elif serial >= 12:
            size = (serial - 12) // 2
            raw = payload[data : data + size]
            found.append(raw if serial % 2 == 0 else _text(raw, codec))
            data += size
        else:
            raise ValueError(f"has a value of the type {serial}, which is reserved")
        if data > len(payload):
            raise ValueError("ends within a value")
    return found


def _text(raw: bytes, codec: str) -> str | bytes:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return raw


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of up to nine bytes and where the next byte is. Raises IndexError at the end. Source: 1.6."""
    value = data[at]
    if value < 128:
        return value, at + 1
    value &= 127
    for n in range(1, 8):
        byte = data[at + n]
        value = value << 7 | byte & 127
        if byte < 128:
            return value, at + n + 1
    return value << 8 | data[at + 8], at + 9
