"""The process that workers are forked off: it has loaded what they need, and never sees a byte of evidence.

To load that takes 0.8 s of processor time, to fork it off 10 ms. Run as a module, with one thread
and nothing open but the connection to the main process; it ends when that one does, and its workers with it.
"""

import contextlib
import gc
import os
import selectors
import sys
from pathlib import Path
from socket import socket
from typing import NoReturn

from actionday.pipeline.loaded import Loaded
from actionday.pipeline.messages import Ended, Fork, Forked
from actionday.pipeline.sandbox import tie
from actionday.pipeline.wire import Closed, Wire, close_all
from actionday.pipeline.worker import main as worker


class ForkServer:
    """Forks a worker for each order, and says how each ended, until the main process hangs up."""

    def __init__(self, connection: socket, loaded: Loaded) -> None:
        self._wire = Wire(connection, Fork)
        self._loaded = loaded
        self._selector = selectors.DefaultSelector()
        self._selector.register(connection, selectors.EVENT_READ)
        self._children: dict[int, int] = {}
        """Process numbers by the descriptor that tells of the process's end."""

    def run(self) -> None:
        """Serve. Raises Closed when the main process is gone."""
        while True:
            for key, _ in self._selector.select():
                if key.fd in self._children:
                    self._ended(key.fd)
                else:
                    self._fork()

    def _fork(self) -> None:
        _, descriptors = self._wire.receive()
        if (child := os.fork()) == 0:
            self._become_worker(descriptors)
        close_all(descriptors)
        # the number is its own until it is waited for: whoever holds this descriptor can end no other process
        watch = os.pidfd_open(child)
        self._children[watch] = child
        self._selector.register(watch, selectors.EVENT_READ)
        self._wire.send(Forked(child), [watch])

    def _become_worker(self, descriptors: list[int]) -> NoReturn:
        try:
            tie()
            _close_all_but({0, 1, 2, *descriptors})
            connection, marker = descriptors
            worker(connection, marker, self._loaded)
        finally:
            os._exit(1)

    def _ended(self, watch: int) -> None:
        self._selector.unregister(watch)
        child = self._children.pop(watch)
        os.close(watch)
        _, status = os.waitpid(child, 0)
        self._wire.send(Ended(child, os.waitstatus_to_exitcode(status)))


def _close_all_but(kept: set[int]) -> None:
    for name in sorted(int(each.name) for each in Path("/proc/self/fd").iterdir()):
        if name not in kept:
            try:
                os.close(name)
            except OSError:  # the one this list was read by
                continue


def serve(connection: int, loaded: Loaded) -> NoReturn:
    """Serve the main process at the other end of the descriptor ``connection`` until it hangs up."""
    gc.collect()
    gc.freeze()  # or the first collection in each worker would copy every page it shares with the others
    with contextlib.suppress(Closed):
        ForkServer(socket(fileno=connection), loaded).run()
    os._exit(0)


if __name__ == "__main__":
    serve(int(sys.argv[1]), Loaded.load())
