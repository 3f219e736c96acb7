"""Microsoft cabinets, by libarchive.

Source: [MS-CAB] Cabinet File Format, section 2.1 (CFHEADER, its flags and size).
"""

from collections.abc import Iterator

from msgspec.structs import replace

from actionday.mime.dos_time import dated
from actionday.model import Claim, Context, Damaged, Found, Kind, Peek, Status, Stream
from actionday.model.counted import counted
from actionday.model.names import text_of
from actionday.sources.archives._by_libarchive import members
from actionday.sources.archives._cabparts import Parts
from actionday.sources.archives._leftover import BETWEEN, behind, left_over

MAGIC = b"MSCF\0\0\0\0"
_BEFORE, _BEHIND, _RESERVED = 1, 2, 4
MOST = 1000
"""Parts of one cabinet beside its members that are items."""


class Cab:
    """Members in the order of the cabinet; ``place`` is the number."""

    name, sample = "cab", "kestrel.cab"
    binary = True
    marks = ((0, MAGIC),)

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE with the versions that exist, else MAGIC."""
        if not peek.head.startswith(MAGIC):
            return Claim.NO
        return Claim.STRUCTURE if peek.head[24:26] == b"\x03\x01" else Claim.MAGIC

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the members; those that begin or go on in another cabinet of a set are noted as missing."""
        stream.seek(0)
        head = stream.read(36)
        size, flags = int.from_bytes(head[8:12], "little"), head[30] if len(head) == 36 else 0
        if flags & (_BEFORE | _BEHIND):
            around.note(
                "missing_part", "cab: one of a set of cabinets; members that cross its border are not whole"
            )
        damage: Damaged | None = None
        count = 0
        parts, why = _parts(stream)
        times = [each.time for each in parts.members] if parts else []
        try:
            for found in members(stream, around, ("cab",), local=True):
                own = found.place.isdecimal()
                yield dated(found, times[count]) if own and count < len(times) else found
                count += own
        except Damaged as error:  # the library refuses files that do not lie one behind the other
            damage = error
        signed = _signature(stream, flags, head)
        if parts is None:
            around.note("feature", f"cab: what lies beside its members was not looked for: {why}")
        else:
            yield from _unlisted(parts, count if damage else len(parts.members))
            yield from _beside(stream, around, parts, signed=bool(signed))
        if damage:
            raise damage
        if size > stream.size:
            raise Damaged(f"cab: ends at byte {stream.size} of {size}")
        yield from behind(stream, size + signed, around, "cab")


def _parts(stream: Stream) -> tuple[Parts | None, str]:
    """Return the tables of a cabinet, or why there are none."""
    try:
        return Parts(stream), ""
    except ValueError as error:
        return None, str(error)


def _unlisted(parts: Parts, count: int) -> Iterator[Found]:
    """Yield the members that the library did not come to: whole where their bytes lie as they are."""
    for number, member in enumerate(parts.members[count:], count):
        text, raw = text_of(member.name.replace(b"\\", b"/"))
        found = Found(name=text, raw=raw, kind=Kind.MEMBER, place=str(number), size=member.size)
        found = dated(found, member.time)
        runs = parts.runs(member.folder, member.start, member.start + member.size)
        if runs:
            yield replace(found, runs=runs)
        else:
            yield replace(found, size=None, status=Status.UNREADABLE,
                          reason="cab: told by its list; the library ended before it")  # fmt: skip


def _beside(stream: Stream, around: Context, parts: Parts, *, signed: bool) -> Iterator[Found]:
    """Yield what no member gives, with a line in the issue log for each kind."""
    found = [
        each for name, at, size in parts.reserved[signed:] for each in left_over(stream, at, at + size, name)
    ]
    found += [each for begin, over in parts.gaps() for each in left_over(stream, begin, over, BETWEEN)]
    packed = 0
    for number, begin, end in parts.unused():
        runs = parts.runs(number, begin, end)
        packed += 0 if runs else end - begin
        size = sum(length for _, length in runs)
        if runs:
            found.append(Found(name=f"content of no member @{runs[0][0]}", kind=Kind.MEMBER, place=f"f{runs[0][0]}",
                               size=size, runs=runs, meta={"offset": runs[0][0]}))  # fmt: skip
    if found:
        size = sum(each.size or 0 for each in found)
        some = "an item of its own" if len(found) == 1 else f"{min(len(found), MOST)} items of their own"
        more = f"; {len(found) - MOST} more are none" if len(found) > MOST else ""
        around.note("unclaimed", f"cab: {counted(size, 'byte')} of no member: {some}{more}")
    if packed:
        around.note(
            "unclaimed",
            f"cab: {counted(packed, 'byte')} that its folders unpack to belong to no file: not read",
        )
    yield from found[:MOST]


def _signature(stream: Stream, flags: int, head: bytes) -> int:
    """Return the bytes of an Authenticode signature behind the cabinet, whose place its reserved field tells.

    Source: [MS-CAB] 2.1 (abReserve); Windows signs a cabinet there: 4 bytes, offset, size.
    """
    if not flags & _RESERVED:
        return 0
    stream.seek(36)
    reserve = stream.read(4 + 20)[4:]
    at, length = int.from_bytes(reserve[4:8], "little"), int.from_bytes(reserve[8:12], "little")
    return length if at == int.from_bytes(head[8:12], "little") and at + length <= stream.size else 0


SOURCE = Cab()
