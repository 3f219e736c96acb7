"""Bytes of an item that leave the case: said in the ledger before the first of them, and behind the last how many.

Between the two somebody may end the program: then the first entry stands alone, and what was given may be any part.
"""

from actionday.access.items import Item
from actionday.ledger import Action, Json
from actionday.model.lacks import NOT_HAD
from actionday.storage.case import Case

LONGEST_PATH = 2000


def which(item: Item) -> dict[str, Json]:
    """Return what an entry of the ledger says of an item that somebody looked at or was given."""
    return {"exhibit": item.exhibit, "path": item.path[:LONGEST_PATH], "sha256": item.sha256}


def lacking(item: Item) -> dict[str, Json] | None:
    """Return how many of a file's bytes cannot be had, and of how many; None where all of it is in the case."""
    told = item.meta.get(NOT_HAD)
    return {name: told.get(name) for name in ("bytes", "of")} if isinstance(told, dict) else None


class Download:
    """One giving of an item's bytes; making it records that it begins. ``count`` and ``whole`` are its giver's.

    Of a file of which a part cannot be had the entries say so: what is given is its beginning, never ``whole``.
    """

    def __init__(self, case: Case, item: Item, reason: str) -> None:
        self._item = item.id
        self._lacks = lacking(item)
        self._said: dict[str, Json] = {**which(item), "reason": reason}
        if self._lacks:
            self._said[NOT_HAD] = self._lacks
        self._begun = case.begin(Action.DOWNLOAD_BEGUN, item.id, self._said)
        self.count, self.whole = 0, False

    def end(self, case: Case) -> None:
        """Record how much was given."""
        ended: dict[str, Json] = {**self._begun, **self._said, "bytes": self.count}
        ended["whole"] = self.whole and not self._lacks
        case.log(Action.DOWNLOADED, self._item, ended)
