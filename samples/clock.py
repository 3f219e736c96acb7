"""The network's own time: everything happened in the weeks before it was seized."""

from datetime import UTC, datetime, timedelta

START = 1772352000  # 2026-03-01T08:00:00Z, in seconds of the epoch


def at(minutes: int) -> datetime:
    """Return the moment so many minutes after the start, in UTC."""
    return datetime.fromtimestamp(START, UTC) + timedelta(minutes=minutes)


def seconds(minutes: int) -> int:
    """Return the same as seconds of the epoch."""
    return START + 60 * minutes
