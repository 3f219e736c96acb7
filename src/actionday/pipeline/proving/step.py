"""One check by name, carried out: whatever a spoiled case makes a reader raise is a difference as well."""

import errno
import logging
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from actionday.pipeline.proving.report import Check, Subject
from actionday.pipeline.proving.told import Told, told
from actionday.storage.case import Case
from actionday.storage.database.spoiled import cause
from actionday.storage.readable import NotReadable

LOG = logging.getLogger(__name__)
UNREADABLE = "cannot be checked: what is stored there is not what such a case holds"
UNTOLD = (
    "cannot be compared: what the ledger recorded of it cannot be read, as far as the ledger itself differs"
)


class Step(NamedTuple):
    """A check by name."""

    name: str
    run: Callable[[Subject], Check]
    recorded: bool = False
    """Whether it compares with what the ledger recorded, and nothing else: without that it blames nobody."""


def told_of(case: Case) -> Told:
    """Return what the ledger says; of one that cannot be read nothing, and that it cannot."""
    try:
        return told(case)
    except Exception:  # whatever its leaves hold: that they differ is the ledger's own check
        LOG.info("what the ledger says", exc_info=True)
        return Told(readable=False)


def carried_out(step: Step, of: Subject) -> Check:
    """Carry out a check. Raises NotReadable where this account may not read all of the case."""
    if step.recorded and not of.told.readable:
        return Check(name=step.name, what="", checked=0, difference=UNTOLD)
    try:
        return step.run(of)
    except PermissionError as error:  # taken away while it was read; those of exhibits are the step's own
        raise NotReadable(Path(error.filename or of.case.folder)) from error
    except NotReadable:
        raise
    except OSError as error:  # of the case's own files; that one is gone is a difference
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return Check(name=step.name, what="", checked=0, difference=f"{error.filename}: {error.strerror}")
        why = f"{step.name}: cannot be read from the disk ({error.strerror}): not proved"
        return Check(name=step.name, what="", checked=0, absent=(why,), unread=(why,))
    except Exception as error:  # its own words say nothing to whoever has to judge the case
        LOG.info("check %s", step.name, exc_info=True)
        reason = f"cannot be checked: {why}" if (why := cause(error)) else UNREADABLE
        return Check(name=step.name, what="", checked=0, difference=reason)
