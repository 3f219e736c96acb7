"""The segment files of one EWF set: their names, their order, their sections.

Source: Joachim Metz, "Expert Witness Compression Format specification" (libewf documentation), sections
"Segment file header", "Section descriptor" and "Segment file extensions".
"""

import re
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from actionday.model import Context, Damaged, Stream
from actionday.sources.images._disk import exactly

MAGIC = b"EVF\x09\x0d\x0a\xff\x00"
HEADER, DESCRIPTOR = 13, 76
MOST_SECTIONS = 1 << 20
LETTERED = 100
"""The first segment that two letters number."""
LOOK_AHEAD = 3
"""Segments looked for behind a gap where the neighbours' names are not known."""


class Section(NamedTuple):
    """One section: its type, where its data begin and end in the segment."""

    type: str
    start: int
    end: int


class Segment(NamedTuple):
    """One segment file of a set; ``broken`` says why its chain of sections ends early."""

    number: int
    name: str
    stream: Stream
    sections: list[Section]
    broken: str

    @property
    def last(self) -> bool:
        """Whether the set ends here."""
        return any(each.type == "done" for each in self.sections)


def number_of(head: bytes) -> int:
    """Return the number a segment file carries, counted from 1."""
    return int.from_bytes(head[9:11], "little")


FIRST = re.compile(r"\.[A-Za-z]01$")
"""How the name of a first segment ends; of a file called otherwise no others can be told."""


def name_of(first: str, number: int) -> str:
    """Return the name of segment ``number`` >= 1, given that of the first, which ends as FIRST says.

    .E01 to .E99 are followed by .EAA to .EZZ, .FAA and so on to .ZZZ; the case of the first name is kept.
    """
    stem, extension = first[:-3], first[-3:]
    if number < LETTERED:
        return f"{stem}{extension[0]}{number:02d}"
    letter, rest = divmod(number - LETTERED, 26 * 26)
    base = ord("a") if extension[0].islower() else ord("A")
    start = ord(extension[0]) + letter
    return stem + chr(start) + chr(base + rest // 26) + chr(base + rest % 26)


def most_of(first: str) -> int:
    """Return how many segments the naming allows."""
    return 99 + 26 * 26 * (ord("Z") - ord(first[-3].upper()) + 1)


def sections(stream: Stream) -> tuple[list[Section], str]:
    """Return a segment's sections in order, and why the chain ends early ("" where it does not)."""
    found: list[Section] = []
    at = HEADER
    try:
        for each, following in _chain(stream):
            found.append(each)
            at = following
    except Damaged as error:
        return found, str(error)
    if not found or found[-1].type not in ("next", "done"):
        return found, f"the chain of sections ends at byte {at} without a next or done section"
    return found, ""


def _chain(stream: Stream) -> Iterator[tuple[Section, int]]:
    at = HEADER
    for _ in range(MOST_SECTIONS):
        raw = exactly(stream, at, DESCRIPTOR, "a section descriptor")
        if zlib.adler32(raw[:72]) != int.from_bytes(raw[72:], "little"):
            raise Damaged(f"the checksum of the section descriptor at byte {at} differs")
        kind = raw[:16].rstrip(b"\0").decode("ascii", "replace")
        following, size = int.from_bytes(raw[16:24], "little"), int.from_bytes(raw[24:32], "little")
        if kind in ("next", "done"):
            yield Section(kind, at + DESCRIPTOR, at + DESCRIPTOR), at
            return
        end = following if following > at else at + size
        yield Section(kind, at + DESCRIPTOR, min(end, stream.size)), end
        if end <= at:
            raise Damaged(f"the section at byte {at} leads back to byte {end}")
        at = end
    raise Damaged(f"more than {MOST_SECTIONS} sections")


def segments(first: Stream, name: str, around: Context) -> tuple[list[Segment], list[int]]:
    """Return the segments that are there, in order, and the numbers of those that are missing before the last."""
    found = [Segment(1, name, first, *sections(first))]
    missing: list[int] = []
    gap: list[int] = []
    number, known = 2, _known(name, around) if FIRST.search(name) else 0
    if FIRST.search(name) is None:
        return found, [] if found[-1].last or found[-1].broken else [2]
    while not found[-1].last and number <= most_of(name):
        stream = around.sibling(name_of(name, number))
        if stream is not None:
            found.append(Segment(number, name_of(name, number), stream, *_checked(stream, number)))
            missing, gap = missing + gap, []
        elif number >= known and len(gap) >= LOOK_AHEAD:
            break
        else:
            gap.append(number)
        number += 1
    if not found[-1].last and not found[-1].broken:
        missing.append(found[-1].number + 1)
    return found, missing


def _checked(stream: Stream, number: int) -> tuple[list[Section], str]:
    stream.seek(0)
    head = stream.read(HEADER)
    if head[:8] != MAGIC:
        return [], "it is no EWF segment"
    if number_of(head) != number:
        return [], f"it says that it is segment {number_of(head)}"
    return sections(stream)


def numbered(number: int, has: Callable[[int], bool]) -> bool:
    """Say whether a name that may be that of segment ``number`` is one, by those that are there (``has``).

    Of ``.EAA`` to ``.ZZZ`` a neighbour has to be there, or one just before: ``.txt`` and ``.log`` are such names too.
    """
    near = (number + 1, *range(number - LOOK_AHEAD - 1, number))
    return number < LETTERED or any(map(has, near))


def _known(first: str, around: Context) -> int:
    """Return the highest segment number among the neighbours' names (0 where they are not known)."""
    stem = first[:-3].lower()
    names = {each.lower() for each in around.siblings() if each.lower().startswith(stem)}
    if not names:
        return 0
    there = {number for number in range(1, most_of(first) + 1) if name_of(first, number).lower() in names}
    return max((number for number in there if numbered(number, there.__contains__)), default=0)
