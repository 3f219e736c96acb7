"""The process the sleuthkit lives in: locked like a worker, talking to one worker alone. Run as a module."""

import sys

from actionday.pipeline.sandbox import lock, tie
from actionday.sources.filesystems import _tsk_process


def main(connection: int, memory: int, *, tied: bool) -> None:
    """Serve the worker at the other end of the descriptor ``connection`` until it hangs up."""
    if tied:
        tie()

    def closed() -> None:
        lock(memory)

    _tsk_process.main(connection, closed)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), tied=sys.argv[3] == "tied")
