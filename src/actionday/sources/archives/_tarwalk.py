"""The walk over a tar: header by header, each break noticed, read on at the next header behind it.

Source: POSIX.1-2017, pax, "ustar Interchange Format", end of archive; GNU tar manual, "Basic Tar Format".
"""

from collections.abc import Iterator

from actionday.model import Damaged, Found
from actionday.model.counted import counted
from actionday.sources.archives import _entries, _tarremnants
from actionday.sources.archives._leftover import BEHIND, BETWEEN, BLANK
from actionday.sources.archives._streams import BLOCK, Notes
from actionday.sources.archives._tape import Tape
from actionday.sources.archives._tarattributes import beside, comment_of_all, records, unknown
from actionday.sources.archives._tarentry import entry
from actionday.sources.archives._tarextended import Extended, collect, read_one
from actionday.sources.archives._tarheader import RECORD, ZEROS, Header, header
from actionday.sources.archives._tarstray import UNCLAIMED, Stray


class Walk:
    """One pass over a tape, at its end or at the first damage that ends it."""

    def __init__(self, tape: Tape, note: Notes) -> None:
        self._tape, self._note = tape, note
        self._everywhere: dict[str, bytes] = {}
        self._ended = self._told = False
        self._damage = ""
        self._padded = self._remnants = 0
        self._stray: Stray | None = None

    def members(self) -> Iterator[Found]:
        """Yield members in order; content is told as runs where the tape can be addressed.

        A place is the byte at which the member's first header begins; a ``+`` behind it says that what came
        before matters for what follows (a global header, a break): a resume then begins at the start.
        Raises Damaged at the end if there was a break, with its byte.
        """
        yield from self._members()
        if self._stray is not None and not self._stray.all_of_it:
            yield from self._stray.found()
        if self._padded:
            self._note(
                UNCLAIMED,
                f"tar: behind {self._padded} members stand bytes in what should be padding: items of their own",
            )
        if self._remnants:
            kept = f"{_tarremnants.MOST} of them are items" if self._remnants > _tarremnants.MOST else "items"
            why = f"{self._remnants} stretches of headers say nothing of a member: {kept} of their own"
            self._note(UNCLAIMED, f"tar: {why}")
        if self._damage:
            raise Damaged(self._damage)
        if not self._ended:
            self._note("no_end_mark", f"tar: ends at byte {self._tape.at} without its end mark")

    def _members(self) -> Iterator[Found]:
        zeros = 0
        while block := self._tape.read(RECORD):
            if block == ZEROS:
                zeros += 1
                if self._stray is not None:
                    self._stray.add(block)
                self._ended = self._ended or zeros > 1
            elif (first := header(block)) is None:
                self._astray(block)
            else:
                if zeros:
                    self._tell("behind_end", "members behind the end mark, from")
                zeros, self._ended = 0, False
                if self._stray is not None:
                    yield from self._stray.found()
                    self._stray = None
                yield from self._member(first)

    def _tell(self, code: str, what: str) -> None:
        if not self._told:
            self._told = True
            self._note(code, f"tar: {what} byte {self._tape.at - RECORD}")

    def _astray(self, block: bytes) -> None:
        """Take down that ``block`` is no header; what follows it is looked at in turn."""
        start = self._tape.at - len(block)
        if self._ended and any(block):
            self._tell("trailing", "bytes behind the end mark that are no tar, from")
        if any(block) or self._stray is not None:
            name = BEHIND if self._ended else f"{BETWEEN} @{start}"
            addressed = self._tape.addressed() is not None
            self._stray = self._stray or Stray(start, addressed=addressed, name=name)
            self._stray.add(block)
        if self._ended:
            return
        if len(block) < RECORD:
            self._broken(f"tar: ends at byte {self._tape.at} inside a header")
        else:
            self._broken(f"tar: no header at byte {start}")

    def _broken(self, reason: str) -> None:
        self._damage = self._damage or reason

    def _member(self, first: Header) -> Iterator[Found]:
        start = self._tape.at - RECORD
        place = f"{start}+" if self._everywhere or self._damage or self._told else str(start)
        extended = Extended()
        try:
            if first.type == b"g":
                before = dict(self._everywhere)
                read_one(self._tape, first, self._everywhere, extended)
                if self._everywhere.get("comment") != before.get("comment"):
                    yield from comment_of_all(place, self._everywhere)
                yield from records(b"", place, unknown(self._everywhere, before))
                yield from self._said(extended, "")
                return
            own = collect(self._tape, first, self._everywhere, extended)
            extended.values = {**self._everywhere, **extended.values}
            extended.remnants += _tarremnants.of_header(own.block, self._tape.at - RECORD)
            found, left, damage, carried, mapped = entry(self._tape, own, extended, place)
        except Damaged as error:
            self._broken(str(error))
            name = extended.values.get("path", extended.name)
            if name := name or (b"" if first.type in b"gx" else first.name):
                yield _entries.unreadable(name, place, str(error))
            yield from self._said(extended, "")
            return
        if damage:
            self._broken(damage)
        end = self._tape.at + left
        yield found
        if carried is not None:
            if own.type != b"D":
                self._note(
                    UNCLAIMED,
                    f"tar: {found.name!r} is no file and carries {counted(carried.size or 0, 'byte')}",
                )
            yield carried
        yield from beside(found, extended.values, self._everywhere)
        yield from self._said(extended, found.name)
        if mapped is not None:
            yield from self._unmapped(mapped, end, found.name)
        yield from self._pass(end, found.name)

    def _said(self, extended: Extended, name: str) -> Iterator[Found]:
        """Yield what stands in a member's headers and says nothing of it."""
        room = max(0, _tarremnants.MOST - self._remnants)
        self._remnants += len(extended.remnants)
        kept = extended.remnants[:room]
        yield from _tarremnants.items(name, kept, addressed=self._tape.addressed() is not None)

    def _unmapped(self, start: int, end: int, name: str) -> Iterator[Found]:
        """Yield what a sparse member stores and its map does not name."""
        self._tape.skip(start - self._tape.at)
        stray = Stray(start, addressed=self._tape.addressed() is not None, name=f"{name} behind the map")
        while block := self._tape.read(min(BLOCK, end - self._tape.at)):
            stray.add(block)
        for found in stray.found():
            self._note(
                UNCLAIMED,
                f"tar: not in the map of {name!r}, an item of its own: {counted(found.size or 0, 'byte')}",
            )
            yield found

    def _pass(self, end: int, name: str) -> Iterator[Found]:
        """Go to the next header; what stands in the padding behind a content is an item."""
        missing, padding = end - self._tape.at, -end % RECORD
        whole = missing <= 0 or self._tape.skip(missing) == missing
        pad = self._tape.read(padding) if whole and padding else b""
        if not whole or len(pad) < padding:
            self._broken(f"tar: ends at byte {self._tape.at} inside {name!r}")
        elif pad.strip(BLANK):
            self._padded += 1
            stray = Stray(end, addressed=self._tape.addressed() is not None, name=f"{name} {BEHIND}")
            stray.add(pad)
            yield from stray.found()
