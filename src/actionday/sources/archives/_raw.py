"""What libarchive unpacks for us as one content: lz4 (see ``_lz4``) and compress (.Z).

Source: compress(1), LZW with 9 to 16 bits. By libarchive's filters of these names.
"""

from collections.abc import Iterator

from actionday.model import Damaged, Stream
from actionday.sources.archives._libarchive import Archive
from actionday.sources.archives._lzw import HEAD, Impossible, unpacked
from actionday.sources.archives._resumed import COMPRESS as AGAIN
from actionday.sources.archives._resumed import Torn, following
from actionday.sources.archives._streams import Behind, Notes, Window

COMPRESS = b"\x1f\x9d"
NEAR = 256
"""Bytes before an impossible code in which another stream may begin, whose first ones read as codes."""


def unpack(stream: Stream, filter_name: str) -> Iterator[bytes]:
    """Yield the content. Raises Damaged where the filter says that it breaks off or a checksum differs."""
    with Archive(stream, ("raw", "empty"), (filter_name,)) as archive:
        if archive.next() is not None:
            if not archive.filtered():
                raise Damaged(f"{filter_name}: no whole header at byte 0")
            yield from archive.data()


def uncompress(stream: Stream, _note: Notes, behind: Behind | None = None) -> Iterator[bytes]:
    """Yield the content. The format has no check and no end mark: a cut is seen only inside a code.

    Raises Damaged behind what comes before an impossible code, with which something else begins: ``behind`` is told.
    """
    at, given = stream.tell(), 0
    try:
        for chunk in unpack(stream, "compress"):
            given += len(chunk)
            yield chunk
    except Damaged as error:
        stream.seek(0, 2)
        size = stream.tell() - at
        yield from _before(Window(stream, at, size), given, str(error), behind)


def _before(window: Window, given: int, why: str, behind: Behind | None) -> Iterator[bytes]:
    """Yield what comes before the impossible code and was not given; tell what lies behind it. Raises Damaged."""
    try:
        for chunk in unpacked(window):
            if len(chunk) > given:
                yield chunk[given:]
            given = max(0, given - len(chunk))
    except Impossible as error:
        start = max(error.at, 0)
        again = window.size - start > 0 and following(window, max(HEAD, start - NEAR), AGAIN) >= 0
        if behind is not None and not again and window.size > start:
            behind(start, window.size - start)
        raise Torn(f"{why}: {error}", max(HEAD, start - NEAR) - 1) from error
    raise Damaged(why)
