"""How many bytes may be read out of a container whose items lie in it: holes, and bytes that others lie in as well.

A file system of 20 MB can name the same blocks ten thousand times, or holes of a petabyte. What that comes to is added
up in the order in which the container lists its items, by whoever lists it: the same whoever reads them, and however
often a run is killed, for sources begin at the beginning, and no place is kept behind the first item that counted.

A further name of a file (``firsts``) has room of its own: mostly its bytes are not read again (``namesakes``), but what
they say is to be found under each name, and a file of a kind that holds others is opened under each.
"""

from collections.abc import Iterable, Iterator, Sequence
from operator import sub

from msgspec.structs import replace

from actionday.model import Found, Kind, Limits, Run, Status
from actionday.pipeline.firsts import Firsts, alike
from actionday.pipeline.messages import Expand, Host, Located, Room
from actionday.pipeline.visit import WITHOUT_CONTENT, run_size

HOLLOW = 8
"""Bytes of holes for each stored byte: a server of 20 GB may hold sparse disks of 160 GB, which take minutes."""
NOT_READ = WITHOUT_CONTENT | {Kind.UNALLOCATED}
LISTED = 8
"""Earlier states of a volume for one that would be read whole: Windows keeps up to 512."""
BEFORE = "with those listed before it more than the"


def room_of(stored: int, limits: Limits) -> Room:
    """Return what may come out of a container of ``stored`` bytes. It grows with them and has no steps.

    Up to ``ratio_after`` anything goes; a small one may give ``ratio`` bytes for one as a small archive does, up to
    ``sparse``; a large one ``total`` for one, holes eight. Further names of its files may give ``ratio`` for one.
    """
    least = max(limits.ratio_after, min(limits.ratio * stored, limits.sparse))
    within = max(least, limits.total * stored)
    return Room(max(least, HOLLOW * stored), within, max(within, limits.ratio * stored))


def outermost(stored: int, limits: Limits) -> Room:
    """Return what may come out of an exhibit, or a file in a folder, of ``stored`` bytes: ``sparse`` holes at least."""
    room = room_of(stored, limits)
    return room._replace(holes=max(room.holes, limits.sparse))


def scaled(room: Room, part: int, whole: int) -> Room:
    """Return the share of ``room`` that ``part`` bytes of ``whole`` > 0 have; ``part`` may be the larger."""
    return Room(*(each * part // whole for each in room))


def room_with(order: Expand, beside: int, limits: Limits) -> Room:
    """Return what may come out of the container of ``order``; ``beside``: bytes of its further segments or parents."""
    whole = outermost if order.kind == Kind.EXHIBIT else room_of
    room = order.scope.room or whole(order.size, limits)
    return scaled(room, order.size + beside, order.size) if beside else room


def _less(one: Room, other: Room) -> Room:
    return Room(*map(min, one, other))


def _stored(runs: Sequence[Run]) -> int:
    return sum(length for offset, length in runs if offset >= 0)


class Allowance:
    """What a container has given so far; asked about its items in the order in which it lists them."""

    def __init__(self, room: Room, size: int, limits: Limits) -> None:
        """``size`` >= 0: bytes of its stream."""
        self._room, self._size, self._limits = room, size, limits
        self._once = max(limits.ratio_after, room.stored // max(1, limits.total))
        self._holes = self._stored = self._names = self._end = 0
        self._given = 0
        """Stored bytes that were named before, under whatever name."""
        self._firsts = Firsts()
        self.first = b""
        """The item that the last one asked about is a further name of, b"" where it is none."""
        self._volumes, self._pool, self._states = 0, room, room.stored

    @property
    def counted(self) -> bool:
        """Say whether anything counted so far: a run that goes on must then begin at the beginning."""
        return self._holes > 0 or self._stored > 0 or self._names > 0

    def of(self, found: Found, item: bytes) -> tuple[Room | None, str]:
        """Return what may come out of the next item, and why its own bytes are not read, "" where they are."""
        self.first = self._firsts.first(alike(found), item)
        if found.earlier:
            return self._state(found.size or 0)
        if found.kind is Kind.VOLUME:
            return (None if found.runs is None else self.volume(run_size(found.runs))), ""
        if found.runs is None or found.read is not None or found.kind in NOT_READ:
            return None, ""
        why = self._named_again(found.runs) if self.first else self.refused(found.runs)
        return (None if why else self.within(found.runs)), "; ".join(
            filter(None, (found.reason, why))
        ) if why else ""

    def refused(self, runs: Sequence[Run]) -> str:
        """Return why a file that lies in ``runs`` is not read, "" where it is; then it is counted."""
        holes, again, end = 0, 0, self._end
        for offset, length in runs:
            if offset < 0:
                holes += length
            else:
                again += length if offset < end else 0
                end = max(end, offset + length)
        if self._holes + holes > self._room.holes:
            return f"{holes} bytes of holes: {BEFORE} {self._room.holes} the case allows a container of this size"
        if self._stored + again > self._room.stored:
            return f"{again} bytes: {BEFORE} {self._room.stored} the case allows a container of this size"
        self._holes, self._stored, self._end = self._holes + holes, self._stored + again, end
        self._given += again
        return ""

    def _named_again(self, runs: Sequence[Run]) -> str:
        """Return why a file that had a name before is not read under another, "" where it is; then it is counted."""
        size, most = run_size(runs), max(self._room.names, self._room.stored)
        if self._names + size > most:
            return (
                f"{size} bytes of a file that has a name before: with those of other such names more than the {most} "
                "the case allows a container of this size"
            )
        self._names += size
        self._given += _stored(runs)
        return ""

    def within(self, runs: Sequence[Run]) -> Room:
        """Return what may come out of a file that was counted, should it be a container.

        Once more came out than the container has bytes, files in it have been named before: each gives its own size.
        Else what containers within one another give would multiply from one to the next.
        """
        stored = _stored(runs)
        if self._given > self._once:
            return Room(stored, stored, stored)
        return _less(room_of(stored, self._limits), self._room)

    def _state(self, size: int) -> tuple[Room | None, str]:
        """Return what may come out of an earlier state of the whole, and why it is not opened, "" where it is.

        Most of it is what is there now, and is not read again: to list it counts as an eighth of its bytes.
        """
        cost = min(size, self._size) // LISTED
        if cost > self._states:
            return None, f"a volume of {size} bytes: {BEFORE} {self._room.stored} the case allows this volume"
        self._states -= cost
        return _less(Room(size, size, size), self._room), ""

    def volume(self, size: int) -> Room:
        """Return what may come out of a volume of ``size`` bytes: all of them get no more than twice the disk's own.

        Its share of the disk, unless volumes overlap; or as many bytes as it has, while there are any: a sparse image
        of a disk has a small volume that is full.
        """
        share, self._volumes = Room(0, 0, 0), self._volumes + size
        if self._volumes <= self._size:
            share = scaled(self._room, size, max(1, self._size))
        own = _less(Room(size, size, size), self._pool)
        self._pool = Room(*map(sub, self._pool, own))
        return Room(*map(max, share, own))


class States:
    """What the earlier states of a disk give together: each may be the whole disk again, under another name."""

    def __init__(self, room: Room, stored: int, number: int) -> None:
        """``stored``: bytes of the image that keeps ``number`` states; ``room``: what may come out of it."""
        self._stored, self._left, self._whole = stored, room.stored, room.stored
        self._each = Room(*(each // max(1, number) for each in room))

    def of(self, size: int) -> tuple[Room, str]:
        """Return what may come out of the next state, a disk of ``size`` bytes, and why it is not opened."""
        cost = min(size, self._stored)  # what it holds is stored in the image, most of it once
        if cost > self._left:
            return self._each, f"a disk of {size} bytes: {BEFORE} {self._whole} the case allows this image"
        self._left -= cost
        return self._each, ""


class OfFolder:
    """Which files of a folder of the host are read, by their holes; asked in the order in which it is listed.

    A folder may have ``sparse``, and ``total`` times what of its files up to there is stored: a host that compresses
    stores less than there is.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits, self._holes, self._most = limits, 0, limits.sparse

    def judged(self, batches: Iterable[tuple[Located, ...]]) -> Iterator[tuple[Located, ...]]:
        """Yield what is listed; a file whose holes are too many says so, and has no bytes to be read."""
        for found in batches:
            yield tuple(self._judged(each) for each in found)

    def _judged(self, each: Located) -> Located:
        if each.runs is None or not isinstance(each.step, Host):
            return each
        holes = sum(length for offset, length in each.runs if offset < 0)
        stored = run_size(each.runs) - holes
        self._most += self._limits.total * stored
        if self._holes + holes <= self._most:
            self._holes += holes
            return replace(each, room=outermost(stored, self._limits))
        why = f"{holes} bytes of holes: {BEFORE} {self._most} the case allows a folder with so few bytes"
        return replace(each, runs=None, status=Status.QUARANTINED, reason=why)
