"""The way through a container: who opens it, its items one after another, and what ended it early."""

from collections.abc import Callable, Iterator

from actionday.model import (
    VOLUMES,
    Damaged,
    Found,
    ItemError,
    Kind,
    Note,
    OverLimit,
    Status,
    Stream,
    Unsupported,
)
from actionday.model.foreign import plainly
from actionday.model.identity import item_id
from actionday.model.lacks import SHORT
from actionday.model.loss import LACKING
from actionday.pipeline.chains import Around, Chains
from actionday.pipeline.earlier import state
from actionday.pipeline.free import Ends
from actionday.pipeline.marker import Marker, Phase
from actionday.pipeline.messages import Noted
from actionday.pipeline.outcome import Outcome, code_of
from actionday.pipeline.output import Output
from actionday.pipeline.peek import StreamPeek
from actionday.pipeline.repeats import Repeats
from actionday.pipeline.spaces import Spaces
from actionday.pipeline.visit import Visit, begins


class Passage:
    """Goes through containers; what they say of themselves goes into the issue log."""

    def __init__(self, chains: Chains, output: Output, marker: Marker) -> None:
        self._chains, self._output, self._marker = chains, output, marker
        self.spaces = Spaces(chains, output)

    def through(
        self,
        visit: Visit,
        opener: str,
        name: str,
        stream: Stream,
        each: Callable[[Found, bytes], None],
        after: str | None = None,
        kind: str = "",
    ) -> Outcome:
        """Go through a container item by item; never raises for what the container holds.

        ``kind``: of the item it is, where it was opened by a job of its own.
        """
        around = Around(self._chains, visit.scope.exhibit, visit.scope.item, name)
        around.after, around.begins = after, begins(visit.scope.chain)
        around.earlier = state(visit.scope) is not None
        error: ItemError | None = None
        count = 0
        lacking: list[str] = []
        ends = Ends()
        for found in self._guarded(visit, opener, stream, around):
            if isinstance(found, ItemError):
                error = found
                break
            count += 1
            ends.add(found)
            if found.kind in VOLUMES:
                lacking += (note.reason for note in found.notes if note.code in LACKING)
            each(found, item_id(visit.scope.item, found.place))
            if visit.budget.exceeded is not None:
                error = visit.budget.exceeded
                break
        if error is None and around.free is not None and not around.earlier:
            for space in around.free.all(ends, stream.size):
                self.spaces.report(visit, space, item_id(visit.scope.item, space.place))
            around.notes += around.free.notes(ends)
        for note in around.notes:
            self._output.issue(visit.scope.item, "list", visit.scope.path, note)
        lacking += (note.reason for note in around.notes if note.code in LACKING and not note.path)
        if error is None and lacking:
            return Outcome.lacking(lacking, count)._replace(told=told_of(around))
        if error is None:
            return Outcome(Status.PARSED, "", count, told_of(around), around.belongs)
        nameless = getattr(self._chains.openers.sources[opener], "nameless", False)
        told = str(error)
        reason = told if nameless or told.startswith(f"{opener}: ") else f"{opener}: {told}"
        self._output.issue(visit.scope.item, "list", visit.scope.path, Note(code_of(error, kind), reason))
        return Outcome(error.status, reason, count, told_of(around))

    def _guarded(
        self, visit: Visit, opener: str, stream: Stream, around: Around
    ) -> Iterator[Found | ItemError]:
        """Yield the items, and the error that ended the container early; a library's own becomes Damaged."""
        try:
            items = iter(self._chains.openers.sources[opener].items(stream, around))
            while True:
                self._marker.set(visit.scope.item, Phase.LISTING, self._chains.limits.seconds(0) * 3)
                found = next(items, None)
                if found is None:
                    return
                yield found
        except ItemError as error:
            yield error
        except MemoryError:
            yield OverLimit("needs more memory than a worker may use")
        except Exception as error:
            yield Damaged(plainly(error))

    def opener_of(
        self, stream: Stream, name: str, kind: Kind, before: Repeats | None = None
    ) -> tuple[str, list[str]]:
        """Return who opens a stream that is not in memory, and what of its ends cannot be read and is not told yet.

        ``before``: the images it lies in. Raises Unsupported when nobody does, Damaged where that may be for what
        cannot be read, OverLimit where only an image would that gives what it was given.
        """
        peek = StreamPeek(name, kind, stream)
        opener = self._chains.openers.claimed(peek)
        if before is not None and opener in self._chains.openers.images and before.often(opener, peek.head):
            same, opener = opener, self._chains.openers.claimed(peek, but=opener)
            if opener is None:
                raise OverLimit(f"contains itself: the disk in it begins as the {same} file that it lies in")
        if opener is None and peek.gaps:
            raise Damaged(peek.gaps[0])
        if opener is None:
            raise Unsupported("no partition table, file system or container recognised")
        return opener, peek.untold


def told_of(around: Around) -> tuple[Noted, ...]:
    """Return what of the facts that a source told is kept: how much lacks at its end, of a part what it is part of.

    The rest stands in its items.
    """
    if around.belongs:
        return (Noted(around.facts),)
    return (Noted({SHORT: around.facts[SHORT]}),) if SHORT in around.facts else ()
