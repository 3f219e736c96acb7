"""What an image holds beside the disk that is read: bytes in its files that are no part of it, and earlier states."""

from collections.abc import Callable, Iterator

import msgspec

from actionday.model import Found, Kind, Status, Stream
from actionday.model.identity import item_id
from actionday.pipeline.chains import Around
from actionday.pipeline.marker import Marker
from actionday.pipeline.messages import Expand, Layer, Opened, Scope
from actionday.pipeline.meter import Walked
from actionday.pipeline.output import Output
from actionday.pipeline.placing import joined, row_of
from actionday.pipeline.recursion import Recursion
from actionday.pipeline.streams import Held
from actionday.pipeline.visit import Visit, located


class Layers:
    """Reports it as items of the image.

    ``seconds``: the deadline for so many bytes; ``known`` tells whether an item is stored or at work already.
    """

    def __init__(
        self,
        recursion: Recursion,
        output: Output,
        marker: Marker,
        seconds: Callable[[int], float],
        known: Callable[[int, bytes], bool],
    ) -> None:
        self._recursion, self._output, self._marker = recursion, output, marker
        self._seconds, self._known = seconds, known

    def watched(self, stream: Stream) -> Walked:
        """Return ``stream`` with its reading counted: a deadline begins anew as it gets further."""
        return Walked(stream, self._marker.meter, self._marker.renew)

    def beside(self, order: Expand, visit: Visit, around: Around, layer: int) -> None:
        """Examine what the files of an image hold beside its disk.

        Before anything is made of the disk, and with an allowance of their own: neither hides the other.
        """
        scope, mark = visit.scope, self._marker.get()
        allowed = self._seconds(
            order.size
        )  # all tables are gone through, as many as a file of this size may hold
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

    def states(self, order: Expand, scope: Scope, around: Around, layer: int) -> None:
        """Open the earlier states that an image keeps of its disk."""
        for number, (name, size) in enumerate(getattr(around.disk, "states", ())):
            found = Found(name=name, kind=Kind.VOLUME, place=f"image{layer}:state{number}", size=size)
            item = item_id(scope.item, found.place)
            if not (order.resumed and self._known(scope.exhibit, item)):
                self._state(scope, found, item, number)

    def _found(self, around: Around, layer: int, *, root: bool) -> Iterator[Found]:
        """Yield what is in the files; what an image stands on is nobody's item where it is an exhibit itself."""
        beside = getattr(around.disk, "beside", None)
        if beside is not None:
            yield from beside(around, layer, self.watched, parents=root)

    def _state(self, scope: Scope, found: Found, item: bytes, number: int) -> None:
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
        )
        self._output.opened(Opened(row, inner, "", found.name, found.size or 0))
