"""What an image is beside the disk that is read: what it tells, bytes in its files that are no part, earlier states."""

from collections.abc import Callable, Iterator

import msgspec

from actionday.model import Found, ItemError, Kind, Loss, Note, Status, Stream
from actionday.model.identity import item_id
from actionday.model.loss import LACKING
from actionday.pipeline.allowance import States
from actionday.pipeline.chains import Around, Chains
from actionday.pipeline.fitting import MOST, fitting
from actionday.pipeline.marker import Marker
from actionday.pipeline.messages import Expand, Layer, Noted, Opened, Room, Scope
from actionday.pipeline.meter import Walked
from actionday.pipeline.output import Output
from actionday.pipeline.placing import joined, row_of
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
        for number, (name, size) in enumerate(kept):
            found = Found(name=name, kind=Kind.VOLUME, place=f"image{layer}:state{number}", size=size)
            item = item_id(visit.scope.item, found.place)
            each, why = allowed.of(size)
            if order.resumed and self._known(visit.scope.exhibit, item):
                continue
            if why:
                self._recursion.plain(visit, located(found), item, Status.QUARANTINED, why)
            else:
                self._state(visit.scope, found, item, number, each)

    def _found(self, around: Around, layer: int, *, root: bool) -> Iterator[Found]:
        """Yield what is in the files; what an image stands on is nobody's item where it is an exhibit itself."""
        beside = getattr(around.disk, "beside", None)
        if beside is not None:
            yield from beside(around, layer, self.watched, parents=root)

    def _state(self, scope: Scope, found: Found, item: bytes, number: int, room: Room) -> None:
        """Report an earlier state of the disk as a volume, to be opened by a job of its own."""
        *before, layer = scope.chain
        path = joined(scope.path, found.name)
        row = row_of(item, scope.item, path, located(found), status=Status.PARSED, reason="", opened=True)
        assert isinstance(layer, Layer)
        inner = msgspec.structs.replace(
            scope,
            item=item,
            path=path,
            chain=(*before, msgspec.structs.replace(layer, state=number)),
            depth=scope.depth + 1,
            room=room,
        )
        self._output.opened(Opened(row, inner, "", found.name, found.size or 0))
