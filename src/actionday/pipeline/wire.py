"""Frames over a Unix socket: a length, a msgpack message, and descriptors beside it."""

import array
import contextlib
import os
import socket
import struct
from collections.abc import Callable
from typing import Any

import msgspec

FAULT = -1
"""The job number under which a worker says how it dies."""
LENGTH = struct.Struct("<I")
MAX_MESSAGE = 512 << 20
"""No honest message is larger; a longer one is a worker gone wrong."""
MAX_DESCRIPTORS = 200
"""Linux passes 253 at once (SCM_MAX_FD)."""
CHUNK = 1 << 20


class Closed(Exception):
    """The other side is gone."""


class Wire:
    """One side of a connection; blocking. ``kind`` is the type that arriving messages must have."""

    def __init__(self, connection: socket.socket, kind: Any) -> None:
        self.socket = connection
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._encoder = msgspec.msgpack.Encoder()

    def send(self, message: object, descriptors: list[int] | None = None) -> None:
        """Send a message whole. Raises Closed."""
        data = self._encoder.encode(message)
        head = LENGTH.pack(len(data))
        extra = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        try:
            sent = self.socket.sendmsg([head, data], extra)
            rest = memoryview(data)[max(0, sent - LENGTH.size) :]
            if sent < LENGTH.size:  # a length cut in two: never seen on Unix sockets, still possible
                self.socket.sendall(head[sent:])
            if rest:
                self.socket.sendall(rest)
        except OSError as error:
            raise Closed(str(error)) from error

    def receive(self, admit: Callable[[int], None] | None = None) -> tuple[Any, list[int]]:
        """Return the next message and its descriptors. Raises Closed, or msgspec's errors on a bad one.

        ``admit`` is called with the message's length before any of it is received, and may wait.
        """
        head, descriptors = self._first()
        (length,) = LENGTH.unpack(head)
        if length > MAX_MESSAGE:
            raise Closed(f"a message of {length} bytes")
        if admit is not None:
            admit(length)
        return self._decoder.decode(self._exactly(length)), descriptors

    def _first(self) -> tuple[bytes, list[int]]:
        try:
            data, extra, _, _ = self.socket.recvmsg(LENGTH.size, socket.CMSG_SPACE(4 * MAX_DESCRIPTORS))
        except OSError as error:
            raise Closed(str(error)) from error
        descriptors = array.array("i")
        for level, kind, value in extra:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                descriptors.frombytes(value[: len(value) - len(value) % descriptors.itemsize])
        if not data:
            raise Closed("end of stream")
        return data + self._exactly(LENGTH.size - len(data)), list(descriptors)

    def _exactly(self, length: int) -> bytes:
        buffer = bytearray(length)
        view, at = memoryview(buffer), 0
        while at < length:
            try:
                got = self.socket.recv_into(view[at:], min(CHUNK, length - at))
            except OSError as error:
                raise Closed(str(error)) from error
            if not got:
                raise Closed("end of stream within a message")
            at += got
        return bytes(buffer) if length < LENGTH.size + 1 else memoryview(buffer)  # type: ignore[return-value]

    def close_writing(self) -> None:
        """Say that nothing more will be sent; what the other side still says can be received."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close the connection."""
        self.socket.close()


def pair() -> tuple[socket.socket, socket.socket]:
    """Return two connected stream sockets with buffers of a few messages."""
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    for end in (left, right):
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            end.setsockopt(socket.SOL_SOCKET, option, 4 << 20)
    return left, right


def close_all(descriptors: list[int]) -> None:
    """Close received descriptors that nobody took."""
    for descriptor in descriptors:
        os.close(descriptor)
