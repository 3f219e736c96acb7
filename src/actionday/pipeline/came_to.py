"""What a run came to, of its exhibits alone: asked of what is stored, once everything is."""

import sqlite3
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from actionday.model.loss import disks_not_whole, is_loss, tells_loss
from actionday.pipeline.exhibits import Exhibit
from actionday.storage.database.balance import Balance, balance, issue_codes, run_failed
from actionday.storage.database.cut_disks import CutDisks, cut_disks
from actionday.storage.database.disks import holds_disk
from actionday.storage.database.own_files import OwnFiles, listed, own_files


class Outcome(NamedTuple):
    """What a run came to; ``exit_code`` as the command line gives it."""

    balance: Balance
    """That of the exhibits of this run."""
    exhibits: list[str]
    repaired: list[str]
    seconds: float
    losses: Mapping[str, int] = MappingProxyType({})
    """Lines of the issue log that say what is not in the case, by code."""
    said: tuple[str, ...] = ()
    """Exhibits that had been taken in before, and those that hold the bytes of another."""
    remarks: Mapping[str, int] = MappingProxyType({})
    """Lines of the issue log that tell no loss, by code."""
    failed: int = 0
    """Items, directories and volumes that are unreadable or quarantined."""
    disks: Sequence[str] = ()
    """Exhibits in which a disk or a volume was opened, itself or anywhere within: what a proof says too."""
    listed: int = 0
    """Rows of its exhibits, those that the balance does not count too."""
    own: OwnFiles = OwnFiles(0, 0)
    """The files that its exhibits consist of."""
    cut_disks: CutDisks = CutDisks(0, 0, 0, least=False, untold=0)
    """Those of which a part cannot be had, and how many bytes, as ``status`` tells them of a case."""
    disks_not_whole: bool = False
    """Whether the issue log tells of one of those that a part of a disk is not there, or could not be listed."""

    @property
    def exit_code(self) -> int:
        """1 when something was unreadable, quarantined, not listed or not read whole, else 0."""
        return 1 if self.failed or any(map(is_loss, self.losses)) else 0


def outcome(
    database: sqlite3.Connection,
    exhibits: Mapping[int, Exhibit],
    seconds: float,
    *,
    repaired: list[str],
    said: Sequence[str],
) -> Outcome:
    """Return what a run over ``exhibits``, by number, came to; ``said``: what is to be told of them beside it."""
    numbers = list(exhibits)
    codes = issue_codes(database, *numbers)
    disks = [number for number in numbers if holds_disk(database, number)]
    return Outcome(
        balance(database, *numbers),
        [each.id for each in exhibits.values()],
        repaired,
        seconds,
        {code: n for code, n in codes.items() if tells_loss(code)},
        tuple(said),
        {code: n for code, n in codes.items() if not tells_loss(code)},
        run_failed(database, numbers),
        [exhibits[number].id for number in disks],
        listed(database, *numbers),
        own_files(database, *numbers),
        cut_disks(database, *numbers),
        disks_not_whole=bool(disks) and disks_not_whole(issue_codes(database, *disks)),
    )
