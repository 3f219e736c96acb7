"""The companion: lists a file system with the sleuthkit in a process of its own.

``python -m actionday.sources.filesystems._tsk_process FD``: FD is a connected socket to the worker. Imports the
standard library, the sleuthkit's binding and the ``_tsk_*`` modules beside it, nothing else: the sleuthkit's
licence and ours stay apart, and a defect of its C code ends this process alone.
"""

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from actionday.sources.filesystems._tsk_bytes import AskingReader, FileReader, Missing, Reader
from actionday.sources.filesystems._tsk_protocol import PIECE, PLACE, RANGE, Closed, Entry, Say, Wire
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems._tsk_volume import Opened, opened
from actionday.sources.filesystems._tsk_why import why_of

BATCH, BATCH_RUNS = 512, 50_000
"""Entries and runs in one frame: enough to make the round trip cheap, few enough to keep memory flat."""
BUSY = 5.0
"""Seconds of processor time for one answer; the slowest we saw took half of one."""


class Conversation:
    """Answers one worker until it hangs up."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.volume: Opened | None = None
        self.waiting: Iterator[Entry | None] = iter(())
        self.batch = BATCH

    def run(self) -> None:
        """Answer until the socket closes."""
        while True:
            try:
                kind, body, handle = self.wire.receive_with_file()
                self._safely(kind, body, handle)
            except (Closed, ConnectionError):
                return

    def _safely(self, kind: Say, body: bytes, handle: int | None) -> None:
        """Answer; who needs more processor time than BUSY is ended by the kernel (C code sees no exception)."""
        signal.setitimer(signal.ITIMER_PROF, BUSY)
        try:
            self._answer(kind, body, handle)
        except (Closed, ConnectionError):
            raise
        except (Missing, BadMap, OSError, RuntimeError, ValueError, MemoryError) as error:
            why = why_of(error)
            self.wire.say(Say.ERROR, {"to": int(kind), "reason": why})
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _answer(self, kind: Say, body: bytes, handle: int | None) -> None:
        if kind is Say.OPEN:
            self._open(json.loads(body), handle)
        elif kind is Say.NEXT:
            self._next()
        elif kind is Say.READ:
            self._read(*json.loads(body))
        else:
            raise ValueError(f"{kind.name} is not the worker's to say")

    def _open(self, asked: dict[str, Any], handle: int | None) -> None:
        """Open the stream, ``again`` (entries told, inodes to avoid) where another companion ended."""
        self.volume = opened(self._reader(handle, int(asked["base"]), int(asked["size"])), asked["format"])
        walk, skip = self.volume.walk, 0
        if asked["again"] is not None:
            skip, avoid = asked["again"]
            self.batch, walk.announce = 1, self._announce
            walk.avoid = dict(avoid)
        self.waiting = _behind(walk.entries(), skip)
        self.wire.say(Say.OPENED, {"meta": self.volume.meta, "notes": self.volume.notes})

    def _announce(self, inode: int, taken: int) -> None:
        self.wire.send(Say.AT, PLACE.pack(inode, taken))

    def _reader(self, handle: int | None, base: int, size: int) -> Reader:
        return AskingReader(self._want, size) if handle is None else FileReader(handle, base, size)

    def _want(self, offset: int, length: int) -> bytes:
        """Ask the worker for bytes; it answers before it says anything else."""
        parts = []
        for at in range(offset, offset + length, PIECE):
            self.wire.send(Say.WANT, RANGE.pack(at, min(PIECE, offset + length - at)))
            kind, body = self.wire.receive()
            if kind is not Say.BYTES:
                raise Missing(body.decode("utf-8", "replace"))
            parts.append(body)
        return b"".join(parts)

    def _next(self) -> None:
        if self.volume is None:
            raise ValueError("no file system is open")
        entries: list[Entry] = []
        runs, more = 0, ""
        for entry in self.waiting:
            more = "orphans" if entry is None else "names"
            if entry is None:
                break
            entries.append(entry)
            runs += len(entry.runs or ())
            if len(entries) >= self.batch or runs >= BATCH_RUNS:
                break
        else:
            more = ""
        told = {
            "entries": entries,
            "notes": self.volume.told(),
            "more": more,
            "ended": self.volume.walk.ended,
        }
        self.wire.say(Say.BATCH, told)

    def _read(self, inode: int, kind: int, number: int, offset: int, length: int) -> None:
        if self.volume is None:
            raise ValueError("no file system is open")
        self.wire.send(Say.DATA, self.volume.read(inode, kind, number, offset, min(length, PIECE)))


def _behind(entries: Iterator[Entry | None], skip: int) -> Iterator[Entry | None]:
    """Yield what follows the first ``skip`` entries."""
    for entry in entries:
        if entry is None or skip <= 0:
            yield entry
        else:
            skip -= 1


def main(handle: int, lock: Callable[[], None] | None = None) -> None:
    """Talk over the socket ``handle`` until it closes; ``lock`` is called once everything is imported.

    Local times of FAT are told as if they were UTC, whatever the machine's zone.
    """
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    os.environ["TZ"] = "UTC"
    time.tzset()
    with socket.socket(fileno=handle) as link:
        if lock is not None:
            lock()
        Conversation(Wire(link)).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
