"""RAR 1.5 to 4 and RAR 5, by libarchive; encrypted lists and sets of volumes are said to be so.

Source: RARLAB "RAR 5.0 archive format", and technote.txt of RAR 4 (marker, main header and its flags).
"""

from collections.abc import Iterator, Sequence
from functools import partial

from msgspec.structs import replace

from actionday.mime.dos_time import dated
from actionday.model import Claim, Context, Damaged, Encrypted, Found, Kind, Loss, Peek, Status, Stream
from actionday.model.counted import counted
from actionday.model.names import text_of
from actionday.model.streams import read_at
from actionday.sources.archives._by_libarchive import members
from actionday.sources.archives._deciphered import Piece, Unsealed
from actionday.sources.archives._leftover import BETWEEN, behind, left_over
from actionday.sources.archives._named import named
from actionday.sources.archives._rarblocks import Block, Member, Walk
from actionday.sources.archives._rarfive import FIRST as FIRST5
from actionday.sources.archives._rarfive import Five
from actionday.sources.archives._rarfiveopen import MEMBER, Plain, checking, plain
from actionday.sources.archives._rarfour import FIRST as FIRST4
from actionday.sources.archives._rarfour import Four
from actionday.sources.archives._rarmain import RAR4, RAR5, is_volume, main4, main5
from actionday.sources.archives._streams import BLOCK, Window, body

_LONGEST_END = 20
AHEAD = 1024


class Rar:
    """Members in the order of the archive; ``place`` is the number."""

    name, sample = "rar", "kestrel.rar"
    marks = ((0, RAR4), (0, RAR5))

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for either marker: 7 or 8 bytes that nothing else has; MAGIC for a volume."""
        if not peek.head.startswith((RAR4, RAR5)):
            return Claim.NO
        return Claim.MAGIC if is_volume(peek.head) and peek.kind is not Kind.VOLUME else Claim.STRUCTURE

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the members, then what is none. Raises Encrypted when their list is, Damaged as the library does."""
        names: list[bytes] = []
        opened = plain(stream, around) if read_at(stream, 0, len(RAR5)) == RAR5 else None
        if opened is None:
            return named(self._items(stream, around, names), lambda: names)
        inner = opened.stream
        return named(
            (_told(found, inner, opened) for found in self._items(inner, around, names)), lambda: names
        )

    def _items(self, stream: Stream, around: Context, names: list[bytes]) -> Iterator[Found]:
        """Yield the same, and keep the names of all members in ``names`` before the first."""
        stream.seek(0)
        head = stream.read(64)
        volume, locked = main5(head) if head.startswith(RAR5) else main4(head)
        if locked:
            raise Encrypted("rar: the list of members is encrypted")
        new = head.startswith(RAR5)
        walk = Walk(stream, Five(), FIRST5) if new else Walk(stream, Four(), FIRST4)
        blocks = list(walk.blocks())
        names += [each.name for each in walk.members]
        if volume and (
            walk.more
            or walk.gaps != walk.between
            or not walk.end
            or (walk.members and walk.members[0].goes_on)
        ):
            reason = "rar: one of a set of volumes; members that cross its border are not whole"
            around.note("missing_part", reason)
        damage: Damaged | None = None
        count = 0
        try:
            sums = [each.whole for each in walk.members]
            given, form = (_given(stream, walk.between) if volume else stream), "rar5" if new else "rar"
            for found in members(given, around, (form,), local=not new, sums=sums):
                own = found.place.isdecimal()
                yield dated(found, walk.members[count].time) if own and count < len(walk.members) else found
                count += own
        except Damaged as error:
            damage = (
                error  # the blocks may go on all the same: the library refuses those that it does not know
            )
        for block in blocks:
            yield _beside(block, around)
        yield from _unlisted(walk.members, count, around)
        yield from _between(stream, walk, around)
        if walk.beyond:
            why = (
                f"blocks from byte {walk.beyond} on are not gone through: what is no member there is no item"
            )
            around.note(Loss.PARTS_LIMIT, f"rar: {why}")
        if walk.end:
            yield from behind(stream, walk.end, around, "rar")
        if damage is not None:
            raise damage
        if walk.end:
            return
        stream.seek(max(0, stream.size - _LONGEST_END))
        if not _ended(stream.read(_LONGEST_END), new=new):
            around.note("no_end_mark", f"rar: ends at byte {stream.size} without its end block")


def _told(found: Found, inner: Stream, opened: Plain) -> Found:
    """Return what lies in the archive as it would be without encryption, as an item of the archive as it is."""
    own = opened.members[int(found.place)] if _numbers(found.place, len(opened.members)) else None
    if own is not None and not own.secret:  # libarchive 3.6 gives stored ones as they lie, for their content
        return replace(found, runs=None, read=None, status=Status.ENCRYPTED, reason=opened.closed or MEMBER)
    if found.runs is not None:
        window = [Window(inner, begin, length) for begin, length in found.runs]
        found = replace(found, runs=None, read=lambda: body(_chunks(window)))
    read = found.read
    if own is None or read is None:
        return found
    meta = {**found.meta, "encryption": "AES-256", "secret": own.secret}
    return replace(found, meta=meta, read=lambda: body(checking(partial(read().read, BLOCK), own)))


def _numbers(place: str, most: int) -> bool:
    return place.isdecimal() and int(place) < most


def _chunks(windows: Sequence[Window]) -> Iterator[bytes]:
    for window in windows:
        yield from iter(partial(window.read, BLOCK), b"")


def _given(stream: Stream, between: Sequence[tuple[int, int]]) -> Stream:
    """Return volumes without what lies ``between`` them, and with zeros behind the last.

    libarchive 3.6 does not find the begin of a volume of less than 512 bytes, nor of one of RAR 4 behind other bytes.
    """
    pieces, at = list[Piece](), 0
    for begin, end in between:
        pieces.append(Piece(begin - at, at))
        at = end
    return Unsealed(stream, [*pieces, Piece(stream.size - at, at), Piece(AHEAD, made=bytes(AHEAD))])


def _unlisted(told: Sequence[Member], count: int, around: Context) -> Iterator[Found]:
    """Yield the members that the library did not come to: whole where their bytes lie as they are."""
    if count < len(told):
        missed = counted(len(told) - count, "member")
        around.note("hidden_member", f"rar: the library ended before {missed}, told by blocks of their own")
    for number, member in enumerate(told[count:], count):
        text, raw = text_of(member.name)
        found = Found(name=text, raw=raw, kind=Kind.MEMBER, place=str(number), size=member.size)
        found = dated(found, member.time)
        if member.stored and member.size:
            yield replace(found, runs=((member.start, member.size),))
        else:
            yield replace(found, size=None, status=Status.UNREADABLE,
                          reason="rar: told by its own block; the library ended before it")  # fmt: skip


def _between(stream: Stream, walk: Walk, around: Context) -> Iterator[Found]:
    for begin, over in walk.gaps:
        for found in left_over(stream, begin, over, BETWEEN):
            size = counted(found.size or 0, "byte")
            around.note("unclaimed", f"rar: {size} from byte {found.place[1:]} on, of no block")
            yield found


def _beside(block: Block, around: Context) -> Found:
    """Return what is no member as an item, with a line in the issue log."""
    what = f"{block.name} of {counted(block.size, 'byte')} at byte {block.start}: an item of its own"
    around.note("unclaimed", f"rar: {what}")
    found = Found(name=f"{block.name} @{block.start}", kind=Kind.MEMBER, place=f"b{block.start}", size=block.size,
                  runs=((block.start, block.size),), meta={"offset": block.start})  # fmt: skip
    if block.stored:
        return found
    return replace(found, size=None, runs=None, status=Status.UNSUPPORTED,
                   reason="rar: packed by RAR's own method: not unpacked")  # fmt: skip


def _ended(tail: bytes, *, new: bool) -> bool:
    """Return whether the last block is the end's: else a cut between two members would not be seen."""
    if new:
        return any(tail[-length + 5 : -length + 6] == b"\x05" for length in range(7, 12))
    ends = (tail[-length:] for length in range(7, _LONGEST_END + 1))
    return any(block[2:3] == b"\x7b" and int.from_bytes(block[5:7], "little") == len(block) for block in ends)


SOURCE = Rar()
