"""A few shared bytes in which a worker says what it is doing, so that its death has a culprit.

The main process reads them after the worker was killed, and to know whether a deadline has passed. Writing
costs 1 µs, so it is done for every item: no batch has to be bisected.
"""

import mmap
import os
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from actionday.pipeline import meter

SAID = struct.Struct("<16sBddd")
SUM = struct.Struct("<I3x")
SIZE = SAID.size + SUM.size
"""A checksum behind what is said: where it does not fit, the worker is in the midst of writing. To count before and
after would not do: a reader that overtakes a writer sees one count at both ends of what nobody ever said."""
LOOKS = 8
"""So often is looked again before a mark counts as unreadable: to write takes far less than to look."""
WALL = 6.0
"""A deadline counts the worker's own processor time, so that a busy machine condemns nobody; waiting (a slow
disk, a lock) may take six times as long."""
TICKS = os.sysconf("SC_CLK_TCK")
TICK = 1 / TICKS
"""Seconds: what the kernel tells of another process is no more exact."""


class Phase(IntEnum):
    """What a worker is doing."""

    IDLE = 0
    LISTING = 1
    READING = 2
    EXAMINING = 3


KNOWN = frozenset(Phase)


class Mark(NamedTuple):
    """``item`` is the id of the item (or container, while listing).

    ``since``: seconds of the monotonic clock; ``spent``: seconds of processor time the worker had used by then.
    """

    item: bytes
    phase: Phase
    since: float
    spent: float
    allowed: float

    def overdue(self, waited: float, spent: Callable[[], float]) -> bool:
        """Say whether the deadline has passed, ``waited`` attended seconds after it was first seen (``Attended``).

        ``spent()`` is the worker's processor time by now.
        """
        if self.phase is Phase.IDLE or waited <= self.allowed:
            return False
        return waited > WALL * self.allowed or spent() > self.spent + self.allowed


class Marker:
    """The shared bytes, from either side; ``descriptor`` is inherited by the worker."""

    def __init__(self, descriptor: int | None = None) -> None:
        self.descriptor = os.memfd_create("marker") if descriptor is None else descriptor
        if descriptor is None:
            os.ftruncate(self.descriptor, SIZE + meter.LAYOUT.size)
        self._shared = mmap.mmap(self.descriptor, SIZE + meter.LAYOUT.size)
        self._looked = self._spent = 0.0
        """When the process was last asked for its processor time (a call of the kernel), and what it was."""
        self.meter = meter.Meter(self._shared, SIZE)

    def set(self, item: bytes, phase: Phase, allowed: float) -> None:
        """Say what is being done, and how many seconds it may take from now."""
        now = time.monotonic()
        if now - self._looked >= TICK:
            self._looked, self._spent = now, time.process_time()
        self._write(item, phase, now, self._spent, allowed)

    def _write(self, item: bytes, phase: Phase, since: float, spent: float, allowed: float) -> None:
        said = SAID.pack(item, phase, since, spent, allowed)
        self._shared[:SIZE] = said + SUM.pack(crc32(said))

    def idle(self) -> None:
        """Say that nothing is being done: no deadline runs."""
        self._write(bytes(16), Phase.IDLE, 0.0, 0.0, 0.0)

    def renew(self) -> None:
        """Begin the deadline that runs anew: what is being done has got further."""
        before = self.get()
        if before.phase is not Phase.IDLE:
            self.set(before.item, before.phase, before.allowed)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let no deadline run for a while, then go on with the one that ran, from its beginning."""
        before = self.get()
        self.idle()
        yield
        if before.phase is not Phase.IDLE:
            self.set(before.item, before.phase, before.allowed)

    def get(self) -> Mark:
        """Return what was said last; what stays half-written, or is wrong, reads as idle."""
        for _ in range(LOOKS):
            found = self._shared[:SIZE]
            if SUM.unpack_from(found, SAID.size)[0] == crc32(found[: SAID.size]):
                item, phase, *times = SAID.unpack_from(found)
                return Mark(item, Phase(phase) if phase in KNOWN else Phase.IDLE, *times)
        return Mark(bytes(16), Phase.IDLE, 0.0, 0.0, 0.0)

    def close(self) -> None:
        """Give the bytes back."""
        self._shared.close()
        os.close(self.descriptor)


def mark_of(job: int) -> bytes:
    """Return what stands for an item in the mark of a job that is about none."""
    return b"job" + job.to_bytes(13, "big")


def processor_time(pid: int) -> float:
    """Return the seconds of processor time a process has used, all threads; 0.0 when it is gone.

    Source: proc_pid_stat(5), fields 14 and 15.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS
