"""How large the tables of an xls workbook are, before a library reserves memory for them.

Source: [MS-XLS] 2.1.4 (records), 2.4.90 (Dimensions), 2.4.117 (FilePass), 2.5.13 (cell).

xberg 1.3.9 reserves 32 bytes for each cell of the declared rectangle: one turned bit asked for 137 GB and ended
the process.
"""

from struct import unpack_from

from actionday.model import Damaged, Encrypted, OverLimit
from actionday.parsers._ole import Ole

DIMENSIONS = 0x0200
FILE_PASS = 0x002F
CELLS = frozenset({0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E})
COLUMNS = 256
"""Of a sheet in this format."""
MOST = 4_000_000
"""Cells of one rectangle: 128 MB at 32 bytes."""
STREAM = 256 << 20


def check_extent(ole: Ole) -> None:
    """Raises Encrypted for a workbook with a password, Damaged for a cell outside of any sheet, and OverLimit
    for a rectangle that would not fit in memory.
    """
    stream = ole.read("Workbook", STREAM) or ole.read("Book", STREAM)
    at, last_row, last_column = 0, 0, 0
    while at + 4 <= len(stream):
        record, length = unpack_from("<HH", stream, at)
        if record == FILE_PASS:  # what follows is cipher text
            raise Encrypted("office document: needs a password (FilePass)")
        if record in CELLS and length >= 4 and at + 8 <= len(stream):
            row, column = unpack_from("<HH", stream, at + 4)
            last_row, last_column = max(last_row, row), max(last_column, column)
        elif record == DIMENSIONS and length >= 12 and at + 16 <= len(stream):
            first, end, left, right = unpack_from("<IIHH", stream, at + 4)
            _check(max(0, end - first), max(0, right - left))
            _check(last_row + 1, last_column + 1)
            last_row = last_column = 0
        at += 4 + length
    _check(last_row + 1, last_column + 1)


def _check(rows: int, columns: int) -> None:
    if columns > COLUMNS or rows > 65536:
        raise Damaged(f"xls: a table of {rows} rows and {columns} columns, where 65536 and 256 are the most")
    if rows * columns > MOST:
        raise OverLimit(
            f"xls: {rows} rows and {columns} columns with cells at their corners: too large to lay out"
        )
