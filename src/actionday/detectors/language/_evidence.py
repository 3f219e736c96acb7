"""What the features of each unit of a batch say, before anything is decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from actionday.detectors.language import _letters, _ngrams
from actionday.detectors.language._letters import Index
from actionday.detectors.language._model import Model
from actionday.detectors.language._table import SCALE
from actionday.detectors.language._units import Units, divide, joined

AT_ONCE = 40_000  # characters read at a time: a sixth less time than 16,000, where numpy's calls weigh more
SPEAKS_FOR_ITSELF = 150.0  # features from which on nothing known beforehand (how rare a language is) counts
Sums = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Summed weights (rows x classes of the row's script) in steps of the table, features seen and those of low
    orders among them; exact whole numbers."""

    sums: Sums
    seen: Index
    low: Index

    def at(self, rows: Index) -> "Evidence":
        """Return the evidence of those rows."""
        return Evidence(self.sums[rows], self.seen[rows], self.low[rows])

    def grouped(self, group: Index, groups: int) -> "Evidence":
        """Return the evidence of the rows added up by ``group``, whose numbers all occur."""
        if groups == len(group) and (group[1:] > group[:-1]).all():
            return self
        order = np.argsort(group, kind="stable")
        begin = np.searchsorted(group[order], np.arange(groups))
        return Evidence(
            *(np.add.reduceat(each[order], begin, axis=0) for each in (self.sums, self.seen, self.low))
        )


def weigh(model: Model, pieces: Sequence[str], text: Index | None = None) -> tuple[Units, Evidence]:
    """Return the units of the pieces, in order, and the evidence of each.

    ``text`` is the text that each piece belongs to: the features of a long one are thinned; if not given, those of
    each long unit are.
    """
    bounds = _bounds(pieces)
    parts = [
        _weighed(model, pieces[first:last], None if text is None else text[first:last])
        for first, last in pairwise(bounds)
    ]
    units = joined([units for units, _ in parts], np.diff(bounds).tolist())
    columns = zip(*((each.sums, each.seen, each.low) for _, each in parts), strict=True)
    return units, Evidence(*(np.concatenate(column) for column in columns))


def _bounds(pieces: Sequence[str]) -> list[int]:
    """Return where runs of about AT_ONCE characters begin and end, at least one run."""
    ends = np.cumsum([len(piece) for piece in pieces])
    cuts = np.flatnonzero(np.diff(ends // AT_ONCE)) + 1
    return [0, *cuts.tolist(), len(pieces)]


def _weighed(model: Model, pieces: Sequence[str], text: Index | None) -> tuple[Units, Evidence]:
    words = _letters.read(model.alphabet, pieces)
    units = divide(words, model.alphabet.scripts, len(pieces))
    of = units.of_word if text is None else text[words.piece]
    features = _ngrams.extract(words, units.of_word, model.limit[words.script], whose=of)
    return units, Evidence(*model.table.sums(features, len(units.piece), int(model.classes.size.max())))


def logits(model: Model, evidence: Evidence, rows: Index, script: int) -> Sums:
    """Return the scores of the rows for the classes of one script, in natural logarithms."""
    first = model.classes.first[script]
    span = slice(first, first + model.classes.size[script])
    constant, by_feature = model.classes.bias[:, span].astype(np.float64)
    seen = evidence.seen[rows, None]
    beforehand = np.maximum(1.0 - seen / SPEAKS_FOR_ITSELF, 0.0)
    scores: Sums = evidence.sums[rows, : model.classes.size[script]] / SCALE
    scores += seen * by_feature
    scores += beforehand * constant
    return scores
