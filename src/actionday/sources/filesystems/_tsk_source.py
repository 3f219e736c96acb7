"""What the sources read by the sleuthkit have in common; a format says only how it is recognised."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from actionday.model import Context, Found, Stream
from actionday.sources.filesystems._mended import Mended, seen
from actionday.sources.filesystems._tsk_client import listed
from actionday.sources.filesystems._tsk_free import free_of
from actionday.sources.volumes._unclaimed import beside

HEAD = 1536


class TskSource(ABC):
    """A file system the companion lists; ``name`` is a key of the companion's formats."""

    name: str
    sample: str
    first = 0
    """The byte at which its boot sector or volume header lies."""

    mirror = ""
    """What is said where ``mirrored`` told something."""

    @abstractmethod
    def sound(self, raw: bytes) -> bool:
        """Say whether ``raw`` is its boot sector or volume header."""

    @abstractmethod
    def copies(self, size: int) -> list[tuple[int, int]]:
        """Return where copies of it lie in a stream of ``size`` bytes: (offset, bytes)."""

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield entries in directory order. Raises Damaged, TimedOut or Unsupported."""
        told = {} if self.sound(seen(stream, self.first, HEAD)) else self._from_copy(stream)
        if told:
            around.note("backup", f"{self.name}: the first sector is damaged: its copy is used")
        if more := self.mirrored(Mended(stream, told), around):
            around.note("backup", f"{self.name}: {self.mirror}")
        told |= more
        whole = Mended(stream, told) if told else stream
        yield from listed(whole, around, self.name)
        yield from beside(whole, around)
        free_of(whole, around, self.name)

    def mirrored(self, _stream: Stream, _around: Context, /) -> dict[int, bytes]:
        """Return what else of the file system a copy has to tell, by offset; nothing where all is well."""
        return {}

    def _from_copy(self, stream: Stream) -> dict[int, bytes]:
        for at, length in self.copies(stream.size):
            raw = seen(stream, at, length)
            if len(raw) == length and self.sound(raw):
                return {self.first: raw}
        return {}
