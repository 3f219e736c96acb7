"""The end of a statement of SQL, whatever quotes and comments stand in it; none is held whole beyond a bound.

Source: ISO/IEC 9075-2, 5.2 and 5.3 (tokens, literals); PostgreSQL 15, 4.1 (dollar quotes, escape strings);
MySQL 8.0, 9.1.1 (backslashes), 9.7 (comments).
"""

import re
from typing import NamedTuple

from actionday.sources.databases._tape import Tape

HELD = 1 << 20
"""Bytes of a statement that are understood (a table's definition); what is longer is passed over."""


class Dialect(NamedTuple):
    """What differs between the servers."""

    special: re.Pattern[bytes]
    """What begins something in which the end of the statement cannot stand, or is that end."""
    escapes: bool
    """Whether a backslash escapes in every string."""


POSTGRES = Dialect(re.compile(rb"['\";]|\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)?\$|--|/\*"), escapes=False)
MYSQL = Dialect(re.compile(rb"['\"`;#]|--(?=[\s\x00-\x1f]|\Z)|/\*(?![!M])"), escapes=True)
_CLOSE = {b"'": re.compile(rb"'|\\."), b'"': re.compile(rb"\"|\\.")}
_PLAIN = {quote: re.compile(re.escape(quote)) for quote in (b"'", b'"', b"`")}
_SPACE = re.compile(rb"\s+")
LONGEST_MARK = 80


class Skimmer:
    """Passes over statements; each call keeps at most ``HELD`` bytes."""

    def __init__(self, tape: Tape, dialect: Dialect) -> None:
        self._tape, self._dialect = tape, dialect
        self.kept = bytearray()

    def blank(self) -> bool:
        """Pass over white space and comments that stand at the beginning of a statement; false at the end."""
        tape = self._tape
        while tape.have(1):
            found = _SPACE.match(tape.buffer, tape.at)
            if found:
                tape.at = found.end()
                continue
            start = tape.buffer[tape.at : tape.at + 3] if tape.have(3) else tape.buffer[tape.at :]
            if start.startswith(b"--") or (self._dialect.escapes and start.startswith(b"#")):
                self._to(b"\n")
            elif start.startswith(b"/*") and start[2:3] not in (b"!", b"M"):
                tape.at += 2
                self._to(b"*/")
            else:
                return True
        return False

    def statement(self, ends: bytes = b";") -> tuple[bytes, bool]:
        """Pass over a statement with what ends it; return it up to ``HELD`` bytes, and whether it ended."""
        self.kept.clear()
        tape, escapes = self._tape, self._dialect.escapes
        special = self._dialect.special if ends == b";" else re.compile(re.escape(ends) + rb"|['\"`]")
        while True:
            found = special.search(tape.buffer, tape.at)
            if found is None or (found.end() + LONGEST_MARK > len(tape.buffer) and not tape.ended):
                if found is None:
                    self._keep(max(tape.at, len(tape.buffer) - LONGEST_MARK))
                if not tape.more() and found is None:
                    self._keep(len(tape.buffer))
                    return bytes(self.kept), False
                continue
            mark = found[0]
            before = tape.buffer[found.start() - 1 : found.start()] if found.start() > tape.at else b""
            self._keep(found.end())
            if mark == ends:
                return bytes(self.kept), True
            if mark in (b"'", b'"', b"`"):
                escaped = (escapes and mark != b"`") or (mark == b"'" and before in (b"E", b"e"))
                self._until(_CLOSE[mark] if escaped else _PLAIN[mark], mark)
            elif mark in (b"--", b"#"):
                self._to(b"\n", keep=True)
            elif mark == b"/*":
                self._to(b"*/", keep=True)
            else:
                self._to(mark, keep=True)

    def _until(self, pattern: re.Pattern[bytes], close: bytes) -> None:
        tape = self._tape
        while True:
            found = pattern.search(tape.buffer, tape.at)
            if found is None:
                lone = tape.buffer.endswith(b"\\") and len(tape.buffer) > tape.at
                self._keep(len(tape.buffer) - lone)
                if not tape.more():
                    self._keep(len(tape.buffer))
                    return
                continue
            self._keep(found.end())
            if found[0] == close:
                return

    def _to(self, mark: bytes, *, keep: bool = False) -> None:
        """Go behind the next ``mark``, or to the end."""
        tape = self._tape
        while (found := tape.buffer.find(mark, tape.at)) < 0:
            upto = max(tape.at, len(tape.buffer) - len(mark) + 1)
            self._go(upto, keep=keep)
            if not tape.more():
                self._go(len(tape.buffer), keep=keep)
                return
        self._go(found + len(mark), keep=keep)

    def _go(self, upto: int, *, keep: bool) -> None:
        if keep:
            self._keep(upto)
        else:
            self._tape.at = upto

    def _keep(self, upto: int) -> None:
        room = HELD - len(self.kept)
        if room > 0:
            self.kept += self._tape.buffer[self._tape.at : min(upto, self._tape.at + room)]
        self._tape.at = upto
