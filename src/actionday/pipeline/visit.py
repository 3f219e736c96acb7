"""One container being gone through, and what a source tells of an item in it, as it is sent."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from actionday.model import Found, Kind, Run
from actionday.model.identity import item_id
from actionday.pipeline.budget import Budget
from actionday.pipeline.messages import Chain, Located, Room, Scope, Slice, Stored, Verdict, Whole
from actionday.pipeline.placing import joined
from actionday.pipeline.reading import Body

WITHOUT_CONTENT = frozenset({Kind.DIRECTORY, Kind.SYMLINK, Kind.SPECIAL})


class Visit(NamedTuple):
    """One container being gone through: its scope, its limits, and which items must not be parsed."""

    scope: Scope
    budget: Budget
    skip: dict[bytes, Verdict]
    inline: bool
    around: Budget | None = None
    """That by which is counted, too, what containers in it unpack."""


def located(found: Found) -> Located:
    """Return what ``found`` says, without its calls."""
    return Located(
        found.name,
        found.kind,
        found.place,
        found.raw,
        found.size,
        found.mtime,
        found.status,
        found.reason,
        found.runs,
        msgspec.json.encode(found.meta) if found.meta else b"",
        found.notes,
    )


def run_size(runs: Sequence[Run]) -> int:
    """Return the bytes that ``runs`` cover."""
    return sum(length for _, length in runs)


def is_whole(chain: Chain) -> bool:
    """Say whether a chain leads to what several streams make, not to a volume of it."""
    *_, last = chain or (None,)
    return isinstance(last, Whole) and last.volume is None


def item_of(scope: Scope, each: Located) -> bytes:
    """Return the id of an item in a container, that of the container for the exhibit itself."""
    return scope.item if each.kind == Kind.EXHIBIT else item_id(scope.item, each.place)


def first_offset(each: Located) -> int:
    """Return the byte of its container at which an item begins, -1 where it has none."""
    return each.runs[0][0] if each.runs else -1


def of_volume(scope: Scope, item: bytes, path: str, way: Chain | Slice, room: Room | None) -> Scope:
    """Return the scope of what is in a volume: ``way`` leads to it, or is its part of the stream that it lies in."""
    chain = (*scope.chain, way) if isinstance(way, Slice) else way
    return msgspec.structs.replace(scope, item=item, path=path, chain=chain, depth=scope.depth + 1, room=room)


def begins(chain: Chain) -> int | None:
    """Return the byte of a disk at which the partition that ``chain`` leads to begins.

    None where it is none, or where the disk is itself a part of another: a partition of a partition, a file.
    """
    last = chain[-1] if chain else None
    if (
        not isinstance(last, Slice)
        or len(last.runs) != 1
        or (isinstance(chain[-2:][0], Slice) and len(chain) > 1)
    ):
        return None
    return last.runs[0][0]


def refused(visit: Visit, runs: Sequence[Run]) -> str:
    """Return why a file whose bytes lie in a small container is not read, "" where it is: it counts as unpacked.

    A small container may name the same bytes, or none at all, over and over; of others see ``allowance``.
    """
    size = run_size(runs)
    if not visit.inline:
        return ""
    if size > visit.budget.room:
        return f"{size} bytes: more than the case allows a container of this size to hold"
    visit.budget.spend(size)
    return ""


def scope_within(scope: Scope, each: Located, body: Body, *, streamed: bool) -> Scope:
    """Return the scope of what is in an item, whose bytes are ``body``; ``streamed``: they had to be unpacked."""
    path = joined(scope.path, each.name) if each.kind != Kind.EXHIBIT else ""
    item = item_of(scope, each)
    if streamed:
        chain: Chain = (Stored(body.sha256),)
    elif each.step is not None:
        chain = (each.step,)
    elif each.kind == Kind.EXHIBIT:
        chain = scope.chain
    else:
        chain = (*scope.chain, Slice(each.runs or (), body.reach))
    ancestors = (*scope.ancestors, body.sha256)
    archive = scope.account if streamed or isinstance(each.step, Stored) else scope.archive
    return Scope(scope.exhibit, item, path, chain, scope.depth + 1, ancestors, archive, each.room)
