"""What a worker says to main: rows, contents, objects and terms as they will be stored, and what it asks for.

A worker may be taken over by the bytes it reads: what it sends is data of these shapes, or it is killed.

``gc=False``: of what comes by the thousand nothing refers back to it, and the collector need not go through it (half of
the time it takes to decode a message).
"""

import msgspec

from actionday.pipeline.messages.places import Located, Scope


class Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One item, as it will stand in the database."""

    id: bytes
    parent: bytes | None
    place: str
    path: str
    raw: bytes | None
    kind: str
    size: int | None
    sha256: bytes | None
    mtime: str | None
    status: str
    reason: str
    opened: bool
    runs: bytes | None
    meta: bytes
    reading: bytes = b""
    """Which reading of its content the item has."""


class Content(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is known of unique bytes as they were read: most bytes are read in one way, some in several."""

    sha256: bytes
    md5: bytes
    sha1: bytes
    size: int
    mime: str
    parser: str | None = None
    meta: bytes = b""
    text: bytes | None = None
    characters: int | None = None
    language: str | None = None
    script: str | None = None
    confidence: float | None = None
    segments: bytes = b""
    reading: bytes = b""
    """What tells it from other readings of the same bytes: ``extracted.named``."""


class Object(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Bytes to be kept, compressed."""

    sha256: bytes
    size: int
    frames: tuple[bytes, ...]


class Bundle(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Small objects that share a frame, one behind another: SHA-256 and size of each."""

    members: tuple[tuple[bytes, int], ...]
    frame: bytes


class Terms(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The index terms of one item's text, UTF-8."""

    item: bytes
    sha256: bytes
    body: tuple[bytes, ...]
    alt: tuple[bytes, ...]


class Issue(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A line of the issue log, with the whole path."""

    item: bytes | None
    stage: str
    path: str
    code: str
    reason: str


class Opened(msgspec.Struct, frozen=True, array_like=True):
    """A container that is to be opened by a job of its own."""

    row: Row
    scope: Scope
    opener: str
    name: str
    size: int
    mime: str = ""
    waits: bool = False
    """Whoever reads it (an image reader, a chat's export) may ask for what lies beside: opened when that is listed."""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """Where a container's stream is to be had again: its items lie in it."""

    scope: Scope
    name: str
    opener: str
    size: int


class Results(msgspec.Struct, frozen=True, tag="results"):
    """Finished items of a job; ``after``: everything up to this place of the container is in."""

    job: int
    rows: tuple[Row, ...] = ()
    contents: tuple[Content, ...] = ()
    objects: tuple[Object, ...] = ()
    terms: tuple[Terms, ...] = ()
    issues: tuple[Issue, ...] = ()
    opened: tuple[Opened, ...] = ()
    kept: tuple[Kept, ...] = ()
    after: str | None = None
    read: int = 0
    """Bytes of the exhibit that were read for the first time."""
    unpacked: dict[bytes, int] = {}
    """Bytes unpacked, by the account of the archive they came out of."""
    bundles: tuple[Bundle, ...] = ()


class Listing(msgspec.Struct, frozen=True, tag="listing"):
    """Items of a container to be examined by whoever is free.

    ``after``: the place of the last of them, "" where nobody may go on behind it.
    """

    job: int
    found: tuple[Located, ...]
    after: str
    again: dict[str, bytes] = {}
    """By the place of one of them which is a further name of a file: the item that is its first."""


class Frame(msgspec.Struct, frozen=True, tag="frame"):
    """A piece of an object too large to be held: it grows in a file of the case."""

    job: int
    data: bytes


class Large(msgspec.Struct, frozen=True, tag="large"):
    """The end of such an object, and the item that holds it."""

    job: int
    scope: Scope
    sha256: bytes
    size: int
    found: Located


class Member(msgspec.Struct, frozen=True, array_like=True):
    """What a container says that is one of several streams: who puts them together, and what they make."""

    assembly: str
    of: str
    name: str = ""
    beside: bool = False
    """Whether only those under one path are parts of one whole."""


class Done(msgspec.Struct, frozen=True, tag="done"):
    """The end of a job; for a container how it went, for a hash or a read what came out."""

    job: int
    status: str = ""
    reason: str = ""
    facts: bytes = b""
    data: bytes = b""
    code: str = ""
    """Of an error that has one: ``ItemError.code``."""
    member: Member | None = None


class Noted(msgspec.Struct, frozen=True, array_like=True):
    """What one image layer of a container told: facts of its format, and the hashes stored of its whole disk, in hex.

    A list of them, as JSON, is the ``facts`` of an ``Expand``'s end, from the outermost layer in.
    """

    facts: dict[str, object]
    stored: dict[str, str] = {}


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """A worker asks main for what it may not open itself.

    ``what``: host | stored | sibling | glance | siblings | below | belong | companion | deriver | known | deleted.
    """

    what: str
    exhibit: int = 0
    item: bytes = b""
    number: int = 0
    path: bytes = b""
    name: str = ""
    sha256: bytes = b""
    names: tuple[str, ...] = ()
    """Of ``belong``: the files beside a source that it is read with."""


Report = Results | Listing | Frame | Large | Done | Ask
