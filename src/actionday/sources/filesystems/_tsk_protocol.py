"""What a worker and the file-system companion say to each other over one socket.

A frame is one byte (its kind), four bytes (length of the body, little-endian) and the body. The worker asks
(OPEN, NEXT, READ); before it answers (OPENED, BATCH, DATA, ERROR) the companion may ask for bytes of the stream
(WANT), which the worker gives (BYTES, or FAILED with the reason), and say which inode it is at (AT). Bodies are
JSON or raw bytes, never pickles: either side may have been taken over by what it read. Standard library only, for
both sides.
"""

import json
import socket
import struct
from enum import IntEnum
from typing import Any, NamedTuple

HEADER = struct.Struct("<BI")
RANGE = struct.Struct("<QI")
PLACE = struct.Struct("<Qq")
"""An inode, and how many names were taken of it if it is a directory, else -1."""
LONGEST = 64 << 20
"""Bytes of the longest frame either side accepts; batches and reads stay far below it."""
PIECE = 1 << 20
"""Bytes asked for at once."""
NTFS_UNIT = 16
"""Clusters that NTFS compresses together: the only value that drivers write."""


class Say(IntEnum):
    """The kinds of frames."""

    OPEN = 1
    NEXT = 2
    READ = 3
    BYTES = 4
    FAILED = 5
    OPENED = 11
    BATCH = 12
    DATA = 13
    ERROR = 14
    WANT = 15
    AT = 16


class Entry(NamedTuple):
    """One entry of a file system on its way through the socket.

    Paths are bytes decoded as UTF-8 with surrogate escapes. ``mtime`` is nanoseconds since 1970, or None.
    ``runs`` are byte ranges of the stream (-1: a hole); ``key`` asks the companion for the content instead.
    """

    path: str
    kind: str
    place: str
    size: int | None = None
    mtime: int | None = None
    runs: list[tuple[int, int]] | None = None
    key: tuple[int, int, int] | None = None
    status: str = ""
    reason: str = ""
    meta: dict[str, Any] = {}  # noqa: RUF012 (a NamedTuple's default is never changed)
    notes: list[tuple[str, str]] = []  # noqa: RUF012


class Closed(OSError):
    """The other side ended."""


class Wire:
    """Frames over a connected socket, one at a time."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link

    def send(self, kind: Say, body: bytes | memoryview = b"", handle: int | None = None) -> None:
        """Send one frame, with an open file beside it if ``handle`` is given."""
        head = HEADER.pack(kind, len(body))
        if handle is None:
            self.link.sendall(head)
        else:
            socket.send_fds(self.link, [head], [handle])
        self.link.sendall(body)

    def say(self, kind: Say, value: object, handle: int | None = None) -> None:
        """Send ``value`` as JSON."""
        self.send(kind, json.dumps(value, separators=(",", ":")).encode(), handle)

    def receive(self) -> tuple[Say, bytes]:
        """Return the next frame. Raises Closed, or ValueError for what is no frame."""
        return self._body(self._exactly(HEADER.size))

    def receive_with_file(self) -> tuple[Say, bytes, int | None]:
        """Return the next frame and the open file that came with it, if any."""
        head, handles, _, _ = socket.recv_fds(self.link, HEADER.size, 1)
        head += self._exactly(HEADER.size - len(head)) if len(head) < HEADER.size else b""
        return *self._body(head), handles[0] if handles else None

    def _body(self, head: bytes) -> tuple[Say, bytes]:
        kind, length = HEADER.unpack(head)
        if length > LONGEST:
            raise ValueError(f"a frame of {length} bytes")
        return Say(kind), self._exactly(length)

    def _exactly(self, length: int) -> bytes:
        parts = bytearray()
        while len(parts) < length:
            part = self.link.recv(min(length - len(parts), PIECE))
            if not part:
                raise Closed("the other side ended")
            parts += part
        return bytes(parts)
