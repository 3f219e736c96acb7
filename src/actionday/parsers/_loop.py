"""An event loop without sockets or selectors, for a library that only hands back results from its own threads.

The loop of the standard library opens a socket pair to wake itself, which a sandbox refuses. This one waits on a
``threading.Event``; nothing but futures and callbacks works on it, and nothing else is needed.
"""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class _Waiter:
    """Stands where the selector would: waits for a wake-up, reports no descriptor."""

    def __init__(self) -> None:
        self.woken = threading.Event()

    def select(self, timeout: float | None) -> list[Any]:
        self.woken.wait(timeout)
        self.woken.clear()
        return []


class Loop(asyncio.BaseEventLoop):
    """Runs one coroutine at a time to its end."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = _Waiter()

    def _process_events(self, event_list: list[Any]) -> None:
        """No descriptors, no events."""

    def _write_to_self(self) -> None:
        self._selector.woken.set()

    def result(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Return what the coroutine returns, or raise what it raises."""
        return self.run_until_complete(coroutine)
