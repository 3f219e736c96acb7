"""What a source finds: one item at one place in an exhibit.

Source: DESIGN words "item", "content"; kinds and statuses are those of ``export items``.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import BinaryIO

import msgspec


class Kind(StrEnum):
    """What an item is, whatever its content."""

    EXHIBIT = "exhibit"
    DIRECTORY = "directory"
    VOLUME = "volume"
    FILE = "file"
    DELETED = "deleted"
    STREAM = "stream"
    SYSTEM = "system"
    SYMLINK = "symlink"
    SPECIAL = "special"
    MEMBER = "member"
    MESSAGE = "message"
    ATTACHMENT = "attachment"
    RECORD = "record"
    REVISIT = "revisit"
    ROW = "row"
    UNALLOCATED = "unallocated"
    CARVED = "carved"
    SHADOW = "shadow"
    """A volume as it was, which the volume itself keeps."""


VOLUMES = frozenset({Kind.VOLUME, Kind.SHADOW})
"""What is opened as a disk or a part of one is, and has no content of its own."""


class Status(StrEnum):
    """What became of an item; the balance groups them."""

    PARSED = "parsed"
    KNOWN_GOOD = "known_good"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    QUARANTINED = "quarantined"
    UNSUPPORTED = "unsupported"
    ENCRYPTED = "encrypted"
    QUEUED = "queued"


Run = tuple[int, int]
"""``(offset, length)`` in bytes within the container's stream; offset ``-1`` is a hole that reads as zeros."""


class Note(msgspec.Struct, frozen=True):
    """One thing a stage could not do or had to assume: a line of the issue log."""

    code: str
    reason: str
    path: str = ""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One item as its source yields it.

    ``name`` is the entry's path below the container, parts joined by ``/``, each exactly as stored (bytes that
    are no UTF-8 as ``\\xNN``, then ``raw`` holds the bytes). A source never resolves ``..``, links or
    absolute names: they are kept literally. ``place`` is unique in the container and a function of its bytes
    alone (inode, byte offset, member number), so that the same exhibit gives the same ids.

    The content is told in one of three ways: ``runs`` (it lies in the container's stream and is read from
    there: nothing is copied), ``read`` (a call that returns a reader, valid until the next item is asked for),
    or neither (no content: directories, links, encrypted members; ``status`` then says why).
    ``size`` is the declared size in bytes; the pipeline compares it with what could be read.
    """

    name: str
    kind: Kind
    place: str
    raw: bytes | None = None
    size: int | None = None
    mtime: str | None = None
    """RFC 3339 UTC; None when unknown or out of range (then ``meta["mtime_raw"]`` keeps the value)."""
    status: Status | None = None
    reason: str = ""
    runs: tuple[Run, ...] | None = None
    read: Callable[[], BinaryIO] | None = None
    earlier: bool = False
    """It is an earlier state of the whole stream, which its source gives (``Source``)."""
    meta: Mapping[str, object] = {}
    """JSON-able facts of the source: owner, mode, inode, headers, compression, target of a link …"""
    notes: tuple[Note, ...] = ()
