"""Parts of pictures, sounds and films that nobody reads, as items: what they are is told by whoever opens them.

Source: none; see ``_strange_pictures`` and ``_strange_films`` for what each format has a use for.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping

from actionday.model import Context, Damaged, Found, Kind, Stream
from actionday.model.counted import counted
from actionday.model.foreign import plainly
from actionday.sources.archives._leftover import left_over
from actionday.sources.archives._strange_films import boxes, flac, riff
from actionday.sources.archives._strange_pictures import Strange, gif, jpeg, png
from actionday.sources.archives._streams import BLOCK, Window, body

MOST = 100
"""Parts of one file that are items; cameras write up to twenty."""
NAMED = 5
UNREAD = "that its kind of file has no use for, or that %s not read here,"
WALKS: Mapping[bytes, Callable[[Stream, int], Iterator[Strange]]] = {
    b"\x89PNG\r\n\x1a\n": png,
    b"\xff\xd8\xff": jpeg,
    b"GIF87a": gif,
    b"GIF89a": gif,
    b"RIFF": riff,
    b"fLaC": flac,
}
"""By the bytes a content begins with."""
BEGINNINGS = tuple(WALKS)


def strange_parts(stream: Stream, head: bytes, end: int, around: Context) -> Iterator[Found]:
    """Yield the parts of a content, which ends at ``end``, that are not blank; one line in the issue log for all."""
    told: list[str] = []
    more = 0
    for part in _parts(stream, head, end):
        for found in _items(stream, part, end):
            if part.expected:
                yield found
                continue
            if len(told) + more >= MOST:
                more += 1
                continue
            told.append(f"{part.name} ({counted(found.size or part.size, 'byte')} at byte {part.start})")
            yield found
    if told:
        some = f"a part {UNREAD % 'is'} is an item of its own"
        if len(told) > 1:
            some = f"{len(told)} parts {UNREAD % 'are'} are items of their own"
        others = f", and {len(told) - NAMED} more" if len(told) > NAMED else ""
        beyond = f"; {more} further ones are no items" if more else ""
        around.note("unclaimed", f"{some}: {', '.join(told[:NAMED])}{others}{beyond}")


def lies_in(stream: Stream, head: bytes, end: int, at: int) -> bool:
    """Say whether a byte of a content, which ends at ``end``, lies within such a part."""
    return any(part.start <= at < part.start + part.size for part in _parts(stream, head, end))


def _parts(stream: Stream, head: bytes, end: int) -> Iterator[Strange]:
    walk = next((each for mark, each in WALKS.items() if head.startswith(mark)), None)
    walk = boxes if walk is None and head[4:8] == b"ftyp" else walk
    return walk(stream, end) if walk else iter(())


def _items(stream: Stream, part: Strange, end: int) -> Iterator[Found]:
    """Yield a part as an item, nothing for one that is blank."""
    whole = part.runs or ((part.start, part.size),)
    first = next(
        (each for run in whole for each in left_over(stream, run[0], min(sum(run), end), part.name)), None
    )
    if first is None:
        return
    if part.packed:
        yield Found(name=first.name, kind=Kind.MEMBER, place=first.place, meta=first.meta,
                    read=lambda: body(_unpacked(stream, part)))  # fmt: skip
    elif len(part.runs) > 1:
        yield Found(name=first.name, kind=Kind.MEMBER, place=first.place, meta=first.meta, size=part.size,
                    runs=part.runs)  # fmt: skip
    else:
        yield first


def _unpacked(stream: Stream, part: Strange) -> Iterator[bytes]:
    """Yield what a compressed part holds, or its bytes where it is none. Raises Damaged at a fault behind the first."""
    window, inflater, data, given = Window(stream, part.start, part.size), zlib.decompressobj(), b"", False
    while not inflater.eof:
        data = data or window.read(BLOCK)
        try:
            chunk = inflater.decompress(data, BLOCK)
        except zlib.error as error:
            if given:
                raise Damaged(
                    f"{part.name}: {plainly(error)} (before byte {window.tell()} of the part)"
                ) from error
            break
        if not (data or chunk):
            break
        data = inflater.unconsumed_tail
        given = given or bool(chunk)
        if chunk:
            yield chunk
    if not given:
        window.seek(0)
        while chunk := window.read(BLOCK):
            yield chunk
    elif not inflater.eof:
        raise Damaged(f"{part.name}: its packed bytes end at byte {window.tell()} of the part, too early")
