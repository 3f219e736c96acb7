"""The body of one response without its chunks and codings, opened as often as asked.

Archivers often store bodies decoded under the server's head, and some servers name a coding they do not use: what
is not coded as the head says is given as it is, with a note. What stands behind the end of a coding is told once
the body was read: no browser shows it.
"""

from collections.abc import Callable, Iterator

from actionday.model import Damaged, Loss
from actionday.sources.archives._leftover import ERASED, LEAST
from actionday.sources.archives._streams import BLOCK, Body, Notes
from actionday.sources.web._coding import CODINGS, SHOWN, Coding, Given, recognised
from actionday.sources.web._http import Head, dechunked

MOST_CODINGS = 8
"""Codings undone of one body; servers name one, and each is a reader within another."""
MOST_MEASURED = 256 << 20
"""Bytes unpacked only to find where a body ends that nobody read."""
Open = Callable[[], Iterator[bytes]]


class Unwrapped:
    """One body. ``raw`` opens its bytes as stored; ``note`` is told what is odd, by the first reading alone."""

    def __init__(self, raw: Open, head: Head, note: Notes) -> None:
        self._raw, self._chunked, self._note = raw, head.chunked, note
        self._codings = head.codings[::-1]
        self._plain: set[int] = set()
        """Codings that the body does not have."""
        self._ends: dict[int, tuple[int, int]] = {}
        self._begun = False

    def content(self) -> Iterator[bytes]:
        """Yield the body undone. Raises Damaged where a coding breaks off."""
        note, self._note, self._begun = self._note, _quiet, True
        if len(self._codings) > MOST_CODINGS:
            note("coding", f"http: of {len(self._codings)} content codings {MOST_CODINGS} are undone")
        undone = self._open(min(len(self._codings), MOST_CODINGS), note)
        return iter(lambda: undone.read(BLOCK), b"")

    def rests(self) -> Iterator[tuple[int, int, Open]]:
        """Yield what stands behind the end of each coding: its number, its length, and a way to read it.

        Padding is nothing. A body that nobody has begun to read is unpacked for this, up to ``MOST_MEASURED`` bytes.
        """
        if not self._begun:
            self._measure()
        for number, (start, length) in sorted(self._ends.items()):
            if _solid(self._rest(number, start)):
                yield number, length, lambda number=number, start=start: self._rest(number, start)  # type: ignore[misc]

    def _measure(self) -> None:
        left = MOST_MEASURED
        try:
            for chunk in self.content():
                left -= len(chunk)
                if left < 0:
                    return
        except Damaged:
            return  # whoever reads the content is told

    def _rest(self, number: int, start: int) -> Iterator[bytes]:
        content = self._open(number, _quiet)
        content.skip(start)
        return iter(lambda: content.read(BLOCK), b"")

    def _open(self, undone: int, note: Notes) -> Body:
        """Return the body behind the chunks and the first ``undone`` codings, counted from the one applied last."""
        content = Body(self._raw())
        if self._chunked:
            content = Body(dechunked(content, note))
        for number in range(undone):
            content = Body(self._undone(number, content, note))
        return content

    def _undone(self, number: int, content: Body, note: Notes) -> Iterator[bytes]:
        name, first = self._codings[number], content.peek(SHOWN)
        coding = CODINGS.get(name)
        if first and coding and number not in self._plain:
            if coding.begins(first) and not self._misnamed(number, coding, first):
                yield from self._decoded(number, coding, content, note)
                return
            self._plain.add(number)
            note("not_encoded", f"http: the body is said to be coded with {name} and is not")
        elif coding is None:
            note("coding", f"http: content coding {name!r} is not undone")
        yield from iter(lambda: content.read(BLOCK), b"")

    def _decoded(self, number: int, coding: Coding, content: Body, note: Notes) -> Iterator[bytes]:
        """Yield the body without one coding; as it is, and said to be so, where not a byte can be unpacked."""
        nothing = True
        try:
            for chunk in coding.undo(self._given(number, content, note, self._ends)):
                nothing = False
                yield chunk
        except Damaged as error:
            if not nothing:
                raise
            self._plain.add(number)
            why = f"nothing of the body coded with {self._codings[number]} can be unpacked: given as it is"
            note(Loss.UNDECODED, f"http: {why} ({error})")
            yield from self._rest(number, 0)

    def _misnamed(self, number: int, coding: Coding, first: bytes) -> bool:
        """Say whether a body that looks like a text is none by its coding: it breaks off at once, or ends too early."""
        if not recognised(first):
            return False
        ends: dict[int, tuple[int, int]] = {}
        given = self._given(number, self._open(number, _quiet), _quiet, ends)
        made = 0
        try:
            for chunk in coding.undo(given):
                if (made := made + len(chunk)) > BLOCK:
                    return False
        except Damaged:
            return True
        return bool(ends)

    def _given(self, number: int, content: Body, note: Notes, ends: dict[int, tuple[int, int]]) -> Given:
        def behind(start: int, length: int) -> None:
            ends[number] = start, length

        return Given(content, lambda: self._open(number, _quiet), note, behind)


def _quiet(_code: str, _reason: str) -> None:
    """Say nothing: what a body is was said when it was read first."""


def _solid(chunks: Iterator[bytes]) -> bool:
    """Say whether there is more than padding."""
    try:
        return any(len(chunk.strip(ERASED)) >= LEAST for chunk in chunks)
    except Damaged:
        return True
