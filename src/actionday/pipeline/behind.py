"""A file of which a range cannot be had: what can be had behind it becomes items below the file, named by their place.

Never zeros in place of what is not there: the file's own row is of what stands before the first such range.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import BinaryIO, NamedTuple, cast

import msgspec

from actionday.model import Damaged, Kind, Limits, Run, Stream
from actionday.model.counted import counted
from actionday.model.identity import item_id
from actionday.model.lacks import BEHIND_GAP as NAME
from actionday.model.lacks import NOT_HAD
from actionday.model.streams import RunStream, ends_of, part
from actionday.pipeline.gaps import Beat, Gaps, gaps
from actionday.pipeline.messages import Located
from actionday.pipeline.reading import Body, body_of, pieces
from actionday.storage.database.disks import DIVIDED

MOST = 1000
"""Items of one file; the last of them is all that follows, its pieces put together."""
NOT_LOOKED = "whether more of it can be had behind was not looked at: unpacked, it is too large to be held"


Read = Callable[[Located, bytes, Callable[[], Stream]], None]
"""Reads and reports an item, by its id."""


class Stretch(NamedTuple):
    """A stretch that can be had, as an item: ``ranges`` (start, length) are those of the file it is of."""

    item: Located
    ranges: tuple[Run, ...]

    @property
    def size(self) -> int:
        """Return its bytes."""
        return self.item.size or 0


def called(each: Located) -> str:
    """Return the last part of a name; of a stretch behind a gap the two last: what its file is called tells more."""
    above, _, last = each.name.rpartition("/")
    return (
        f"{above.rpartition('/')[2]}/{last}" if each.kind == Kind.STREAM and last.startswith(NAME) else last
    )


def gapped(each: Located, body: Body, reader: object) -> bool:
    """Say whether an item ended at bytes that cannot be had, and has more behind them that can be read by itself.

    It lies in its container, or ``reader`` opens what is unpacked from anywhere on (``anywhere``).
    """
    if each.step is not None or each.kind == Kind.EXHIBIT or not isinstance(body.error, Damaged):
        return False
    if each.runs is None:
        return getattr(reader, "anywhere", False) and body.size < (each.size or 0)
    return body.size < sum(length for _, length in each.runs)


def is_disk(opener: str | None, images: object) -> bool:
    """Say whether who opens it reads around gaps by itself: such a one is given all, nothing twice."""
    return opener is not None and (opener in DIVIDED or (isinstance(images, dict) and opener in images))


class Within(NamedTuple):
    """Where such a file lies: the item of its container, who opens its bytes, and what is called at each step."""

    item: bytes
    reader: Callable[[], BinaryIO | Stream]
    beat: Beat
    limits: Limits


def around(each: Located, body: Body, within: Within, read: Read, *, disk: bool) -> tuple[Located, Body]:
    """Have ``read`` what can be had of an item behind a range that cannot; return it with what is said of that.

    Before the item itself, whose row vouches for all of them; the two are not held at once. What stands behind is
    read twice: who looks for the gaps keeps nothing.
    """
    stream = cast("Stream", within.reader())
    found = gaps(stream, body.size, within.beat)
    below = [] if disk else stretches(each, found)
    whole, body = body.whole, told(body if body.whole else body._replace(data=b""), found, below, disk=disk)
    for one in below:
        read(one.item, item_id(within.item, one.item.place), partial(RunStream, stream, one.ranges, one.size))
    if not whole:
        first = partial(RunStream, stream, ((0, body.size),), body.size)
        again = body_of(pieces(first, within.beat), within.limits, None, body.size)
        body = again._replace(error=body.error, gaps=body.gaps, disk=body.disk)
    return with_facts(each, found), body


def stretches(each: Located, found: Gaps) -> list[Stretch]:
    """Return what can be had behind the first gap of a file; what are holes alone holds nothing."""
    runs = each.runs or ()
    ends = ends_of(runs)
    cut = ((span, part(runs, ends, *span)) for span in found.behind())
    held = [(span, pieces) for span, pieces in cut if each.runs is None or any(at >= 0 for at, _ in pieces)]
    last = held[MOST - 1 :]
    return [
        *(_stretch(each, [span], pieces) for span, pieces in held[: MOST - 1]),
        *([_stretch(each, [span for span, _ in last], [run for _, pieces in last for run in pieces])] if last else []),
    ]  # fmt: skip


def told(body: Body, found: Gaps, below: Sequence[Stretch], *, disk: bool) -> Body:
    """Return the body of such a file with what is said of the rest."""
    said = [found.said("of it")]
    if disk:
        said.append("it is opened as the disk that it is, all but for that")
    elif below:
        total = counted(sum(each.size for each in below), "byte")
        said.append(f"of what stands behind, {total} are {counted(len(below), 'item')} below it")
    if body.size:
        said.append(f"its size and its SHA-256 are those of the first {counted(body.size, 'byte')}")
    return body._replace(gaps="; ".join(said), disk=found.size if disk else 0)


def with_facts(each: Located, found: Gaps) -> Located:
    """Return an item with the ranges among its facts."""
    facts: dict[str, object] = msgspec.json.decode(each.meta) if each.meta else {}
    return msgspec.structs.replace(each, meta=msgspec.json.encode(facts | {NOT_HAD: found.facts()}))


def _stretch(each: Located, spans: list[tuple[int, int]], runs: Sequence[Run]) -> Stretch:
    start = spans[0][0]
    size = sum(end - first for first, end in spans)
    facts: dict[str, object] = {"offset": start}
    reason = each.reason
    if len(spans) > 1:
        facts["pieces"] = len(spans)
        reason = f"{counted(len(spans), 'piece')} put together, between which bytes cannot be had"
    item = msgspec.structs.replace(
        each,
        name=f"{each.name}/{NAME} @{start}",
        raw=None if each.raw is None else each.raw + f"/{NAME} @{start}".encode(),
        kind=Kind.STREAM,
        place=f"{each.place}:gap+{start}",
        size=size,
        runs=None if each.runs is None else tuple(runs),
        reason=reason,
        meta=msgspec.json.encode(facts),
        notes=(),
        room=None,
    )
    return Stretch(item, tuple((first, end - first) for first, end in spans))
