"""Worker processes as the main process has them: forked off by another (``forkserver``), ended and waited for here."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from socket import socket

from actionday.pipeline.messages import Fork, Forked, Told
from actionday.pipeline.surroundings import surroundings
from actionday.pipeline.wire import Closed, Wire, pair


def launch(connection: socket) -> subprocess.Popen[bytes]:
    """Start the server, which inherits ``connection`` and nothing else."""
    words = [
        sys.executable,
        "-P",  # nothing is imported from, nor may be read in, the folder the command is called in
        "-m",
        "actionday.pipeline.forkserver",
        str(connection.fileno()),
    ]
    return subprocess.Popen(
        words,
        pass_fds=[connection.fileno()],
        stdin=subprocess.DEVNULL,
        env=surroundings(),
        start_new_session=True,  # Ctrl-C at the terminal is for the main process alone
    )


class Process:
    """One worker process, ordered and maybe not there yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._descriptor = -1
        self._number = 0
        self._condemned = False
        self._code = 0
        self._over = threading.Event()

    @property
    def number(self) -> int:
        """Return its process number, 0 while it is not there."""
        return self._number

    def begun(self, number: int, descriptor: int) -> None:
        """Take in that it is there; ``descriptor`` is of the process, and closed when it has ended."""
        with self._lock:
            self._number, self._descriptor = number, descriptor
            if self._condemned:
                self._signal()

    def kill(self) -> None:
        """End it at once, or as soon as it is there."""
        with self._lock:
            self._condemned = True
            self._signal()

    def _signal(self) -> None:
        if self._descriptor >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def ended(self, code: int) -> None:
        """Take in that it has ended, and how."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
            self._descriptor, self._code = -1, code
        self._over.set()

    def wait(self) -> int:
        """Wait for its end and return how it came, as ``subprocess.Popen.wait`` does."""
        self._over.wait()
        return self._code


class Processes:
    """The process that forks workers off, and the workers it has forked. Started by itself at once."""

    def __init__(self) -> None:
        ours, theirs = pair()
        self._server = launch(theirs)
        theirs.close()
        self._wire = Wire(ours, Told)
        self._lock = threading.Lock()
        self._ordered: deque[Process] = deque()
        self._running: dict[int, Process] = {}
        self._gone: int | None = None
        """How the server ended, once it has: then none can be had of it."""
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def gone(self) -> bool:
        """Say whether the server has ended: there must be another."""
        return self._gone is not None

    def fork(self, descriptors: Sequence[int]) -> Process:
        """Order a worker for its connection and its marker, which stay the caller's to close; do not wait for it.

        Where the server has ended, the worker has as well.
        """
        process = Process()
        with self._lock:
            if self._gone is not None:
                process.ended(self._gone)
                return process
            self._ordered.append(process)
            with contextlib.suppress(Closed):  # its listener ends all that were ordered
                self._wire.send(Fork(), list(descriptors))
        return process

    def _listen(self) -> None:
        with contextlib.suppress(Closed):
            while True:
                told, descriptors = self._wire.receive()
                with self._lock:
                    self._take(told, descriptors)
        self._end_all()

    def _take(self, told: Told, descriptors: list[int]) -> None:
        if isinstance(told, Forked):
            process = self._running[told.number] = self._ordered.popleft()
            process.begun(told.number, descriptors[0])
        else:
            self._running.pop(told.number).ended(told.code)

    def _end_all(self) -> None:
        """The server is gone, and with it every worker: the kernel sees to that (``sandbox.tie``)."""
        self._server.kill()
        code = self._server.wait()
        with self._lock:
            self._gone = code
            for process in (*self._ordered, *self._running.values()):
                process.kill()
                process.ended(code)
            self._ordered.clear()
            self._running.clear()

    def close(self) -> None:
        """End the server and all its workers, and wait for the server's end."""
        self._wire.close_writing()
        self._server.wait()
        self._wire.close()
