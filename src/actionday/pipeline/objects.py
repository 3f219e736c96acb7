"""Where the objects of a run lie: in the packs at once, in the database with the next checkpoint."""

import sqlite3
from collections.abc import Iterable

import msgspec

from actionday.pipeline.locate import location_of, locations_of
from actionday.pipeline.messages import Bundle, Object, Results
from actionday.storage.database.rows import Values
from actionday.storage.objects import Location, Packs


class Objects:
    """Takes objects in; each is kept once. ``fresh``: since the last checkpoint; ``weight``: their bytes."""

    def __init__(self, database: sqlite3.Connection, packs: Packs) -> None:
        self._database, self._packs = database, packs
        self.fresh: dict[bytes, Location] = {}
        self.weight = 0

    def clear(self) -> None:
        """Begin with nothing: a checkpoint has stored what there was."""
        self.fresh, self.weight = {}, 0

    def take(self, results: Results) -> None:
        """Keep the objects of a message."""
        for kept in results.objects:
            self.keep(kept)
        for bundle in results.bundles:
            self.keep_together(bundle)

    def keep(self, kept: Object) -> None:
        """Put an object into the packs if it is new."""
        if not self.stored(kept.sha256):
            self.fresh[kept.sha256] = self._packs.put(kept.sha256, kept.size, kept.frames)
            self.weight += sum(map(len, kept.frames))

    def keep_together(self, bundle: Bundle) -> None:
        """Keep objects that share a frame; those that are stored already are left where they are."""
        unknown = [sha256 for sha256, _ in bundle.members if sha256 not in self.fresh]
        fresh = set(unknown) - locations_of(self._database, unknown).keys()
        if fresh:
            places = self._packs.put_together(bundle.members, bundle.frame)
            found = zip((sha256 for sha256, _ in bundle.members), places, strict=True)
            self.fresh |= {sha256: place for sha256, place in found if sha256 in fresh}
            self.weight += len(bundle.frame)

    def adopt(self, sha256: bytes, location: Location) -> None:
        """Add an object that has become a pack of its own."""
        self.fresh[sha256] = location

    def stored(self, sha256: bytes) -> bool:
        """Say whether an object is kept, or about to be."""
        return self.location(sha256) is not None

    def location(self, sha256: bytes) -> Location | None:
        """Return where an object lies."""
        return self.fresh.get(sha256) or location_of(self._database, sha256)

    def rows(self, seq: int) -> Iterable[Values]:
        """Return the rows of what came in since the last checkpoint."""
        encode = msgspec.msgpack.Encoder().encode
        for sha256, at in self.fresh.items():
            yield sha256, at.pack, at.start, at.stored, at.size, encode(at.frames), seq, at.skip
