"""What main says to a worker: its setup, its orders, the replies to what it asks."""

from typing import NamedTuple

import msgspec

from actionday.model import Around, Limits
from actionday.pipeline.messages.places import Chain, Located, Scope
from actionday.storage.hashes.known import Named


class Setup(msgspec.Struct, frozen=True):
    """The first message to a worker."""

    limits: Limits
    exhibit_sizes: dict[int, int] = {}
    secrets: tuple[bytes, ...] = ()
    """Those of the case, in their order."""
    hash_sets: tuple[Named, ...] = ()
    """Sets of known hashes; a descriptor of each comes beside the message."""


class Verdict(msgspec.Struct, frozen=True, array_like=True):
    """What is to be done about an item that killed a worker: the reason, and whether it may be read at all."""

    reason: str
    readable: bool


class Slow(msgspec.Struct, frozen=True, array_like=True):
    """That an item is to be read slowly, the SHA-256 that its bytes had when it was found, and what surrounds it."""

    sha256: bytes
    around: Around


class Examine(msgspec.Struct, frozen=True, tag="examine"):
    """Read, hash, type and parse these items; those in ``skip`` (by id) are only hashed and strung."""

    job: int
    scope: Scope
    found: tuple[Located, ...]
    budget: int
    skip: dict[bytes, Verdict] = {}
    slow: Slow | None = None


class Expand(msgspec.Struct, frozen=True, tag="expand"):
    """Open a container and go through it."""

    job: int
    scope: Scope
    name: str
    kind: str
    opener: str
    size: int
    budget: int
    after: str | None = None
    resumed: bool = False
    """Some of its items may be stored already: ask before reading one."""
    skip: dict[bytes, Verdict] = {}


class GoOn(msgspec.Struct, frozen=True, tag="go_on"):
    """The reply to a ``Listing``: go on listing (or, before that, carry out the orders that came instead)."""


class HashHost(msgspec.Struct, frozen=True, tag="hash"):
    """Hash a file of the exhibit, or (with layers) the disk inside it."""

    job: int
    exhibit: int
    chain: Chain
    algorithms: tuple[str, ...]


class Probe(msgspec.Struct, frozen=True, tag="probe"):
    """Open the image layers of a source and nothing else: what it asks for beside it belongs to it."""

    job: int
    exhibit: int
    item: bytes
    name: str
    chain: Chain


class Read(msgspec.Struct, frozen=True, tag="read"):
    """Read a range of a stream, for a page or an export."""

    job: int
    exhibit: int
    chain: Chain
    offset: int
    length: int


class Preview(msgspec.Struct, frozen=True, tag="preview"):
    """Make a picture of a picture, for a page."""

    job: int
    exhibit: int
    chain: Chain
    size: int
    clear: bool


class Below(NamedTuple):
    """An entry below a folder of the same container: its path from there, kind, size, time and facts in JSON."""

    path: str
    kind: str
    size: int | None
    mtime: str | None
    meta: str


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """The reply to an ``Ask``; descriptors travel beside it."""

    chain: Chain | None = None
    size: int = 0
    location: bytes = b""
    names: tuple[str, ...] = ()
    descriptors: int = 0
    error: str = ""
    outside: bool = False
    """Of ``glance``: it lies beside the exhibit's file and is none of its files."""
    entries: bytes = b""
    """Of ``below``: a page of entries (``locate.entries_below``)."""


Order = Examine | Expand | HashHost | Probe | Read | Preview | GoOn | Answer
