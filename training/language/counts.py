"""Count the features of every class's text, each source weighted, and join look-alike background classes."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from codes import KIN, REPORTED
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from actionday.detectors.language import _letters, _ngrams
from actionday.detectors.language._alphabet import Alphabet

# Characters a source may weigh in a class: more of it is scaled down, so that no trade's jargon rules.
MASS = {
    "train": 1e9,
    "declaration": 1e9,
    "messages": 250e3,
    "help": 150e3,
    "manuals": 80e3,
    "fortunes": 150e3,
    "code": 100e3,
    "settings": 60e3,
}
FREQUENT_WORDS = 60_000.0  # running words that the frequency lists weigh
LISTED, DICTIONARY = 0.05, 0.15  # of one occurrence, for being listed at all
MOST_OF_SCRIPT = 170  # classes of a script are numbered in 8 bits
EVERY = 1 << 30  # letters: no unit is thinned
CHUNK = 4000  # lines read at a time


@dataclass(frozen=True, slots=True)
class Text:
    """A class's texts of one source and what each weighs."""

    source: str
    lines: list[str]
    weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """Sorted feature hashes of one class with their weights."""

    hashes: NDArray[np.uint32]
    weights: NDArray[np.float64]


def texts(folder: Path) -> dict[str, list[Text]]:
    """Return the sources of every class found under ``folder`` (as corpus.py wrote them), by class."""
    found: dict[str, list[Text]] = defaultdict(list)
    for path in sorted(folder.glob("*/*/*.txt")):
        found[path.parent.name].append(_text(path))
    return {label: sources for label, sources in found.items() if _enough(sources)}


def _enough(sources: list[Text]) -> bool:
    return sum(len(line) for source in sources if source.source != "held-out" for line in source.lines) > 1500


def _text(path: Path) -> Text:
    lines = path.read_text(encoding="utf-8").splitlines()
    source = path.stem
    if source == "frequency":
        pairs = [line.rpartition("\t") for line in lines]
        rates = np.array([float(rate) for _, _, rate in pairs])
        return Text(source, [word for word, _, _ in pairs], rates / 1e6 * FREQUENT_WORDS + LISTED)
    size = sum(map(len, lines)) or 1
    weight = DICTIONARY if source == "words" else min(1.0, MASS.get(source, 0.0) / size)
    return Text(source, lines, np.full(len(lines), weight))


def features(alphabet: Alphabet, limit: NDArray[np.uint8], script: int, lines: list[str]) -> _ngrams.Features:
    """Return the features of each line's words that are in the script; the unit is the line's number."""
    words = _letters.read(alphabet, lines)
    unit = np.where(words.script == script, words.piece, -1).astype(np.int32)
    return _ngrams.extract(words, unit, limit[words.script], EVERY)


def count(alphabet: Alphabet, limit: NDArray[np.uint8], script: int, sources: list[Text]) -> Counts:
    """Return the weighted feature counts of a class over its training sources."""
    hashes, weights = [], []
    for source in sources:
        if source.source == "held-out":
            continue
        for at in range(0, len(source.lines), CHUNK):
            found = features(alphabet, limit, script, source.lines[at : at + CHUNK])
            unique, inverse = np.unique(found.hashes, return_inverse=True)
            hashes.append(unique)
            weights.append(np.bincount(inverse, source.weights[at : at + CHUNK][found.unit], len(unique)))
    unique, inverse = np.unique(np.concatenate(hashes), return_inverse=True)
    return Counts(unique, np.bincount(inverse, np.concatenate(weights)))


def joined(counted: dict[str, Counts], most: int) -> dict[str, str]:
    """Return for each background class the class it is joined into, so that at most ``most`` remain.

    By Ward's clustering of their feature counts, folded to 16 bits: it makes no giant clusters.
    """
    names = sorted(counted)
    if len(names) <= most:
        return {name: name for name in names}
    rows = np.zeros((len(names), 1 << 16), np.float32)
    for row, name in zip(rows, names, strict=True):
        np.add.at(row, counted[name].hashes & np.uint32(0xFFFF), counted[name].weights)
    rows = np.log1p(rows)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows -= rows.mean(axis=0)
    groups = fcluster(linkage(rows, "ward"), most, "maxclust")
    head: dict[int, str] = {}
    return {name: head.setdefault(int(group), name) for name, group in zip(names, groups, strict=True)}


def merged(parts: list[Counts]) -> Counts:
    """Return the sum of several classes' counts."""
    unique, inverse = np.unique(np.concatenate([part.hashes for part in parts]), return_inverse=True)
    return Counts(unique, np.bincount(inverse, np.concatenate([part.weights for part in parts])))


def is_reported(label: str) -> bool:
    """Return whether the detector may name the class."""
    return label in REPORTED


def is_close(label: str) -> bool:
    """Return whether the class is learnt with all care: a reported one or close kin of one."""
    return label in REPORTED or label in KIN
