"""The parts of a message, in order, with the bytes they lie in: one pass, no recursion, no part held.

Source: RFC 2046 section 5.1, 5.1.5 (digest), RFC 2045 section 5.2. A ``message/rfc822`` is one part, opened in turn.
"""

from collections.abc import Iterator

import msgspec

from actionday.mime.boundary import GUESS_BYTES, guessed, mistaken
from actionday.mime.fields import Fields, read_header
from actionday.mime.parameters import Structured, structured
from actionday.mime.sniff import LOOKED_AT, begins_with_field, lead_in
from actionday.mime.window import Window
from actionday.model import Loss, Note
from actionday.model.counted import counted
from actionday.model.loss import MAY_BE_CUT

NESTING = 100
"""Multiparts within multiparts that are opened; real mail stays below ten."""
PARTS = 250_000
"""Parts of one message that are listed; what lies behind them is said to be more than that."""
MULTIPARTS = PARTS
DELIMITER_BYTES = 1024
"""The longest delimiter line looked at; the standard allows 70 characters."""
LINE_BREAK = 2
"""A Content-Length may count the line break before the next From_ line, which is no part of the message."""
DECIDING = (b"content-type", b"content-transfer-encoding", b"content-disposition")
"""Fields that decide how a part is read: of two, one mail program takes the first, another the last."""
_TEXT = Structured("text/plain", {})
_DIGEST = Structured("message/rfc822", {})


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A leaf, or (``outside``) text before, between or behind the parts, which no mailer shows.

    ``path`` is ``1.2``: the second part of the first; a message without parts is part ``1``. The body lies at
    ``start``..``end`` (bytes). ``broken`` says why the part is not whole.
    """

    path: str
    fields: Fields
    type: Structured
    start: int
    end: int
    group: str = ""
    """The path of the innermost multipart/alternative around it; "" if there is none."""
    branch: str = ""
    """The path of that group's alternative which it belongs to."""
    within: str = ""
    """The subtype of the multipart it is directly in; "" outside any."""
    outside: bool = False
    broken: str = ""


class Shape(msgspec.Struct):
    """What the walk finds out about the message as a whole; complete when the walk has ended."""

    fields: Fields
    type: Structured = _TEXT
    begin: int = 0
    """Where the header begins, bytes: lines may stand before it."""
    body: int = 0
    """Where the body begins, bytes."""
    problems: dict[str, str] = {}
    """Oddities that lose nothing, by code."""
    broken: Note | None = None
    """Why the message is not whole, or may not be; None if nothing shows it."""
    over: Note | None = None
    """Which limit ended the walk early."""
    multiparts: list[tuple[str, Fields]] = []
    """Path and header of each multipart within the message, which is no part of its own; ``MULTIPARTS`` at most."""


class _Level(msgspec.Struct):
    """One open multipart."""

    boundary: bytes
    path: str
    subtype: str
    group: str = ""
    branch: str = ""
    parts: int = 0
    guessed: bytes = b""
    """The boundary that its lines have, where it is not the one that it names."""
    again: bool = False
    """Whether parts go on behind its closing delimiter."""

    @property
    def names(self) -> tuple[bytes, ...]:
        """What stands in its delimiter lines."""
        return (self.boundary, self.guessed) if self.guessed else (self.boundary,)


class _Head(msgspec.Struct):
    """One stretch whose beginning is known and whose end is searched."""

    path: str
    start: int
    fields: Fields = Fields(b"")
    type: Structured = _TEXT
    outside: bool = False
    cut: bool = False


class Walk:
    """One pass over one message: ``for part in walk``, then ``walk.shape``."""

    def __init__(self, window: Window, end: int, at: int = 0) -> None:
        """The message lies at ``at``..``end`` (bytes) of ``window``, which ends there."""
        self.shape = Shape(Fields(b""), problems={}, multiparts=[])
        self._window, self._at, self._end = window, at, end
        self._levels: list[_Level] = []
        self._open: dict[bytes, list[int]] = {}
        self._closed: _Level | None = None

    def __iter__(self) -> Iterator[Part]:
        head, shape = self._root(), self.shape
        parts = 0
        while True:
            if not head.outside and head.type.value.startswith("multipart/"):
                head = self._enter(head)
            line, at, level = self._delimiter(head.start, outside=head.outside)
            if not line:
                break
            if (end := self._before(at, head.start)) > head.start or not head.outside:
                yield self._part(head, end, "")
            parts += 1
            if parts > PARTS:
                shape.over = Note(Loss.PARTS_LIMIT, f"more than {PARTS} parts")
                return
            head = self._after(line, at, level)
        shape.broken = self._cut(head)
        if head.start < self._end or not head.outside:
            cut = shape.broken if head.cut or self._unclosed() else None
            yield self._part(head, self._end, cut.reason if cut else "")

    def _root(self) -> _Head:
        shape = self.shape
        shape.begin = self._begin()
        block, shape.body, wrong = read_header(self._window, shape.begin)
        shape.fields = Fields(block)
        shape.type = _type(shape.fields, _TEXT)
        return self._head("1", shape.fields, shape.type, shape.body, wrong)

    def _begin(self) -> int:
        """Return where the header is: behind what ``sniff`` passes over, so that all read the same one."""
        window, at = self._window, self._at
        if begins_with_field(window.look(at, DELIMITER_BYTES)):
            return at
        return at + max(lead_in(window.look(at, LOOKED_AT)), 0)

    def _head(self, path: str, fields: Fields, kind: Structured, start: int, wrong: str) -> _Head:
        for name in DECIDING:
            if (count := fields.count(name)) > 1:
                said = f"part {path}: {count} fields {name.decode()}; the first one counts"
                self._problem("repeated_field", said)
        cut = wrong == "broken off"
        if wrong and not cut:
            self._problem("header", f"part {path}: {wrong}")
        return _Head(path, start, fields, kind, cut=cut)

    def _enter(self, head: _Head) -> _Head:
        """Open a multipart: what follows its header is text before its first part."""
        boundary, other = self._boundaries(head)
        if not boundary:
            self._problem("boundary", f"part {head.path}: a multipart without a boundary is read as text")
            return _Head(head.path, head.start, head.fields, _TEXT, cut=head.cut)
        if len(self._levels) >= NESTING:
            self._problem("nesting", f"part {head.path}: more than {NESTING} multiparts in one another")
            return head
        path = head.path if self._levels else ""
        group, branch = self._place(head.path)
        level = _Level(boundary, path, head.type.value.partition("/")[2], group, branch, guessed=other)
        if self._levels and len(self.shape.multiparts) < MULTIPARTS:
            self.shape.multiparts.append((path, head.fields))
        self._push(level)
        return _Head(path, head.start, outside=True, cut=head.cut)

    def _boundaries(self, head: _Head) -> tuple[bytes, bytes]:
        """Return the boundary of a multipart, and the one that its lines have where they have another."""
        given = head.type.raw(b"boundary") or head.type.text(b"boundary").encode()  # RFC 2231: boundary*=…
        named = given.rstrip()[:DELIMITER_BYTES]
        start = self._window.look(head.start, min(GUESS_BYTES, self._end - head.start))
        found = mistaken(start, named, self._open) if named else guessed(start, self._open)
        every = [each.encode().rstrip()[:DELIMITER_BYTES] for each in head.type.every(b"boundary")]
        if len(every) > 1 and not found:
            self._problem("boundary", f"part {head.path}: it names two boundaries: cut at the lines of both")
            return named, next(each for each in every if each != named)
        if found:
            why = "its boundary is not the one it names" if named else "a multipart without a boundary"
            self._problem("boundary", f"part {head.path}: {why}: guessed from its first line")
        return (named, found) if named else (found, b"")

    def _push(self, level: _Level) -> None:
        for boundary in level.names:
            self._open.setdefault(boundary, []).append(len(self._levels))
        self._levels.append(level)

    def _delimiter(self, start: int, *, outside: bool) -> tuple[bytes, int, int]:
        """Return the next delimiter line of an open multipart, where it begins, its level; b"" at the end.

        ``outside``: one of the multipart that was just closed opens it again: somebody hid parts behind its end.
        """
        window, at = self._window, max(start - 1, 0)
        closed = self._closed if outside else None
        while (self._levels or closed) and (at := window.find(b"\n--", at)) >= 0:
            line = window.line(at + 1, DELIMITER_BYTES + 8)
            name = line[2:].rstrip()
            if closed and name in closed.names and name not in self._open:
                closed.again = True
                self._problem("behind_end", f"multipart {closed.path or '1'} goes on behind its end")
                self._push(closed)
            levels = self._open.get(name) or self._open.get(name.removesuffix(b"--"))
            if levels:
                return line, at + 1, levels[-1]
            at += 1
        return b"", -1, -1

    def _after(self, line: bytes, at: int, level: int) -> _Head:
        """Return what begins behind a delimiter line: a part's header or, behind the last one, loose text."""
        name, start = line[2:].rstrip(), at + len(line)
        closing = name not in self._levels[level].names
        self._closed = self._levels[level] if closing else None
        for skipped in self._levels[level + 1 :]:
            self._problem("unclosed", f"multipart {skipped.path or '1'} is not closed")
        self._leave(level + (not closing))
        if closing:
            return _Head(self._levels[-1].path if self._levels else "", start, outside=True)
        parent = self._levels[level]
        parent.parts += 1
        path = f"{parent.path}.{parent.parts}" if parent.path else str(parent.parts)
        block, body, wrong = read_header(self._window, start)
        fields = Fields(block)
        return self._head(
            path, fields, _type(fields, _DIGEST if parent.subtype == "digest" else _TEXT), body, wrong
        )

    def _leave(self, depth: int) -> None:
        while len(self._levels) > depth:
            level = self._levels.pop()
            for boundary in level.names:
                self._open[boundary].pop()
                if not self._open[boundary]:
                    del self._open[boundary]

    def _part(self, head: _Head, end: int, broken: str) -> Part:
        group, branch = self._place(head.path)
        return Part(
            path=head.path, fields=head.fields, type=head.type, start=head.start, end=max(end, head.start),
            group=group, branch=branch, within=self._levels[-1].subtype if self._levels else "",
            outside=head.outside, broken=broken,
        )  # fmt: skip

    def _place(self, path: str) -> tuple[str, str]:
        """Return the group and the branch of a part directly in the innermost open multipart."""
        if not self._levels:
            return "", ""
        level = self._levels[-1]
        return (level.path or "1", path) if level.subtype == "alternative" else (level.group, level.branch)

    def _before(self, at: int, start: int) -> int:
        """Return where a body ends: its last line break belongs to the delimiter line at ``at``."""
        returned = at - 2 >= start and self._window.look(at - 2, 1) == b"\r"
        return max(start, at - 2 if returned else at - 1)

    def _cut(self, head: _Head) -> Note | None:
        """Return what shows that the message ends before its end, the certain before the possible."""
        if head.cut:
            where = f" of part {head.path}" if self._levels and head.path else ""
            return Note(Loss.BROKEN_OFF, f"breaks off in the header{where}")
        if self._unclosed():
            return Note(
                Loss.BROKEN_OFF, f"breaks off in part {head.path or '0'}: its multipart is not closed"
            )
        missing = self._missing()
        if missing > LINE_BREAK:
            return Note(Loss.BROKEN_OFF, f"ends {counted(missing, 'byte')} before its Content-Length")
        if head.start < self._end and self._window.look(self._end - 1, 1) != b"\n":
            return Note(MAY_BE_CUT, "may be cut: the last line has no end")
        return None

    def _unclosed(self) -> bool:
        """Say whether a multipart was never closed."""
        return not all(level.again for level in self._levels)

    def _missing(self) -> int:
        """Return how many bytes the message is shorter than its Content-Length says."""
        declared = self.shape.fields.get(b"content-length")
        if not declared.isdigit() or len(declared) > 18:
            return 0
        return int(declared) - (self._end - self.shape.body)

    def _problem(self, code: str, reason: str) -> None:
        self.shape.problems.setdefault(code, reason)


def _type(fields: Fields, default: Structured) -> Structured:
    given = structured(fields.get(b"content-type"))
    return given if "/" in given.value.strip("/") else default
