"""The sparse table: for each feature the few languages of its script that it speaks for, and how strongly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actionday.detectors.language._ngrams import Features

SCALE = 16.0  # steps of a weight in one natural logarithm: +-8 in 8 bits


@dataclass(frozen=True, slots=True)
class Kind:
    """Size of a shelf: slots in bits, entries a slot may have."""

    bits: int
    width: int


LOW, HIGH = Kind(18, 16), Kind(21, 8)


def slot(hashes: NDArray[np.uint32], kind: Kind) -> NDArray[np.int64]:
    """Return the slot of each feature: its upper bits."""
    return (hashes >> np.uint32(32 - kind.bits)).astype(np.int64)


def fingerprint(hashes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return what tells a feature from others of its slot, wrong once in 256: lower bits, the shelf's left out."""
    return (hashes >> np.uint32(1)).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One feature a slot, its entries side by side: in ``packed`` first the numbers of the classes within their
    script, then the weights as signed bytes. Unused entries weigh nothing."""

    kind: Kind
    prints: NDArray[np.uint8]
    packed: NDArray[np.uint64]  # slots x width / 4

    @classmethod
    def of(
        cls, kind: Kind, prints: NDArray[np.uint8], count: NDArray[np.uint8], local: NDArray[np.uint8],
        weight: NDArray[np.int8],
    ) -> "Shelf":  # fmt: skip
        """Return the shelf of entries that stand slot after slot, ``count`` in each."""
        room = np.empty((1 << kind.bits, 2, kind.width), np.uint8)
        one = np.zeros((1 << kind.bits, kind.width), np.uint8)
        used = np.arange(kind.width, dtype=np.uint8) < count[:, None]
        for half, values in enumerate((local, weight.view(np.uint8))):
            one[used] = values
            room[:, half] = one
        return cls(kind, prints, room.reshape(1 << kind.bits, -1).view(np.uint64))

    def entries(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.int8]]:
        """Return count, class numbers and weights as ``of`` takes them."""
        room = self.packed.view(np.uint8).reshape(-1, 2, self.kind.width)
        used = room[:, 1] != 0
        return used.sum(axis=1).astype(np.uint8), room[:, 0][used], room[:, 1][used].view(np.int8)

    def entries_of(
        self, hashes: NDArray[np.uint32], unit: NDArray[np.int32], columns: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return place (unit * columns + class) and weight of every entry of the features."""
        at = slot(hashes, self.kind)
        hit = np.flatnonzero(self.prints[at] == fingerprint(hashes))
        found = np.take(self.packed, at[hit], axis=0).view(np.uint8).reshape(len(hit), 2 * self.kind.width)
        return self._spread(found, unit[hit] * np.int64(columns))

    def _spread(
        self, found: NDArray[np.uint8], row: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return column and weight of every used entry of the features found, ``row`` the start of each one's row.

        One long loop an entry, as numpy is slow at many short ones; what has no more entries drops out every four.
        """
        width = self.kind.width
        columns, weights = [np.zeros(0, np.int64)], [np.zeros(0)]
        for entry in range(width):
            if entry % 4 == 0 and entry:
                more = np.flatnonzero(found[:, width + entry])
                found, row = found[more], row[more]
            columns.append(row + found[:, entry])
            weights.append(found[:, width + entry].view(np.int8).astype(np.float64))
        return np.concatenate(columns), np.concatenate(weights)


@dataclass(frozen=True, slots=True)
class Table:
    """The shelves of low and of high orders."""

    low: Shelf
    high: Shelf

    def sums(
        self, features: Features, units: int, columns: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the summed weights (units x columns), the features and those of low orders of each unit.

        A column is a class numbered within the unit's script. Sums of small integers in floating point: exact in
        any order. Columns past the script's last class may hold what shares a slot and a print by chance.
        """
        low, hashes, unit = features.low, features.hashes, features.unit
        place, weight = self.low.entries_of(hashes[:low], unit[:low], columns)
        sums = np.asarray(np.bincount(place, weight, units * columns), np.float64)
        place, weight = self.high.entries_of(hashes[low:], unit[low:], columns)
        sums += np.bincount(place, weight, units * columns)
        seen = np.bincount(unit, minlength=units)
        return sums.reshape((units, columns)), seen, np.bincount(unit[:low], minlength=units)
