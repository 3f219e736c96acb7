"""The stream every image reader returns: reads are answered piece by piece from wherever the bytes lie."""

from collections.abc import Callable, Iterator

from actionday.model import Context, Damaged, Found, Stream
from actionday.model.streams import Piecewise
from actionday.sources.images._missing import Range
from actionday.sources.images._rest import Span, left_over

ZEROS = bytes(1 << 20)
"""Holes are answered from here: a piece of a MiB at most, nothing allocated anew."""


def exactly(stream: Stream, offset: int, length: int, what: str) -> bytes:
    """Return ``length`` bytes at ``offset`` >= 0. Raises Damaged naming ``what`` where the file ends before."""
    if (left := max(0, stream.size - offset)) < length:
        raise Damaged(f"{what} at byte {offset} needs {length} bytes, the file gives {left}")
    stream.seek(offset)
    data = stream.read(length)
    while len(data) < length:
        more = stream.read(length - len(data))
        if not more:
            raise Damaged(f"{what} at byte {offset} needs {length} bytes, the file gives {len(data)}")
        data += more
    return data


class Disk(Piecewise):
    """A seekable, read-only disk of ``size`` bytes; a format says only how to read one piece.

    ``name`` is what the disk is called for whoever looks at it next (the image's own name, or, where the image's
    name would be taken for an image again, what is left of it).
    """

    def __init__(self, size: int, name: str) -> None:
        super().__init__(size)
        self.name = name
        self.missing: tuple[Range, ...] = ()
        """Ranges that were told to be missing, in order and apart."""

    def rest(self, *, parents: bool) -> Iterator[Span]:
        """Yield what of its files is neither disk nor table. Raises Damaged; goes through all tables: asked once.

        ``parents``: also of the files it stands on.
        """
        del parents
        yield from ()

    def beside(
        self, around: Context, layer: int, watched: Callable[[Stream], Stream], *, parents: bool
    ) -> Iterator[Found]:
        """Yield that as items (``Image`` has the contract)."""
        return left_over(self.rest(parents=parents), around, layer, watched)


def zeros(length: int) -> bytes:
    """Return ``length`` zero bytes, a MiB at most: the caller asks again for the rest."""
    return ZEROS if length >= len(ZEROS) else ZEROS[:length]
