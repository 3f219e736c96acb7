"""What stands behind a gap of a container: read on from its next header, as one broken at its beginning.

Source: those of ``_gapmarks``.
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Kind, Peek, Stream
from actionday.model.lacks import BEHIND_GAP
from actionday.sources.archives._gapmarks import ZIP, ZIP_LISTED, Next, goes_on
from actionday.sources.archives._leftover import left_over
from actionday.sources.archives._tarheader import RECORD
from actionday.sources.archives.zip import SOURCE as ZIPS

BEFORE, FROM = "before the next header", "from the next header"
CALLED = re.compile(rf"(?:(?P<file>[^/]*)/)?(?:{BEHIND_GAP} @(?P<at>\d{{1,19}})|{BEFORE})", re.DOTALL)
PACKED = re.compile(r".*\.(?:gz|tgz|taz|z|svgz|xz|txz|bz2|tbz2?|zst|tzst|lz4)", re.IGNORECASE | re.DOTALL)
PIECE, OVERLAP = 64 << 20, 1 << 16
TAIL = 1 << 16


class Resumed:
    """The members of a zip, by its directory and their local headers; of another format the stretch from its next
    header on is one item, which is opened as what it is. What stands before it is an item too."""

    name, sample = "resumed", f"{BEHIND_GAP} @300"
    no_text_of_its_own = True
    """What it opens is no document: its text is that of its items."""

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for a stretch behind a gap, by its name, in which a header stands that can be read on from."""
        if BEHIND_GAP not in peek.name and peek.name != BEFORE:
            return Claim.NO
        held = getattr(peek, "held", peek.head)
        return Claim.STRUCTURE if _next(peek.name, held, peek.tail, peek.size) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield what stands before the next header, then what begins there."""
        found = _looked_for(stream, around.name)
        if found is None:
            return
        if found.kind in (ZIP, ZIP_LISTED):
            yield from ZIPS.rest(stream, around)
            return
        at = found.at
        size = stream.size - at
        if around.after is None:
            yield from left_over(stream, 0, at, BEFORE)
        if around.after != f"{at}":
            yield Found(name=f"{FROM} @{at}", kind=Kind.MEMBER, place=f"{at}", size=size, runs=((at, size),),
                        meta={"offset": at})  # fmt: skip


def _next(name: str, held: bytes, tail: bytes, size: int) -> Next | None:
    called = CALLED.fullmatch(name)
    if called is None:
        return None
    packed = PACKED.fullmatch(called["file"] or "") is not None
    found = goes_on(held, tail, size, -int(called["at"] or 0) % RECORD, packed=packed)
    return found if found is None or found.at or name != BEFORE else None


def _looked_for(stream: Stream, name: str) -> Next | None:
    """Return where the next header is, by one pass over the stream."""
    size = stream.size
    stream.seek(max(0, size - TAIL))
    tail = stream.read(min(TAIL, size))
    for start in range(0, max(1, size), PIECE):
        stream.seek(start)
        held = stream.read(min(PIECE + OVERLAP, size - start))
        if found := _next(name, held, tail, size):
            return found._replace(at=start + found.at)
    return None


SOURCE = Resumed()
