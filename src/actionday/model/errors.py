"""The one error tree: each kind has its exit code and, where it concerns an item, the item's status.

ActiondayError
├── UsageError            arguments or input that cannot be used             exit 2
├── ItemError             one item, nothing else
│   ├── Damaged           unreadable, or ends before it should               exit 1, listed
│   │   └── NotThere        needs a file that is not there                     exit 1, listed
│   ├── Refused           the account may not read it                        exit 1, listed
│   ├── OverLimit         depth, ratio, total, memory                        exit 1, listed
│   ├── TimedOut          deadline                                           exit 1, listed
│   ├── Encrypted         needs a key or a password                          exit 0, listed
│   ├── Waits             for a model that is not there                      exit 0, stays queued
│   └── Unsupported       recognised or not, but nobody here reads it        exit 0, listed (a volume or an exhibit: 1)
│       └── ReadWith        a part of a set, read with the first file of it    exit 0, listed (an exhibit: 1)
├── Transient             may be tried again
├── Paused                a run that was asked to stop for a while             exit 130
├── NotAllowed            names the rule or the article that forbids it      exit 2
└── Broken                our own fault                                      exit 3
"""

import errno
import os
from typing import ClassVar

from actionday.model.item import Status
from actionday.model.loss import READ_WITH


class ActiondayError(Exception):
    """Something a person must be told; ``str()`` is the sentence shown."""

    exit_code: ClassVar[int] = 3


class UsageError(ActiondayError):
    """Arguments or an input that cannot be used as given."""

    exit_code = 2


class ItemError(ActiondayError):
    """What one item could not give; it becomes the item's status and reason and stops nothing else."""

    status: ClassVar[Status] = Status.UNREADABLE
    code: ClassVar[str] = "unreadable"
    exit_code = 1
    disk: object = None
    """Of an image that cannot be read: the disk as far as it is known, to tell what its files hold beside it."""


class Damaged(ItemError):
    """Bytes are missing, contradict one another or the standard."""

    code = "damaged"


class NotThere(Damaged):
    """A further file that it needs is not there (what an overlay stands on): nothing of it is damaged."""

    code = "segment_missing"


class Refused(ItemError):
    """The system lets the account that reads not have it: nothing is said of the bytes."""

    code = "access_refused"
    words: ClassVar[str] = "the account that took it in may not read it"
    """What its sentence begins with; behind it what the system says."""
    said: ClassVar[frozenset[str]] = frozenset({os.strerror(errno.EACCES), os.strerror(errno.EPERM)})
    """What the system says where a right lacks: no damage."""

    @classmethod
    def reason(cls, system: str) -> str:
        """Return the reason of an item for what the ``system`` said: of a right that lacks, in words that tell it."""
        return f"{cls.words} ({system})" if system in cls.said else system

    @classmethod
    def system(cls, reason: str) -> str:
        """Return what the system said: the inverse of ``reason``."""
        return reason[len(cls.words) + 2 : -1] if reason.startswith(f"{cls.words} (") else reason

    @classmethod
    def or_damaged(cls, system: str, place: str = "") -> ItemError:
        """Return the error of what the ``system`` did not give, and said why; ``place`` stands in front of it."""
        reason = cls.reason(system)
        return (cls if reason != system else Damaged)(f"{place}: {reason}" if place else reason)

    @classmethod
    def code_of(cls, code: str, otherwise: str) -> str:
        """Return the code of the line for an item that failed as a whole: its own where it was refused."""
        return cls.code if code == cls.code else otherwise


class OverLimit(ItemError):
    """Depth, ratio, total size or memory went past the case's limits."""

    status = Status.QUARANTINED
    code = "over_limit"


class TimedOut(ItemError):
    """The deadline passed."""

    status = Status.QUARANTINED
    code = "timed_out"


class Encrypted(ItemError):
    """Cannot be read without a key or a password."""

    status = Status.ENCRYPTED
    code = "encrypted"
    exit_code = 0


class Waits(ItemError):
    """Cannot be read before something is there that lacks: a model of a language. It stays queued, and says so."""

    status = Status.QUEUED
    code = "waits"
    exit_code = 0


class Unsupported(ItemError):
    """Nobody here reads it; the reason names what it is."""

    status = Status.UNSUPPORTED
    code = "unsupported"
    exit_code = 0


APART = "which lies beside it and is no file of this exhibit: nothing of it is read here"
"""How the reason of a part of a set ends whose first was not given with it."""
READ_THERE = "its bytes are read with that file"
"""How the reason of a part of a set ends whose first was given with it."""


class ReadWith(Unsupported):
    """A part of a set, ``part`` ("segment 2 of x.E01"): who opens ``file`` reads its bytes too."""

    code = READ_WITH

    def __init__(self, part: str, file: str) -> None:
        super().__init__(f"{part}: {READ_THERE}")
        self.part, self.file = part, file

    @staticmethod
    def file_of(reason: str) -> str:
        """Return the file that such a reason names, "" for any other reason."""
        if not reason.endswith(f": {READ_THERE}"):
            return ""
        return reason.removesuffix(f": {READ_THERE}").partition(" of ")[2]

    def apart(self) -> Unsupported:
        """Return what is so where ``file`` is none of the exhibit, though it lies beside this one."""
        return Unsupported(f"{self.part}, {APART}")


class Transient(ActiondayError):
    """May work when tried again (a busy database, a store that did not answer)."""

    exit_code = 1


class Paused(ActiondayError):
    """A run that was asked to stop for a while; what was stored stays, and the same command goes on."""

    exit_code = 130

    def __init__(self, by: str) -> None:
        super().__init__(f"paused by {by}: run the same command again to go on")
        self.by = by


class NotAllowed(ActiondayError):
    """Forbidden; the sentence names the rule or the article."""

    exit_code = 2


class Broken(ActiondayError):
    """A fault of ours: stop, say where."""
