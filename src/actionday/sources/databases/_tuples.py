"""Rows of an INSERT: each pair of brackets behind VALUES, taken apart into literals as they are written.

Source: ISO/IEC 9075-2, 7.3 (table value constructor), 5.3 (literals); MySQL 8.0, 9.1; PostgreSQL 15, 4.1.2.

A row of a known number of literals is matched by one pattern; what it does not fit is walked token by token.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from actionday.sources.databases._tape import Tape

LONGEST_ROW = 64 << 20
"""Bytes of a row that is taken apart: as much as a worker holds of one content."""
WIDEST = 400
"""Literals that one pattern matches: compiling it takes a millisecond for each ten."""
_STRING = {
    True: rb"'(?>(?:[^'\\]++|\\.|'')*)'|\"(?>(?:[^\"\\]++|\\.|\"\")*)\"",
    False: rb"[Ee]'(?>(?:[^'\\]++|\\.|'')*)'|'(?>(?:[^']++|'')*)'",
}


class Raw(NamedTuple):
    """One row: where it begins in the stream, its literals (None: it cannot be taken apart), its bytes, its end."""

    offset: int
    literals: Sequence[Any] | None
    length: int
    whole: bool = True
    plain: bool = False
    """Whether each literal is a string without escapes or a number, given without quotes, or NULL, given as None."""


@cache
def _literal(*, escapes: bool) -> bytes:
    before = rb"(?>(?:_\w++\s*+)?)(?>(?:[NnXxBb](?='))?)" if escapes else rb"(?>(?:[BbXxNn](?='))?)"
    return rb"(?:" + before + rb"(?:" + _STRING[escapes] + rb")|[^'\"(),;\s][^'\"(),;]*+)"


@cache
def _row(count: int, *, escapes: bool) -> re.Pattern[bytes]:
    one = rb"(" + _literal(escapes=escapes) + rb")\s*+"
    return re.compile(rb"\(\s*+" + rb",\s*+".join([one] * count) + rb"\)", re.DOTALL)


@cache
def _token(*, escapes: bool) -> re.Pattern[bytes]:
    name = rb"" if escapes else rb"|\"[^\"]*+\""
    return re.compile(_STRING[escapes] + name + rb"|['\"(),;]", re.DOTALL)


_SPACE = re.compile(rb"[\s,]*+")


@cache
def _plain_row(count: int) -> re.Pattern[bytes]:
    one = rb"(?:'([^'\\]*+)'|NULL|(-?[\d.][\d.eE+-]*+))"
    return re.compile(rb"\(" + rb",\s?+".join([one] * count) + rb"\)")


def rows(tape: Tape, width: int, *, escapes: bool) -> Iterator[Raw]:
    """Yield the rows from ``tape.at`` on, up to what is no row: then ``tape.at`` is there.

    ``width``: literals in a row as far as is known, else 0. A row that breaks off at the end of the stream, or is
    longer than ``LONGEST_ROW``, is the last one and not ``whole``.
    """
    pattern = _row(width, escapes=escapes) if 0 < width <= WIDEST else None
    quick = _plain_row(width) if pattern else None
    while True:
        tape.at = _SPACE.match(tape.buffer, tape.at).end()  # type: ignore[union-attr]
        if tape.at >= len(tape.buffer):
            if not tape.more():
                return
            continue
        if tape.buffer[tape.at] != 0x28:
            return
        if quick and (found := quick.match(tape.buffer, tape.at)):
            both = found.groups()
            literals = [b if a is None else a for a, b in zip(both[::2], both[1::2], strict=True)]
            raw = Raw(tape.offset, literals, found.end() - tape.at, plain=True)
        elif pattern and (found := pattern.match(tape.buffer, tape.at)):
            raw = Raw(tape.offset, found.groups(), found.end() - tape.at)
        else:
            raw = _walked(tape, escapes=escapes)
            if raw.literals is not None and pattern is None and len(raw.literals) <= WIDEST:
                pattern, quick = _row(len(raw.literals), escapes=escapes), _plain_row(len(raw.literals))
        tape.at += raw.length
        yield raw
        if not raw.whole:
            return


def _walked(tape: Tape, *, escapes: bool) -> Raw:
    """Return the row at ``tape.at``, which has functions or brackets in it, other literals, or is not held yet."""
    while (raw := _walk(tape, escapes=escapes)) is None:
        if len(tape.buffer) - tape.at > LONGEST_ROW or not tape.more():
            return Raw(tape.offset, None, len(tape.buffer) - tape.at, whole=False)
    return raw


def _walk(tape: Tape, *, escapes: bool) -> Raw | None:
    depth, begun, literals = 0, tape.at + 1, []
    for found in _token(escapes=escapes).finditer(tape.buffer, tape.at):
        mark = found[0]
        if mark in (b"'", b'"'):
            return None  # not closed in what is held
        if mark == b"(":
            depth += 1
        elif mark == b")":
            depth -= 1
        elif mark == b";":
            return Raw(tape.offset, None, found.start() - tape.at)
        if depth == 0 or (depth == 1 and mark == b","):
            literals.append(tape.buffer[begun : found.start()].strip())
            begun = found.end()
        if depth == 0:
            return Raw(tape.offset, tuple(literals), found.end() - tape.at)
    return None
