"""Bytes of an item that leave the case: said in the ledger before the first of them, and behind the last how many.

Between the two somebody may end the program: then the first entry stands alone, and what was given may be any part.
"""

from actionday.access.items import Item
from actionday.ledger import Action, Json
from actionday.storage.case import Case

LONGEST_PATH = 2000


def which(item: Item) -> dict[str, Json]:
    """Return what an entry of the ledger says of an item that somebody looked at or was given."""
    return {"exhibit": item.exhibit, "path": item.path[:LONGEST_PATH], "sha256": item.sha256}


class Download:
    """One giving of an item's bytes; making it records that it begins. ``count`` and ``whole`` are its giver's."""

    def __init__(self, case: Case, item: Item, reason: str) -> None:
        self._item = item.id
        self._said: dict[str, Json] = {**which(item), "reason": reason}
        self._begun = case.begin(Action.DOWNLOAD_BEGUN, item.id, self._said)
        self.count, self.whole = 0, False

    def end(self, case: Case) -> None:
        """Record how much was given."""
        ended: dict[str, Json] = {**self._begun, **self._said, "bytes": self.count, "whole": self.whole}
        case.log(Action.DOWNLOADED, self._item, ended)
