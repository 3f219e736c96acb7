"""Strings and remarks of a script, told apart from regular expressions, which may hold quotation marks.

Source: ECMA-262, 12.4 (comments), 12.9.4 (strings), 12.9.5 (regular expressions), 12.9.6 (templates), 12.10 (where a
slash begins what), B.1.1 (``<!--``).

Behind ")" and "}" a slash divides or begins an expression, which only a whole parser tells: both readings are gone on
with, and are one again where they come to the same place. Each place is read ``MOST`` times at most.
"""

import re
from collections import deque
from collections.abc import Iterator
from heapq import heappop, heappush
from typing import Any, NamedTuple

TOKEN = re.compile(r"'(?>(?:[^'\\\n]|\\.)*)'|\"(?>(?:[^\"\\\n]|\\.)*)\"|\\.|[`/'\"]|<!--", re.DOTALL)
WITHIN = re.compile(rf"{TOKEN.pattern}|[{{}}]", re.DOTALL)
"""The same in what a template puts together, where braces count."""
FLAT = re.compile(r"`((?>(?:[^`\\]|\\.)*))`", re.DOTALL)
TEXT = re.compile(r"(?>(?:[^`\\$]++|\\.|\$(?!\{))*)", re.DOTALL)
EXPRESSION = re.compile(
    r"/(?![*/])(?>(?:[^/\\\n\[]{1,100}+|\\[^\n]|\[(?>(?:[^\]\\\n]|\\[^\n]){0,200})\]){1,300})/", re.DOTALL
)
WORD = re.compile(r"(\.?)\s{0,9}([\w$]{1,20})\Z")
KEYWORDS = frozenset(
    (
        "return",
        "case",
        "typeof",
        "in",
        "of",
        "new",
        "delete",
        "void",
        "throw",
        "do",
        "else",
        "instanceof",
        "yield",
        "await",
    )
)
BEGINS = frozenset("=(,:;!&|?{[*%~^")
"""Behind these a slash begins an expression."""
EITHER = frozenset(")}/.<>#@\\")
LOOKED_BACK = 200
LONGEST_REMARK = 4000
"""Characters of a line that is a remark; two slashes in a longer one stand in an expression of code without lines."""
MOST = 4
"""Readings of one place; they differ there only by how deep in templates they are."""


class Token(NamedTuple):
    """A string, a remark on a line or one between signs (``'``, ``//``, ``/*``), as written between its signs.

    ``before``: where the string in front of it in the same reading begins and ends.
    """

    kind: str
    start: int
    written: str
    before: tuple[int, int] | None = None


class _Frame(NamedTuple):
    """A template that is open, within the one around it.

    ``pieces``: those before, the text of one, where that ends; () before the first.
    """

    start: int
    pieces: Any
    depth: int
    behind: int
    """Where what it puts together at this place begins."""
    around: "_Frame | None"


class _State(NamedTuple):
    frame: _Frame | None = None
    before: tuple[int, int] | None = None


def tokens(code: str) -> Iterator[Token]:
    """Yield what the readings of a script have, in the order of where it begins; linear in its length."""
    reading = _Reading(code, flat=False)
    yield from reading.run(0)
    if reading.unclosed >= 0:
        yield from _Reading(code, flat=True).run(reading.unclosed)


class _Reading:
    """Goes through a script from the left, all readings abreast; ``flat``: templates end at their next mark."""

    def __init__(self, code: str, *, flat: bool) -> None:
        self._code = code
        self._flat = flat
        self._last_mark = code.rfind("`")
        self._ahead: list[tuple[int, int, re.Match[str], _State]] = []
        self._count = 0
        self._next: dict[bool, deque[tuple[int, re.Match[str] | None]]] = {
            within: deque(maxlen=MOST) for within in (False, True)
        }
        """From where on was looked for the next sign, and that sign: readings that lie apart share these."""
        self._line = self._remark = self._said = -1
        self._told: dict[int, tuple[int, int]] = {}
        """By the start of a template how often it was told, and up to where: each reading may end it elsewhere."""
        self.unclosed = -1
        """Where the first template begins that does not end."""

    def run(self, start: int) -> Iterator[Token]:
        """Yield the tokens from a place on."""
        yield from self._go(start, _State())
        at, here = -1, set[tuple[int, int]]()
        while self._ahead:
            start, _, found, state = heappop(self._ahead)
            if start != at:
                at = start
                here.clear()
            key = (state.frame.start, state.frame.depth) if state.frame else (-1, 0)
            if key not in here and len(here) < MOST:
                here.add(key)
                yield from self._read(found, state)

    def _go(self, at: int, state: _State) -> Iterator[Token]:
        """Go on at a place, with the next sign there; at the end tell what is open."""
        found = self._sign_from(at, within=state.frame is not None)
        if found:
            self._count += 1
            heappush(self._ahead, (found.start(), self._count, found, state))
        elif state.frame:
            yield from self._open_ones(state.frame, at)

    def _sign_from(self, at: int, *, within: bool) -> re.Match[str] | None:
        for looked, found in self._next[within]:
            if looked <= at and (not found or at <= found.start()):
                return found
        found = (WITHIN if within else TOKEN).search(self._code, at)
        self._next[within].appendleft((at, found))
        return found

    def _open_ones(self, frame: _Frame, end: int) -> Iterator[Token]:
        each: _Frame | None = frame
        while each:
            outermost, each = each.start, each.around
        self.unclosed = outermost if self.unclosed < 0 else min(outermost, self.unclosed)
        yield Token("'", frame.start, self._whole(frame) + self._code[frame.behind : end])

    def _read(self, found: re.Match[str], state: _State) -> Iterator[Token]:
        start, end = found.span()
        sign = self._code[start]
        if sign in "'\"":
            if end - start > 1:
                yield Token("'", start, self._code[start + 1 : end - 1], state.before)
                state = state._replace(before=(start, end))
            yield from self._go(end, state)
        elif sign == "/":
            yield from self._slash(start, state)
        elif sign == "`":
            yield from self._template(start, state)
        elif sign == "<":
            if self._said < (line := self._line_end(start)):  # once a line: a later one stands in it
                self._said = line
                yield Token("//", start, self._code[end:line])
            yield from self._go(
                end, state
            )  # a remark in a script of a page, in a module three signs of its code
            yield from self._go(self._line_end(start), state)
        elif sign in "{}" and state.frame:
            yield from self._brace(sign, end, state, state.frame)
        else:
            yield from self._go(end, state)

    def _line_end(self, start: int) -> int:
        if start >= self._line:
            found = self._code.find("\n", start)
            self._line = len(self._code) if found < 0 else found
        return self._line

    def _slash(self, start: int, state: _State) -> Iterator[Token]:
        follows = self._code[start + 1 : start + 2]
        if follows == "/":
            end = self._line_end(start)
            if end - start - 2 > LONGEST_REMARK:
                yield from self._go(start + 2, state)
                return
            yield Token("//", start, self._code[start + 2 : end])
            yield from self._go(end, state)
        elif follows == "*":
            if self._remark < start + 2:
                end = self._code.find("*/", start + 2)
                self._remark = len(self._code) if end < 0 else end
            yield Token("/*", start, self._code[start + 2 : self._remark])
            yield from self._go(self._remark + 2, state)
        else:
            begins = begins_expression(self._code, start)
            found = None if begins is False else EXPRESSION.match(self._code, start)
            if found:
                yield from self._go(found.end(), state)
            if begins is not True or not found:
                yield from self._go(start + 1, state)

    def _template(self, start: int, state: _State) -> Iterator[Token]:
        if self._flat:
            found = FLAT.match(self._code, start)
            if found:
                yield Token("'", start, found[1], state.before)
                state = state._replace(before=found.span())
            yield from self._go(found.end() if found else start + 1, state)
        elif start == self._last_mark:
            yield from self._go(start + 1, state)
        else:
            yield from self._text(start + 1, state, _Frame(start, (), 0, start + 1, state.frame))

    def _text(self, start: int, state: _State, frame: _Frame) -> Iterator[Token]:
        """Go on within the text of a template."""
        found = TEXT.match(self._code, start)
        end = found.end() if found else start
        frame = frame._replace(pieces=(frame.pieces, self._code[start:end], end), behind=end)
        if self._code.startswith("`", end):
            yield Token("'", frame.start, self._whole(frame), state.before)
            yield from self._go(end + 1, _State(frame.around, (frame.start, end + 1)))
        elif self._code.startswith("${", end):
            yield from self._go(end + 2, state._replace(frame=frame._replace(depth=1)))
        else:
            yield from self._open_ones(frame, end)

    def _brace(self, sign: str, end: int, state: _State, frame: _Frame) -> Iterator[Token]:
        depth = frame.depth + (1 if sign == "{" else -1)
        if depth:
            yield from self._go(end, state._replace(frame=frame._replace(depth=depth)))
            return
        put = self._code[frame.behind : end]
        pieces = (frame.pieces, "${}" if "`" in put else put, end)
        yield from self._text(end, state, frame._replace(pieces=pieces, depth=0))

    def _whole(self, frame: _Frame) -> str:
        """Return the text of a template, of one told ``MOST`` times what is new."""
        times, upto = self._told.get(frame.start, (0, 0))
        found: list[str] = []
        pieces = frame.pieces
        while pieces and (times < MOST or pieces[2] > upto):
            found.append(pieces[1])
            pieces = pieces[0]
        self._told[frame.start] = times + 1, max(upto, frame.behind)
        return "".join(reversed(found))


def begins_expression(code: str, slash: int) -> bool | None:
    """Say by what stands in front of it whether a slash begins a regular expression, None where it may or may not."""
    looked = code[max(0, slash - LOOKED_BACK) : slash]
    front = looked.rstrip()
    if not front:
        return True if slash < LOOKED_BACK else None
    last = front[-1]
    if last in BEGINS or front.endswith("=>"):
        return True
    if last in "+-":
        return None if front[-2:] == 2 * last else True
    if last in EITHER or "\n" in looked[len(front) :]:
        return None
    word = WORD.search(front)
    if word and word[2] in KEYWORDS:
        return None if word[1] else True
    return False
