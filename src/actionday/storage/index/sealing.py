"""What vouches for an index that grows: one digest of all its segments, taken at each commit.

Merging goes on beside: files that are listed go away while they are read. Then it is done again, as listed by then.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from actionday.storage.index.folder import IndexDamaged, digests

TRIES = 5


class Sealing:
    """Reads each segment once, when it is new."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: Mapping[str, str] = {}

    def now(self) -> str | None:
        """Return the digest of the index as it is, None where it changed again and again meanwhile."""
        for _ in range(TRIES):
            try:
                before = (self._folder / "meta.json").read_bytes()
                found = digests(self._folder, self._known)
                if (self._folder / "meta.json").read_bytes() == before:
                    self._known = found
                    return whole(found)
            except (FileNotFoundError, IndexDamaged):
                continue
        return None


def whole(found: Mapping[str, str]) -> str:
    """Return one digest for those of all segments, of their list and the versions."""
    return sha256(json.dumps(found, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
