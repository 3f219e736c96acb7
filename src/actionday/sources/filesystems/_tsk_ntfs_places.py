"""Where the bytes of an NTFS file table lie: its runs, in which one place is found in the time of a bisection.

Source: the Linux-NTFS project's "NTFS Documentation", $MFT, $ATTRIBUTE_LIST. Standard library only.

The table of a volume that was used for years lies in thousands of pieces, and is asked about each of its records.
"""

from bisect import bisect_right

from actionday.sources.filesystems._tsk_runs import BadMap, Run


class Places:
    """Runs in the order of the table; holes as ``(-1, length)``."""

    def __init__(self, runs: list[Run]) -> None:
        self.runs = runs
        self._starts: list[int] = []
        self.grown()

    def grown(self) -> None:
        """Take in runs that were added to the list since, or by which its last one became longer."""
        at = self._starts[-1] + self.runs[len(self._starts) - 1][1] if self._starts else 0
        for _, length in self.runs[len(self._starts) :]:
            self._starts.append(at)
            at += length

    def find(self, at: int) -> int:
        """Return where byte ``at`` of the table lies. Raises BadMap for one of which nothing is told."""
        number = bisect_right(self._starts, at) - 1
        if number >= 0:
            offset, length = self.runs[number]
            within = at - self._starts[number]
            if offset >= 0 and within < length:
                return offset + within
        raise BadMap("the record lies outside the file table")
