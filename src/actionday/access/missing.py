"""What of the disk in an image cannot be had, and what that means for the hash its imager noted."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from actionday.model.lacks import MISSING, SHORT

IMAGED = "ewf"
"""What the readers of images that note a hash of the disk call their facts."""
UNKNOWN, NOT_COMPARED = "hash_unknown", "hash_not_compared"


class Missing(NamedTuple):
    """Bytes of a disk that cannot be had, of how many it has."""

    bytes: int
    of: int

    @property
    def share(self) -> str:
        """Return which share of the disk that is, in percent with one figure behind the point."""
        tenths = self.bytes * 1000 // self.of if self.of else 0
        return f"{tenths // 10}.{tenths % 10} %" if tenths else "< 0.1 %"


def missing(facts: Mapping[str, Any]) -> Missing | None:
    """Return what is missing by the facts of an image and the tables on it; None where nothing is known to be."""
    lost, size = 0, 0
    for key in (MISSING, SHORT):
        told = facts.get(key)
        if isinstance(told, dict) and isinstance(told.get("bytes"), int) and isinstance(told.get("of"), int):
            lost, size = lost + max(0, told["bytes"]), max(size, told["of"])
    return Missing(lost, size) if lost else None


def hash_unknown(facts: Mapping[str, Any]) -> str:
    """Return why it is not known what hash the imager noted; "" where it noted one, or none."""
    return _said(facts.get(IMAGED), UNKNOWN)


def not_compared(facts: Mapping[str, Any]) -> str | None:
    """Return why the hash that the imager noted cannot be compared; None where it can."""
    return _said(facts.get(IMAGED), NOT_COMPARED) or _said(facts, NOT_COMPARED) or None


def _said(facts: object, key: str) -> str:
    told = facts.get(key) if isinstance(facts, Mapping) else None
    return told if isinstance(told, str) else ""
