"""The segment files of one EWF set: their names, their order, their sections.

Source: Joachim Metz, "Expert Witness Compression Format specification" (libewf documentation), sections
"Segment file header", "Section descriptor" and "Segment file extensions".
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from actionday.model import Context, Stream
from actionday.sources.images._called import Called, looking
from actionday.sources.images._ewf_sections import HEADER, Section, Sections, sections
from actionday.sources.images._ewf_whose import MAGIC, NO_SEGMENT, Whose, checked, number_of, whose

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


class Set(NamedTuple):
    """The segments that are there, in order; the numbers of those that are missing before the last.

    ``strange``: files that are called as segments of it and are none, by number: their name, and why.
    """

    found: list[Segment]
    missing: list[int]
    strange: dict[int, tuple[str, str]]


def segments(first: Stream, name: str, around: Context) -> Set:
    """Return the set that begins with ``first``."""
    found = [Segment(1, name, first, *first_of_set(first, name))]
    if FIRST.search(name) is None:
        return Set(found, [] if found[-1].last or found[-1].broken else [2], {})
    missing: list[int] = []
    gap: list[int] = []
    strange: dict[int, tuple[str, str]] = {}
    beside, ours = Called(around, name, name[:-3]), whose(first, found[0].sections)
    number, known = 2, _known(name, beside)
    while not found[-1].last and number <= most_of(name):
        part = beside.find(name_of(name, number))
        told, why = (None, "") if part is None else checked(part[1], number, ours)
        if part is not None and told is not None and not why:
            found.append(Segment(number, part[0], part[1], *told))
            missing, gap = missing + gap, []
        elif part is None and number >= known and len(gap) >= LOOK_AHEAD:
            break
        else:
            gap.append(number)
            if part is not None:
                strange[number] = part[0], why
        number += 1
    if not found[-1].last and not found[-1].broken:
        missing.append(found[-1].number + 1)
    return Set(found, missing, strange)


def unused(number: int, stream: Stream, around: Context, first: str, ours: Whose | None) -> str:
    """Return why the set of ``first`` is read without this segment, which says that it is ``number``; "" if it is not.

    By its name, what it tells of its set, and the segment before it, which may end the set.
    """
    if FIRST.search(first) is None or number < 2 or name_of(first, number).lower() != around.name.lower():
        return f"it says that it is segment {number}"
    _, why = checked(stream, number, ours)
    if why:
        return f"it {why}"
    beside = Called(around, first, first[:-3], looking(around))
    before = beside.find(name_of(first, number - 1)) if number > 2 else None
    if before is None:
        return ""
    told, why = checked(before[1], number - 1, ours)
    ends = not why and any(each.type == "done" for each in told.found)
    return f"the set ends with {before[0]}" if ends else ""


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


def _known(first: str, beside: Called) -> int:
    """Return the highest segment number among the neighbours' names (0 where they are not known)."""
    there = {number for number in range(1, most_of(first) + 1) if beside.has(name_of(first, number))}
    return max((number for number in there if numbered(number, there.__contains__)), default=0)
