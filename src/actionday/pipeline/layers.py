"""What an image is beside the disk that is read: what it tells, bytes in its files that are no part, earlier states."""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from actionday.model import Found, ItemError, Kind, Loss, Note, Status, Stream
from actionday.model.identity import item_id
from actionday.model.loss import LACKING
from actionday.pipeline.allowance import Allowance, States, room_with
from actionday.pipeline.chains import Around, Chains
from actionday.pipeline.fitting import MOST, fitting
from actionday.pipeline.marker import Marker
from actionday.pipeline.messages import Expand, Layer, Noted, Room, Scope, Whole
from actionday.pipeline.meter import Walked
from actionday.pipeline.outcome import Outcome
from actionday.pipeline.output import Output
from actionday.pipeline.recursion import Recursion
from actionday.pipeline.streams import Held
from actionday.pipeline.visit import Visit, located

Known = Callable[[int, bytes], bool]


class Layers:
    """Keeps what images tell, and reports the rest as items of theirs.

    ``seconds``: the deadline for so many bytes; ``known`` tells whether an item is stored or at work already.
    """

    def __init__(
        self,
        chains: Chains,
        recursion: Recursion,
        output: Output,
        marker: Marker,
        seconds: Callable[[int], float],
        known: Known,
    ) -> None:
        self._chains, self._recursion, self._output = chains, recursion, output
        self._marker, self._seconds, self._known = marker, seconds, known
        self.noted: list[Noted] = []
        """What the images told that the last container lies in, from the outermost in."""
        self._room = MOST

    def begin(self) -> None:
        """Begin with another container."""
        self.noted, self._room = [], MOST

    def watched(self, stream: Stream) -> Walked:
        """Return ``stream`` with its reading counted: a deadline begins anew as it gets further."""
        return Walked(stream, self._marker.meter, self._marker.renew)

    def opened(self, order: Expand, visit: Visit, layer: int) -> tuple[Stream, Around]:
        """Open an image; of one that cannot be, at least what its files hold beside the disk. Raises ItemError."""
        scope = visit.scope
        try:
            stream, around = self._chains.opened(scope.exhibit, scope.chain)
        except ItemError as error:
            around = Around(self._chains, scope.exhibit, scope.item, order.name)
            around.disk = error.disk
            self.beside(order, visit, around, layer)
            raise
        assert around is not None
        return stream, around

    def told(self, scope: Scope, around: Around | None, lacking: list[str]) -> None:
        """Keep what an image told, and put what it said into the issue log; add what lacks of it to ``lacking``."""
        if around is None:
            return
        for note in around.notes:
            self._output.issue(scope.item, "open", scope.path, note)
            if note.code in LACKING:
                lacking.append(note.reason)
        around.notes.clear()
        facts, size, cut = fitting(around.facts, self._room)
        self._room -= size
        if cut:
            self._output.issue(scope.item, "open", scope.path, Note(Loss.TEXT_CUT, cut))
        self.noted.append(Noted(facts, around.stored))

    def beside(self, order: Expand, visit: Visit, around: Around, layer: int) -> None:
        """Examine what the files of an image hold beside its disk.

        Before anything is made of the disk, and with an allowance of their own: neither hides the other.
        """
        scope, mark = visit.scope, self._marker.get()
        # all tables are gone through, as many as a file of this size may hold
        allowed = self._seconds(order.size)
        self._marker.set(scope.item, mark.phase, allowed)
        for found in self._found(around, layer, root=not scope.path):
            item = item_id(scope.item, found.place)
            if not (order.resumed and self._known(scope.exhibit, item)):
                self._recursion.item(visit, found, item, Held(b""))
                self._output.unpacked(scope.account, visit.budget.left)
            self._marker.set(scope.item, mark.phase, allowed)
        self._marker.set(scope.item, mark.phase, mark.allowed)
        for note in around.notes:
            self._output.issue(scope.item, "list", scope.path, note)
        around.notes.clear()

    def states(self, order: Expand, visit: Visit, around: Around, layer: int, room: Room) -> None:
        """Open the earlier states that an image keeps of its disk; ``room``: what may come out of all of them."""
        kept = list(getattr(around.disk, "states", ()))
        allowed = States(room, order.size, len(kept))
        *before, image = visit.scope.chain
        assert isinstance(image, Layer)
        for number, (name, size) in enumerate(kept):
            found = Found(name=name, kind=Kind.VOLUME, place=f"image{layer}:state{number}", size=size)
            item = item_id(visit.scope.item, found.place)
            each, why = allowed.of(size)
            if order.resumed and self._known(visit.scope.exhibit, item):
                continue
            if why:
                self._recursion.plain(visit, located(found), item, Status.QUARANTINED, why)
            else:
                way = (*before, msgspec.structs.replace(image, state=number))
                self._recursion.volume(visit, found, item, each, way)

    def whole(self, order: Expand, visit: Visit, lacking: list[str]) -> Outcome | None:
        """Tell of a whole that several streams make; of one that is a group of volumes report each, to be opened.

        Return the end where it is such a group, None where it is a disk, or was no whole. Adds what lacks of it to
        ``lacking``.
        """
        scope, limits = visit.scope, self._chains.limits
        *_, whole = scope.chain
        if not isinstance(whole, Whole) or whole.volume is not None:
            return None
        _, around = self._chains.opened(scope.exhibit, scope.chain)
        self.told(scope, around, lacking)
        kept: Sequence[Found] | None = around.disk.volumes  # type: ignore[union-attr]
        if kept is None:
            return None
        allowed = Allowance(room_with(order, 0, limits), order.size, limits)
        for found in kept:
            item, room_of = item_id(scope.item, found.place), allowed.volume(found.size or 0)
            if order.resumed and self._known(scope.exhibit, item):
                continue
            way = (msgspec.structs.replace(whole, volume=found.place),)
            self._recursion.volume(visit, found, item, room_of, way)
        return Outcome.lacking(lacking, len(kept)) if lacking else Outcome(Status.PARSED, "", len(kept))

    def _found(self, around: Around, layer: int, *, root: bool) -> Iterator[Found]:
        """Yield what is in the files; what an image stands on is nobody's item where it is an exhibit itself."""
        beside = getattr(around.disk, "beside", None)
        if beside is not None:
            yield from beside(around, layer, self.watched, parents=root)
