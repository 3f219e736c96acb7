"""What is said to the process that derives keys (``deriver``), and a worker's end of it."""

from collections.abc import Callable
from socket import socket

import msgspec

from actionday.model import Derivation, TooCostly
from actionday.pipeline.wire import Closed, Wire, close_all


class Further(msgspec.Struct, frozen=True, tag="further"):
    """The main process has a further worker for it; its connection comes beside the message."""


class Key(msgspec.Struct, frozen=True, tag="key"):
    """The reply to a ``Derivation``: the key, or why it is not made."""

    key: bytes = b""
    costly: str = ""
    wrong: str = ""


class Deriving:
    """A worker's end: asks for keys. ``connect`` gives a connection to the process or None.

    ``further`` is called before each: what it takes is bounded, and none of it the worker's own time.
    """

    def __init__(self, connect: Callable[[], socket | None], further: Callable[[], None]) -> None:
        self._connect, self._further = connect, further
        self._wire: Wire | None = None

    def key(self, work: Derivation) -> bytes:
        """Return the key. Raises TooCostly, ValueError."""
        self._further()
        for _ in range(2):  # one that ended, by whatever it was asked before, is asked for anew
            try:
                return self._asked(work)
            except Closed:
                self._wire = None
        raise TooCostly("what ends the process that derives keys")

    def _asked(self, work: Derivation) -> bytes:
        if self._wire is None:
            connection = self._connect()
            if connection is None:
                raise TooCostly("a process of its own, which cannot be had here")
            self._wire = Wire(connection, Key)
        self._wire.send(work)
        reply, descriptors = self._wire.receive()
        close_all(descriptors)
        if reply.costly:
            raise TooCostly(reply.costly)
        if reply.wrong:
            raise ValueError(reply.wrong)
        key: bytes = reply.key
        return key
