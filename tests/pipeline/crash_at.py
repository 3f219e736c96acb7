"""Run the command and kill this very process at one point of the code. Run as a script.

``crash_at.py module:Class.method before|after N words of the command …``; with SIGKILL, or the signal whose number
stands in ``CRASH_SIGNAL``.
"""

import contextlib
import os
import queue
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from actionday.app.cli.main import main
from actionday.pipeline import due, scheduler

SIGN = int(os.environ.get("CRASH_SIGNAL", signal.SIGKILL))


def armed(real: Callable[..., Any], when: str, number: int) -> Callable[..., Any]:
    calls = 0

    def one(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number and when == "before":
            os.kill(os.getpid(), SIGN)
        made = real(*given, **named)
        if calls == number and when == "after":
            os.kill(os.getpid(), SIGN)
        return made

    return one


def arm(target: str, when: str, number: int) -> None:
    module, _, path = target.partition(":")
    *outer, name = path.split(".")
    holder: Any = import_module(module)
    for each in outer:
        holder = getattr(holder, each)
    setattr(holder, name, armed(getattr(holder, name), when, number))


def receive_one(self: scheduler.Scheduler) -> None:
    with contextlib.suppress(queue.Empty):
        self._handle(self._pool.inbox.get(timeout=scheduler.TICK))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run in the background
    # one checkpoint behind each message of a worker: its number tells how far the run is, on any machine
    scheduler.Scheduler._receive = receive_one  # type: ignore[method-assign]
    due.CHECKPOINT_SECONDS = due.FIRST_SECONDS = 0.0
    arm(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    main(sys.argv[4:])
