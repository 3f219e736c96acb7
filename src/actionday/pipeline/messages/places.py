"""Where bytes lie: the way from the exhibit to a stream, an item in it, the container around.

Both orders and reports speak of these; a scope is also kept in the database until its container is done.
"""

from typing import NamedTuple

import msgspec

from actionday.model import Note, Run


class Host(msgspec.Struct, frozen=True, tag="host", array_like=True):
    """A file of the exhibit on the host: its ``number``-th source, or ``path`` below a folder source."""

    number: int
    path: bytes = b""


class Slice(msgspec.Struct, frozen=True, tag="slice", array_like=True):
    """Byte ranges of the stream before it."""

    runs: tuple[Run, ...]
    size: int


class Layer(msgspec.Struct, frozen=True, tag="layer", array_like=True):
    """An image reader over the stream before it.

    ``item`` holds that stream and ``name`` is its name: by both what lies beside it is found, segments and
    parents, whoever opens the chain and whatever for.
    """

    image: str
    name: str
    item: bytes
    state: int | None = None
    """Which earlier state of the disk is meant (an internal snapshot), by its number; None for the disk as it is."""


class Stored(msgspec.Struct, frozen=True, tag="stored", array_like=True):
    """An object of the case."""

    sha256: bytes


class Whole(msgspec.Struct, frozen=True, tag="whole", array_like=True):
    """What several streams make together (``Assembly``), or one volume of it; it is the first step of a chain.

    ``parts``: the ways to the streams, each with the path of its item. ``item`` is that of the whole.
    """

    assembly: str
    of: str
    item: bytes
    parts: "tuple[tuple[Chain, str], ...]"
    volume: str | None = None
    """The place of a volume of the group; None for the whole itself."""


class Earlier(msgspec.Struct, frozen=True, tag="earlier", array_like=True):
    """An earlier state of the stream before it, at a ``place`` of its source; ``item`` holds that stream.

    ``place``: None for what all states of the stream have in common.
    """

    source: str
    item: bytes
    place: str | None = None


Step = Host | Slice | Layer | Stored | Whole | Earlier
Chain = tuple[Step, ...]
"""The way from the exhibit to a stream."""


class Room(NamedTuple):
    """Bytes that may come out of a container: holes, and stored ones that it does not name one behind the other.

    ``names``: of files that had a name before; as many as ``stored`` at least.
    """

    holes: int
    stored: int
    names: int = 0


class Located(msgspec.Struct, frozen=True, array_like=True):
    """An item whose content is still to be read, or none; what ``Found`` says, without calls."""

    name: str
    kind: str
    place: str
    raw: bytes | None
    size: int | None
    mtime: str | None
    status: str | None
    reason: str
    runs: tuple[Run, ...] | None
    meta: bytes
    notes: tuple[Note, ...] = ()
    step: Host | Stored | None = None
    """Where the content lies when not in the container's stream."""
    room: Room | None = None
    """What may come out of it, should it be a container; None where only its own size tells."""
    code: str = ""
    """Of one that failed, the code of its error (``ItemError.code``), where another than its status tells more."""


class Scope(msgspec.Struct, frozen=True, array_like=True):
    """The container that items are in: all that its recursion needs."""

    exhibit: int
    item: bytes
    path: str
    chain: Chain
    depth: int
    ancestors: tuple[bytes, ...]
    """SHA-256 of the containers around, to notice one that holds itself."""
    archive: bytes = b""
    """The outermost container this one was unpacked from: what all of them unpack is counted together."""
    room: Room | None = None
    """What may come out of it in place, as whoever listed it said; see ``allowance``."""

    @property
    def account(self) -> bytes:
        """The item under which is counted what comes out of this container."""
        return self.archive or self.item
