"""The worker's side of the conversation with the file-system companion: entries in, items out."""

import json
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import RawIOBase
from typing import Any, BinaryIO, NamedTuple, cast

from actionday.model import Context, Damaged, Found, Kind, Note, Status, Stream, TimedOut, Unsupported
from actionday.model.streams import Piecewise
from actionday.model.unopened import never_opened, not_followed
from actionday.sources.filesystems._names import shown
from actionday.sources.filesystems._times import moment
from actionday.sources.filesystems._tsk_protocol import NTFS_UNIT, PIECE, PLACE, RANGE, Closed, Say, Wire
from actionday.sources.volumes._ends import lacks

TIMES = ("atime", "ctime", "created")
PATIENCE = 2
"""Base deadlines waited for an answer: less than the pipeline waits for the next item."""
MOST_ENDS = 12
"""Companions started for one file system: one, one that tells where it is, and ten for what has to be avoided."""
MOST_BYTES = 8 << 20
"""Bytes the companion may ask for at once; it asks for a MiB."""


class Again(NamedTuple):
    """Where another companion goes on: entries told before, places it must not touch."""

    skip: int
    avoid: list[list[int]]


class Ended(Damaged):
    """The companion ended by itself."""


class Companion:
    """One companion process, over one file system in ``stream``."""

    def __init__(self, stream: Stream, around: Context, kind: str, again: "Again | None" = None) -> None:
        """Open the file system, ``again`` where another companion ended.

        Raises Unsupported where there is no companion, Damaged when it cannot open the file system.
        """
        link = around.companion()
        if link is None:
            raise Unsupported(f"{kind}: the file-system companion cannot be started here")
        link.settimeout(around.limits.seconds(0) * PATIENCE)
        self.wire, self.stream, self.kind = Wire(link), stream, kind
        self._ahead: deque[tuple[Say, bytes]] = deque()
        self.at: list[int] = []
        """Where the companion said last that it is: inode, and names taken of it if it is a directory, else -1.
        It does so only when opened again."""
        told = json.loads(self._open(again))
        self.meta: Mapping[str, Any] = told["meta"]
        self.notes = [(str(code), str(reason)) for code, reason in told["notes"]]
        self._send(Say.NEXT, b"")

    def _open(self, again: "Again | None") -> bytes:
        offer = getattr(self.stream, "descriptor", None)
        where: tuple[int, int] | None = offer() if offer is not None else None
        base = where[1] if where else 0
        asked = {"size": self.stream.size, "base": base, "format": self.kind, "again": again}
        return self._ask(Say.OPEN, json.dumps(asked).encode(), Say.OPENED, where[0] if where else None)

    def batch(self) -> dict[str, Any]:
        """Return the next entries and notes; what is still to come. Raises Damaged or TimedOut.

        The one after it is asked for at once, so that the companion works while this process does.
        """
        told = cast("dict[str, Any]", json.loads(self._ask(None, b"", Say.BATCH)))
        if told["more"]:
            self._send(Say.NEXT, b"")
        return told

    def read(self, key: list[int], offset: int, length: int) -> bytes:
        """Return bytes of a file that has to be unpacked. Raises Damaged or TimedOut."""
        return self._ask(Say.READ, json.dumps([*key, offset, length]).encode(), Say.DATA)

    def close(self) -> None:
        """Hang up; the companion ends."""
        self.wire.link.close()

    def _send(self, kind: Say, body: bytes) -> None:
        """Send without waiting; a companion that ended is noticed by whoever waits for its answer."""
        with suppress(ConnectionError, BrokenPipeError):
            self.wire.send(kind, body)

    def _ask(self, kind: Say | None, body: bytes, wanted: Say, handle: int | None = None) -> bytes:
        try:
            if kind is not None:
                self.wire.send(kind, body, handle)
            return self._answer(wanted)
        except TimeoutError as error:
            raise TimedOut(f"{self.kind}: the file system gave no answer in time") from error
        except (Closed, ConnectionError, BrokenPipeError) as error:
            raise Ended(f"{self.kind}: the file-system reader ended while it read this volume") from error

    def _answer(self, wanted: Say) -> bytes:
        while True:
            waiting = wanted is Say.BATCH and self._ahead
            kind, body = self._ahead.popleft() if waiting else self.wire.receive()
            if kind is wanted:
                return body
            if kind is Say.WANT:
                self._give(*RANGE.unpack(body))
            elif kind is Say.AT:
                self.at = list(PLACE.unpack(body))
            elif wanted is Say.DATA and _about_names(kind, body):
                self._ahead.append((kind, body))
            elif kind is Say.ERROR:
                raise Damaged(f"{self.kind}: {json.loads(body)['reason']}")
            else:
                raise Damaged(f"{self.kind}: the file-system reader answered out of turn")

    def _give(self, offset: int, length: int) -> None:
        try:
            self.stream.seek(offset)
            self.wire.send(Say.BYTES, self.stream.read(min(length, MOST_BYTES)))
        except TimeoutError:
            raise
        except (Damaged, OSError, EOFError) as error:
            self.wire.send(Say.FAILED, str(error).encode())


def _about_names(kind: Say, body: bytes) -> bool:
    """Say whether a frame answers the question for names, which is always open."""
    return kind is Say.BATCH or (kind is Say.ERROR and json.loads(body).get("to") == Say.NEXT)


class _Unpacked(Piecewise, RawIOBase):
    """The content of one file, read through the companion from anywhere on."""

    def __init__(self, companion: Companion, key: list[int], size: int) -> None:
        super().__init__(size)
        self._companion, self._key = companion, key
        self._unit = int(companion.meta["block"]) * NTFS_UNIT if companion.kind == "ntfs" else 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def piece(self, offset: int, length: int) -> bytes:
        """Return bytes of it, none behind what is there. Raises Damaged or TimedOut."""
        return self._companion.read(self._key, offset, min(length, PIECE))

    def lost_until(self, at: int) -> int:
        """Return the end of the compression unit of byte ``at``; where nothing tells of units, of the file."""
        return at - at % self._unit + self._unit if self._unit else self.size


class _Opening:
    """Opens it, as often as it is asked: of what cannot be had, what stands behind is read by another."""

    anywhere = True

    def __init__(self, companion: Companion, key: list[int], size: int) -> None:
        self._of = companion, key, size

    def __call__(self) -> BinaryIO:
        return cast("BinaryIO", _Unpacked(*self._of))


def listed(stream: Stream, around: Context, kind: str) -> Iterator[Found]:
    """Yield what the sleuthkit lists in ``stream``; ``kind`` is a key of the companion's formats.

    Where the sleuthkit ends its process, another one goes on behind, tells what it is at, and avoids it the next
    time. Raises Damaged, TimedOut or Unsupported; what was yielded before stays.
    """
    told, avoid, last = 0, list[list[int]](), Ended("")
    for attempt in range(MOST_ENDS):
        companion = Companion(stream, around, kind, Again(told, avoid) if attempt else None)
        try:
            if not attempt:
                _introduce(companion, around)
            for found in _batches(companion, around):
                told += 1
                yield found
            return
        except Ended as error:
            if companion.at in avoid:
                raise
            if companion.at:
                avoid.append(companion.at)
                around.note("crash", f"{kind}: the sleuthkit ended at inode {companion.at[0]}: passed over")
            last = error
        finally:
            companion.close()
    raise last


def _introduce(companion: Companion, around: Context) -> None:
    around.acquired({companion.kind: dict(companion.meta)})
    lacks(int(companion.meta.get("told", 0)), companion.stream.size, around)
    for code, reason in companion.notes:
        around.note(code, f"{companion.kind}: {reason}")


def _batches(companion: Companion, around: Context) -> Iterator[Found]:
    """Yield what the companion tells. Raises Damaged at the end where the root could not be read whole."""
    more, ended = "names", ""
    while more:
        try:
            told = companion.batch()
        except (TimedOut, Ended) as error:
            if more != "orphans":
                raise
            around.note("orphans", f"{error}: files without a name were not looked for to the end")
            break
        for code, reason, path in told["notes"]:
            around.note(code, f"{companion.kind}: {reason}", shown(path)[0])
        yield from (_found(companion, entry) for entry in told["entries"])
        more, ended = told["more"], told["ended"]
    if ended:
        raise Damaged(f"{companion.kind}: the root directory: {ended}")


def _found(companion: Companion, entry: list[Any]) -> Found:
    path, kind, place, size, mtime, runs, key, status, reason, meta, notes = entry
    name, raw = shown(path)
    time, meta = _times(mtime, meta)
    read = None if key is None else _Opening(companion, key, size)
    return Found(
        name=name,
        kind=Kind(kind),
        place=place,
        raw=raw,
        size=size,
        mtime=time,
        status=Status(status) if status else None,
        reason=_why(kind, status, reason),
        runs=None if runs is None else tuple((at, length) for at, length in runs),
        read=read,
        meta=meta,
        notes=tuple(Note(code, why) for code, why in notes),
    )


def _why(kind: str, status: str | None, reason: str) -> str:
    """Return the reason of an entry: of what has no content the companion, without words of ours, says the kind."""
    if status == Status.UNSUPPORTED and kind == Kind.SYMLINK:
        return not_followed(reason)
    return never_opened(reason) if status == Status.UNSUPPORTED and kind == Kind.SPECIAL else reason


def _times(mtime: int | None, meta: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    if "target" in meta:
        meta["target"] = shown(meta["target"])[0]
    for key in TIMES:
        if key in meta:
            meta[key] = moment(meta[key]) or meta[key]
    time = None if mtime is None else moment(mtime)
    if mtime is not None and time is None:
        meta["mtime_raw"] = mtime
    return time, meta
