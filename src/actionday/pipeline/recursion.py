"""The one recursion: items that are containers are opened in turn, wherever they lie.

Small containers are gone through at once, within the job that met them; large ones, disks and volumes become jobs
of their own. Depth, ratio and totals are held here and nowhere else.
"""

from collections.abc import Callable
from functools import partial
from typing import BinaryIO

import msgspec

from actionday.detectors.filetype import identify_type
from actionday.model import Found, ItemError, Kind, Note, OverLimit, Status, Stream
from actionday.model.errors import Refused
from actionday.model.streams import RunStream
from actionday.pipeline.behind import NOT_LOOKED, Within, around, called, gapped, is_disk
from actionday.pipeline.budget import Budget
from actionday.pipeline.chains import Chains
from actionday.pipeline.examine import Examiner
from actionday.pipeline.known_files import KnownFiles
from actionday.pipeline.marker import Marker, Phase
from actionday.pipeline.messages import Chain, Kept, Large, Located, Opened, Room, Row, Scope, Slice
from actionday.pipeline.openers import binary
from actionday.pipeline.outcome import Verdicted, both, cut_short, stored, summed, with_told
from actionday.pipeline.output import Output
from actionday.pipeline.passage import Passage
from actionday.pipeline.peek import BytesPeek, StreamPeek
from actionday.pipeline.placing import joined, placed, row_of
from actionday.pipeline.reading import (
    PIECE_BYTES,
    Body,
    Frames,
    body_of,
    complete,
    pieces,
    small_body,
    small_hash,
)
from actionday.pipeline.streams import Held
from actionday.pipeline.visit import (
    WITHOUT_CONTENT,
    Visit,
    located,
    of_volume,
    refused,
    run_size,
    scope_within,  # fmt: skip
)

Reader = Callable[[], BinaryIO | Stream]
INLINE_BYTES = 16 << 20
"""A container up to this size is gone through within its job: a server has tens of thousands of small .gz, and
a job costs a round trip; a larger one is worth another worker."""


class Recursion:
    """Turns items with their bytes into rows, and opens those that are containers."""

    def __init__(
        self,
        chains: Chains,
        examiner: Examiner,
        output: Output,
        marker: Marker,
        send: Callable[[object], None],
        known: KnownFiles,
    ) -> None:
        self._chains, self._examiner, self._output = chains, examiner, output
        self._marker, self._limits, self._openers = marker, chains.limits, chains.openers
        self._send, self._job, self._known = send, 0, known
        self.passage = Passage(chains, output, marker)

    def begin(self, job: int) -> None:
        """Say under which number what follows is reported."""
        self._job = job

    def plain(
        self, visit: Visit, each: Located, item: bytes, status: str, reason: str, code: str = ""
    ) -> None:
        """Report an item of which no content is read; ``code``: of the error that says why, where there is one."""
        parent, path = placed(visit.scope, each)
        if reason and status in (Status.UNREADABLE, Status.QUARANTINED):
            self._output.issue(item, "read", path, Note(Refused.code_of(code, status), reason))
        self._output.row(row_of(item, parent, path, each, status=status, reason=reason))

    def examined(self, visit: Visit, each: Located, item: bytes, body: Body, *, streamed: bool) -> None:
        """Report an item whose content was read: as a container, as a document, or why not."""
        path = placed(visit.scope, each)[1]
        self._marker.set(item, Phase.EXAMINING, self._limits.seconds(body.size))
        for note in each.notes:
            self._output.issue(item, "list", path, note)
        if streamed and body.size:
            self._output.keep(body)
        each, good = self._known.judged(each, body)
        if good:
            self._unread(visit, each, item, body, Status.KNOWN_GOOD, good)
            return
        verdict = visit.skip.get(item)
        opener = None if verdict else self._claimed(each, body)
        if opener is None:
            self._document(visit, each, item, body, verdict.reason if verdict else "")
        elif (
            each.kind != Kind.MESSAGE and body.sha256 in visit.scope.ancestors
        ):  # a message file is its message
            self._refused(visit, each, item, body, OverLimit("contains itself"))
        elif visit.scope.depth >= self._limits.depth:
            self._refused(visit, each, item, body, OverLimit(f"nested more than {self._limits.depth} deep"))
        else:
            inner = scope_within(visit.scope, each, body, streamed=streamed)
            self._container(visit, each, item, body, opener, inner)

    def volume(self, visit: Visit, found: Found, item: bytes, room: Room | None, way: Chain = ()) -> None:
        """Report a volume: opened by a job of its own, or said why not. ``way`` leads to one that has no runs."""
        each = located(found)
        path = joined(visit.scope.path, each.name)
        for note in found.notes:
            self._output.issue(item, "list", path, note)
        if found.status is not None or not (way or found.runs is not None):
            self.plain(visit, each, item, found.status or Status.UNREADABLE, found.reason)
            return
        size = found.size or 0 if way else run_size(found.runs or ())
        row = row_of(item, visit.scope.item, path, each, status=Status.PARSED, reason="", opened=True)
        inner = of_volume(visit.scope, item, path, way or Slice(found.runs or (), size), room)
        self._output.opened(Opened(row, inner, "", each.name, size, waits=found.earlier))

    def exhibit(self, visit: Visit, each: Located, item: bytes, reader: Callable[[], Stream]) -> bool:
        """Report an exhibit that is a container, to be opened; return whether it is one.

        Its hashes come from a job that reads it whole beside the opening.
        """
        self._marker.set(item, Phase.READING, self._limits.seconds(0))
        stream = reader()
        peek = StreamPeek(each.name, Kind.EXHIBIT, stream)
        opener = self._openers.claimed(peek) if stream.size else None
        if opener is None or self._openers.beside(opener):
            return False  # a document is read as every other, and what lies beside its text opened from there
        if opener in self._openers.images and stream.size <= INLINE_BYTES and not binary(peek):
            return False  # a text with the mark of an image: read as every other, and opened from there if it is one
        for why in peek.gaps:
            self._output.issue(item, "open", "", Note("gap", why))
        row = row_of(item, None, "", each, status=Status.PARSED, reason="", opened=True)
        itself = small_hash(stream, INLINE_BYTES)
        inner = msgspec.structs.replace(visit.scope, item=item, path="", depth=1, ancestors=itself)
        mime = identify_type(peek.head, peek.tail, stream.size)
        self._output.opened(Opened(row, inner, opener, each.name, stream.size, mime))
        return True

    def _claimed(self, each: Located, body: Body) -> str | None:
        if body.size == 0:
            return None
        peek = BytesPeek(called(each), Kind(each.kind), body.data, body.size, body.tail)
        return self._openers.claimed(peek)

    def _document(self, visit: Visit, each: Located, item: bytes, body: Body, only_strings: str) -> None:
        path = placed(visit.scope, each)[1]
        found = self._examiner.content(body, each.kind, only_strings=only_strings)
        if body.error is not None:
            found.status, found.reason = body.error.status, cut_short(body, each)
            self._output.issue(item, "read", path, Note(body.error.code, found.reason))
        else:
            found.reason = each.reason if each.status else both(each.reason, found.reason)
            found.status = each.status or found.status
        if only_strings:
            self._output.issue(item, "parse", path, Note(Status.QUARANTINED, only_strings))
        for note in found.notes:
            self._output.issue(item, "parse", path, note)
        self._output.row(self._read(visit, each, item, body, found))

    def _refused(self, visit: Visit, each: Located, item: bytes, body: Body, error: ItemError) -> None:
        self._output.issue(item, "open", placed(visit.scope, each)[1], Note(error.code, str(error)))
        self._unread(visit, each, item, body, error.status, str(error))

    def _unread(self, visit: Visit, each: Located, item: bytes, body: Body, status: str, why: str) -> None:
        found = Verdicted(status, why, self._examiner.bare(body, each.kind), None, ())
        self._output.row(self._read(visit, each, item, body, found))

    def _read(
        self, visit: Visit, each: Located, item: bytes, body: Body, found: Verdicted, *, opened: bool = False
    ) -> Row:
        """Keep a content as it was read; return the row of its item, which names that reading."""
        parent, path = placed(visit.scope, each)
        reading = self._output.content(found.content, item, found.text, body.data)
        status, reason = found.status, found.reason
        row = row_of(item, parent, path, each, body=body, status=status, reason=reason, opened=opened)
        return msgspec.structs.replace(row, reading=reading)

    def _container(
        self, visit: Visit, each: Located, item: bytes, body: Body, opener: str, inner: Scope
    ) -> None:
        path, name = placed(visit.scope, each)[1], called(each)
        beside, bare = self._openers.beside(opener), self._openers.no_text_of_its_own(opener)
        found = self._examiner.text_of(body, each.kind, beside=beside, bare=bare)
        document = beside or found.content.parser is not None
        waits = self._openers.waits(opener, body.data)
        small = not waits and (document or body.size <= INLINE_BYTES)
        if not body.whole or body.disk or (not small and each.kind != Kind.MESSAGE):
            found = self._examiner.perhaps_image(found, body) if opener in self._openers.images else found
            self._log(found, each, item, path, beside=beside)
            if body.error is not None:
                found.status, found.reason = body.error.status, cut_short(body, each)
                self._output.issue(item, "read", path, Note(body.error.code, found.reason))
            else:
                found.status, found.reason = each.status or found.status, both(each.reason, found.reason)
            row = self._read(visit, each, item, body, found, opened=True)
            self._output.opened(Opened(row, inner, opener, name, body.reach, found.content.mime, waits))
            return
        budget = Budget(body.size, self._limits, visit.budget.left, visit.around)
        stream = Held(bytes(body.data))
        inside = Visit(inner, budget, visit.skip, True, budget)
        ended = self.passage.through(inside, opener, name, stream, self._inline(inside, opener, name, stream))
        if not ended.items and ended.status is not Status.PARSED:
            found = self._examiner.unopened(found, body)
        self._log(found, each, item, path, beside=beside)
        found.status, found.reason = summed(found, ended, body, each, self._openers.no_byte_left(opener))
        opened = not document or ended.items > 0
        self._output.row(self._read(visit, with_told(each, ended), item, body, found, opened=opened))

    def _log(self, found: Verdicted, each: Located, item: bytes, path: str, *, beside: bool) -> None:
        """Put what the document's parser said into the issue log.

        A message file is its message, whose own row says it all: beside the file stands what its reason says.
        """
        for note in found.notes:
            if beside or each.kind == Kind.MESSAGE or note.reason == found.reason:
                self._output.issue(item, "parse", path, note)

    def _inline(self, visit: Visit, opener: str, name: str, stream: Stream) -> Callable[[Found, bytes], None]:
        """Return what is done with each item of a small container: its content is read at once."""
        kept = False

        def each(found: Found, item: bytes) -> None:
            nonlocal kept
            if found.runs is not None and found.read is None and not kept:
                self._output.place(Kept(visit.scope, name, opener, stream.size))
                kept = True
            self.item(visit, found, item, stream)
            if self._output.full():  # what a small container holds may be large
                self._output.flush(self._job)

        return each

    def item(self, visit: Visit, found: Found, item: bytes, stream: Stream) -> None:
        """Read an item's content, from its reader or from the container's stream, and report it."""
        each = located(found)
        bare = found.kind in WITHOUT_CONTENT or found.status is Status.QUEUED
        if found.read is None and (bare or found.runs is None):
            self.plain(visit, each, item, found.status or Status.PARSED, found.reason)
            return
        runs = found.runs or ()
        if found.read is None and (reason := refused(visit, runs)):
            self.plain(visit, each, item, Status.QUARANTINED, reason)
            return
        reader: Reader = found.read or (lambda: RunStream(stream, runs, run_size(runs)))
        self.read(visit, each, item, reader, None if found.read is None else visit.budget)

    def read(
        self,
        visit: Visit,
        each: Located,
        item: bytes,
        reader: Reader,
        budget: Budget | None,
        *,
        behind: bool = True,
    ) -> None:
        """Report a content; ``budget``: if unpacked; ``behind``: also what can be had behind a range that cannot."""
        if (verdict := visit.skip.get(item)) is not None and not verdict.readable:
            self.plain(visit, each, item, Status.QUARANTINED, verdict.reason)
            return

        def beat() -> None:
            self._marker.set(item, Phase.READING, self._limits.seconds(PIECE_BYTES))

        overflow = Frames(self._send, self._job) if budget is not None else None
        body = small_body(reader, beat) if overflow is None else None
        if body is None:
            content = self._marker.meter.counted(pieces(reader, beat, budget))
            body = body_of(content, self._limits, overflow, each.size)
        else:
            self._marker.meter.read(body.size)
        body = complete(body, each.size)
        if behind and gapped(each, body, reader):
            if overflow is not None and overflow.used:
                body = body._replace(gaps=NOT_LOOKED)
            else:
                disk = budget is None and is_disk(self._claimed(each, body), self._openers.images)
                below = partial(self.read, visit, budget=budget, behind=False)
                within = Within(visit.scope.item, reader, beat, self._limits)
                each, body = around(each, body, within, below, disk=disk)
        if overflow is not None and overflow.used:
            self._large(visit, each, body, overflow)
        elif body.error is not None and body.size == 0:
            self.plain(visit, each, item, body.error.status, cut_short(body, each), body.error.code)
        else:
            self.examined(visit, each, item, body, streamed=budget is not None)

    def _large(self, visit: Visit, each: Located, body: Body, overflow: Frames) -> None:
        overflow.end()
        self._send(Large(self._job, visit.scope, body.sha256, body.size, stored(each, body)))
