"""What is found out of exhibits: what holds, what differs, what cannot be told, each counted and the first named."""

from collections import Counter
from typing import Literal, NamedTuple

from actionday.model.counted import grouped
from actionday.pipeline.custody import SourceFile
from actionday.pipeline.proving.report import MOST_NAMED, Check, Counts, Held

DOUBTED = (
    "compared with a row of case.db that is none of those recorded, or that is gone (see rows above): nothing is "
    "concluded of the evidence"
)
Kind = Literal["altered", "missing", "added", "others"]


class Exhibit(NamedTuple):
    """An exhibit to be proved."""

    number: int
    id: str
    sources: list[SourceFile]
    complete: bool


class Result:
    """What was found out of all exhibits so far."""

    def __init__(self) -> None:
        self.checked = 0
        self.expected = 0
        self.absent: list[str] = []
        self.unread: list[str] = []
        self.not_proved: list[str] = []
        self.said: list[str] = []
        self.differing = 0
        self.held: list[Held] = []
        self.kinds: Counter[Kind] = Counter()
        self.remarked = self.unlisted = self._unread = self._further = 0
        self._remarks: list[str] = []
        self._differences: list[str] = []
        self._doubted: list[str] = []

    def differs(self, line: str, kind: Kind) -> None:
        """Take a difference: each is counted, the first hundred are named."""
        self.differing += 1
        self.kinds[kind] += 1
        if len(self._differences) < MOST_NAMED:
            self._differences.append(line)

    def remark(self, line: str, *, file: bool = False) -> None:
        """Take what is another and no difference; ``file``: one whose bytes hold. The first hundred are named."""
        self.remarked += file
        if len(self._remarks) < MOST_NAMED:
            self._remarks.append(line)
        else:
            self._further += 1

    def cannot(self, line: str) -> None:
        """Take what is there, or may be, and cannot be read: nothing is known of it. The first hundred are named."""
        self._unread += 1
        if self._unread <= MOST_NAMED:
            self.unread.append(line)

    def doubted(self, exhibit: Exhibit, name: str) -> None:
        """Take something that is not as a row says that was altered itself: nothing is concluded from it."""
        if len(self._doubted) < MOST_NAMED:
            self._doubted.append(f"exhibit {exhibit.id!r}: {name}: {DOUBTED}")

    def check(self) -> Check:
        """Return it as a check."""
        remarks = (*self._remarks, *([f"and {grouped(self._further)} more"] if self._further else []))
        more = self._unread - MOST_NAMED
        unread = (*self.unread, *([f"and {grouped(more)} more that cannot be read"] if more > 0 else []))
        return Check(
            name="exhibits",
            what="files",
            checked=self.checked,
            difference=next(iter(self._differences), None),
            more=tuple(self._differences[1:]),
            differing=self.differing,
            not_proved=(*self.not_proved, *self._doubted),
            said=(*self.said, *(f"remark: {line}" for line in remarks)),
            remarks=remarks,
            absent=(*self.absent, *unread),
            unread=unread,
            held=tuple(self.held),
            counts=self._counts(),
        )

    def _counts(self) -> Counts:
        """Return how many files are what; those of which nothing is known are the rest."""
        altered, missing = self.kinds["altered"], self.kinds["missing"]
        return Counts(
            recorded=self.expected,
            held=self.checked,
            altered=altered,
            missing=missing,
            unread=self.expected - self.checked - altered - missing,
            added=self.kinds["added"],
            others=self.kinds["others"],
            unlisted=self.unlisted,
            remarked=self.remarked,
        )
