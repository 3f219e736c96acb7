"""Items that lie in their container, put together for one job."""

from collections.abc import Callable

from actionday.pipeline.messages import Listing, Located

MOST_ITEMS = 256
MOST_BYTES = 16 << 20
"""A batch of items for one job: large enough to share image blocks, small enough to be held."""


class Batch:
    """Items that lie in their container, sent for anybody to examine."""

    def __init__(self, job: int, help_out: Callable[[Listing], None]) -> None:
        self._job, self._help = job, help_out
        self._found: list[Located] = []
        self._again: dict[str, bytes] = {}
        self._bytes = 0
        self._goes_on = True

    def add(self, each: Located, first: bytes, *, goes_on: bool) -> None:
        """Add one; a full batch is sent. ``goes_on``: a run may go on behind it, not only from the beginning.

        ``first``: the item of which it is a further name, b"" where it is none.
        """
        self._found.append(each)
        if first:
            self._again[each.place] = first
        self._goes_on = goes_on
        self._bytes += each.size or 0
        if len(self._found) >= MOST_ITEMS or self._bytes >= MOST_BYTES:
            self.send()

    def send(self) -> None:
        """Send what there is; where more is waiting than all can do, help before going on."""
        if self._found:
            after = self._found[-1].place if self._goes_on else ""
            listing = Listing(self._job, tuple(self._found), after, self._again)
            self._found, self._again, self._bytes = [], {}, 0
            self._help(listing)
