"""From counts to the sparse table: which features are kept, and which classes each speaks for, how strongly."""

from dataclasses import dataclass

import numpy as np
from counts import Counts
from numpy.typing import NDArray

from actionday.detectors.language._table import HIGH, LOW, fingerprint, slot

SMOOTHING = 3000.0  # of a class's mass, drawn from the script's mean
LEAST = 0.25  # log ratio under which a feature says too little of a class to be stored
MOST_BACKGROUND = {LOW: 3, HIGH: 2}  # background classes a feature may speak for
SLOTS = (1 << LOW.bits) + (1 << HIGH.bits)  # those of both shelves, numbered through
COMMON, ALONE = 2.0, 0.05  # a script of one language: occurrences of what is stored, and how much it is worth
TRUST = 0.4  # occurrences at which a ratio counts half


@dataclass(slots=True)
class Draft:
    """Entries sorted by slot: (slot of both shelves, fingerprint, class, weight).

    Classes are numbered within their script.
    """

    slots: NDArray[np.int64]
    prints: NDArray[np.uint8]
    local: NDArray[np.uint8]
    weights: NDArray[np.float32]


def place(hashes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the slot of each feature, those of the high shelf after those of the low one."""
    high = (hashes & np.uint32(1)).astype(bool)
    return np.where(high, slot(hashes, HIGH) + (1 << LOW.bits), slot(hashes, LOW))


def draft(scripts: list[list[tuple[Counts, bool]]], shared: list[bool]) -> Draft:
    """Return the entries of all scripts: in each slot the feature that tells most, and its strongest classes.

    A script is ``shared`` where other languages may be written in it too, of which there is no text.
    """
    parts = map(_script, scripts, shared)
    hashes, local, weights, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _fit(hashes, local, weights, value)


def _script(classes: list[tuple[Counts, bool]], shared: bool) -> tuple[NDArray[np.uint32], ...]:
    hashes = np.concatenate([counts.hashes for counts, _ in classes])
    local = np.repeat(np.arange(len(classes)), [len(counts.hashes) for counts, _ in classes])
    weight = np.concatenate([counts.weights for counts, _ in classes])
    mass = np.array([counts.weights.sum() for counts, _ in classes])
    reported = np.array([flag for _, flag in classes], np.float64)
    voices = np.where(reported > 0, 1.0, 0.15) if reported.any() else np.ones(len(classes))
    unique, inverse = np.unique(hashes, return_inverse=True)
    share = weight / mass[local]
    mean = np.bincount(inverse, share * voices[local]) / max(1.0, voices.sum()) + 1e-12
    smooth = (weight + SMOOTHING * mean[inverse]) / (mass[local] + SMOOTHING)
    total = np.bincount(inverse, weight * voices[local])
    ratio = np.log(smooth / mean[inverse]) * weight / (weight + TRUST)
    if len(classes) == 1:  # nothing to tell apart, but what is known of it tells it from what is not
        ratio = weight / (weight + TRUST) * (weight >= COMMON)
        total *= 1.0 if shared else ALONE
    named = reported[local] > 0
    high = (hashes & np.uint32(1)).astype(bool)
    few = np.where(high, MOST_BACKGROUND[HIGH], MOST_BACKGROUND[LOW])
    ratio[~named & (_rank(np.where(named, -1.0, ratio), inverse) >= few)] = 0.0
    width = np.where(high, HIGH.width, LOW.width)
    kept = np.flatnonzero((_rank(ratio, inverse) < width) & (ratio > LEAST))
    best = np.zeros(len(unique))
    np.maximum.at(best, inverse[kept], ratio[kept])
    value = (total * (best / np.log(1.5 + voices.sum())) ** 2)[inverse[kept]]  # of what the script allows
    return (
        hashes[kept],
        local[kept].astype(np.uint8),
        ratio[kept].astype(np.float32),
        value.astype(np.float64),
    )


def _rank(ratio: NDArray[np.float64], feature: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each entry among its feature's, 0 for the highest ratio."""
    order = np.lexsort((-ratio, feature))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - np.searchsorted(feature[order], feature[order], side="left")
    return rank


def _fit(
    hashes: NDArray[np.uint32],
    local: NDArray[np.uint8],
    weights: NDArray[np.float32],
    value: NDArray[np.float64],
) -> Draft:
    at = place(hashes)
    best = np.zeros(SLOTS)
    np.maximum.at(best, at, value)
    kept = np.flatnonzero(value >= best[at])  # one feature a slot: the one that tells most
    winner = np.zeros(SLOTS, np.uint32)
    winner[at[kept]] = hashes[kept]
    kept = kept[hashes[kept] == winner[at[kept]]]
    kept = kept[np.argsort(at[kept], kind="stable")]
    return Draft(at[kept], fingerprint(hashes[kept]), local[kept], weights[kept])
