"""The process in which keys are derived from secrets: locked like a worker, one for all workers. Run as a module.

Argon2 as cryptsetup asks for it takes 1 GiB, all that a worker may use for all it does. So one process has that much,
makes one key at a time, and keeps what it made: a volume that four workers open costs one derivation, not four.
"""

import contextlib
import hashlib
import os
import selectors
import sys
from collections import OrderedDict
from socket import socket

import msgspec

from actionday.model import Derivation, TooCostly
from actionday.pipeline.deriving import Further, Key
from actionday.pipeline.sandbox import lock, tie
from actionday.pipeline.wire import Closed, Wire, close_all
from actionday.sources.volumes._derive import derived

ROOM = 256 << 20
"""Bytes for the process itself (libraries, stacks of threads), beside what deriving a key may take."""
KEPT = 1 << 16
"""Keys that are kept, of 64 bytes mostly: those of 200 secrets for a hundred volumes."""
PATIENCE = 5.0
"""Seconds that the rest of a message may take: whoever stops in the midst of one holds up all others."""


class Deriver:
    """Answers whoever it was given a connection to, until the main process hangs up."""

    def __init__(self, connection: socket, memory: int) -> None:
        """``memory``: bytes that one derivation may take."""
        self._main, self._memory = Wire(connection, Further), memory
        self._selector = selectors.DefaultSelector()
        self._selector.register(connection, selectors.EVENT_READ)
        self._made: OrderedDict[bytes, Key] = OrderedDict()

    def run(self) -> None:
        """Serve. Raises Closed when the main process is gone."""
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    self._admit()
                else:
                    self._answer(key.data)

    def _admit(self) -> None:
        _, descriptors = self._main.receive()
        connection = socket(fileno=descriptors[0])
        connection.settimeout(PATIENCE)
        self._selector.register(connection, selectors.EVENT_READ, Wire(connection, Derivation))

    def _answer(self, wire: Wire) -> None:
        try:
            work, descriptors = wire.receive(_short)
            close_all(descriptors)
            wire.send(self._key(work))
        except (Closed, msgspec.MsgspecError):
            self._selector.unregister(wire.socket)
            wire.close()

    def _key(self, work: Derivation) -> Key:
        name = hashlib.sha256(msgspec.msgpack.encode(work)).digest()
        if name not in self._made:
            self._made[name] = self._derived(work)
            if len(self._made) > KEPT:
                self._made.popitem(last=False)
        return self._made[name]

    def _derived(self, work: Derivation) -> Key:
        try:
            return Key(derived(work, self._memory))
        except TooCostly as error:
            return Key(costly=str(error))
        except MemoryError:
            return Key(costly="more memory than can be had here")
        except (ValueError, OverflowError) as error:
            return Key(wrong=str(error))


def _short(length: int) -> None:
    if length > 1 << 16:
        raise Closed(f"a message of {length} bytes")


def main(connection: int, memory: int, *, tied: bool) -> None:
    """Serve the main process at the other end of the descriptor ``connection`` until it hangs up."""
    if tied:
        tie()
    lock(memory + ROOM)
    with contextlib.suppress(Closed):
        Deriver(socket(fileno=connection), memory).run()
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), tied=sys.argv[3] == "tied")
