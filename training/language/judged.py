"""Texts read once and judged with or without the columns of their own language."""

from dataclasses import dataclass

import numpy as np
from codes import family
from numpy.typing import NDArray

from actionday.detectors.language import _judge
from actionday.detectors.language._evidence import Evidence, weigh
from actionday.detectors.language._judge import Signs
from actionday.detectors.language._model import Model
from actionday.model.language import macro_of

AT_ONCE = 256
SIGNS = ("odds", "short", "off", "seen", "telling")
TAKEN_OUT = -1e6  # logarithms


@dataclass(frozen=True, slots=True)
class Read:
    """The evidence of texts, one row each; a text without a letter in its label's script has none."""

    label: NDArray[np.str_]
    macro: NDArray[np.str_]
    script: NDArray[np.uint8]
    evidence: Evidence

    def at(self, chosen: NDArray[np.bool_]) -> "Read":
        """Return those rows."""
        rows = np.flatnonzero(chosen)
        return Read(self.label[rows], self.macro[rows], self.script[rows], self.evidence.at(rows))


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdicts on what was read, row by row."""

    label: NDArray[np.str_]
    best: NDArray[np.int64]
    right: NDArray[np.bool_]  # the macrolanguage, and a class that is reported
    reported: NDArray[np.bool_]  # the best class is one that is reported
    signs: Signs

    def at(self, chosen: NDArray[np.bool_]) -> "Judged":
        """Return those rows."""
        signs = Signs(*(getattr(self.signs, name)[chosen] for name in SIGNS))
        return Judged(self.label[chosen], self.best[chosen], self.right[chosen], self.reported[chosen], signs)


def read(model: Model, texts: list[str], labels: list[str]) -> Read:
    """Return the evidence of the texts, each in the script of its label."""
    scripts = model.alphabet.scripts
    own = np.array([scripts.index(family(label)) for label in labels])
    kept, parts = [], []
    for at in range(0, len(texts), AT_ONCE):
        units, evidence = weigh(model, texts[at : at + AT_ONCE])
        rows = np.flatnonzero((own[at : at + AT_ONCE][units.piece] == units.script) & (evidence.seen > 0))
        keys, group = np.unique(units.piece[rows], return_inverse=True)
        if len(keys):
            parts.append(evidence.at(rows).grouped(group, len(keys)))
            kept.append(keys + at)
    number = np.concatenate(kept)
    columns = zip(*((part.sums, part.seen, part.low) for part in parts), strict=True)
    label = np.array(labels)[number]
    macro = np.array([macro_of(each[:3]) for each in label])
    evidence = Evidence(*(np.concatenate(column) for column in columns))
    return Read(label, macro, own[number].astype(np.uint8), evidence)


def judged(model: Model, texts: Read, stranger: bool = False) -> Judged:
    """Return the verdicts; where ``stranger``, as if the model did not have the language of the text."""
    size = len(texts.label)
    best, odds = np.zeros(size, np.int64), np.zeros(size)
    own_wins = np.zeros(size, bool)
    of_class = np.array([macro_of(code) for code in model.classes.language])
    first = model.classes.first[texts.script]
    for each in np.unique(texts.script):
        rows, width = np.flatnonzero(texts.script == each), int(model.classes.size[each])
        begin = model.classes.first[each]
        own = texts.macro[rows, None] == of_class[None, begin : begin + width]
        evidence = texts.evidence.at(rows)
        if stranger:
            evidence.sums[:, :width] += np.where(own, TAKEN_OUT, 0.0)
        scored = _judge.score(model, evidence, np.arange(len(rows)), int(each))
        local = _judge.member(scored)
        best[rows], odds[rows] = begin + local, scored.together.max(axis=1)
        own_wins[rows] = own[np.arange(len(rows)), local]
    signs = _judge.signs(model, texts.evidence, np.arange(size), first, best, odds)
    reported = model.classes.reported[best] & ~(own_wins & stranger)
    return Judged(texts.label, best, reported & own_wins, reported, signs)


def together(parts: list[Judged]) -> Judged:
    """Return several runs of verdicts as one."""
    signs = Signs(*(np.concatenate([getattr(part.signs, name) for part in parts]) for name in SIGNS))
    columns = zip(*((part.label, part.best, part.right, part.reported) for part in parts), strict=True)
    return Judged(*(np.concatenate(column) for column in columns), signs)
