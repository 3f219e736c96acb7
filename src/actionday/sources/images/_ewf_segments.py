"""The segment files of one EWF set: their names, their order, their sections.

Source: Joachim Metz, "Expert Witness Compression Format specification" (libewf documentation), sections
"Segment file header", "Section descriptor" and "Segment file extensions".
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from actionday.model import Context, Stream
from actionday.sources.images._ewf_sections import HEADER, Section, Sections, sections

MAGIC = b"EVF\x09\x0d\x0a\xff\x00"
NO_SEGMENT = "it does not begin as an EWF segment does"
LETTERED = 100
"""The first segment that two letters number."""
LOOK_AHEAD = 3
"""Segments looked for behind a gap where the neighbours' names are not known."""


class Segment(NamedTuple):
    """One segment file of a set; ``broken`` says why its chain of sections ends early.

    ``torn``: what of it is damaged without that: its first bytes, or descriptors between others.
    """

    number: int
    name: str
    stream: Stream
    sections: list[Section]
    broken: str
    torn: tuple[str, ...] = ()

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


def segments(first: Stream, name: str, around: Context) -> tuple[list[Segment], list[int]]:
    """Return the segments that are there, in order, and the numbers of those that are missing before the last."""
    found = [Segment(1, name, first, *first_of_set(first, name))]
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


def _checked(stream: Stream, number: int) -> Sections:
    stream.seek(0)
    head = stream.read(HEADER)
    if head[:8] != MAGIC:
        told = sections(stream)
        if not any(each.type for each in told.found) or number_of(head) not in (number, 0):
            return Sections([], "it is no EWF segment")
        return told._replace(torn=(NO_SEGMENT, *told.torn))
    if number_of(head) != number:
        return Sections([], f"it says that it is segment {number_of(head)}")
    return sections(stream)


def first_of_set(stream: Stream, name: str) -> Sections:
    """Return the sections of a first segment; one that does not say that it is the first tells so by them.

    ``found`` is empty where it is none. A volume section, and no data section, stands in the first alone.
    """
    stream.seek(0)
    head, told = stream.read(HEADER), sections(stream)
    if head[:8] == MAGIC and number_of(head) == 1:
        return told
    types = {each.type for each in told.found}
    if FIRST.search(name) is None or "data" in types or not types & {"volume", "disk"}:
        return Sections([])
    why = NO_SEGMENT if head[:8] != MAGIC else f"it says that it is segment {number_of(head)}"
    return told._replace(torn=(f"{why}; by its sections it is the first of the set", *told.torn))


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
