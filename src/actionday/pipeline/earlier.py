"""Earlier states of a volume that the volume itself keeps: the way to each, and which files are what they are now."""

from actionday.model import Found, Kind, Stream
from actionday.model.identity import item_id
from actionday.pipeline.messages import Chain, Earlier, Scope


def way_of(scope: Scope, opener: str, found: Found) -> Chain:
    """Return the way to an earlier state that ``opener`` found; none where it is none."""
    return (*scope.chain, Earlier(opener, scope.item, found.place)) if found.earlier else ()


def state(scope: Scope) -> Earlier | None:
    """Return of what the container of ``scope`` is an earlier state, None where it is none."""
    last = scope.chain[-1] if scope.chain else None
    return last if isinstance(last, Earlier) else None


class Unchanged:
    """Tells of the files of one container, where it is an earlier state, which of them are what they are now."""

    def __init__(self, scope: Scope, stream: Stream) -> None:
        of = state(scope)
        self._now = b"" if of is None else of.item
        self._as_now = getattr(stream, "as_now", None)

    def __bool__(self) -> bool:
        """Say whether the container is an earlier state."""
        return bool(self._now)

    def first(self, found: Found) -> bytes:
        """Return the item that is the same file now, should it be there; b"" where it may not be the same bytes.

        The names of a file keep its number, and so does its place: whoever has the row of that item compares the rest.
        """
        alone = found.kind is Kind.FILE and not (found.status or found.reason or found.notes)
        if not (self._now and alone and found.runs and self._as_now is not None and self._as_now(found.runs)):
            return b""
        return item_id(self._now, found.place)
