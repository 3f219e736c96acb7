"""Times that are kept as year, month, day and clock: only what a calendar has is one.

Source: none; see the file systems that keep them so (ISO 9660, UDF).
"""

from datetime import datetime, timedelta
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1)
SECOND = timedelta(seconds=1)


class Stamp(NamedTuple):
    """A time, and the bytes by which it is stored."""

    seconds: int | None
    """Since 1970, UTC; None where no calendar has it, or none is set."""
    raw: bytes
    """Nothing where none is set."""


def seconds_of(parts: tuple[int, ...], offset: int) -> int | None:
    """Return seconds since 1970 of year to second, ``offset`` seconds before UTC; None for what no calendar has."""
    year, month, day, hour, minute, second = parts
    try:
        return (datetime(year, month, day, hour, minute, second) - EPOCH) // SECOND - offset
    except ValueError:
        return None
