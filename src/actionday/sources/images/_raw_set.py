"""Which files beside the first part of a split raw disk are parts of it: no header tells, names and tables have to.

Source: the namings as ``_parts`` has them; what a disk tells of its own length as ``volumes/_told_end`` has it.
"""

from typing import NamedTuple

from actionday.model import Context, Damaged, Stream
from actionday.sources.images._called import Called, looking
from actionday.sources.images._parts import SECTOR, Naming
from actionday.sources.images._split import Part, Split
from actionday.sources.volumes._told_end import told_end

LOOK_AHEAD = 3
"""Parts looked for behind a gap where the neighbours' names are not known."""
HEAD = 4096
ARCHIVES = (
    b"PK\x03\x04",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"%PDF-",
)


class RawSet(NamedTuple):
    """The parts in order, and names of files that are called as parts and are none."""

    parts: list[Part]
    strangers: tuple[str, ...] = ()


def gathered(stream: Stream, called: Naming, around: Context) -> RawSet:
    """Return the set that begins with ``stream``; of a naming that tells little, where its disk goes on behind it.

    Then all parts but the last have to be of one size too. Disks that are whole each are no parts of one another.
    """
    own: Part = (around.name, stream, stream.size)
    ends = told_end(stream)
    if not called.sure and ends <= stream.size:
        return RawSet([own])
    parts = _beside(own, called, around)
    others = [(name, part) for name, part, _ in parts[1:] if part is not None]
    names = tuple(name for name, _ in others)
    if 0 < ends <= stream.size and any(0 < told_end(part) <= part.size for _, part in others):
        return RawSet([own], names)
    parts, strangers = _without_strangers(parts)
    alike = all(size == stream.size for _, part, size in parts[1:-1] if part is not None)
    return RawSet(parts, strangers) if called.sure or alike else RawSet([own], names)


def whole_before(called: Naming, around: Context) -> str:
    """Return the name of a part ``.000`` that a disk begins with which goes on in ``.001``; "" where none is so."""
    if called.letters or called.start != 1 or called.width < 2:
        return ""
    name = called._replace(start=0).name(1)
    before = looking(around)(name)
    if before is None or before.size % SECTOR:
        return ""
    parts = gathered(before, called._replace(start=0), _Before(around, name)).parts
    return name if around.name in [each for each, *_ in parts[1:]] else ""


class _Before:
    """The ``Context`` of a file as of the one beside it, which is looked at alone."""

    def __init__(self, around: Context, name: str) -> None:
        self.name, self._around = name, around
        self.after, self.secrets, self.limits = None, around.secrets, around.limits
        self.earlier = False
        self.sibling, self.siblings = looking(around), around.siblings
        self.note, self.acquired, self.companion = around.note, around.acquired, around.companion
        self.member, self.derive, self.unallocated = around.member, around.derive, around.unallocated

    after: str | None


def _beside(own: Part, called: Naming, around: Context) -> list[Part]:
    beside = Called(around, own[0], called.stem)
    parts, gap, known, number = [own], list[str](), _known(called, around), 2
    while number <= known or len(gap) < LOOK_AHEAD:
        name = called.name(number)
        found = beside.find(name)
        if found is None:
            gap.append(name)
        else:
            parts += [(each, None, own[2]) for each in gap]
            parts.append((*found, found[1].size))
            gap = []
        number += 1
    return parts


def _without_strangers(parts: list[Part]) -> tuple[list[Part], tuple[str, ...]]:
    """Return the parts without files that are none: behind the end of the disk, or texts and archives within it.

    What is shorter than the part before it, and empty or of such a kind, is no rest of a part; of what is not a whole
    number of sectors behind all that the disk tells of there is none. The others are kept in their places.
    """
    while parts[-1][1] is None:
        parts = parts[:-1]
    end = len(parts)
    whole = parts[0][2] % SECTOR == 0
    while end > 1 and _odd(parts[end - 1], whole=whole):
        end -= 1
    before = Split(parts[0][0], parts[:end])
    ends, at = told_end(before), before.size
    while end < len(parts) and (not ends or at < ends):  # what the disk tells of may reach into these
        at += parts[end][2]
        end += 1
    while parts[end - 1][1] is None or (end > 1 and not parts[end - 1][2]):
        end -= 1
    strange = [name for name, part, _ in parts[end:] if part is not None]
    parts, due = parts[:end], parts[0][2]
    for number, (name, part, size) in enumerate(parts[1:-1], 1):
        if part is not None and size and size != due and (size % SECTOR or not whole) and _document(part):
            strange.append(name)
            parts[number] = (name, None, due)
    return parts, tuple(strange)


def _odd(each: Part, *, whole: bool) -> bool:
    """Say whether a file would be no part of a set whose parts are whole sectors (or are not)."""
    _, part, size = each
    return part is None or (whole and size % SECTOR > 0) or size == 0 or _document(part)


def _document(part: Stream) -> bool:
    """Say whether a file begins as an archive, or as text and nothing else."""
    part.seek(0)
    try:
        head = part.read(HEAD)
    except Damaged:
        return False
    if head.startswith(ARCHIVES):
        return True
    text = head.decode("utf-8", "replace").removesuffix("\ufffd")
    return (
        bool(text) and "\ufffd" not in text and all(each.isprintable() or each in "\t\r\n\f" for each in text)
    )


def _known(called: Naming, around: Context) -> int:
    """Return the highest part among the neighbours' names (0 where they are not known, or bear letters).

    One of more digits than the first is that of a part where the one before it is there: ``.20240`` may be a date.
    """
    if called.letters:
        return 0
    start = f"{called.stem}."
    names = (name[len(start) :] for name in around.siblings() if name.startswith(start))
    numbers = {int(each): len(each) for each in names if each.isdecimal() and called.width <= len(each) < 6}
    found = (each for each, length in numbers.items() if length == called.width or each - 1 in numbers)
    return max(found, default=0) + 1 - called.start
