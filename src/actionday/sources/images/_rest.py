"""Bytes in the files of an image that are no part of the disk in it: behind its end, or in a place no table names.

Source: none; every format says where its tables, its blocks and its end lie, and programs (and people) append to files.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple, cast

from actionday.model import Context, Damaged, Found, Kind, Stream
from actionday.model.counted import counted
from actionday.model.foreign import plainly
from actionday.model.loss import Loss
from actionday.sources.archives._leftover import BEHIND, solid
from actionday.sources.archives._streams import BLOCK, Body
from actionday.sources.volumes._held import holding, next_data

WITHIN = "between blocks"
SECTOR = 512
LARGEST = 64 << 20
"""Bytes of a range between blocks that is an item; of a larger one (what a deleted snapshot left) it is said where it
holds data, and how much. What is behind the end is one whatever its length."""
MOST = 1000
"""Ranges between blocks that are items, as of file systems in the gaps of a disk."""


class Span(NamedTuple):
    """Bytes ``start`` to ``end`` of a file of the image; ``file`` is its name, "" for the image's own."""

    stream: Stream
    start: int
    end: int
    file: str = ""
    known: str = ""
    """Where it is known what it is, its place in the image: an item called ``file``, whatever the bytes are."""
    inside: bool = False
    """Whether it lies in a block that is in use, so that it is not behind the end where the file ends with it."""


def unused(
    stream: Stream, used: Iterable[tuple[int, int]], stop: int | None = None, file: str = ""
) -> Iterator[Span]:
    """Yield what of a file up to ``stop`` lies outside of ``used`` (start and length in bytes, by start)."""
    at, stop = 0, stream.size if stop is None else min(stop, stream.size)
    for start, length in used:
        if at < min(start, stop):
            yield Span(stream, at, min(start, stop), file)
        at = max(at, start + length)
    if at < stop:
        yield Span(stream, at, stop, file)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the spans, those that touch as one."""
    held: Span | None = None
    for span in spans:
        if held is not None and (held.stream, held.end, held.known, held.inside) == (
            span.stream,
            span.start,
            "",
            span.inside,
        ):
            held = held._replace(end=span.end)
            continue
        if held is not None:
            yield held
        held = span
    if held is not None:
        yield held


def left_over(
    spans: Iterable[Span], around: Context, layer: int, watched: Callable[[Stream], Stream]
) -> Iterator[Found]:
    """Yield an item with a reader for each of the ``spans`` that is more than padding; ``Image`` says of what."""
    places = 0
    try:
        for span in _joined(spans):
            if span.known:
                yield _item(span, span.start, span.end, layer, span.file)
                continue
            start, end = _solid(watched(span.stream), span)
            if start >= end:
                continue
            if span.end < span.stream.size:
                places += 1
            yield from _told(span, start, end, around, layer, many=places > MOST)
    except Exception as error:  # whatever its tables say, the disk itself is still to be read
        why = plainly(error)
        around.note(Loss.DAMAGED, f"what lies between its blocks and behind them cannot be told: {why}")
    if places > MOST:
        around.note(Loss.PARTS_LIMIT, f"{places} ranges that no table names: the first {MOST} are items")


def _solid(stream: Stream, span: Span) -> tuple[int, int]:
    start = next_data(stream, span.start, span.end)
    start, last = solid(stream, start, span.end)
    if start == last:
        return span.end, span.end
    # zeros may be its own, as at the end of a zip: those of the last sector are kept, behind the end all of them
    return start, span.end if span.end == stream.size else min(span.end, -(-last // SECTOR) * SECTOR)


def _told(span: Span, start: int, end: int, around: Context, layer: int, *, many: bool) -> Iterator[Found]:
    of = f"{span.file}: " if span.file else ""
    if span.end == span.stream.size and not span.inside:
        around.note("trailing", f"{of}{counted(end - start, 'byte')} from byte {start} on, behind the end")
        yield _item(span, start, end, layer, f"{span.file} {BEHIND}" if span.file else BEHIND)
    elif end - start > LARGEST:
        held = holding(span.stream, start, end)
        around.note("unclaimed", of + held.saying(f" ({WITHIN})", ", part of nothing"))
    elif not many:
        around.note(
            "unclaimed",
            f"{of}{counted(end - start, 'byte')} from byte {start} on ({WITHIN}), part of nothing",
        )
        name = f"{span.file} {WITHIN}" if span.file else WITHIN
        yield _item(span, start, end, layer, f"{name} @{start}")


def _item(span: Span, start: int, end: int, layer: int, name: str) -> Found:
    return Found(
        name=name, kind=Kind.MEMBER, place=f"image{layer}:{span.known or span.file}+{start}", size=end - start,
        read=lambda: cast("BinaryIO", Body(_blocks(span.stream, start, end))), meta={"offset": start},
    )  # fmt: skip


def _blocks(stream: Stream, at: int, end: int) -> Iterator[bytes]:
    while at < end:
        stream.seek(at)
        block = stream.read(min(BLOCK, end - at))
        if not block:
            raise Damaged(f"the file ends at byte {at}, before byte {end}")
        yield block
        at += len(block)
