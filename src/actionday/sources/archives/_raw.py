"""What libarchive unpacks for us as one content: lz4 (see ``_lz4``) and compress (.Z).

Source: compress(1), LZW with 9 to 16 bits. By libarchive's filters of these names.
"""

from collections.abc import Iterator

from actionday.model import Damaged, Stream
from actionday.sources.archives._libarchive import Archive
from actionday.sources.archives._streams import Behind, Notes

COMPRESS = b"\x1f\x9d"


def unpack(stream: Stream, filter_name: str) -> Iterator[bytes]:
    """Yield the content. Raises Damaged where the filter says that it breaks off or a checksum differs."""
    with Archive(stream, ("raw", "empty"), (filter_name,)) as archive:
        if archive.next() is not None:
            if not archive.filtered():
                raise Damaged(f"{filter_name}: no whole header at byte 0")
            yield from archive.data()


def uncompress(stream: Stream, _note: Notes, _behind: Behind | None = None) -> Iterator[bytes]:
    """Yield the content. The format has no check and no end mark: a cut is seen only inside a code."""
    return unpack(stream, "compress")
