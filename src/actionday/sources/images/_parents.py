"""The file an overlay stands on: looked for beside it, opened by whichever reader claims it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from socket import socket

from actionday.model import (
    Claim,
    Context,
    Damaged,
    Derivation,
    Image,
    Kind,
    Limits,
    NotThere,
    Run,
    Stream,
    Unsupported,
)
from actionday.model.plugin import HEAD_BYTES, TAIL_BYTES
from actionday.plugins import load
from actionday.sources.images._called import looking

PLAIN = frozenset({"raw", "file", "host_device"})
FORMATS = {"qcow2": "qcow2", "vmdk": "vmdk", "vpc": "vhd", "vhdx": "vhdx", "vdi": "vdi"}
"""Formats by the names of QEMU, and who reads them."""
PROBED = "parent_format"
"""A remark: nothing tells of which format the parent is."""
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
        self._folder = name[: name.rfind("/") + 1]
        self.earlier = False
        self.chain: tuple[str, ...] = (*getattr(around, "chain", (around.name,)), name)
        self._around = around
        self._told: dict[str, object] = {}

    after: str | None
    secrets: Sequence[str]
    limits: Limits

    def sibling(self, name: str) -> Stream | None:
        """Return the stream called ``name`` beside the parent, or None."""
        return self._around.sibling(self._from(name))

    def glance(self, name: str) -> Stream | None:
        """Return the stream called ``name`` beside the parent, or None, to be looked at."""
        return glance(self._around, self._from(name))

    def _from(self, name: str) -> str:
        """Return the way from the child to what the parent calls ``name``: it may lie in another folder."""
        return name if name.startswith("/") else self._folder + name

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

    def member(self, assembly: str, of: str, name: str = "", *, beside: bool = False) -> None:
        """An image is no part: the disk in it may be one."""

    def unallocated(self, runs: Iterable[Run], unit: int, first: int = 0) -> None:
        """An image has no files, and so no space of none."""

    def derive(self, work: Derivation) -> bytes:
        """Return the key that a secret gives."""
        return self._around.derive(work)

    def companion(self) -> socket | None:
        """Images need none."""
        return None


def glance(around: Context, name: str) -> Stream | None:
    """Return the stream called ``name`` beside this one, or None, for the question whether it is needed.

    ``sibling`` makes it a part of this disk, which nobody opens by itself.
    """
    return looking(around)(name)


def last_part(path: str) -> str:
    """Return the file name of a path as another system wrote it."""
    return re.split(r"[\\/]", path)[-1]


def elsewhere(path: str) -> str:
    """Return a path that leads to another folder, parted by ``/``; "" where it is a name, or more than a path."""
    plain = re.sub(r"^[A-Za-z]:(?=[\\/])", "", path).replace("\\", "/")
    return plain if "/" in plain and "//" not in plain and ":" not in plain and "\0" not in plain else ""


def parent(path: str, around: Context, declared: str = "") -> tuple[Stream, str]:
    """Return the disk that ``path`` names, and the name of its file: where it says, or else beside the child.

    ``declared``: the format that the child says it has, as QEMU calls it ("": whoever claims it, or none, a raw disk).
    Raises Damaged naming it where it is not there, is empty or is not of that format, or where the overlays form a
    circle; Unsupported where that format is not read.
    """
    name = last_part(path)
    stream = None
    if far := elsewhere(path):
        stream = named(far, around)
        name = far if stream is not None else name
    stream = named(name, around) if stream is None else stream
    if stream is None:
        raise NotThere(f"needs backing file {name or '(unnamed)'}, which is not beside it")
    if declared in PLAIN:
        return _within(stream, name, around), name
    if declared and declared not in FORMATS:
        raise Unsupported(f"its backing file {name} is declared {declared}, a format that is not read here")
    return opened(stream, name, around, FORMATS.get(declared, "")), name


def named(name: str, around: Context, kind: str = "") -> Stream | None:
    """Return the file called ``name`` beside the child, or None. Raises Damaged: it is empty, or not ``kind``."""
    stream = around.sibling(name) if name else None
    if stream is not None and not stream.size:
        raise Damaged(f"its backing file {name} is empty")
    if stream is not None and kind:
        _reader(_Glance(stream, name), kind)
    return stream


def opened(stream: Stream, name: str, around: Context, kind: str = "") -> Stream:
    """Return the disk in ``stream``, opened by the reader that claims it, or itself.

    ``kind``: the reader that must claim it. Raises Damaged where that does not.
    """
    beside = _beside(name, around)
    reader = _reader(_Glance(stream, name), kind)
    if reader is None:
        around.note(PROBED, f"its backing file {name} is of no format known here: it is read as a raw disk")
        return stream
    return reader.open(stream, beside)


def _within(stream: Stream, name: str, around: Context) -> Stream:
    _beside(name, around)
    return stream


def _beside(name: str, around: Context) -> _Beside:
    beside = _Beside(around, name)
    if name in beside.chain[:-1] or len(beside.chain) > DEEPEST:
        raise Damaged(f"its backing files form a circle: {' -> '.join(beside.chain)}")
    return beside


def _reader(peek: _Glance, kind: str) -> Image | None:
    readers: list[Image] = load("actionday.sources.images", "IMAGE")[0]
    fit = [reader for reader in readers if not kind or reader.name == kind]
    best = max(fit, key=lambda reader: reader.claims(peek), default=None)
    if best is not None and best.claims(peek) is not Claim.NO:
        return best
    if kind:
        raise Damaged(f"its backing file {peek.name} should be a {kind} image and is none")
    return None
