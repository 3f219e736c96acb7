"""Ctrl-C, SIGTERM, a closed terminal, a request to pause during a run: acted on where all is whole."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from actionday.model.errors import Paused
from actionday.pipeline.pausing import asked

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

    def check(self, temporary: Path) -> None:
        """Raise KeyboardInterrupt if the run is to stop, Paused if that was asked for in its folder."""
        if self._asked:
            raise KeyboardInterrupt
        if by := asked(temporary):
            raise Paused(by)
