"""A text in several languages: which units are in which, by the likeliest path with a price for each change."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from actionday.detectors.language._evidence import Evidence, Sums, logits
from actionday.detectors.language._judge import temperature
from actionday.detectors.language._letters import Index
from actionday.detectors.language._model import Model
from actionday.detectors.language._units import Units

CHANGE = 7.0  # natural logarithms that a change of language within a script must be worth
MOST_STATES = 12  # languages considered in one text and script


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring units in one language: their numbers, ``last`` exclusive."""

    first: int
    last: int


def stretches(model: Model, units: Units, evidence: Evidence) -> list[Stretch]:
    """Return the units of one text as stretches of one language and script, in order."""
    label = np.full(len(units.piece), -1, np.int64)
    for script in np.unique(units.script):
        rows = np.flatnonzero(units.script == script)
        if model.classes.size[script]:
            label[rows] = model.classes.first[script] + _path(model, evidence, rows, int(script))
        else:
            label[rows] = -1 - int(script)
    edges = np.flatnonzero(label[1:] != label[:-1]) + 1
    bounds = [0, *edges.tolist(), len(label)]
    return [Stretch(first, last) for first, last in pairwise(bounds)]


def unlike(model: Model, evidence: Evidence, rows: Index, script: int, whole: Index) -> Index:
    """Return those rows that are better in another macrolanguage than ``whole`` (class within the script) says,
    by more than a change costs."""
    raw = _scaled(model, evidence, rows, script)
    best = raw.argmax(axis=1)
    gain = raw[np.arange(len(rows)), best] - raw[np.arange(len(rows)), whole]
    odd: Index = rows[(gain > CHANGE) & (_kin(model, script)[best] != _kin(model, script)[whole])]
    return odd


def _kin(model: Model, script: int) -> Index:
    size = int(model.classes.size[script])
    number: Index = np.searchsorted(model.classes.kin[script], np.arange(size), side="right")
    return number


def _scaled(model: Model, evidence: Evidence, rows: Index, script: int) -> Sums:
    seen = evidence.seen[rows].astype(np.float64)
    heat = temperature(seen, *model.calibration["temperature"])
    scaled: Sums = logits(model, evidence, rows, script) / heat[:, None]
    return scaled


def _path(model: Model, evidence: Evidence, rows: Index, script: int) -> Index:
    """Return the class of each row on the likeliest path (Viterbi), classes numbered within the script."""
    raw = _scaled(model, evidence, rows, script)
    raw -= raw.max(axis=1, keepdims=True)
    states = _states(raw)
    each = raw[:, states]
    favourite = each.argmax(
        axis=1
    )  # a path changes only where the best class does, so runs of one are one step
    begin = np.flatnonzero(np.append(True, favourite[1:] != favourite[:-1]))
    gains = np.add.reduceat(each, begin, axis=0)
    total, back = gains[0], []
    for gain in gains[1:]:
        best = int(total.argmax())
        stay = total >= total[best] - CHANGE
        back.append(np.where(stay, np.arange(len(states)), best))
        total = np.maximum(total, total[best] - CHANGE) + gain
    path = [int(total.argmax())]
    for origin in reversed(back):
        path.append(int(origin[path[-1]]))
    classes: Index = states[np.array(path[::-1])]
    return np.repeat(classes, np.diff(np.append(begin, len(rows))))


def _states(raw: Sums) -> Index:
    """Return the classes worth considering: the best of all together and those best in some units."""
    margin = -np.partition(raw, -2, axis=1)[:, -2] if raw.shape[1] > 1 else np.zeros(len(raw))
    worth = np.bincount(raw.argmax(axis=1), margin, raw.shape[1])
    worth[raw.sum(axis=0).argmax()] += 1e9
    order = np.argsort(-worth, kind="stable")[:MOST_STATES]
    return np.sort(order[worth[order] > 0])
