"""Processes that main starts for its workers: companions of the sleuthkit, and the one that derives keys."""

import subprocess
import sys
from socket import socket

from actionday.pipeline.deriving import Further
from actionday.pipeline.surroundings import surroundings
from actionday.pipeline.wire import Closed, Wire, pair

DERIVING = 1 << 30
"""Bytes that deriving one key may take: what cryptsetup asks for at the most unless it is told to ask for more."""


class Helpers:
    """Starts them, and ends all of them with ``close``. ``tied``: they end with the thread that started them."""

    def __init__(self, memory: int, *, tied: bool) -> None:
        """``memory``: bytes that a companion may use."""
        self._memory, self._tied = memory, tied
        self._started: list[subprocess.Popen[bytes]] = []
        self._deriver: Wire | None = None

    def companion(self) -> socket:
        """Return a connection to a fresh companion."""
        return self._start("companion", self._memory)

    def deriver(self) -> socket:
        """Return a connection to the process that derives keys: one for all, and a new one where that ended."""
        ours, theirs = pair()
        try:
            self._further(theirs)
        except Closed:  # it ended, by whatever it was asked
            self._deriver = None
            self._further(theirs)
        theirs.close()
        return ours

    def _further(self, theirs: socket) -> None:
        if self._deriver is None:
            self._deriver = Wire(self._start("deriver", DERIVING), Further)
        self._deriver.send(Further(), [theirs.fileno()])

    def _start(self, module: str, memory: int) -> socket:
        self._started = [each for each in self._started if each.poll() is None]
        ours, theirs = pair()
        command = [
            sys.executable,
            "-P",
            "-m",
            f"actionday.pipeline.{module}",
            str(theirs.fileno()),
            str(memory),
            "tied" if self._tied else "free",
        ]
        self._started.append(
            subprocess.Popen(
                command,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                env=surroundings(),
                start_new_session=True,
            )
        )
        theirs.close()
        return ours

    def close(self) -> None:
        """End all of them."""
        if self._deriver is not None:
            self._deriver.close()
        for each in self._started:
            each.kill()
            each.wait()
