"""Ctrl-C, SIGTERM and a closed terminal during a run: noted when they come, acted on where all is whole."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

HEARD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """Whether somebody asked the run to stop."""

    def __init__(self) -> None:
        self._asked = False

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Take note of signals within the block (in the main thread; elsewhere they are not ours)."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        heard = [
            each for each in HEARD if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN
        ]  # nohup
        before = [(number, signal.signal(number, self._note)) for number in heard]
        try:
            yield
        finally:
            for number, handler in before:
                signal.signal(number, handler)

    def _note(self, _: int, __: FrameType | None) -> None:
        if self._asked:  # asked twice: at once, wherever we are; the next run mends what that leaves
            raise KeyboardInterrupt
        self._asked = True

    def check(self) -> None:
        """Raise KeyboardInterrupt if the run is to stop."""
        if self._asked:
            raise KeyboardInterrupt
