"""GIF pictures: blocks and their sub-blocks up to the trailer.

Source: GIF89a, 17 to 27.
"""

from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.carving._base import Plain
from actionday.sources.carving._carver import Carved

MOST_BLOCKS = 1_000_000
"""Blocks and sub-blocks gone through: 255 MB at the most."""


class Gif(Plain):
    """GIF, animated ones too."""

    name, suffix = "carve-gif", ".gif"
    marks = (b"GIF87a", b"GIF89a")

    def carve(self, stream: Stream) -> Carved | None:
        """Return a picture that has a size and at least one image; cut where a block begins with what is none."""
        head = read_at(stream, 0, 13)
        if len(head) < 13 or not any(head[6:8]) or not any(head[8:10]):
            return None
        at, drawn, left = 13 + _colours(head[10]), False, [MOST_BLOCKS]
        while left[0] > 0:
            left[0] -= 1
            kind = read_at(stream, at, 10)
            if kind[:1] == b";":
                return Carved(at + 1) if drawn else None
            if kind[:1] == b"!":
                at = _blocks(stream, at + 2, left)
            elif kind[:1] == b"," and len(kind) == 10 and any(kind[5:7]) and any(kind[7:9]):
                begin = at + 10 + _colours(kind[9])
                if not 2 <= (read_at(stream, begin, 1) or b"\0")[0] <= 11:
                    break
                at, drawn = _blocks(stream, begin + 1, left), True
            else:
                break
        return Carved(min(at, stream.size), whole=False) if drawn else None


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(stream: Stream, at: int, left: list[int]) -> int:
    """Return where a row of sub-blocks ends; ``left`` counts what may still be gone through."""
    while at < stream.size and left[0] > 0:
        left[0] -= 1
        size = read_at(stream, at, 1)
        at += 1 + (size[0] if size else 0)
        if not size or not size[0]:
            return at
    return min(at, stream.size)


CARVER = Gif()
