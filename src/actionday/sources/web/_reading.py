"""The loop over the records of a web archive, the same for WARC and ARC: every break is named and read past.

Source: ISO 28500:2017, sections 4 and annex D; the Internet Archive's "Arc File Format" 1.0.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from actionday.model import Context, Damaged, Found, Kind, Loss, Stream
from actionday.model.counted import counted
from actionday.sources.archives._gzip import MAGIC
from actionday.sources.archives._leftover import LEAST
from actionday.sources.archives._single import MOST_BESIDE
from actionday.sources.web._block import Block, Form, block, gap, next_record
from actionday.sources.web._item import BEHIND, Opened, Record, behind, item, opened
from actionday.sources.web._segments import Segments
from actionday.sources.web._tape import Aside, Gzipped, Plain, Tape


class Header(NamedTuple):
    """What a record's header says: the length of its block, and the record once that was measured."""

    declared: int
    record: Callable[[Block], Record]


LONGEST = 1000
"""Bytes of a name or comment that is a fact; a longer one is an item."""
MEMBERS = {"name": "original_name", "comment": "comment"}
"""Facts of a record whose gzip member says so: a writer may name each member."""
Reader = Callable[[Tape, bytes, str], Header | str]
"""Reads the header at the tape's position, given its next bytes and place, and moves behind it; or why not."""


def tape_from(stream: Stream, after: str) -> tuple[Tape, bool]:
    """Return the tape from the record at ``after`` on (else from the start), and whether that one comes first."""
    byte, _, inside = after.partition("+")
    known = byte.isdecimal() and len(byte) < 20 and (not inside or inside.isdecimal())
    at = int(byte) if known else 0
    stream.seek(0)
    tape: Tape = Gzipped(stream, at) if stream.read(2) == MAGIC else Plain(stream, at)
    if inside and known:
        tape.skip(int(inside))
    return tape, known


class Reading:
    """One pass over one file."""

    def __init__(self, stream: Stream, around: Context, form: Form, header: Reader) -> None:
        after = around.after or ""
        self._stored = after  # of the record at this place some is stored, up to the item at it
        self._tape, self._passing = tape_from(stream, after.partition(BEHIND)[0])
        self._around, self._form, self._header = around, form, header
        self._stream, self._told, self._segments = stream, 0, Segments()
        self._damage = self._last = ""

    def records(self) -> Iterator[Found]:
        """Yield the records; see ``Warc.items``."""
        tape = self._tape
        while True:
            data = tape.peek(8192)
            if not data and not (tape.failure and self._recovered()):
                break
            if data and self._form.starts(data):
                yield from self._record(data)
            elif data:
                self._astray()
        yield from self._beside(tape.asides(1 << 62), "")
        if beyond := max(0, self._told - MOST_BESIDE) + tape.lost:
            more = f"{beyond} further comments, names and fields of gzip members are no items"
            self._around.note(Loss.PARTS_LIMIT, f"{self._form.name}: {more}")
        for reason in self._segments.apart():
            later = (
                " (what stands before the place at which this reading went on was not asked)"
                if self._stored
                else ""
            )
            self._around.note("segments_apart", f"{reason}{later}")
        if self._damage:
            raise Damaged(self._damage)

    def _texts(self, asides: Sequence[Aside], place: str) -> dict[str, str]:
        """Return name and comment of the gzip member that begins with a record, as facts of that record."""
        return {MEMBERS[each.name]: self._text(each) for each in asides if _is_fact(each, place)}

    def _beside(self, asides: Sequence[Aside], place: str) -> Iterator[Found]:
        """Yield what the headers of gzip members say besides, up to the member in which a record begins."""
        inside = "+" in place
        for aside in asides:
            if _is_fact(aside, place):
                continue
            given = self._around.name.lower().startswith(self._text(aside).lower())
            if aside.size < LEAST or (aside.name == "name" and given) or (inside and place == self._stored):
                continue
            self._told += 1
            if self._told > MOST_BESIDE:
                continue
            what = (
                f"a {aside.name} of {counted(aside.size, 'byte')} at byte {aside.start} is an item of its own"
            )
            self._around.note("unclaimed", f"gzip: {what}")
            yield Found(name=f"{aside.name} @{aside.start}", kind=Kind.MEMBER, place=f"+{aside.start}",
                        size=aside.size, runs=((aside.start, aside.size),), meta={"offset": aside.start})  # fmt: skip

    def _text(self, aside: Aside) -> str:
        self._stream.seek(aside.start)
        return self._stream.read(min(aside.size, LONGEST)).decode("latin-1")

    def _recovered(self) -> bool:
        self._broken(self._tape.failure)
        return self._tape.recover(self._form.starts)

    def _broken(self, reason: str) -> None:
        self._damage = self._damage or reason
        if reason != self._last:
            self._around.note("damaged", reason)
        self._last = reason

    def _astray(self) -> None:
        place = self._tape.place()
        passed = next_record(self._tape, self._form)
        self._broken(f"{self._form.name}: {counted(passed, 'byte')} from byte {place} on, in no record")

    def _record(self, data: bytes) -> Iterator[Found]:
        place = self._tape.place()
        header = self._header(self._tape, data, place)
        if isinstance(header, str):
            self._broken(header)
            self._tape.skip(1)
            next_record(self._tape, self._form)
            return
        content = block(self._tape, header.declared, self._form)
        if content.damage:
            self._broken(content.damage)
        record = header.record(content)
        byte = place.partition("+")[0]
        asides = self._tape.asides(int(byte)) if byte.isdecimal() else []
        yield from self._items(opened(record, self._around.note), self._texts(asides, place))
        whole = self._segments.take(record, record.segment) if record.segment else None
        if whole:
            yield from self._items(opened(whole, self._around.note), {})
        yield from self._beside(asides, place)
        if not content.cut:
            self._behind()

    def _items(self, record: Opened, texts: dict[str, str]) -> Iterator[Found]:
        """Yield the items of a record, those behind the one that was stored last."""
        if not self._passing:
            found = item(record)
            yield replace(found, meta={**texts, **found.meta}) if texts else found
        passing, self._passing = self._passing and BEHIND in self._stored, False
        for found in behind(record, self._around.note):
            if not passing:
                yield found
            passing = passing and found.place != self._stored

    def _behind(self) -> None:
        damage, note = gap(self._tape, self._form)
        if damage:
            self._broken(damage)
        if note:
            self._around.note("line_ends", note)


def _is_fact(aside: Aside, place: str) -> bool:
    """Say whether it is a short text of the very member with which the record at ``place`` begins."""
    return aside.name in MEMBERS and aside.size <= LONGEST and str(aside.member) == place
