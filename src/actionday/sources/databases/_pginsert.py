"""Literals of PostgreSQL as values.

Source: PostgreSQL 15, 4.1.2 (constants).
"""

from collections.abc import Sequence

from actionday.sources.databases._pgtext import bytea, unescaped


def values_of(
    literals: Sequence[bytes | None], codec: str, binary: tuple[int, ...], *, plain: bool
) -> list[str | bytes | None]:
    """Return the values of a row: text as it is written, without quotes; NULL is None. ``plain``: see ``Raw``."""
    if plain:
        values = [None if each is None else _text(each, codec) for each in literals]
    else:
        values = [None if each is None else _value(each.strip(), codec) for each in literals]
    for at in binary:
        values[at] = bytea(values[at])
    return values


def _text(raw: bytes, codec: str) -> str | bytes:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return raw


def _value(literal: bytes, codec: str) -> str | bytes | None:
    if literal[:1] == b"'":
        raw = literal[1:-1].replace(b"''", b"'") if b"''" in literal else literal[1:-1]
        return _text(raw, codec)
    if literal[:2] in (b"E'", b"e'"):
        text = literal[2:-1].replace(b"''", b"'")
        try:
            return unescaped(text.decode(codec), codec)
        except UnicodeDecodeError:
            return text
    return None if literal.upper() == b"NULL" else literal.decode(codec, "backslashreplace")
