"""What image readers told of the disks around what a container holds: the imager's facts, and hashes to be compared.

They belong to the item in which the image lies, an exhibit or a file deep inside one, and are kept while it is open:
``docs/adr/0014-what-an-image-tells.md``.
"""

from collections.abc import Iterator, Mapping

import msgspec

from actionday.model import Loss, Note
from actionday.model.lacks import MISSING
from actionday.pipeline.messages import Chain, Done, Expand, Layer, Noted, Scope
from actionday.pipeline.visit import is_whole

STORED, MEDIA, NOT_COMPARED = "stored_hashes", "media", "hash_not_compared"
"""Facts that are ours: what the imager noted of the whole disk, what it is, or why that cannot be told."""


class Imaged:
    """Facts of one container, in the order of its layers; the second of a name has its number behind it."""

    def __init__(self) -> None:
        self.facts: dict[str, object] = {}
        self._noted: dict[Chain, tuple[Mapping[str, str], str]] = {}

    def told(self, order: Expand, scope: Scope, done: Done) -> Iterator[tuple[Chain, tuple[str, ...]]]:
        """Keep what the layers told that ``order`` opened; yield the ways to disks that are to be hashed, and how.

        ``scope``: that of the container behind its layers. A layer that is not there has no disk to be hashed.
        """
        layers = msgspec.json.decode(done.facts, type=list[Noted]) if done.facts else []
        for steps, layer in enumerate(layers, len(order.scope.chain) + (not is_whole(order.scope.chain))):
            for key, value in layer.facts.items():
                self.facts[free(self.facts, key)] = value
            way = scope.chain[:steps]
            if layer.stored and len(way) == steps and isinstance(way[-1], Layer):
                self.facts[free(self.facts, STORED)] = layer.stored
                self._noted[way] = layer.stored, free(self.facts, MEDIA)
                self.facts[self._noted[way][1]] = None  # holds its place: disks are hashed in any order
                yield way, tuple(layer.stored)

    def hashed(self, way: Chain, done: Done) -> Note | None:
        """Keep what the disk at the end of ``way`` hashes to; return how it is not what the imager noted.

        A disk that cannot be read whole has no hash: nothing was compared, and nothing differs.
        """
        noted, media = self._noted[way]
        if done.status:
            self.facts.pop(media, None)
            self.facts[free(self.facts, NOT_COMPARED)] = done.reason
            if done.facts:
                self.facts[free(self.facts, MISSING)] = msgspec.json.decode(done.facts)[MISSING]
            what = "the disk cannot be read whole, so that the hash its imager noted is not compared"
            return Note(Loss.GAP, f"{what}: {done.reason}")
        found = msgspec.json.decode(done.facts)
        self.facts[media] = found
        said = unlike(noted, found)
        return Note(Loss.HASH_DIFFERS, said) if said else None

    def beside(self, meta: bytes) -> bytes:
        """Return the facts of an item with these beside them."""
        if not self.facts:
            return meta
        whole: dict[str, object] = msgspec.json.decode(meta) if meta else {}
        for key, value in self.facts.items():
            whole[free(whole, key)] = value
        return msgspec.json.encode(whole)


def unlike(noted: Mapping[str, str], found: Mapping[str, str]) -> str:
    """Return which hashes that an imager noted a disk has not, "" where it has all."""
    wrong = [name for name, value in noted.items() if found.get(name) != value.lower()]
    return "; ".join(
        f"the imager noted {name} {noted[name]}, the disk has {found.get(name)}" for name in wrong
    )


def free(facts: Mapping[str, object], key: str) -> str:
    """Return ``key``, with a number behind it where facts of that name are there already."""
    number, name = 1, key
    while name in facts:
        number += 1
        name = f"{key} {number}"
    return name
