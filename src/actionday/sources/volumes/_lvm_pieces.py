"""What a logical volume is put together from: ranges of physical volumes, there or missing, one behind the other.

Source: LVM2, ``lib/format_text/import_vsn1.c`` (segments and areas).
"""

from collections.abc import Sequence

from actionday.model import Damaged, NotThere, Stream
from actionday.model.streams import Seekable, read_at

SECTOR = 512


class Absent(Seekable):
    """A physical volume that is not there."""

    def __init__(self, name: str) -> None:
        super().__init__(1 << 62)
        self._name = name

    def lost_until(self, at: int) -> int:  # noqa: ARG002 - as streams have it
        """Return the end: nothing of it can be had."""
        return self.size

    def _at(self, offset: int, length: int) -> bytes:  # noqa: ARG002 - nothing can be had
        raise NotThere(f"{self._name} is missing")


class Window(Seekable):
    """A range of a stream."""

    def __init__(self, stream: Stream, start: int, size: int) -> None:
        super().__init__(size)
        self._stream, self._start = stream, start

    def lost_until(self, at: int) -> int:
        """Return the end, where it lies on what is not there."""
        return self.size if isinstance(self._stream, Absent) else at - at % SECTOR + SECTOR

    def _at(self, offset: int, length: int) -> bytes:
        data = read_at(self._stream, self._start + offset, length)
        if len(data) != length:
            raise Damaged(
                f"the physical volume ends at byte {self._stream.size}, the logical one goes on behind it"
            )
        return data


class Pieces(Seekable):
    """Segments of a volume, one behind another; between them it has no bytes."""

    def __init__(self, segments: Sequence[tuple[int, int, Stream]]) -> None:
        super().__init__(max((start + size for start, size, _ in segments), default=0))
        self._segments = segments

    def lost_until(self, at: int) -> int:
        """Return what the segment at ``at`` says."""
        for start, size, stream in self._segments:
            if start <= at < start + size:
                asked = getattr(stream, "lost_until", None)
                return min(self.size, start + asked(at - start)) if asked else at - at % SECTOR + SECTOR
        return self.size

    def _at(self, offset: int, length: int) -> bytes:
        pieces = []
        while length > 0:
            start, size, stream = next(
                (each for each in self._segments if each[0] <= offset < each[0] + each[1]), (0, 0, None)
            )
            if stream is None:
                raise Damaged(f"LVM2 metadata: no segment has byte {offset} of the volume")
            part = min(length, start + size - offset)
            pieces.append(read_at(stream, offset - start, part))
            offset, length = offset + part, length - part
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)
