"""One command measured: wall time, processor time of its whole tree, and memory by kind of process."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

EVERY = 0.1
"""Seconds between two looks at the tree. A process's own peak is the kernel's, whenever one looks; only the
sum of all, and processes that live shorter than this, depend on it."""


class Used(NamedTuple):
    """What a command used. Bytes and seconds; ``peak`` and ``private`` are of the largest process of each kind.

    ``peak`` counts resident pages (VmHWM), files mapped by it among them; ``private`` only anonymous ones.
    ``together`` is the largest sum over all processes: pages they share are counted in each.
    """

    wall: float
    cpu: float
    code: int
    peak: dict[str, int]
    private: dict[str, int]
    together: int
    processes: int
    load: tuple[float, float]

    @property
    def highest(self) -> int:
        """Peak of the largest process of any kind."""
        return max(self.peak.values(), default=0)


class Tree:
    """The processes below one, looked at again and again."""

    def __init__(self, root: int) -> None:
        self._root = root
        self.peak: dict[str, int] = {}
        self.private: dict[str, int] = {}
        self.together = 0
        self.seen: set[int] = set()

    def look(self) -> None:
        """Take the memory of every process there is now."""
        total = 0
        for pid in below(self._root):
            facts = memory(pid)
            if facts is None:
                continue
            kind, peak, private, resident = facts
            self.seen.add(pid)
            self.peak[kind] = max(peak, self.peak.get(kind, 0))
            self.private[kind] = max(private, self.private.get(kind, 0))
            total += resident
        self.together = max(self.together, total)


def below(pid: int) -> list[int]:
    """Return ``pid`` and every process below it. Source: proc_pid_task_children(5)."""
    found, waiting = [], [pid]
    while waiting:
        found.append(each := waiting.pop())
        for path in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                waiting += map(int, path.read_text().split())
            except OSError:  # ended meanwhile
                continue
    return found


def memory(pid: int) -> tuple[str, int, int, int] | None:
    """Return kind, peak, private and resident bytes of a process; None when it is gone or has no memory."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    sizes = {
        name: int(value.split()[0]) * 1024
        for name, _, value in (line.partition(":") for line in status.splitlines())
        if name in ("VmHWM", "RssAnon", "VmRSS")
    }
    if len(sizes) < 3 or not words[0]:  # between fork and exec it is still its parent's memory
        return None
    return kind_of([os.fsdecode(word) for word in words]), sizes["VmHWM"], sizes["RssAnon"], sizes["VmRSS"]


def kind_of(words: Sequence[str]) -> str:
    """Return what kind of process a command line is: its module, script or program."""
    program = os.path.basename(words[0])  # noqa: PTH119 - "" stays ""
    if not program.startswith("python") or len(words) < 2:
        return program.partition(":")[0]
    if "-m" in words[:-1]:
        module = words[words.index("-m") + 1].rpartition(".")[2]
        return (
            "worker" if module == "forkserver" else module
        )  # all but one are workers, under its command line
    script = next((word for word in words[1:] if not word.startswith("-")), program)
    return Path(script).name


def measured(
    command: Sequence[object],
    cores: int,
    *,
    out: Path | None = None,
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
    deadline: float | None = None,
) -> Used:
    """Run a command on ``cores`` cores and return what it used; ``out`` takes what it says, both streams.

    Raises TimeoutExpired after ``deadline`` seconds; the command's whole tree is ended then.
    """
    before, begun = os.getloadavg()[0], time.perf_counter()
    with open(out or os.devnull, "wb") as said:  # noqa: PTH123 - os.devnull is no Path
        process = subprocess.Popen(
            [*map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={**os.environ, **(env or {})},
            preexec_fn=pinned(cores),
        )
        tree = Tree(process.pid)
        watch = _Watch(tree, None if deadline is None else begun + deadline)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        watch.stop()
    process.returncode = code = os.waitstatus_to_exitcode(status)
    if watch.expired:
        raise subprocess.TimeoutExpired([*map(str, command)], deadline or 0.0)
    cpu, load = usage.ru_utime + usage.ru_stime, (round(before, 2), round(os.getloadavg()[0], 2))
    return Used(wall, cpu, code, tree.peak, tree.private, tree.together, len(tree.seen), load)


def pinned(cores: int) -> Callable[[], None]:
    """Return what binds a process to the first ``cores`` of the cores there are. Raises ValueError: too few."""
    there = sorted(os.sched_getaffinity(0))
    if cores > len(there):
        raise ValueError(f"{cores} cores asked for, {len(there)} there")
    return lambda: os.sched_setaffinity(0, there[:cores])


class _Watch(threading.Thread):
    """Looks at a tree until told to stop, or until its time is over."""

    def __init__(self, tree: Tree, until: float | None) -> None:
        super().__init__(daemon=True)
        self._tree, self._until, self._over = tree, until, threading.Event()
        self.expired = False

    def run(self) -> None:
        """Look, wait, look again."""
        while not self._over.wait(EVERY):
            self._tree.look()
            if self._until is not None and time.perf_counter() > self._until and not self.expired:
                self.expired = True
                self._end()

    def _end(self) -> None:
        for pid in reversed(below(self._tree._root)):
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                continue

    def stop(self) -> None:
        """Stop looking."""
        self._over.set()
        self.join()


def warm(path: Path) -> None:
    """Read a file once, so that every tool finds it in the page cache."""
    with path.open("rb") as file:
        while file.read(16 << 20):
            continue
