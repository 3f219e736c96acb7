"""A compressed stream as a container: the members of the tar in it, or one member without the suffix.

Source: the GNU gzip manual, section 1 (``x.gz`` becomes ``x``, ``x.tgz`` becomes ``x.tar``), kept by all others.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import BinaryIO, cast

from actionday.model import Claim, Context, Found, ItemError, Kind, Loss, Peek, Stream
from actionday.model.counted import counted
from actionday.model.times import rfc3339
from actionday.sources.archives._careful import Units, carefully
from actionday.sources.archives._leftover import BEHIND, BETWEEN, LEAST, left_over
from actionday.sources.archives._resumed import resumed
from actionday.sources.archives._streams import Aside, Behind, Body, Notes, Window
from actionday.sources.archives._tape import Unpacked
from actionday.sources.archives._tarheader import RECORD, ZEROS, header
from actionday.sources.archives._tarwalk import Walk
from actionday.sources.archives._zstd import SKIPPED

Decoder = Callable[[Stream, Notes, Behind], Iterator[bytes]]
Telling = Callable[[Stream, Notes, Behind, Aside], Iterator[bytes]]
"""Yields what a compressed stream holds, from its position on; tells where it ends before the bytes do.

One that is ``Telling`` tells what stands beside the content, too."""
MOST_BESIDE = 1000
"""Comments, names and skipped frames that are items: one each in what tools write."""
SMALL, FEW, MOST_SMALL = 64, 20, 100_000
"""Bytes below which a skippable frame is small; so many small ones are an item each; more are one item together."""
UNCLAIMED = "unclaimed"
"""A remark: bytes that belong to no content; they are an item of their own."""
MOST_MEASURED = 256 << 20
"""Bytes unpacked only to find where a content ends that nobody read."""

Facts = Callable[[bytes], tuple[int | None, Mapping[str, object]]]
"""Returns the time in seconds and other facts that the first bytes of a compressed stream tell."""


class _Told:
    """What a decoder told: where contents end, and what stands beside them, each once."""

    def __init__(self) -> None:
        self.ends: dict[int, int] = {}  # begin and length of what is none of a content
        self._beside: dict[int, tuple[str, int]] = {}
        self._small: dict[int, int] = {}  # skippable frames, begin and length
        self._more, self._counted = 0, -1

    def aside(self, name: str, start: int, length: int) -> None:
        """Take in what stands beside a content."""
        small = length < SMALL and name == SKIPPED
        if length < (1 if small else LEAST) or start in self._beside or start in self._small:
            return
        if small and len(self._small) < MOST_SMALL:
            self._small[start] = length
        elif not small and len(self._beside) < MOST_BESIDE:
            self._beside[start] = name, length
        elif start > self._counted:  # a content may be read more than once
            self._more, self._counted = self._more + 1, start

    def beside(self, around: Context, what: str) -> Iterator[Found]:
        """Yield what stands beside contents, with a line in the issue log."""
        few = len(self._small) <= FEW
        own = {at: (SKIPPED, length) for at, length in self._small.items() if few and length >= LEAST}
        for start, (name, length) in sorted((self._beside | own).items()):
            around.note(
                UNCLAIMED,
                f"{what}: {name} of {counted(length, 'byte')} at byte {start}: an item of its own",
            )
            yield Found(name=f"{name} @{start}", kind=Kind.MEMBER, place=f"+{start}", size=length,
                        runs=((start, length),), meta={"offset": start})  # fmt: skip
        together = {at: length for at, length in self._small.items() if at not in own}
        if (size := sum(together.values())) >= LEAST:
            start, frames = min(together), counted(len(together), f"small {SKIPPED}")
            around.note(
                UNCLAIMED, f"{what}: {frames} with {counted(size, 'byte')} together: an item of their own"
            )
            yield Found(name=f"{SKIPPED}s @{start}", kind=Kind.MEMBER, place=f"+{start}", size=size,
                        runs=tuple(sorted(together.items())), meta={"offset": start})  # fmt: skip
        if self._more:
            around.note(
                Loss.PARTS_LIMIT, f"{what}: {self._more} further comments, names or frames are no items"
            )


class Compressed:
    """A source for one compression. ``suffixes`` maps each file name suffix to what replaces it."""

    sample: str

    def __init__(self, name: str, decoder: Decoder, magic: Callable[[bytes], bool], suffixes: Mapping[str, str],
                 facts: Facts | None = None, *, telling: Telling | None = None,
                 beginnings: Sequence[bytes] = (), again: re.Pattern[bytes] | None = None,
                 units: Units | None = None) -> None:  # fmt: skip
        """``telling`` decodes in the place of ``decoder``, where there is one; of ``beginnings``, where there are
        any, each content has one; ``again`` finds where a member may begin behind a damaged one, or ``units``
        goes through a damaged stream."""
        self._again, self._units = again, units
        self.marks = tuple((0, mark) for mark in beginnings)
        self.name, self.sample = name, f"kestrel.txt{next(iter(suffixes))}"
        self._telling = telling
        self._decoder, self._magic, self._suffixes, self._facts = decoder, magic, suffixes, facts

    def claims(self, peek: Peek) -> Claim:
        """Say MAGIC for the first bytes of the compression."""
        return Claim.MAGIC if self._magic(peek.head) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the members of the tar inside, else the one content; then what lies behind, which is none of it.

        A content is read anew for each reader, so that it may be read again later.
        """
        ends = _Told()
        first = self._content(stream, around, ends)
        if _is_tar(first.peek(RECORD), around.name):
            yield from Walk(Unpacked(first), around.note).members()
        else:
            yield from self._one(stream, around, ends, first)
        yield from ends.beside(around, self.name)
        for start, length in ends.ends.items():
            end = start + length
            yield from left_over(stream, start, end, BEHIND if end == stream.size else BETWEEN)

    def _one(self, stream: Stream, around: Context, ends: "_Told", first: Body) -> Iterator[Found]:
        head = Window(stream, 0, stream.size).read(_HEAD) if self._facts else b""
        seconds, meta = self._facts(head) if self._facts else (None, {})
        unread = [first]
        yield Found(
            name=self._stem(around.name), kind=Kind.MEMBER, place="0", meta=meta,
            mtime=None if seconds is None else rfc3339(seconds),
            read=lambda: cast("BinaryIO", unread.pop() if unread else self._content(stream, around, ends)),
        )  # fmt: skip
        if unread:  # an earlier run read it, and may have ended before it came to what lies behind
            with suppress(ItemError):
                unread.pop().skip(MOST_MEASURED)

    def _content(self, stream: Stream, around: Context, ends: "_Told") -> Body:
        def behind(start: int, length: int) -> None:
            ends.ends[start] = length
            last = start + length == stream.size
            around.note("trailing", f"{self.name}: {counted(length, 'byte')} from byte {start} on, "
                                    f"{'behind its end' if last else 'between what is sound'}")  # fmt: skip

        def decoding(window: Window, at: int, told: Behind = behind) -> Iterator[bytes]:
            def note(code: str, reason: str) -> None:
                around.note(code, f"{reason}; bytes counted from byte {at} on" if at else reason)

            def ended(start: int, length: int) -> None:
                told(at + start, length)

            if self._telling is None:
                return self._decoder(window, note, ended)
            return self._telling(
                window, note, ended, lambda name, start, size: ends.aside(name, at + start, size)
            )

        if self._units:
            return Body(carefully(decoding, stream, self._units, behind, ends.aside))
        if self._again:
            return Body(resumed(decoding, stream, self._again, behind))
        return Body(decoding(Window(stream, 0, stream.size), 0))

    def _stem(self, name: str) -> str:
        lower = name.lower()
        for suffix, instead in self._suffixes.items():
            if lower.endswith(suffix) and len(name) > len(suffix):
                return name[: -len(suffix)] + instead
        return name


_HEAD = 4096  # a gzip header with the longest file name


def _is_tar(block: bytes, name: str) -> bool:
    if block == ZEROS:
        return name.lower().endswith((".tgz", ".txz", ".tzst")) or ".tar." in name.lower()
    return len(block) == RECORD and (block[257:262] == b"ustar" or header(block) is not None)
