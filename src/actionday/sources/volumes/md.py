"""Linux software RAID: the disks of an array are put together, also where one lacks that its level can do without.

Source: Linux kernel, ``Documentation/admin-guide/md.rst``, ``drivers/md/md.c``.
"""

from collections.abc import Iterator, Mapping, Sequence

from actionday.model import Claim, Context, Damaged, Found, NotThere, Part, Peek, Stream, Unsupported
from actionday.model.counted import counted
from actionday.sources.volumes._md_array import Array, Disk
from actionday.sources.volumes._md_map import Copies, Geometry, Linear, Mirror, Parity, Striped
from actionday.sources.volumes._md_super import MAGIC, Super, ends, member, super_of

MIRRORED = (1, -4)
SPARED = {4: 1, 5: 1, 6: 2}
"""Disks that an array of a level can do without."""
UNKNOWN_LAYOUT = 0
DEGRADED, STALE, UNSYNCED = "degraded", "stale_member", "member_twice"


class Md:
    """Members of an array."""

    name, sample = "md", "md.raw"
    binary = True

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a superblock at the start or a sound one at the end, MAGIC for one that is damaged.

        What begins a disk with its superblock at the end is a part of the array (of a mirror all of it), and no
        disk of its own: it is read in the array, once.
        """
        if MAGIC in (peek.head[:4], peek.head[4096:4100]) or member(peek):
            return Claim.STRUCTURE
        tail = peek.tail
        at_end = (at - (peek.size - len(tail)) for at in ends(peek.size))
        return Claim.MAGIC if any(at >= 0 and tail[at : at + 4] == MAGIC for at in at_end) else Claim.NO

    def items(self, stream: Stream, around: Context, /) -> Iterator[Found]:
        """Yield nothing: the disk is a member, and opened with the others. Raises Damaged."""
        own = super_of(stream)
        if own is None:
            raise Unsupported("Linux software RAID member: its superblock does not tell of which array")
        around.acquired({"md": own.facts()})
        around.member(self.name, own.uuid, own.name)
        yield from ()


class Arrays:
    """Arrays out of their members."""

    name, sample = "md", "md.raw"

    def assemble(self, parts: Sequence[Part], of: str, around: Context) -> Array:
        """Return the array. Raises NotThere where too many disks lack, Unsupported for one that is being reshaped."""
        told = [(each, found) for each in parts if (found := super_of(each.stream)) is not None]
        if not told:
            raise Damaged(f"array {of}: no superblock of it can be read")
        newest = max((each for _, each in told), key=lambda each: (each.sound, each.events))
        if newest.reshaping:
            raise Unsupported(
                f"{_called(newest)}: it is being reshaped, and lies on its disks in two ways at once"
            )
        disks = _in_step(told, newest, around)
        geometry = _geometry(newest, disks)
        missing = [place for place in range(newest.disks) if place not in disks]
        if missing:
            _judge(newest, disks, missing, around)
        streams = {
            place: Disk(part.stream, each.start, each.size, each.recovered)
            for place, (part, each) in disks.items()
        }
        facts = {"bytes": geometry.size, "members": [part.path for part, _ in told]}
        around.acquired({"md": newest.facts() | facts})
        return Array(geometry, streams, {place: f"disk {place}" for place in missing})


def _called(array: Super) -> str:
    name = f" {array.name}" if array.name else ""
    return f"{array.kind}{name} of {counted(array.disks, 'disk')}"


def _in_step(
    told: Sequence[tuple[Part, Super]], newest: Super, around: Context
) -> dict[int, tuple[Part, Super]]:
    """Return the members by their places, without those that the array went on without, and copies of one."""
    disks: dict[int, tuple[Part, Super]] = {}
    for part, each in sorted(told, key=lambda one: -one[1].events):
        if each.role is None or each.role >= newest.disks:
            continue  # a spare, or one that failed: the others know it
        if each.events + 1 < newest.events:
            said = f"{part.path or 'the disk'}: {counted(newest.events - each.events, 'event')} behind the others"
            around.note(STALE, f"{said}, the array went on without it: nothing of it is used")
        elif each.role in disks:
            said = f"disk {each.role} of the array like {disks[each.role][0].path or 'another'}"
            around.note(UNSYNCED, f"{part.path or 'the disk'}: {said}: it is not used")
        else:
            disks[each.role] = part, each
    return disks


def _geometry(array: Super, disks: Mapping[int, tuple[Part, Super]]) -> Geometry:
    """Return where the bytes of the array lie. Raises Damaged, Unsupported or NotThere."""
    sizes = [disks[place][1].size if place in disks else 0 for place in range(array.disks)]
    if array.level in (-1, 0) and not all(sizes):
        if array.level == -1 or len({each for each in sizes if each}) != 1:
            raise NotThere(_lacking(array, [place for place, size in enumerate(sizes) if not size]))
        sizes = [max(sizes)] * array.disks  # all are alike: the rest can be read
    if array.level not in (-1, *MIRRORED) and not array.chunk:
        raise Damaged(f"{_called(array)}: its superblock gives chunks of no bytes")
    try:
        if array.level == -1:
            return Linear(sizes)
        if array.level in MIRRORED:
            return Mirror(array.disks, array.size)
        if array.level == 0:
            return Striped(sizes, array.chunk, array.layout)
        if array.level in SPARED:
            return Parity(array.level, array.disks, array.size, array.chunk, array.layout)
        if array.level == 10:
            return Copies(array.disks, array.size, array.chunk, array.layout)
    except ValueError as error:
        raise Unsupported(f"{_called(array)}: {error} of its data is none that is read here") from error
    raise Unsupported(f"{_called(array)}: arrays of this level are not read here")


def _lacking(array: Super, missing: Sequence[int]) -> str:
    places = ", ".join(f"disk {place}" for place in missing)
    return f"{_called(array)}: {places} {'is' if len(missing) == 1 else 'are'} missing"


def _judge(
    array: Super, disks: Mapping[int, tuple[Part, Super]], missing: Sequence[int], around: Context
) -> None:
    """Say which disks lack. Raises NotThere where nothing of the array can be read without them."""
    said = _lacking(array, missing)
    if not disks:
        raise NotThere(said)
    if array.level in MIRRORED or len(missing) <= SPARED.get(array.level, 0):
        around.note(DEGRADED, f"{said}: what it held is read from the others")
    elif array.level == 10:
        around.note("range_missing" if _holed(array, missing) else DEGRADED, said)
    else:
        around.note(
            "range_missing",
            f"{said}: what lies on {'it' if len(missing) == 1 else 'them'} alone is not there",
        )


def _holed(array: Super, missing: Sequence[int]) -> bool:
    """Say whether some chunk of a level 10 has all of its copies on disks that lack."""
    geometry, away = Copies(array.disks, array.size, array.chunk, array.layout), set(missing)
    round_of = array.disks * max(1, array.layout >> 8 & 255)
    chunks = (number * array.chunk for number in range(min(round_of, geometry.size // array.chunk)))
    return any({disk for disk, _ in geometry.at(at).copies} <= away for at in chunks)


SOURCE = Md()
ASSEMBLY = Arrays()
