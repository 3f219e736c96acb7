"""Append-only pack files: ``pack-000001.pack`` and on, each object written once, one after another.

A pack begins with ``MAGIC``; each object is a 44-byte head (mark, SHA-256, size) and its frames, or several small ones
are a head that lists them and one frame, so that a pack can be read without the database. What lies behind the last
object that the database knows never happened and is cut off when the case is opened for writing.
"""

import os
import struct
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import msgspec

from actionday.model import Damaged
from actionday.storage.objects.frames import FRAME_BYTES, ObjectStream, decompress
from actionday.storage.own_names import PACK, own_files
from actionday.storage.readable import NotReadable

MAGIC = b"ADPACK1\n"
HEAD = struct.Struct("<4s32sQ")
MARK = b"OBJ1"
BUNDLE = struct.Struct("<4sI")
"""Mark and number of the objects that share a frame; then follows MEMBER for each, in their order."""
BUNDLE_MARK = b"OBJS"
MEMBER = struct.Struct("<32sQ")
FRAMES_KEPT = 32
"""Unpacked frames of bundles kept by a reader: what is read in the order of storing is unpacked once."""
HELD_EACH_TIME = 4 << 20
"""Objects up to this size are held against their SHA-256 at every look: 10 ms at most."""
HELD_KEPT = 4096
"""Larger objects of which a reader remembers that it held them: 300 MB take a second, and every page asks."""
SETTLED_SECONDS = 5.0
"""Only of a pack that was not written to for so long: file systems tell times of change to the second, or to two."""
PACK_BYTES = 1 << 30
"""A new pack begins behind this size: copies and checks go by file, and 1 GiB is a comfortable piece."""


ODD = "its row in case.db holds values that no case has"
FARTHEST = 1 << 62
"""Further than a file reaches."""
Lengths = tuple[Annotated[int, msgspec.Meta(ge=0, lt=FARTHEST)], ...]


class Location(msgspec.Struct, frozen=True, array_like=True):
    """Where an object lies: ``start`` is the offset of its first frame; ``frames`` their stored lengths.

    ``skip``: unpacked bytes of others before it in the frame that they share.
    """

    pack: int
    start: int
    size: int
    frames: tuple[int, ...]
    skip: int = 0

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Location":
        """Return the location in the columns pack, start, size, frames, skip of a row of ``objects``.

        Raises Damaged for values that no case has: nobody is to look for them on the disk.
        """
        pack, start, size, frames, skip = row
        for number in (pack, start, size, skip):
            if type(number) is not int or not 0 <= number < FARTHEST:
                raise Damaged(ODD)
        try:
            return cls(pack, start, size, msgspec.msgpack.decode(frames, type=Lengths), skip)
        except (msgspec.MsgspecError, TypeError) as error:
            raise Damaged(ODD) from error

    @property
    def stored(self) -> int:
        """Bytes on disk, without the head."""
        return sum(self.frames)

    @property
    def end(self) -> int:
        """Offset behind the last frame."""
        return self.start + self.stored


class Packs:
    """The packs of one case. One writer; any number of readers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._readers: dict[int, BinaryIO] = {}
        self._unpacked: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._held: OrderedDict[tuple[object, ...], None] = OrderedDict()
        self._out: BinaryIO | None = None
        self._number, self._at = 0, 0

    def path(self, pack: int) -> Path:
        """Return the file of pack number ``pack``."""
        return self._folder / f"pack-{pack:06d}.pack"

    def begin(self, ends: Mapping[int, int]) -> int:
        """Make ready for writing: cut every pack to the end the database knows; return the bytes cut off."""
        self._folder.mkdir(exist_ok=True)
        lost = 0
        for file in own_files(self._folder, PACK):
            number = int(file.stem.partition("-")[2])
            lost += self._cut(file, ends.get(number, 0))
        self._number = max(ends, default=0)
        self._at = PACK_BYTES if self._number == 0 else ends[self._number]
        return lost

    def _cut(self, file: Path, end: int) -> int:
        surplus = file.stat().st_size - end
        if end == 0:
            file.unlink()
        elif surplus > 0:
            os.truncate(file, end)
        return max(0, surplus)

    def put(self, sha256: bytes, size: int, frames: Sequence[bytes]) -> Location:
        """Append an object, not yet durable: ``flush`` makes it so."""
        out = self._writer()
        out.write(HEAD.pack(MARK, sha256, size))
        for frame in frames:
            out.write(frame)
        location = Location(self._number, self._at + HEAD.size, size, tuple(map(len, frames)))
        self._at = location.end
        return location

    def put_together(self, members: Sequence[tuple[bytes, int]], frame: bytes) -> list[Location]:
        """Append objects that share a frame, given by SHA-256 and size; not yet durable."""
        out = self._writer()
        out.write(BUNDLE.pack(BUNDLE_MARK, len(members)))
        out.write(b"".join(MEMBER.pack(*each) for each in members))
        start = self._at + BUNDLE.size + len(members) * MEMBER.size
        out.write(frame)
        self._at = start + len(frame)
        skips = accumulate((size for _, size in members), initial=0)
        return [
            Location(self._number, start, size, (len(frame),), skip)
            for (_, size), skip in zip(members, skips, strict=False)
        ]

    def _writer(self) -> BinaryIO:
        if self._out is None or self._at >= PACK_BYTES:
            self.flush()
            if self._at >= PACK_BYTES:
                self._number, self._at = self._number + 1, len(MAGIC)
                self.path(self._number).write_bytes(MAGIC)
            if self._out is not None:
                self._out.close()
            self._out = self.path(self._number).open("r+b", buffering=1 << 20)
            self._out.seek(self._at)
        return self._out

    def adopt(self, file: Path, sha256: bytes, size: int, frames: Sequence[int]) -> Location:
        """Make a pack of its own of ``file``, which holds ``MAGIC``, a head and the frames; nothing is copied."""
        self.flush()
        number = self._number + 1
        with file.open("r+b") as out:
            out.seek(len(MAGIC))
            out.write(HEAD.pack(MARK, sha256, size))
            out.flush()
            os.fsync(out.fileno())
        file.rename(self.path(number))
        if self._out is not None:
            self._out.close()
            self._out = None
        self._number, self._at = number, PACK_BYTES
        return Location(number, len(MAGIC) + HEAD.size, size, tuple(frames))

    def flush(self) -> None:
        """Make everything put so far durable."""
        if self._out is not None:
            self._out.flush()
            os.fsync(self._out.fileno())
        if self._folder.exists():
            descriptor = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def visible(self, location: Location) -> None:
        """Make an object readable by others that open its pack."""
        if self._out is not None and location.pack == self._number:
            self._out.flush()

    def stream(self, location: Location) -> ObjectStream:
        """Return a seekable stream over a stored object. Raises OSError when its pack is gone.

        Raises NotReadable where this account may not read it.
        """
        self.visible(location)
        reader = self._readers.get(location.pack)
        if reader is None:
            reader = self._readers[location.pack] = self._reader(location.pack)
        first = self._shared(reader, location) if location.skip or self._known(location) else None
        return ObjectStream(
            reader, location.start, location.size, list(location.frames), location.skip, first
        )

    def pieces(self, expected: bytes, location: Location) -> Iterator[bytes]:
        """Yield a stored object in pieces, the last one only where all of them have the SHA-256 ``expected``.

        Raises as ``stream`` and Damaged: a frame has no checksum of its own, so that an altered one may unpack.
        """
        stream, total, last = self.stream(location), sha256(), b""
        while piece := stream.read(FRAME_BYTES):
            if last:
                yield last
            total.update(piece)
            last = piece
        if total.digest() != expected:
            raise Damaged(
                f"stored object {expected.hex()} has the SHA-256 {total.hexdigest()}: it was altered"
            )
        if last:
            yield last

    def whole(self, expected: bytes, location: Location) -> bytes:
        """Return a stored object, which has the SHA-256 ``expected``. Raises as ``pieces``."""
        return b"".join(self.pieces(expected, location))

    def hold(self, expected: bytes, location: Location) -> None:
        """Check that a stored object has the SHA-256 ``expected``; a large one once, until its pack is written to.

        Raises as ``pieces``.
        """
        self.stream(location)  # opens the pack
        facts = os.fstat(self._readers[location.pack].fileno())
        asked = (expected, location, facts.st_ino, facts.st_size, facts.st_ctime_ns)
        if asked in self._held:
            return
        for _ in self.pieces(expected, location):
            pass
        if location.size > HELD_EACH_TIME and time.time() - facts.st_ctime > SETTLED_SECONDS:
            self._held[asked] = None
            if len(self._held) > HELD_KEPT:
                self._held.popitem(last=False)

    def _reader(self, pack: int) -> BinaryIO:
        try:
            return self.path(pack).open("rb")
        except PermissionError as error:
            raise NotReadable(self.path(pack)) from error

    def _known(self, location: Location) -> bool:
        return (location.pack, location.start) in self._unpacked

    def _shared(self, reader: BinaryIO, location: Location) -> bytes:
        """Return the frame that an object shares with others. Raises Damaged."""
        key = (location.pack, location.start)
        if key not in self._unpacked:
            reader.seek(location.start)
            self._unpacked[key] = decompress(reader.read(location.stored))
            if len(self._unpacked) > FRAMES_KEPT:
                self._unpacked.popitem(last=False)
        return self._unpacked[key]

    def close(self) -> None:
        """Close every file; what was not flushed may be lost."""
        for file in (self._out, *self._readers.values()):
            if file is not None:
                file.close()
        self._out, self._readers = None, {}
