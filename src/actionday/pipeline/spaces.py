"""Space that belongs to no file, and what is found in it: reported, opened, or said to be there already."""

from collections.abc import Sequence

from actionday.model import Found, Kind, Note, Run, Status
from actionday.model.counted import counted
from actionday.model.waiting import waits_for
from actionday.pipeline.chains import Chains
from actionday.pipeline.messages import Opened, Slice
from actionday.pipeline.output import Output
from actionday.pipeline.placing import joined, placed, row_of
from actionday.pipeline.twins import Twins
from actionday.pipeline.visit import Visit, located, of_volume, run_size

SPACE = "unallocated"
"""The source that goes through space that belongs to no file; what it says to be such space is a part of it."""
CARVING, SAME_PLACE = "carving", "same_place"


class Spaces:
    """Takes what is of the kind ``unallocated``, and of what was carved that which is listed as a deleted file."""

    def __init__(self, chains: Chains, output: Output) -> None:
        self._chains, self._output = chains, output
        self._twins: tuple[bytes, Twins] | None = None

    def takes(self, visit: Visit, found: Found, item: bytes, within: str) -> bool:
        """Report an item of a container that ``within`` goes through; return whether that is all."""
        if found.kind is Kind.UNALLOCATED:
            self.report(visit, found, item, part=within == SPACE)
            return True
        if found.kind is not Kind.CARVED or not found.runs or not (path := self._twin(visit, found.runs)):
            return False
        note = Note(SAME_PLACE, f"same place as {path!r}, which is listed: not made a second item")
        self._output.issue(visit.scope.item, "list", joined(visit.scope.path, found.name), note)
        return True

    def report(self, visit: Visit, found: Found, item: bytes, *, part: bool = False) -> None:
        """Store a space as one that waits for the slow lane; open a part of it, which is found there, at once."""
        each, size = located(found), run_size(found.runs or ())
        parent, path = placed(visit.scope, each)
        if part:
            row = row_of(item, parent, path, each, status=Status.PARSED, reason="", opened=True)
            inner = of_volume(visit.scope, item, path, Slice(found.runs or (), size), None)
            self._output.opened(Opened(row, inner, "", each.name, size))
        else:
            why = waits_for(CARVING, f"{counted(size, 'byte')} that belong to no file")
            self._output.row(row_of(item, parent, path, each, status=Status.QUEUED, reason=why))

    def _twin(self, visit: Visit, runs: Sequence[Run]) -> str:
        scope = visit.scope
        if self._twins is None or self._twins[0] != scope.item:
            self._twins = scope.item, Twins(self._chains.ask, scope)
        return self._twins[1].of(runs)
