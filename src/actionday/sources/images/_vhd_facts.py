"""What a VHD tells of its making: who wrote it, when, on what, and what it was made from.

Source: Microsoft, "Virtual Hard Disk Image Format Specification", version 1.0, sections "Hard Disk Footer Format" and
"Dynamic Disk Header Format".
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from actionday.sources.images._vhd_footer import kind_of, number

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Times are seconds since then."""
RESERVED = 85
"""Bytes of a footer that mean something."""
HEADER_RESERVED = ((572, 576), (768, 1024))
"""Of a dynamic header what is reserved."""


def facts_of(foot: bytes) -> dict[str, object]:
    """Return what a footer tells."""
    original, size = number(foot, 40, 8), number(foot, 48, 8)
    found: dict[str, object] = {
        "type": kind_of(foot),
        "uuid": str(UUID(bytes=foot[68:84])),
        "creator": _text(foot[28:32]),
        "creator_version": f"{number(foot, 32, 2)}.{number(foot, 34, 2)}",
        "system": _text(foot[36:40]),
        "created": time_of(number(foot, 24)),
    }
    if original != size:
        found["original_size"] = original
    if foot[84:85] == b"\1":
        found["saved_state"] = True
    return {key: value for key, value in found.items() if value not in ("", None)}


def parent_of(header: bytes, names: list[str]) -> dict[str, object]:
    """Return what the header of a differencing disk tells of the disk it was made from."""
    found: dict[str, object] = {"parent_uuid": str(UUID(bytes=header[40:56]))}
    if names:
        found["parent_names"] = names
    if time := time_of(number(header, 56)):
        found["parent_changed"] = time
    return found


def time_of(seconds: int) -> str | None:
    """Return RFC 3339, None for the zero of the clock."""
    return (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds else None


def _text(raw: bytes) -> str:
    return raw.replace(b"\0", b" ").strip().decode("latin-1")
