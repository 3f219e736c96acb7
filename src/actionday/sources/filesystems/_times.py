"""Times of file systems, which count nanoseconds or can be brought to."""

from functools import lru_cache

from actionday.model.times import NANOSECONDS, rfc3339


@lru_cache(4096)  # files that were written together share their times
def moment(nanoseconds: int) -> str | None:
    """Return RFC 3339 UTC for nanoseconds since 1970, or None outside the years 1 to 9999."""
    return rfc3339(*divmod(nanoseconds, NANOSECONDS))
