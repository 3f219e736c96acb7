"""Times as the house writes them: RFC 3339, UTC, only what lies between the years 1 and 9999."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_IN_UTC = EPOCH.replace(tzinfo=None)
NANOSECONDS = 1_000_000_000
FILETIME_EPOCH = 11_644_473_600
"""Seconds from 1601 to 1970."""


def rfc3339(seconds: int, nanoseconds: int = 0) -> str | None:
    """Return the time ``seconds`` after 1970 as ``2026-03-04T21:14:09Z``, or None when no calendar has it.

    A fraction is kept to the microsecond and left out when it is zero.
    """
    try:
        moment = _IN_UTC + timedelta(seconds=seconds, microseconds=nanoseconds // 1000)
    except OverflowError:
        return None
    return f"{moment.isoformat()}Z"  # as ``stamp``, in half the time: a file has four


def filetime(steps: int) -> str | None:
    """Return a FILETIME, 100 ns steps since 1601, as ``rfc3339``; None for 0, which is how Windows says "not set".

    Source: MS-DTYP, 2.3.3.
    """
    if not steps:
        return None
    return rfc3339(steps // 10_000_000 - FILETIME_EPOCH, steps % 10_000_000 * 100)


def stamp(moment: datetime) -> str:
    """Return an aware ``moment`` in UTC as RFC 3339 with ``Z``."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def now() -> str:
    """Return this moment, to the second."""
    return stamp(datetime.now(UTC).replace(microsecond=0))


@lru_cache(maxsize=1 << 10)  # of files written together it is asked a thousand times
def seconds_of(written: str) -> int:
    """Return the whole seconds since 1970 of a time written by ``rfc3339``."""
    return int((datetime.fromisoformat(written) - EPOCH).total_seconds() // 1)


def nanoseconds(since: int) -> str:
    """Return a time, in nanoseconds since 1970, as RFC 3339 with nine digits of fraction."""
    seconds, fraction = divmod(since, 1_000_000_000)
    try:
        moment = EPOCH + timedelta(seconds=seconds)
    except OverflowError:  # a host may hold years that no calendar has: still the same each time
        return f"{since} ns"
    return f"{moment.replace(tzinfo=None).isoformat()}.{fraction:09d}Z"


def microseconds(written: str) -> str | None:
    """Return a time written by ``nanoseconds`` as ``rfc3339`` writes it, or None when no calendar has it."""
    try:
        return stamp(datetime.fromisoformat(written))
    except ValueError:
        return None
