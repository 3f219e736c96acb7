"""The choice of the rule by which texts are held for strangers, by cross-validation; no test file is read.

The aim was written down before a test file was read: of the rules that the values below make, the one that refuses
the largest share of the texts in unknown languages, among those that refuse at most MOST_LOST of the texts in known
ones, of held-out sentences and of running text of other kinds (help pages, manuals, fortunes, messages) each.

In each of FOLDS rounds everything that a rule weighs is learnt anew without a block of the sentences, whatever their
language (the corpus is parallel), and without a fifth of the languages: a language that a bound was fitted to never
says how good the bound is. Shares are means over languages.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from judged import Judged, Read, judged
from numpy.typing import NDArray
from strangers import Players, Rule, curves, kinship, least, own_texts, strange, telling

from actionday.detectors.language import _judge
from actionday.detectors.language._model import Model
from actionday.model.language import macro_of

FOLDS = 5
MOST_LOST = 0.002
OWN_LOST, BLUR = (5.0, 10.0, 20.0, 40.0, 80.0, 160.0), (0.5, 1.0, 1.5, 2.0, 2.5)
UNMET, KNOWN, REPORTED = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0), (1.0, 5.0, 20.0), (0.1, 0.3, 1.0)
SEED = 7

Usual = Callable[[Model, list[Read]], Model]


@dataclass(frozen=True, slots=True)
class Texts:
    """What is read once for all rounds."""

    whole: Read  # held-out sentences of the reported classes ...
    snippet: Read  # ... and pieces of them
    foreign: Read  # in background languages
    elsewhere: Read  # of other kinds, in reported classes; trained on, so the least that is lost


@dataclass(frozen=True, slots=True)
class Round:
    """A model that was fitted without a part of the texts, what it is fitted to, and that part."""

    model: Model
    fitted: Players
    tried: Players
    elsewhere: Judged


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule does, shares of texts, means over languages."""

    rule: Rule
    refused: float  # of unknown languages, right to be refused
    lost: float  # of held-out sentences
    lost_elsewhere: float


def chosen(model: Model, texts: Texts, usual: Usual) -> Rule:
    """Return the best rule of the grid. Raises ValueError where none loses little enough."""
    rounds = list(_rounds(model, texts, usual))
    every = [
        each for known, reported in product(KNOWN, REPORTED) for each in _outcomes(rounds, known, reported)
    ]
    allowed = [each for each in every if max(each.lost, each.lost_elsewhere) <= MOST_LOST]
    best = max(allowed, key=lambda each: each.refused)
    sys.stderr.write(f"{len(allowed)} of {len(every)} rules lose little enough; {best}\n")
    return best.rule


def by_sentence(label: NDArray[np.str_]) -> NDArray[np.int64]:
    """Return the round in which each text is tried: every class lists the same sentences in the same order."""
    found = np.zeros(len(label), np.int64)
    for each in np.unique(label):
        rows = np.flatnonzero(label == each)
        found[rows] = np.arange(len(rows)) * FOLDS // len(rows)
    return found


def by_language(label: NDArray[np.str_], every: list[str]) -> NDArray[np.int64]:
    """Return the round in which each text is tried: all texts of a macrolanguage of ``every`` in the same."""
    shuffled = np.random.default_rng(SEED).permutation(every).tolist()
    place = {language: number % FOLDS for number, language in enumerate(shuffled)}
    return np.array([place[macro_of(each[:3])] for each in label])


def _rounds(model: Model, texts: Texts, usual: Usual) -> Iterator[Round]:
    every = sorted(set(texts.whole.macro) | set(texts.foreign.macro))
    sentence, piece = by_sentence(texts.whole.label), by_sentence(texts.snippet.label)
    for fold in range(FOLDS):
        learnt = usual(model, [texts.whole.at(sentence != fold), texts.snippet.at(piece != fold)])
        known = judged(learnt, texts.whole)
        reported = judged(learnt, texts.whole, stranger=True)
        foreign = judged(learnt, texts.foreign, stranger=True)
        mine, theirs = by_language(reported.label, every), by_language(foreign.label, every)
        fitted = Players(
            known.at(sentence != fold), foreign.at(theirs != fold),
            reported.at((mine != fold) & (sentence != fold)),
        )  # fmt: skip
        tried = Players(known.at(sentence == fold), foreign.at(theirs == fold), reported.at(mine == fold))
        yield Round(learnt, fitted, tried, judged(learnt, texts.elsewhere))


def _outcomes(rounds: list[Round], known: float, reported: float) -> list[Outcome]:
    """Return what the rules of the grid with those weights of texts do."""
    fitted = []
    for each in rounds:
        weights = {**each.model.calibration, "kinship": kinship(each.fitted, known, reported)}
        fitted.append(replace(each, model=replace(each.model, calibration=weights)))
    found = []
    for blur in BLUR:
        costs = [curves(each.model, each.fitted, blur, reported) for each in fitted]
        for rule in (Rule(lost, blur, unmet, known, reported) for lost, unmet in product(OWN_LOST, UNMET)):
            bounds = [least(cost, rule) for cost in costs]
            found.append(_outcome(rule, list(zip(fitted, bounds, strict=True))))
    return found


def _outcome(rule: Rule, tried: list[tuple[Round, NDArray[np.float64]]]) -> Outcome:
    strangers = [
        (part.at(telling(part)), each.model, bounds)
        for each, bounds in tried
        for part in (each.tried.unreported, each.tried.reported)
    ]
    named = [strange(part) & ~_refused(part, model, bounds) for part, model, bounds in strangers]
    sentences = [(each.tried.known, each.model, bounds) for each, bounds in tried]
    others = [(each.elsewhere, each.model, bounds) for each, bounds in tried]
    return Outcome(
        rule,
        1.0 - _mean([part for part, _, _ in strangers], named),
        _lost(sentences),
        _lost(others),
    )


def _lost(tried: list[tuple[Judged, Model, NDArray[np.float64]]]) -> float:
    refused = [own_texts(part) & _refused(part, model, bounds) for part, model, bounds in tried]
    return _mean([part for part, _, _ in tried], refused)


def _refused(texts: Judged, model: Model, bounds: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(_judge.kinship(model, texts.signs) < bounds[texts.best])


def _mean(parts: list[Judged], flags: list[NDArray[np.bool_]]) -> float:
    """Return the share of the texts with the flag, the mean over their languages."""
    _, number = np.unique(np.concatenate([each.label for each in parts]), return_inverse=True)
    return float((np.bincount(number, np.concatenate(flags)) / np.bincount(number)).mean())
