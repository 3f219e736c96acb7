"""From evidence to a language and an honest confidence.

The confidence is the probability that the *macrolanguage* is right (Bosnian, Croatian and Serbian, or Indonesian
and Malay, are often told apart by no one), learnt on sentences held back from training and on texts in languages
that were taken out of the model for the purpose. See ``training/language/calibrate.py``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actionday.detectors.language._attribution import UNNAMED
from actionday.detectors.language._evidence import Evidence, Sums, logits
from actionday.detectors.language._letters import Index
from actionday.detectors.language._model import Model

LONGEST = 250.0  # features past which a text is not surer for being longer: calibration had few longer ones
# Features of high orders from which on a text is held to what its language usually scores: a snippet of 30
# characters has fewer.
TELLING = 45
MOST_TELLING = 150.0  # and from which on no more than of so many
AT_LEAST = 0.7  # log odds that a text with just the least kinship is no stranger
CLEAR = 20.0  # kinship beyond the least past which there is no doubt
NOBODY = -1  # no class: the script has none, or nothing voted
_CERTAIN = 1e-6  # caps the odds: past a million to one more of them says nothing
_FARTHEST = 12.0  # standard deviations: beyond, a text is not stranger for being farther off


@dataclass(frozen=True, slots=True)
class Verdicts:
    """For each row the class that fits best (or NOBODY) and how sure that is, 0 to 1."""

    best: Index
    confidence: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scored:
    """The rows of one script: class probabilities and those of macrolanguages."""

    rows: Index
    probability: Sums  # rows x classes of the script
    kin: Index  # first class of each macrolanguage
    together: Sums  # rows x macrolanguages


def score(model: Model, evidence: Evidence, rows: Index, script: int) -> Scored:
    """Return the probabilities of the rows, all in one script that has classes."""
    raw = logits(model, evidence, rows, script)
    seen = evidence.seen[rows].astype(np.float64)
    heat = temperature(seen, *model.calibration["temperature"])
    scaled = (raw - raw.max(axis=1, keepdims=True)) / heat[:, None]
    chances = np.exp(scaled)
    chances /= chances.sum(axis=1, keepdims=True)
    kin = model.classes.kin[script]
    together = np.add.reduceat(chances, kin, axis=1)
    return Scored(rows, chances, kin, together)


def temperature(seen: NDArray[np.float64], base: float, start: float, power: float) -> NDArray[np.float64]:
    """Return by how much scores of that many features are to be divided: features of a text are no independent
    witnesses, so the more of them, the less each counts."""
    return base * np.maximum(1.0, seen / start) ** power


@dataclass(frozen=True, slots=True)
class Signs:
    """What confidence is made of, one entry a row."""

    odds: Sums  # logarithm of those of the best macrolanguage
    short: Sums  # how far the text falls short of what its features usually score in the best class, 0 to -1
    off: Sums  # the same in standard deviations of that class
    seen: Sums
    telling: Sums  # features of high orders


def signs(model: Model, evidence: Evidence, rows: Index, first: Index, best: Index, odds: Sums) -> Signs:
    """Return the signs of the rows; ``best`` is the best class, ``first`` its script's first one, ``odds`` the
    probability of its macrolanguage.

    A language that the model does not have scores best in its nearest kin, but low: that is what ``short`` tells.
    """
    seen, low = evidence.seen[rows].astype(np.float64), evidence.low[rows]
    log_odds = np.log((odds + _CERTAIN) / (1.0 - odds + _CERTAIN))
    usual_low, usual_high = model.classes.usual[:, best]
    expected = usual_low * low + usual_high * (seen - low)
    ratio = evidence.sums[rows, best - first] / np.maximum(expected, 1.0) - 1.0
    always, by_length = model.classes.spread[:, best]
    off = np.clip(ratio / np.sqrt(always + by_length / np.maximum(seen, 1.0)), -_FARTHEST, 0.0)
    return Signs(log_odds, np.clip(ratio, -1.0, 0.0), off, seen, seen - low)


def judge(model: Model, evidence: Evidence, script: NDArray[np.uint8]) -> Verdicts:
    """Return the verdict on each row; ``script`` is each row's, as an index of the alphabet."""
    best = np.full(len(script), NOBODY, np.int64)
    sure = np.zeros(len(script))
    classes = np.where(evidence.seen > 0, model.classes.size[script], 0)
    first = model.classes.first[script]
    alone = np.flatnonzero(classes == 1)
    best[alone] = first[alone]
    sure[alone] = _sure(model, evidence, alone, first, best, np.ones(len(alone)))
    for each in np.unique(script[classes > 1]):
        rows = np.flatnonzero((script == each) & (classes > 1))
        scored = score(model, evidence, rows, int(each))
        best[rows] = first[rows] + member(scored)
        sure[rows] = _sure(model, evidence, rows, first, best, scored.together.max(axis=1))
    return Verdicts(best, sure)


def _sure(model: Model, evidence: Evidence, rows: Index, first: Index, best: Index, odds: Sums) -> Sums:
    found = signs(model, evidence, rows, first[rows], best[rows], odds)
    return confidence(model, found, best[rows])


def confidence(model: Model, found: Signs, best: Index) -> Sums:
    """Return the confidence in the best classes, one entry a row.

    A text whose kinship is under the least of its class gets no name, one just above it is named with doubt.
    """
    likely = 1.0 / (1.0 + np.exp(-weighted(confidence_columns(found), model.calibration["confidence"])))
    beyond = np.where(found.telling >= TELLING, kinship(model, found) - model.classes.least[best], CLEAR)
    likely *= 1.0 / (1.0 + np.exp(-np.clip(beyond, -CLEAR, CLEAR) - AT_LEAST))
    likely = np.where(beyond < 0.0, np.minimum(likely, UNNAMED), likely)
    return likely.astype(np.float64).round(4)


def confidence_columns(found: Signs) -> Sums:
    """Return what the confidence is the logistic regression of, rows x columns without the constant."""
    length = np.log(np.clip(found.seen, 1.0, LONGEST)) / np.log(LONGEST)
    return np.stack([found.odds, found.odds * length, length, found.short, found.short * length], axis=1)


def kinship(model: Model, found: Signs) -> Sums:
    """Return how much each text looks like its best class rather than like an unknown kin of it."""
    return weighted(kinship_columns(found), model.calibration["kinship"])


def kinship_columns(found: Signs) -> Sums:
    """Return what kinship is the logistic regression of, rows x columns without the constant."""
    length = np.log(np.clip(found.telling, 1.0, MOST_TELLING) / TELLING)
    columns = [found.odds, found.odds * length, found.off, np.sqrt(-found.off), found.short, length]
    return np.stack(columns, axis=1)


def weighted(columns: Sums, weights: list[float]) -> Sums:
    """Return the weighted sum of the columns and the constant, which stands last.

    Without a matrix product: its last bit depends on how many rows there are.
    """
    total: Sums = (columns * np.array(weights[:-1])).sum(axis=1) + weights[-1]
    return total


def member(scored: Scored) -> Index:
    """Return the best member of the best macrolanguage of each row."""
    top = scored.together.argmax(axis=1)
    number = np.searchsorted(scored.kin, np.arange(scored.probability.shape[1]), side="right") - 1
    within = np.where(number == top[:, None], scored.probability, -1.0)
    found: Index = within.argmax(axis=1)
    return found
