"""How much memory a running command and the processes it starts take."""

import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

LOOKS = 0.05
MIB = 1 << 20


class Peaks:
    """The highest memory of its own (not shared with files) that any process of a command had at a look."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.most: dict[str, int] = {}
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while self._process.poll() is None:
            self._note("main", self._process.pid)
            for child in _below(self._process.pid):
                self._note("worker", child)
            time.sleep(LOOKS)

    def _note(self, name: str, pid: int) -> None:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return
        kilobytes = [int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon:")]
        self.most[name] = max(self.most.get(name, 0), *(each << 10 for each in kilobytes or [0]))

    def highest(self) -> int:
        """Return the bytes of the process that had most."""
        self._thread.join()
        return max(self.most.values())


def _below(pid: int) -> Iterator[int]:
    """Yield every process that one has started, and that those have: workers are started by another for it."""
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                yield child
                yield from _below(child)
    except OSError:
        return
