"""The recursion in small: image layers, partitions and file systems of one disk."""

from collections.abc import Iterator
from subprocess import Popen
from typing import NamedTuple

from disk_tools import around

from actionday.model import Claim, Damaged, Found, ItemError, Kind, Peek, Stream
from actionday.pipeline.peek import StreamPeek
from actionday.plugins import load
from actionday.testing.context import Alone, content

LARGEST = 256 << 20
ROOMS = ("images", "volumes", "filesystems")


class Slice:
    """Runs of another stream."""

    def __init__(self, base: Stream, found: Found) -> None:
        assert found.runs is not None
        ((self._start, self.size),) = found.runs
        self._base, self._at = base, 0

    def read(self, length: int = -1, /) -> bytes:
        length = self.size - self._at if length < 0 else min(length, self.size - self._at)
        self._base.seek(self._start + self._at)
        data = self._base.read(max(0, length))
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = max(0, offset + (0, self._at, self.size)[whence])
        return self._at

    def tell(self) -> int:
        return self._at


class Row(NamedTuple):
    """One item as it would be exported."""

    path: str
    found: Found
    body: bytes | None
    error: str


class Disk:
    """Goes through one stream; what ends a container is kept in ``ended`` by its path."""

    def __init__(self, started: "list[Popen[bytes]]", beside: dict[str, bytes] | None = None) -> None:
        self.started, self.beside = started, beside or {}
        self.plugins = [
            each for room in ROOMS for each in load(f"actionday.sources.{room}", "IMAGE", "SOURCE")[0]
        ]
        self.ended: dict[str, ItemError] = {}
        self.contexts: list[Alone] = []
        self.opened: list[str] = []

    def claims(self, peek: Peek) -> list[tuple[Claim, str]]:
        """Return who claims, the surest first."""
        told = ((each.claims(peek), each.name) for each in self.plugins)
        return sorted((pair for pair in told if pair[0] > Claim.NO), reverse=True)

    def rows(self, stream: Stream, name: str, path: str = "") -> Iterator[Row]:
        """Yield every item."""
        ranked = self.claims(StreamPeek(name, Kind.FILE, stream))
        if not ranked:
            return
        assert len(ranked) < 2 or ranked[0][0] > ranked[1][0], f"a tie: {ranked}"
        plugin = next(each for each in self.plugins if each.name == ranked[0][1])
        self.opened.append(plugin.name)
        context = around(name, self.started, self.beside)
        self.contexts.append(context)
        try:
            if hasattr(plugin, "open"):
                disk = plugin.open(stream, context)
                yield from self.rows(disk, disk.name, path)
                return
            for found in plugin.items(stream, context):
                yield from self._item(stream, found, f"{path}/{found.name}".lstrip("/"))
        except ItemError as error:
            self.ended[path] = error

    def _item(self, stream: Stream, found: Found, path: str) -> Iterator[Row]:
        body, error = None, ""
        if found.kind is Kind.VOLUME:
            yield Row(path, found, None, "")
            if found.runs is not None:
                yield from self.rows(Slice(stream, found), found.name, path)
            return
        if found.runs is not None or found.read is not None:
            try:
                body, error = _body(found, stream)
            except (Damaged, OSError) as caught:
                error = str(caught)
        yield Row(path, found, body, error)


def _body(found: Found, stream: Stream) -> tuple[bytes | None, str]:
    """Read a content as the pipeline does: what is shorter than declared is not whole."""
    if sum(length for _, length in found.runs or ()) > LARGEST:
        return None, "larger than a test reads"
    body = content(found, stream)
    whole = found.size is None or len(body) == found.size
    return body, "" if whole else f"ends after {len(body)} of {found.size} bytes"
