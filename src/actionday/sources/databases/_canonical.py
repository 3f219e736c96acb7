"""A row as canonical JSON: one form for every format, so that equal rows have equal hashes.

Source: RFC 8785 (JSON Canonicalization Scheme): 3.2.2 (strings), 3.2.2.3 (numbers, as ECMAScript writes them),
3.2.3 (keys sorted by UTF-16 code units).
"""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from math import isfinite
from operator import itemgetter
from typing import Any

import msgspec

INLINE = 64
"""Bytes of a value that stand in its row: keys, hashes and addresses have fewer; a longer one is an attachment."""
SAFE = (1 << 53) - 1
"""The largest whole number that JSON carries unchanged (RFC 7493, 2.2)."""

_encode = msgspec.json.Encoder().encode


class Layout:
    """The columns of a table, and how its rows are written."""

    def __init__(self, columns: Sequence[str]) -> None:
        """``columns``: in the order of the values; a name that comes twice gets its number behind it."""
        self.columns = tuple(_unique(columns))
        order = sorted(range(len(self.columns)), key=lambda at: _utf16(self.columns[at]))
        self._keys = [self.columns[at] for at in order]
        self._sorted = itemgetter(*order) if len(order) > 1 else tuple

    def json(self, values: Sequence[Any]) -> bytes:
        """Return a row as canonical JSON. ``len(values) == len(columns)``; None, str, or what ``bare`` returns."""
        return _encode(dict(zip(self._keys, self._sorted(values), strict=True)))


def bare(value: Any) -> Any:
    """Return a value as it stands in JSON.

    Bytes are an object: ``{"base64": …}`` up to ``INLINE``, else ``{"sha256": …, "size": …}``. A number that JSON
    would change is an object too: ``{"integer": "…"}``, ``{"real": "NaN"}``.
    """
    if isinstance(value, bytes):
        return inline(value) if len(value) <= INLINE else elsewhere(value)
    if isinstance(value, float):
        return msgspec.Raw(ecmascript(value).encode()) if isfinite(value) else {"real": str(value)}
    if isinstance(value, int) and not -SAFE <= value <= SAFE:
        return {"integer": str(value)}
    return value


def inline(value: bytes) -> dict[str, str]:
    """Return bytes as an object of JSON."""
    return {"base64": b64encode(value).decode()}


def elsewhere(value: bytes) -> dict[str, object]:
    """Return what tells of bytes that are an item of their own."""
    return {"sha256": sha256(value).hexdigest(), "size": len(value)}


def ecmascript(value: float) -> str:
    """Return a finite number as ECMAScript's Number::toString writes it.

    >>> [ecmascript(each) for each in (1.0, -0.0, 1e21, 1e-7, 123456789012345680000.0, 0.000001)]
    ['1', '0', '1e+21', '1e-7', '123456789012345680000', '0.000001']
    """
    if value == 0:
        return "0"
    sign, text = ("-", repr(-value)) if value < 0 else ("", repr(value))
    digits, _, power = text.partition("e")
    whole, _, part = digits.partition(".")
    part = "" if part == "0" else part
    point = len(whole) + int(power or 0)
    figures = (whole + part).lstrip("0")
    point -= len(whole + part) - len(figures)
    figures = figures.rstrip("0")
    return sign + _placed(figures, point)


def _placed(figures: str, point: int) -> str:
    """Return 0.``figures`` times ten to the power of ``point``."""
    count = len(figures)
    if count <= point <= 21:
        return figures + "0" * (point - count)
    if 0 < point <= 21:
        return f"{figures[:point]}.{figures[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + figures
    rest = f".{figures[1:]}" if count > 1 else ""
    return f"{figures[0]}{rest}e{point - 1:+d}"


def _unique(columns: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    found: list[str] = []
    taken = set(columns)
    for column in columns:
        name = column
        while name in seen:
            seen[column] += 1
            name = f"{column} ({seen[column]})"
            if name in taken:
                name = column
        seen[name] = 1
        found.append(name)
    return found


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
