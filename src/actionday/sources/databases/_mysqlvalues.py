"""Literals of MySQL as values: text by its character set, bytes as bytes.

Source: MySQL 8.0, 9.1.1 (strings, table 9.1), 9.1.4 (hexadecimal), 9.1.5 (bit values), 10.3.8 (introducers).
"""

import re
from binascii import unhexlify
from collections.abc import Sequence
from typing import Any

from actionday.sources.databases._mysqltypes import CHARSETS, Column

_ESCAPE = re.compile(rb"\\(.)|''|\"\"", re.DOTALL)
_LETTERS = {
    b"0": b"\0", b"b": b"\b", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"Z": b"\x1a", b"%": b"\\%", b"_": b"\\_",
}  # fmt: skip
_HEX = re.compile(rb"0[xX]([0-9A-Fa-f]*)|[xX]'([0-9A-Fa-f]*)'")
_BITS = re.compile(rb"0b([01]+)|[bB]'([01]*)'")
_INTRODUCED = re.compile(rb"_(\w+)\s*(.*)", re.DOTALL)
BINARY = "binary"


def decoded(raw: bytes, codec: str) -> str | bytes:
    """Return text, or the bytes where they are none of that codec. MySQL's latin1 is cp1252 with all bytes told."""
    try:
        if codec == "mysql-latin1":
            try:
                return raw.decode("cp1252")
            except UnicodeDecodeError:
                return "".join(_latin1(each) for each in raw)
        return raw.decode(codec)
    except UnicodeDecodeError:
        return raw


def _latin1(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def unquoted(literal: bytes) -> bytes:
    """Return what stands between the quotes of a string, its escapes undone. Linear in its length."""
    quote, inner = literal[:1], literal[1:-1]
    if b"\\" not in inner and quote not in inner:
        return inner

    def plain(found: re.Match[bytes]) -> bytes:
        letter = found[1]
        if letter is not None:
            return _LETTERS.get(letter, letter)
        return quote if found[0][:1] == quote else found[0]

    return _ESCAPE.sub(plain, inner)


def value(literal: bytes, column: Column, session: str) -> str | bytes | None:
    """Return what a literal says. ``session``: the codec of the connection, "" where each column has its own."""
    codec = BINARY if column.binary else session or column.codec
    if literal[:1] in (b"'", b'"'):
        raw = unquoted(literal)
    elif literal.upper() == b"NULL":
        return None
    elif found := _HEX.fullmatch(literal):
        figures = found[1] or found[2] or b""
        raw, codec = unhexlify(figures if len(figures) % 2 == 0 else b"0" + figures), _of_hex(column)
    elif found := _BITS.fullmatch(literal):
        bits = found[1] or found[2] or b"0"
        return int(bits, 2).to_bytes(-(-len(bits) // 8), "big") if column.binary else bits.decode()
    elif literal[:1] == b"_" and (found := _INTRODUCED.fullmatch(literal)):
        return _introduced(found[1].decode("ascii", "replace").lower(), found[2], column)
    elif literal[:2] in (b"N'", b"n'"):
        raw, codec = unquoted(literal[1:]), "utf-8"
    else:
        raw, codec = literal, codec if codec != BINARY else "utf-8"
    return raw if codec == BINARY else decoded(raw, codec)


def _of_hex(column: Column) -> str:
    return column.codec if column.text and not column.binary else BINARY


def _introduced(charset: str, literal: bytes, column: Column) -> str | bytes | None:
    found = _HEX.fullmatch(literal)
    if found:
        raw = unhexlify(
            (found[1] or found[2] or b"").rjust(2 * -(-len(found[1] or found[2] or b"") // 2), b"0")
        )
    elif literal[:1] in (b"'", b'"'):
        raw = unquoted(literal)
    else:
        return (b"_" + charset.encode() + b" " + literal).decode("utf-8", "backslashreplace")
    if charset == BINARY:  # of text columns too, where the connection is binary
        return raw if column.binary or not column.text else decoded(raw, column.codec)
    return decoded(raw, CHARSETS.get(charset, "utf-8"))


def values_of(literals: Sequence[bytes], columns: Sequence[Column], session: str) -> list[Any]:
    """Return the values of a row, as many as there are columns."""
    return [value(each.strip(), column, session) for each, column in zip(literals, columns, strict=True)]


def plain_values_of(literals: Sequence[bytes | None], columns: Sequence[Column], session: str) -> list[Any]:
    """Return the values of a row whose literals are given without quotes."""
    return [
        each if each is None or column.binary else decoded(each, session or column.codec)
        for each, column in zip(literals, columns, strict=True)
    ]
