"""A compressed stream gone through unit by unit (frame, block, member) behind a damage: each sound one is given.

Source: the formats' own modules (``_zstdframes``, ``_lz4blocks``, ``_bzip2blocks``, ``_xzblocks``). The first reading
is the fast one; only where it meets a damage is the stream read again, from its beginning and once.
"""

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from lzma import LZMAError
from typing import Protocol

from actionday.model import Damaged, ItemError, OverLimit, Stream, Unsupported
from actionday.model.counted import counted
from actionday.sources.archives._resumed import AT_LEAST, MOST, MOST_TRIED, TIMES, Torn
from actionday.sources.archives._streams import BLOCK, Aside, Behind, Window

OVERLAP = 32
"""Bytes in which a beginning may lie across two blocks."""
_SMALL = 64
"""Bytes a step gives where a damage is near: as many may be lost before it."""


class Course:
    """What a careful reading of one stream met, and how much it may still go through in vain."""

    def __init__(self, size: int, at: int = 0, aside: Aside | None = None) -> None:
        self.torn, self.again, self.tried, self._at, self._aside = 0, -1, 0, at, aside
        self.between: list[tuple[int, int]] = []
        """First byte and length of each stretch that is no unit, between them or behind the last."""
        self._left = max(AT_LEAST, TIMES * size)

    @property
    def spent(self) -> bool:
        """Whether no more is looked for: each beginning may claim to reach to the end."""
        return self.torn >= MOST or self.tried >= MOST_TRIED or self._left < 0

    def breaks(self) -> None:
        """Count a unit that is not sound."""
        self.torn += 1

    def spends(self, count: int) -> None:
        """Count bytes that were gone through for a unit that is not sound."""
        self._left -= count

    def goes_on(self, at: int) -> None:
        """Take in the byte at which a unit begins."""
        if self.torn and self.again < 0:
            self.again = self._at + at

    def skips(self, name: str, begin: int, length: int) -> None:
        """Take in what stands beside the content."""
        if self._aside is not None:
            self._aside(name, self._at + begin, length)

    def passes(self, begin: int, end: int) -> None:
        """Take in a stretch that is no unit."""
        self.between.append((self._at + begin, end - begin))


Units = Callable[[Window, Course], Iterator[bytes]]
"""Yields what the units of a stream hold, from its first byte on, each as far as it can be unpacked; never raises."""
Sound = Callable[[int], bool]
"""Says whether a unit begins at a byte of the stream."""


Decoding = Callable[[Window, int, Behind], Iterator[bytes]]
"""Yields what a window holds that begins at a byte of its stream, and tells what follows its end."""


def carefully(
    decoding: Decoding, stream: Stream, units: Units, behind: Behind, aside: Aside | None = None
) -> Iterator[bytes]:
    """Yield what ``decoding`` gives of the whole stream, and behind a torn unit what ``units`` gives of the others.

    Of bytes between and behind units ``behind`` is told, of what stands beside them ``aside``. Raises what
    ``decoding`` raised at the end where a unit was torn, or Damaged where units follow bytes that are none: why, and
    from which byte on the content goes on.
    """
    given, ended, torn = 0, list[tuple[int, int]](), list[ItemError]()
    try:
        for chunk in decoding(_from(stream, 0), 0, lambda start, length: ended.append((start, length))):
            given += len(chunk)
            yield chunk
    except (Torn, Unsupported, OverLimit) as error:
        torn.append(error)
    if not torn and not ended:
        return
    at, passed = (0, 0) if torn else (ended[0][0], given)
    course = Course(stream.size, at, aside)
    for chunk in units(_from(stream, at), course):
        passed += len(chunk)
        if passed > given:
            yield chunk[-(passed - given) :]
            given = passed
    for stretch in course.between:
        behind(*stretch)
    if not torn and course.again < 0:
        return
    why = torn[0] if torn else Damaged(f"what stands at byte {at} is none of the stream's")
    further = f", and {counted(course.torn - 1, 'further damage')}" if course.torn > 1 else ""
    read = f"; read on from byte {course.again}{further}" if course.again >= 0 else ""
    more = "; what follows the last of them is not read" if course.spent else ""
    kind = Damaged if isinstance(why, Damaged) else type(why)
    raise kind(f"{why}{read}{more}") from why


def _from(stream: Stream, at: int) -> Window:
    return Window(stream, at, stream.size - at)


def following(window: Window, at: int, begins: re.Pattern[bytes], sound: Sound, course: Course) -> int:
    """Return the next byte from ``at`` on at which a sound unit begins, -1 for none; reads each byte once."""
    held, start = b"", at
    window.seek(at)
    while not course.spent and (data := _more(window, start + len(held))):
        held += data
        for found in begins.finditer(held):
            if sound(start + found.start()):
                return start + found.start()
            course.tried += 1
            if course.spent:
                return -1
        kept = held[-OVERLAP:]
        start, held = start + len(held) - len(kept), kept
    return -1


def _more(window: Window, at: int) -> bytes:
    window.seek(at)
    return window.read(BLOCK)


class Decoder(Protocol):
    """A decoder of the standard library."""

    @property
    def eof(self) -> bool:
        """True once the end mark was read."""

    @property
    def needs_input(self) -> bool:
        """False while output is still held back."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Return up to ``max_length`` bytes."""


class _Refused(Exception):
    """A decoder's own error: nothing comes of the call."""


REFUSALS = (LZMAError, OSError, EOFError, ValueError)
"""What the decoders of the standard library raise."""


def unit(fresh: Callable[[], Decoder], pieces: Callable[[], Iterator[bytes]]) -> Generator[bytes, None, bool]:
    """Yield what a decoder gives of one unit's pieces, up to the last bytes before what cannot be unpacked.

    Returns whether it came to its end mark. A decoder gives nothing of the call that fails: a torn unit is gone
    through twice, in small steps where the damage is.
    """
    given = passed = 0
    with suppress(_Refused):  # gone through again, below
        for chunk in _decoded(fresh(), pieces()):
            given += len(chunk)
            yield chunk
        return True
    with suppress(_Refused):
        for chunk in _decoded(fresh(), pieces(), given):
            passed += len(chunk)
            if passed > given:
                yield chunk[-(passed - given) :]
                given = passed
    return False


def _decoded(decoder: Decoder, pieces: Iterator[bytes], safe: int = 1 << 62) -> Iterator[bytes]:
    """Yield what comes, in small steps behind ``safe`` bytes. Raises _Refused where no more does before the end."""
    passed = 0
    for piece in pieces:
        data = piece
        while (data or not decoder.needs_input) and not decoder.eof:
            try:
                chunk = decoder.decompress(data, BLOCK if passed + BLOCK <= safe else _SMALL)
            except REFUSALS as error:
                raise _Refused from error
            data = b""
            passed += len(chunk)
            if chunk:
                yield chunk
    if not decoder.eof:
        raise _Refused
