"""What came of a content, how a container ended, and what both make of an item that may be either."""

from typing import NamedTuple

import msgspec

from actionday.model import VOLUMES, ItemError, Kind, Loss, Note, Status
from actionday.pipeline.extracted import Text
from actionday.pipeline.messages import Content, Located, Member, Noted, Stored
from actionday.pipeline.reading import Body

READ = frozenset({Status.PARSED, Status.EMPTY, Status.QUEUED})
"""What a document may be without having failed: what becomes of it as a container then decides."""


class Verdicted(msgspec.Struct):
    """What came of a content: the item's status and reason, what is kept, and notes for the issue log."""

    status: str
    reason: str
    content: Content
    text: Text | None
    notes: tuple[Note, ...]


class Outcome(NamedTuple):
    """How going through a container ended, after how many items."""

    status: Status
    reason: str
    items: int = 0
    told: tuple[Noted, ...] = ()
    """How much lacks at its end, by its own tables: kept with what images told."""
    member: Member | None = None
    """Of what it says that it is a part."""

    @classmethod
    def lacking(cls, reasons: list[str], items: int = 0) -> "Outcome":
        """Return the end of a container that was gone through and of whose bytes a part is not there."""
        return cls(Status.UNREADABLE, f"not whole: {reasons[0]}", items)


def code_of(error: ItemError, kind: str) -> str:
    """Return the code of the line that says why a container of ``kind`` could not be opened, or not to its end.

    A volume or an exhibit that nobody reads holds what is in no case: a loss. Any other item is counted as unsupported.
    """
    whole = kind in (*VOLUMES, Kind.EXHIBIT) and error.status is Status.UNSUPPORTED
    return Loss.VOLUME_UNREAD if whole else error.code


def both(*reasons: str) -> str:
    """Return the reasons there are as one: what the source says of an item first, then what came of its content."""
    return "; ".join(filter(None, reasons))


def summed(
    found: Verdicted, ended: Outcome, body: Body, each: Located, no_byte_left: bool
) -> tuple[str, str]:
    """Return status and reason of a container that may be a document too: a failure of either is the item's.

    ``no_byte_left``: what opened it gives every byte of it as an item (``Openers.no_byte_left``).
    """
    if body.error is not None:
        return body.error.status, cut_short(body, each)
    if each.status:  # its source doubts its bytes, whatever could be made of them
        return each.status, both(each.reason, ended.reason or found.reason)
    if ended.status is not Status.PARSED and found.status in READ:
        return ended.status, both(each.reason, ended.reason, found.reason)
    unread = found.status is Status.UNSUPPORTED and each.kind == Kind.EXHIBIT
    if unread and ended.items and no_byte_left:  # no volume that nobody reads
        return Status.PARSED, both(each.reason, found.reason if found.text else "", ended.reason)
    return found.status, both(each.reason, found.reason, ended.reason)


def with_told(each: Located, ended: Outcome) -> Located:
    """Return a container that was gone through at once, with what it told of its end among its facts."""
    if not ended.told:
        return each
    facts: dict[str, object] = msgspec.json.decode(each.meta) if each.meta else {}
    for told in ended.told:
        facts |= told.facts
    return msgspec.structs.replace(each, meta=msgspec.json.encode(facts))


def cut_short(body: Body, each: Located) -> str:
    """Return why a content is not whole, and how much of it was read."""
    declared = f" of {each.size}" if each.size is not None else ""
    bytes_ = "byte" if (body.size if each.size is None else each.size) == 1 else "bytes"
    after = f"{body.error} (after {body.size}{declared} {bytes_})" if body.size else str(body.error)
    return both(after, body.gaps)


def stored(each: Located, body: Body) -> Located:
    """Return an item whose content, too large to be held, became an object of the case: it is examined there."""
    error = body.error
    return msgspec.structs.replace(
        each,
        step=Stored(body.sha256),
        runs=((0, body.size),),
        size=body.size,
        status=each.status if error is None else error.status,
        reason=each.reason if error is None else cut_short(body, each),
    )
