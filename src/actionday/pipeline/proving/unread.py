"""What of an open folder no run has read yet: is it still what was listed when it was acquired?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from actionday.model import Kind
from actionday.model.identity import exhibit_item_id
from actionday.pipeline.folder import Folder
from actionday.pipeline.inventory import is_kept, kept
from actionday.pipeline.proving.report import Subject
from actionday.pipeline.resumed import beside, difference, unstored
from actionday.pipeline.unlisted import Untold
from actionday.pipeline.work import differing, work_of

UNLISTED = "no listing of it was recorded when it was acquired: what came to it or went before it is read is not told"
UNHELD = (
    "what was listed when it was acquired is not as the ledger has it: what is not read yet is not compared"
)


class Unread(NamedTuple):
    """Something that no run has read, and how it is not what was listed."""

    name: str
    why: str
    kind: Literal["added", "others"]
    untold: Untold | None
    """Why it is no difference: where it stands nothing could be listed, then or now."""
    file: bool


def unread(of: Subject, exhibit: str, folder: Path, *, moved: bool) -> Iterator[Unread]:
    """Yield what of an open folder is not as it was listed, or came since. Raises Damaged."""
    root = exhibit_item_id(exhibit)
    now = Folder(folder, exclude=of.case.folder).items()
    pairs = beside(kept(of.case.database, root), now)
    for _, pair in unstored(of.case.database, root, pairs):
        each = pair.now or pair.before
        if each is not None and (why := difference(pair, times=not moved)):
            file = each.kind == Kind.FILE
            kind: Literal["added", "others"] = "added" if pair.before is None and file else "others"
            yield Unread(each.name, why, kind, pair.untold, file)


def not_to_be_compared(of: Subject, number: int, exhibit: str) -> str:
    """Return why what is not read yet of an open folder cannot be compared, "" where it can."""
    recorded = of.told.work.get(exhibit)
    if of.told.unread or (recorded and differing(work_of(of.case.database, number), recorded)):
        return UNHELD
    return (
        ""
        if is_kept(of.case.database, exhibit_item_id(exhibit)) or _listed(of, number, exhibit)
        else UNLISTED
    )


def _listed(of: Subject, number: int, exhibit: str) -> bool:
    """Say whether all that was listed has its row: then nothing is kept beside the rows."""
    query = "SELECT 1 FROM items WHERE exhibit = ? AND id = ?"
    return of.case.database.execute(query, (number, exhibit_item_id(exhibit))).fetchone() is not None
