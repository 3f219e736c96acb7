"""Times of DOS, from 1980 to 2107, to two seconds and without a zone: what no calendar has is no time.

Source: PKWARE APPNOTE.TXT 6.3.10, 4.4.6; [MS-CAB] 2.3 (``date``, ``time``); RARLAB, technote.txt of RAR 4 (``FTIME``).
"""

from datetime import UTC, datetime

from msgspec.structs import replace

from actionday.model import Found
from actionday.model.times import stamp


def dos(time: int) -> tuple[str | None, dict[str, object]]:
    """Return a time stored as a day in the upper and a clock in the lower 16 bits, and what is to be known of it."""
    try:
        moment = datetime((time >> 25) + 1980, time >> 21 & 15, time >> 16 & 31, time >> 11 & 31, time >> 5 & 63,
                          (time & 31) * 2, tzinfo=UTC)  # fmt: skip
    except ValueError:
        return None, {"mtime_raw": time} if time else {}
    return stamp(moment), {"zone": "assumed UTC"}


def dated(found: Found, stored: int | None) -> Found:
    """Return a member without the time that a library makes of what no calendar has (of 30 February 1 March)."""
    if stored is None:
        return found
    told, odd = dos(stored)
    if told is not None:
        return found if found.mtime else replace(found, mtime=told, meta={**found.meta, **odd})
    meta = {key: value for key, value in found.meta.items() if key != "zone"}
    return replace(found, mtime=None, meta={**meta, **odd})
