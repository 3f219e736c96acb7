"""The pages of an SQLite database as they stand now: those of its write-ahead log over those of the file.

Source: SQLite, "Database File Format": 1.3 (header), 1.5 (freelist), 1.6 (b-tree pages), 4.1 to 4.3 (the log: frames,
checksums, commits).
"""

from collections.abc import Iterator
from struct import unpack, unpack_from

from actionday.model import Damaged, Stream
from actionday.model.streams import read_at

MAGIC = b"SQLite format 3\0"
HEADER = 100
FRAME, LOG_HEADER = 24, 32
_LOG = {b"7\x7f\x06\x82": "<", b"7\x7f\x06\x83": ">"}
KEPT = 512
"""Pages in memory: the upper levels of a tree, and chains near one another; 2 MiB of the usual size."""


class Pages:
    """Pages by number, from 1 on; each as long as is usable."""

    def __init__(self, stream: Stream, log: Stream | None) -> None:
        """Raises Damaged where the header is none."""
        head = read_at(stream, 0, HEADER)
        if len(head) < HEADER or not head.startswith(MAGIC):
            raise Damaged("sqlite: no header of a database")
        size = unpack_from(">H", head, 16)[0]
        self.size = 65536 if size == 1 else size
        self.usable = self.size - head[20]
        if self.size < 512 or self.size & (self.size - 1) or self.usable < 480:
            raise Damaged(f"sqlite: pages of {self.size} bytes cannot be")
        self._stream, self._log = stream, log
        self._held: dict[int, bytes] = {}
        self.frames: dict[int, int] = {}
        """Committed pages of the log, by number: byte of each in it."""
        self.older: list[tuple[int, int, str]] = []
        """Pages of the log that do not count: number, byte, why."""
        self.log_says = ""
        pages = -(-stream.size // self.size)
        if log is not None:
            pages = self._read_log(log) or pages
        self.count = pages
        first = self.page(1, whole=True)
        valid = unpack_from(">I", first, 24)[0] == unpack_from(">I", first, 92)[0]
        self.declared = unpack_from(">I", first, 28)[0] if valid else 0
        self.codec = {2: "utf-16-le", 3: "utf-16-be"}.get(unpack_from(">I", first, 56)[0], "utf-8")

    def page(self, number: int, *, whole: bool = False) -> bytes:
        """Return a page as it stands now; shorter where the file ends, empty beyond it."""
        found = self._held.get(number)
        if found is None:
            at = self.frames.get(number)
            found = (
                read_at(self._log, at, self.size)
                if at is not None and self._log is not None
                else read_at(self._stream, (number - 1) * self.size, self.size)
            )
            if len(self._held) >= KEPT:
                self._held.clear()
            self._held[number] = found
        return found if whole else found[: self.usable]

    def covered(self) -> Iterator[tuple[int, bytes, str]]:
        """Yield the older versions of pages: number, bytes, where each stands."""
        for number in sorted(self.frames):
            page = read_at(self._stream, (number - 1) * self.size, self.usable)
            if page and page != self.page(number):
                yield number, page, "in the file, replaced by the log"
        for number, at, why in self.older:
            if self._log is not None:
                yield number, read_at(self._log, at, self.usable), why

    def free(self) -> list[int]:
        """Return the pages of the freelist, the trunks too, none twice."""
        first = self.page(1, whole=True)
        trunk, found = unpack_from(">I", first, 32)[0], dict[int, None]()
        while 1 < trunk <= self.count and trunk not in found:
            found[trunk] = None
            page = self.page(trunk)
            if len(page) < 8:
                break
            following, many = unpack_from(">II", page)
            many = min(many, (len(page) - 8) // 4)
            for leaf in unpack_from(f">{many}I", page, 8):
                if 1 < leaf <= self.count:
                    found.setdefault(leaf, None)
            trunk = following
        return list(found)

    def _read_log(self, log: Stream) -> int:
        """Read which frames count; return how many pages the database has after the last commit, 0 where none."""
        head = read_at(log, 0, LOG_HEADER)
        order = _LOG.get(head[:4])
        if len(head) < LOG_HEADER or order is None:
            self.log_says = "its write-ahead log has no header" if log.size else ""
            return 0
        size, salt = unpack_from(">I", head, 8)[0], head[16:24]
        sums = checksum(order, head[:24], (0, 0))
        if size != self.size or sums != unpack(">II", head[24:32]):
            self.log_says = "its write-ahead log is that of another database, or its header is damaged"
            return 0
        pages, waiting, sound = 0, list[tuple[int, int]](), True
        for at in range(LOG_HEADER, log.size - FRAME - size + 1, FRAME + size):
            frame = read_at(log, at, FRAME + size)
            number, commit = unpack_from(">II", frame)
            if sound:
                sums = checksum(order, frame[FRAME:], checksum(order, frame[:8], sums))
                sound = frame[8:16] == salt and sums == unpack(">II", frame[16:24])
            if not sound:
                # what may be written again before its commit has zeros for salt and checksum until then
                round_of = "not committed" if frame[8:16] in (salt, bytes(8)) else "of an earlier round"
                self.older.append((number, at + FRAME, f"in the log, {round_of}"))
                continue
            waiting.append((number, at + FRAME))
            if commit:
                for page, place in waiting:
                    if page in self.frames:
                        self.older.append((page, self.frames[page], "in the log, committed and replaced"))
                    self.frames[page] = place
                pages, waiting = commit, []
        self.older += [(number, place, "in the log, not committed") for number, place in waiting]
        return pages


def checksum(order: str, data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    """Return the checksum of the log over ``data``, whose length is a multiple of 8. Source: 4.2."""
    first, second = sums
    words = unpack(f"{order}{len(data) // 4}I", data)
    for at in range(0, len(words), 2):
        first = (first + words[at] + second) & 0xFFFFFFFF
        second = (second + words[at + 1] + first) & 0xFFFFFFFF
    return first, second
