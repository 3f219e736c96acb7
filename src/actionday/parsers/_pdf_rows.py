"""Rows of a stream of a PDF without the predictors that were put before its filter.

Source: PDF 1.7 (ISO 32000-1), 7.4.4.3 (parameters), 7.4.4.4 (predictors); PNG (ISO/IEC 15948), 9.2 (filters of rows).
"""

import re
from collections.abc import Sequence

from actionday.parsers._pdf_budget import Budget

PARAMETERS = re.compile(rb"/(?:DecodeParms|DP)\s*(\[[^\]]{0,4000}\]|<<[^<>]{0,400}>>)")
EACH = re.compile(rb"<<([^<>]*)>>|null\b|\d+\s+\d+\s+R\b")
PREDICTOR = re.compile(rb"/Predictor\s+1[0-5](?!\d)")
COLUMNS, COLOURS, DEPTH = (
    re.compile(rb"/%s\s+(\d{1,6})" % each) for each in (b"Columns", b"Colors", b"BitsPerComponent")
)
NONE, SUB, UP, AVERAGE, PAETH = range(5)


def parameters(head: bytes, *, several: bool) -> Sequence[bytes]:
    """Return the parameters of each filter by its place; a list goes with a list of filters, one with one."""
    found = PARAMETERS.search(head)
    if not found or (found[1][:1] == b"[") is not several:
        return ()
    return [each[1] or b"" for each in EACH.finditer(found[1])]


def unpredicted(stored: bytes, said: bytes, budget: Budget) -> tuple[bytes, bool]:
    """Return rows without the predictors of PNG as far as the budget goes, and whether it did not go to their end.

    Those of TIFF, which are of pictures, are left. Rows without a predictor cost nothing of the budget, of others each
    byte and each row one.
    """
    if not PREDICTOR.search(said):
        return stored, False
    each = max(1, _number(COLOURS, said, 1) * _number(DEPTH, said, 8) // 8)
    length = max(1, _number(COLUMNS, said, 1) * each)
    if not stored[:: length + 1].strip(b"\0"):
        plain = bytearray(stored)
        del plain[:: length + 1]
        return bytes(plain), False
    out, before = bytearray(), bytes(length)
    for at in range(0, len(stored), length + 1):
        row = stored[at + 1 : at + 1 + length]
        budget.rows -= 1 + len(row)
        if budget.rows < 0:
            return bytes(out), True
        before = _row(stored[at], row, before, each).ljust(length, b"\0")
        out += before[: len(row)]
    return bytes(out), False


def _number(key: re.Pattern[bytes], said: bytes, otherwise: int) -> int:
    found = key.search(said)
    return int(found[1]) if found else otherwise


def _row(way: int, row: bytes, above: bytes, each: int) -> bytes:
    if way == NONE or way > PAETH:
        return row
    if way == UP:
        return bytes((a + b) & 255 for a, b in zip(row, above, strict=False))
    made = bytearray(each)
    over = bytes(each) + above
    for at, value in enumerate(row):
        made.append((value + _guess(way, made[at], over[at + each], over[at])) & 255)
    return bytes(made[each:])


def _guess(way: int, left: int, above: int, corner: int) -> int:
    """Return what a predictor says of a byte by those before, above and before that."""
    if way == SUB:
        return left
    if way == AVERAGE:
        return (left + above) // 2
    by_left, by_above, by_corner = abs(above - corner), abs(left - corner), abs(left + above - 2 * corner)
    if by_left <= by_above and by_left <= by_corner:
        return left
    return above if by_above <= by_corner else corner
