"""Open cases to work at: each request has one to itself; what depends on a checkpoint alone is computed once.

SQLite connections and index readers are costly to open and not to be shared by threads, so they are kept and
handed out again.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from actionday.access.search import Searcher
from actionday.ledger import Action, Json
from actionday.storage.case import Case
from actionday.storage.case_parts import OBJECTS
from actionday.storage.index import Checked
from actionday.storage.objects import Packs

Value = TypeVar("Value")
COMPUTED = 256
"""Values kept that depend on a checkpoint: some folders of some exhibits."""
KEPT = 8
"""Desks kept open: one person's browser asks six things at once. One on a full disk has its case alone, and is not."""


class Desk:
    """A case with its readers, for one request at a time."""

    def __init__(self, folder: Path, checked: Checked) -> None:
        self.case = Case.open(folder, on_full_disk=True)
        self.packs = Packs(folder / OBJECTS)
        self._searcher: Searcher | None = None
        self._checked = checked

    def searcher(self) -> Searcher:
        """Return the searcher. Raises IndexDamaged."""
        if self._searcher is None:
            self._searcher = Searcher(self.case, self._checked)
        return self._searcher

    def log(self, action: Action, subject: str, details: dict[str, Json]) -> bool:
        """Record one act; False on a read-only case."""
        return self.case.log(action, subject, details)

    def close(self) -> None:
        """Close everything."""
        if self._searcher is not None:
            self._searcher.close()
        self.packs.close()
        self.case.close()


class Desks:
    """The desks of one case."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._free: list[Desk] = []
        self._checked = Checked()
        self._lock = threading.Lock()
        self._computed: OrderedDict[str, tuple[object, Any]] = OrderedDict()

    @contextmanager
    def borrow(self) -> Iterator[Desk]:
        """Lend a desk; one whose request failed is not lent again."""
        with self._lock:
            desk = self._free.pop() if self._free else None
        desk = desk or Desk(self.folder, self._checked)
        try:
            yield desk
        except BaseException:
            desk.close()
            raise
        with self._lock:
            keep = len(self._free) < KEPT and not desk.case.cut_off
            if keep:
                self._free.append(desk)
        if not keep:
            desk.close()

    def once(self, name: str, moment: object, compute: Callable[[], Value]) -> Value:
        """Return what ``compute`` gave for this ``moment`` (a checkpoint's number), computing it when it is new."""
        with self._lock:
            kept = self._computed.get(name)
        if kept is not None and kept[0] == moment:
            value: Value = kept[1]
            return value
        value = compute()
        with self._lock:
            self._computed[name] = (moment, value)
            if len(self._computed) > COMPUTED:
                self._computed.popitem(last=False)
        return value

    def close(self) -> None:
        """Close all free desks."""
        with self._lock:
            free, self._free = self._free, []
        for desk in free:
            desk.close()
