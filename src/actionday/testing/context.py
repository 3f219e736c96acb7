"""What a source needs around its stream, where there is no pipeline: neighbours from a dict, notes in a list."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from socket import socket

from actionday.model import Derivation, Found, Kind, Limits, Note, Run, Stream
from actionday.model.plugin import HEAD_BYTES, TAIL_BYTES
from actionday.sources.volumes._derive import derived

DERIVED_MEMORY = 2 << 30
"""Bytes that deriving a key may take here."""


class Bytes(BytesIO):
    """A stream of bytes in memory."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.size = len(data)


class OpenFile:
    """A stream over a file, for what is too large to be held."""

    def __init__(self, path: Path) -> None:
        self._file, self.size = path.open("rb"), path.stat().st_size
        self.read, self.seek, self.tell = self._file.read, self._file.seek, self._file.tell


class Alone:
    """A ``Context`` that keeps what is noted and acquired; ``beside`` holds its siblings by name."""

    def __init__(
        self,
        name: str,
        *,
        after: str | None = None,
        secrets: Sequence[str] = (),
        beside: Mapping[str, bytes] | None = None,
        companion: Callable[[], socket] | None = None,
    ) -> None:
        self.name, self.after, self.secrets, self.limits = name, after, secrets, Limits()
        self.earlier = False
        self.notes: list[Note] = []
        self.facts: dict[str, object] = {}
        self.free: tuple[Run, ...] = ()
        self.units = (0, 0)
        self.belongs: tuple[str, str, str] | None = None
        self._beside, self._companion = beside or {}, companion

    def sibling(self, name: str) -> Stream | None:
        """Return the stream called ``name`` beside this one, or None."""
        data = self._beside.get(name)
        return None if data is None else Bytes(data)

    def siblings(self) -> Sequence[str]:
        """Return the names beside this one."""
        return sorted(self._beside)

    def unallocated(self, runs: Iterable[Run], unit: int, first: int = 0) -> None:
        """Keep which bytes belong to nothing."""
        self.free, self.units = tuple(runs), (unit, first)

    def note(self, code: str, reason: str, path: str = "") -> None:
        """Keep a line for the issue log."""
        self.notes.append(Note(code, reason, path))

    def acquired(self, facts: Mapping[str, object]) -> None:
        """Keep what an imager stored."""
        self.facts.update(facts)

    def member(self, assembly: str, of: str, name: str = "", *, beside: bool = False) -> None:  # noqa: ARG002
        """Keep of what it says that it is a part."""
        self.belongs = assembly, of, name

    def derive(self, work: Derivation) -> bytes:
        """Return the key that a secret gives, made anew each time."""
        return derived(work, DERIVED_MEMORY)

    def companion(self) -> socket | None:
        """Return what the test gave, else None."""
        return self._companion() if self._companion else None


class Glance:
    """A ``Peek`` at bytes in memory."""

    def __init__(self, name: str, data: bytes, kind: Kind = Kind.FILE) -> None:
        self.name, self.kind, self.size = name, kind, len(data)
        self.head, self.tail = data[:HEAD_BYTES], data[-TAIL_BYTES:]
        self.stream = Bytes(data)


def content(found: Found, stream: Stream) -> bytes:
    """Return the content of ``found``, read as the pipeline does. Raises what its reader raises."""
    if found.read is not None:
        with found.read() as reader:
            return b"".join(iter(lambda: reader.read(1 << 20), b""))
    return b"".join(_run(stream, offset, length) for offset, length in found.runs or ())


def _run(stream: Stream, offset: int, length: int) -> bytes:
    if offset < 0:
        return bytes(length)
    stream.seek(offset)
    return stream.read(length)
