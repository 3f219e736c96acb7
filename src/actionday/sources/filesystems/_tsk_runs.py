"""Runs: byte ranges of the stream in the order of the file, holes as ``(-1, length)``. Standard library only."""

from collections.abc import Iterator

Run = tuple[int, int]
MOST = 1 << 20
"""Runs of one file; a list this long is 20 MB and no file system we saw comes near it."""


class BadMap(ValueError):
    """Where a file's bytes lie is told in a way that cannot be right; says how."""


class Runs:
    """Collects runs in ascending file order, joins neighbours, fills what was left out with holes."""

    def __init__(self) -> None:
        self.list: list[Run] = []
        self.end = 0
        """Bytes of the file told so far."""

    def add(self, at: int, offset: int, length: int) -> None:
        """Add ``length`` bytes of the file from ``at`` on, lying at ``offset`` (-1: a hole).

        Raises BadMap when ``at`` lies before what was told already.
        """
        if at < self.end:
            raise BadMap(f"byte {at} of the file is told twice or out of order")
        if at > self.end:
            self._put(-1, at - self.end)
        self._put(offset, length)

    def _put(self, offset: int, length: int) -> None:
        self.end += length
        if self.list:
            last, size = self.list[-1]
            if (offset < 0 and last < 0) or (offset >= 0 and last >= 0 and last + size == offset):
                self.list[-1] = (last, size + length)
                return
        if len(self.list) >= MOST:
            raise BadMap(f"more than {MOST} pieces")
        self.list.append((offset, length))

    def cut(self, size: int, initialised: int | None = None) -> list[Run]:
        """Return the runs of exactly ``size`` bytes; beyond ``initialised`` bytes and the last run: holes."""
        limit = size if initialised is None else min(size, initialised)
        kept: list[Run] = []
        left = limit
        for offset, length in self.list:
            if left <= 0:
                break
            kept.append((offset, min(length, left)))
            left -= length
        told = min(limit, self.end)
        if size > told:
            hole = size - told
            if kept and kept[-1][0] < 0:
                hole += kept.pop()[1]
            kept.append((-1, hole))
        return kept

    def behind(self, size: int, unit: int) -> list[Run]:
        """Return where bytes are stored that are told behind ``size``, from that very byte on.

        Nothing where they do not go beyond the unit of ``unit`` bytes in which ``size`` lies.
        """
        last = -(-size // unit) * unit
        if self.end <= last or not any(offset >= 0 for offset, _ in self._from(last)):
            return []
        return [(offset, length) for offset, length in self._from(size) if offset >= 0]

    def _from(self, start: int) -> Iterator[Run]:
        at = 0
        for offset, length in self.list:
            skip = min(length, max(0, start - at))
            if length > skip:
                yield offset + skip if offset >= 0 else -1, length - skip
            at += length
