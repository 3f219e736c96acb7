"""The file an overlay stands on: looked for beside it, opened by whichever reader claims it."""

import re
from collections.abc import Mapping, Sequence
from socket import socket

from actionday.model import Claim, Context, Damaged, Image, Kind, Limits, Stream
from actionday.model.plugin import HEAD_BYTES, TAIL_BYTES
from actionday.plugins import load

DEEPEST = 32
"""Overlays on one another; virtual machines stop far before."""


class _Glance:
    """What an image reader looks at before it claims a stream."""

    def __init__(self, stream: Stream, name: str) -> None:
        self.name, self.kind, self.size = name, Kind.FILE, stream.size
        self.head = _seen(stream, 0, min(HEAD_BYTES, stream.size))
        tail = min(TAIL_BYTES, stream.size)
        self.tail = _seen(stream, stream.size - tail, tail)


def _seen(stream: Stream, at: int, length: int) -> bytes:
    """Return bytes for a glance: zeros where they cannot be read, which whoever opens the stream will say."""
    try:
        stream.seek(at)
        return stream.read(length)
    except (Damaged, OSError):
        return bytes(length)


class _Beside:
    """The surroundings of a parent: those of its child, under its own name, the chain so far remembered."""

    def __init__(self, around: Context, name: str) -> None:
        self.name, self.after, self.secrets, self.limits = name, None, around.secrets, around.limits
        self.chain: tuple[str, ...] = (*getattr(around, "chain", (around.name,)), name)
        self._around = around
        self._told: dict[str, object] = {}

    after: str | None
    secrets: Sequence[str]
    limits: Limits

    def sibling(self, name: str) -> Stream | None:
        """Return the stream called ``name`` beside the child, or None."""
        return self._around.sibling(name)

    def siblings(self) -> Sequence[str]:
        """Return the names beside the child."""
        return self._around.siblings()

    def note(self, code: str, reason: str, path: str = "") -> None:
        """Note it for the child, naming the parent."""
        self._around.note(code, f"{self.name}: {reason}", path)

    def acquired(self, facts: Mapping[str, object]) -> None:
        """Keep a parent's facts below those of its child, with its name: whatever it is called, it takes no other's."""
        self._told |= facts
        self._around.acquired({"parent": {"name": self.name, **self._told}})

    def companion(self) -> socket | None:
        """Images need none."""
        return None


def last_part(path: str) -> str:
    """Return the file name of a path as another system wrote it."""
    return re.split(r"[\\/]", path)[-1]


def parent(path: str, around: Context, *, plain: bool = False) -> Stream:
    """Return the disk that ``path`` names, found beside the child; ``plain`` where it is known to be raw.

    Raises Damaged naming it where it is not there, or where the overlays form a circle.
    """
    name = last_part(path)
    stream = around.sibling(name) if name else None
    if stream is None:
        raise Damaged(f"needs backing file {name or '(unnamed)'}, which is not beside it")
    return opened(stream, name, around, plain=plain)


def opened(stream: Stream, name: str, around: Context, *, plain: bool = False) -> Stream:
    """Return the disk in ``stream``, opened by the reader that claims it, or itself."""
    beside = _Beside(around, name)
    if name in beside.chain[:-1] or len(beside.chain) > DEEPEST:
        raise Damaged(f"its backing files form a circle: {' -> '.join(beside.chain)}")
    if plain:
        return stream
    peek = _Glance(stream, name)
    readers: list[Image] = load("actionday.sources.images", "IMAGE")[0]
    best = max(readers, key=lambda reader: reader.claims(peek), default=None)
    if best is None or best.claims(peek) is Claim.NO:
        return stream
    return best.open(stream, beside)
