"""What a proof says: one line a check, the first thing that differs, and what it does not cover."""

from pathlib import Path

import msgspec

from actionday.pipeline.proving.circumstances import UNKNOWN, Circumstances
from actionday.pipeline.proving.left import Left
from actionday.pipeline.proving.pace import Pace
from actionday.pipeline.proving.told import Told
from actionday.storage.case import Case
from actionday.storage.database.accounts import Accounts
from actionday.storage.database.lacking import OF_ROWS, Lacking
from actionday.storage.objects import Packs

MOST_NAMED = 100
"""Differences and absent files that are named one by one: a disk in a thousand segments may be gone as a whole."""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A file or folder of an exhibit that is what it was: its SHA-256, or of a folder how many files hold."""

    exhibit: str
    path: str
    sha256: str | None = None
    files: int = 1
    hashed: int = 1
    """Of a folder: files that the case has a SHA-256 of; those that hold are among them."""
    unhashed: int = 0
    """Of a folder: files that were found when it was taken in, were not read, and have no SHA-256."""
    remarked: int = 0
    """Of a folder: files that hold, and whose time of change, owner or mode, or another fact beside, is another."""
    open: bool = False
    """Whether its exhibit was not gone through to its end: of a folder there may be more files than those."""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Files of exhibits: ``recorded`` is the sum of those that hold, are altered, are missing and were not read.

    ``added`` are files that were not recorded, ``others`` what has no hash and differs: a folder,
    a link, a file that was not read, gone too.
    ``unlisted`` are files that stand now where nothing could be listed at the intake: of them nothing is known.
    ``remarked`` are of those that hold: their bytes do, and their time of change, owner or mode is another.
    """

    recorded: int = 0
    held: int = 0
    altered: int = 0
    missing: int = 0
    unread: int = 0
    added: int = 0
    others: int = 0
    unlisted: int = 0
    remarked: int = 0


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One check: ``checked`` things of ``what`` hold, or ``difference`` names the first that does not."""

    name: str
    what: str
    checked: int
    difference: str | None = None
    more: tuple[str, ...] = ()
    """Further differences, where the check goes on after the first: of exhibits, each is a piece of evidence."""
    differing: int = 0
    """How many differ, where the check goes on after the first; they may be more than are named."""
    within: int = 0
    """How many of them lines name beside the first each is about: a torn frame takes all its objects with it."""
    not_proved: tuple[str, ...] = ()
    """What this check met and cannot vouch for; it is no difference."""
    said: tuple[str, ...] = ()
    """What it found and a person should read: under whose keys the ledger stands."""
    absent: tuple[str, ...] = ()
    """What was to be proved and is not there: no difference either, and still not whole."""
    unread: tuple[str, ...] = ()
    """What of ``absent`` is there, or may be, and cannot be read: for want of a permission, or because a disk fails."""
    held: tuple[Held, ...] = ()
    """Of exhibits: what is as it was."""
    counts: Counts | None = None
    """Of exhibits: how many files are what they were, and what became of the others."""
    remarks: tuple[str, ...] = ()
    """Of exhibits, and among ``said``: what is not as recorded and no difference."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What of ``absent`` was not found: it stands first there."""
        return self.absent[: len(self.absent) - len(self.unread)]

    @property
    def ok(self) -> bool:
        """Say whether everything checked holds."""
        return self.difference is None


class Subject(msgspec.Struct, frozen=True):
    """What is proved: the case, its packs, and what its ledger says."""

    case: Case
    packs: Packs
    told: Told
    growing: bool
    """A run is adding to it, or was killed: what lies behind the last checkpoint never happened, and is no
    difference."""
    elsewhere: Path | None = None
    """A folder below which alone exhibits are looked for."""
    doubted: set[int] = msgspec.field(default_factory=set)
    """Checkpoints whose rows are not those that were recorded, as ``rows`` found out: they tell nothing."""
    pace: Pace = msgspec.field(default_factory=Pace)
    """What is told of how much of it was gone through."""


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """Every check in order."""

    checks: tuple[Check, ...]
    logged: bool
    """Whether the proof itself is in the ledger; it holds, or does not, all the same."""
    unlogged: str = ""
    """Why it is not: a read-only case, a broken ledger, a full disk."""
    head: str
    """Root hash of the ledger that was proved, "" where the ledger itself differs."""
    interrupted: str | None = None
    """What was not gone through to its end: the run that was killed or stopped; the next ingest goes on."""

    left: Left | None = None
    """Which exhibits were not gone through, and since when; None where all were, or the ledger cannot be read."""

    vouched: bool = True
    """Whether the ledger stands under keys that are trusted here, or begins with a head that was given."""
    made: Circumstances = UNKNOWN
    """Of which case it is, and who made it when."""
    lacking: Lacking | None = None
    """What was found and is not in the case, or was never read: whole says nothing of it. None: nobody can tell."""
    accounts: Accounts | None = None
    """The balance and the losses of each exhibit, and which of them hold disks; None as above."""

    @property
    def complete(self) -> bool:
        """Say whether every exhibit was gone through to its end; one that was not is no difference."""
        return self.interrupted is None

    @property
    def so_far(self) -> bool:
        """Say whether figures of what was found are those of a case that is not complete, by ledger or rows."""
        return not self.complete or (self.accounts is not None and bool(self.accounts.open))

    @property
    def whole_in_itself(self) -> bool:
        """Say whether nothing differs, and nobody here vouches for the ledger's keys."""
        return self.ok and not self.vouched

    @property
    def foreign_head(self) -> bool:
        """Say whether a head was given that is none of the ledger's: that alone says nothing of the case itself."""
        return any(check.name == "head" and not check.ok for check in self.checks)

    @property
    def differs_in_itself(self) -> bool:
        """Say whether something in the case or its exhibits is not what was recorded, heads from outside aside."""
        return not all(check.ok for check in self.checks if check.name != "head")

    @property
    def as_recorded(self) -> bool:
        """Say whether the rows are those that were recorded: else ``lacking`` and ``accounts`` count altered ones."""
        return all(check.ok for check in self.checks if check.name in OF_ROWS)

    @property
    def held(self) -> tuple[Held, ...]:
        """What of the exhibits is as it was."""
        return tuple(each for check in self.checks for each in check.held)

    @property
    def ok(self) -> bool:
        """Say whether the case is whole, as far as it was stored: nothing differs, and nothing is absent."""
        return not self.differs and not self.absent

    @property
    def differs(self) -> bool:
        """Say whether something is not what was recorded."""
        return not all(check.ok for check in self.checks)

    @property
    def absent(self) -> tuple[str, ...]:
        """What of exhibits is not where it was, or cannot be read: nothing speaks against it, nothing for it."""
        return tuple(line for check in self.checks for line in check.absent)

    @property
    def unread(self) -> tuple[str, ...]:
        """What of ``absent`` is there, or may be, and cannot be read."""
        return tuple(line for check in self.checks for line in check.unread)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What of the exhibits is not as recorded and no difference: another time, another owner."""
        return tuple(line for check in self.checks for line in check.remarks)

    @property
    def missing(self) -> tuple[str, ...]:
        """What of ``absent`` was not found."""
        return tuple(line for check in self.checks for line in check.missing)

    @property
    def first(self) -> str | None:
        """The first thing that differs, None when nothing does."""
        return next((f"{check.name}: {check.difference}" for check in self.checks if not check.ok), None)

    @property
    def not_proved(self) -> tuple[str, ...]:
        """What no check covers."""
        return tuple(line for check in self.checks for line in check.not_proved)
