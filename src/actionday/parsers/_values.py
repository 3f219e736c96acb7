"""Values of binary metadata as plain text and numbers."""

from collections.abc import Sequence
from typing import Any

CONTROLS = {code: None for code in range(32) if code not in (9, 10)}


def plain(value: object) -> str:
    """Return a value as text without control characters: bytes as UTF-8, else as windows-1252."""
    text = _decoded(value) if isinstance(value, bytes) else str(value)
    return text.translate(CONTROLS).strip()


def _decoded(value: bytes) -> str:
    value = value.removeprefix(b"ASCII\0\0\0").removeprefix(b"UNICODE\0").rstrip(b"\0")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace")


def decimal_degrees(parts: Sequence[Any] | None) -> float | None:
    """Return degrees, minutes and seconds as degrees, six places (10 cm); None when they are out of range."""
    if not parts or len(parts) != 3:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return round(value, 6) if 0 <= value <= 180 else None  # also refuses NaN
