"""What workers have said and the main process has not yet dealt with, bounded by its bytes.

A text of 64 MiB arrives as one message of about that size and takes several times that while it is dealt with:
were a number of messages let in, memory would grow with the number of large texts that come at once.
"""

import queue
import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Inbox(Generic[T]):
    """A queue from several threads to one; what was taken last counts as held until the next is taken."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._held = 0
        self._waiting: deque[tuple[T, int]] = deque()
        self._taken = 0
        self._changed = threading.Condition()

    def admit(self, length: int) -> None:
        """Wait until ``length`` bytes may be received; anything may when nothing else is held."""
        with self._changed:
            self._changed.wait_for(lambda: not self._held or self._held + length <= self._most)
            self._held += length

    def forgo(self, length: int) -> None:
        """Give back what was admitted and did not come whole."""
        with self._changed:
            self._held -= length
            self._changed.notify_all()

    def put(self, message: T, length: int) -> None:
        """Add a message of ``length`` admitted bytes; never waits."""
        with self._changed:
            self._waiting.append((message, length))
            self._changed.notify_all()

    def get(self, timeout: float) -> T:
        """Take the next message. Raises ``queue.Empty`` when none comes within ``timeout`` seconds."""
        with self._changed:
            self._held -= self._taken
            self._taken = 0
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: self._waiting, timeout):
                raise queue.Empty
            message, self._taken = self._waiting.popleft()
            return message

    def get_nowait(self) -> T:
        """Take the next message. Raises ``queue.Empty`` when there is none."""
        return self.get(0)
