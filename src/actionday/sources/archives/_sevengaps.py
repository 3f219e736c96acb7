"""What a 7z holds beside its members: gaps, packed streams that lead to none, and what its list has no use for.

Source: 7-Zip's 7zFormat.txt; 7-Zip itself lists and tests none of it.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import NamedTuple

from msgspec.structs import replace

from actionday.model import Context, Damaged, Found, Kind, Status, Stream
from actionday.model.counted import counted
from actionday.sources.archives._leftover import BETWEEN, BLANK, LEAST, left_over
from actionday.sources.archives._sevenlist import Listing, listing
from actionday.sources.archives._sevenstreams import BEGIN, COPY, Folder, unpacked
from actionday.sources.archives._streams import body

MOST = 1000
"""Folders without members, and parts of a list, of one archive that are items; the others are counted."""


class Outer(NamedTuple):
    """An archive as it stands, and begin and end of what is of use in it."""

    stream: Stream
    taken: list[tuple[int, int]]


def beside(stream: Stream, around: Context, members: int | None,
           outer: Outer | None = None) -> Iterator[Found]:  # fmt: skip
    """Yield what is no member; where only the first ``members`` could be listed, the names of the others.

    ``outer``: of an archive that was encrypted, of which ``stream`` is what it would be without.
    """
    try:
        told = listing(stream)
    except (Damaged, ValueError) as error:
        around.note("feature", f"7z: what lies beside its members was not looked for: {error}")
        return
    refused = members is not None and members < len(told.names)
    if members is not None and refused:
        yield from _unlisted(told, members)
    own = Outer(stream, told.taken) if outer is None else outer
    for begin, over in _gaps(own):
        for found in left_over(own.stream, begin, over, BETWEEN):
            size = counted(found.size or 0, "byte")
            around.note("unclaimed", f"7z: {size} from byte {found.place[1:]} on, of no member")
            yield found
    unsure = refused or any(each.within for each in told.strange)
    yield from _contents(stream, around, told, every=unsure, moved=outer is not None)
    yield from _strange(around, told)


def _unlisted(told: Listing, members: int) -> Iterator[Found]:
    for number, name in enumerate(told.names[members:], members):
        yield Found(name=name.encode("utf-8", "surrogatepass").decode("utf-8", "replace"), kind=Kind.MEMBER,
                    place=str(number), status=Status.UNREADABLE,
                    reason="7z: named in the list, which cannot be read otherwise")  # fmt: skip


def _gaps(own: Outer) -> Iterator[tuple[int, int]]:
    at = BEGIN
    for begin, end in sorted(own.taken):
        if begin > at:
            yield at, min(begin, own.stream.size)
        at = max(at, end)


def _contents(stream: Stream, around: Context, told: Listing, *, every: bool,
              moved: bool) -> Iterator[Found]:  # fmt: skip
    """Yield the contents that no member leads to, or ``every`` one where the members cannot be read."""
    held = [each for each in told.folders if each.size and sum(each.packed)]
    lost = held if every else [each for each in held if not each.members]
    if lost:
        what = "is a packed content" if len(lost) == 1 else f"are {len(lost)} packed contents"
        around.note("unclaimed", f"7z: there {what} which no member is sure to give{_kept(len(lost))}")
    for folder in islice(lost, MOST):
        yield _content(stream, folder, moved=moved)


def _content(stream: Stream, folder: Folder, *, moved: bool) -> Found:
    begin, packed = folder.begin, sum(folder.packed)
    found = Found(name=f"content of no member @{begin}", kind=Kind.MEMBER, place=f"f{begin}", size=folder.size,
                  meta={"offset": begin})  # fmt: skip
    if folder.method == COPY and not moved:
        length = max(0, min(packed, folder.size, stream.size - begin))
        return replace(found, size=length, runs=((begin, length),) if length else ())
    try:
        chunks = unpacked(stream, folder)
    except ValueError as error:
        return replace(found, status=Status.UNSUPPORTED, reason=f"7z: {error}: not unpacked")
    return replace(found, read=lambda: body(chunks))


def _strange(around: Context, told: Listing) -> Iterator[Found]:
    parts = [each for each in told.strange if len(each.data.strip(BLANK)) >= LEAST]
    if parts:
        what = "a part of its list has" if len(parts) == 1 else f"{len(parts)} parts of its list have"
        size = counted(sum(len(each.data) for each in parts), "byte")
        around.note("unclaimed", f"7z: {what} no use ({size}){_kept(len(parts))}")
    for each in parts[:MOST]:
        data = each.data
        yield Found(name=f"{each.name} @{each.at}", kind=Kind.MEMBER, place=f"l{each.at}", size=len(data),
                    read=lambda data=data: BytesIO(data))  # type: ignore[misc]  # fmt: skip


def _kept(count: int) -> str:
    if count == 1:
        return ": an item of its own"
    return ": items of their own" if count <= MOST else f": the first {MOST} are items of their own"
