"""What a text must score to be held for its best class: learnt on languages taken out of the model.

Of a language that the model does not have, the text goes to the nearest kin. Strangers are the background languages
and the reported ones, each without its own columns. Each class gets the bound that costs least: its own held-out
texts refused against strangers let through. Where few strangers land on a class, those that land anywhere stand for
the kin of which there is no text. The few numbers that weigh all this, a ``Rule``, are chosen by ``choose.py``; none
is a class's own.
"""

from dataclasses import dataclass

import numpy as np
from judged import Judged, together
from numpy.typing import NDArray

from actionday.detectors.language import _judge
from actionday.detectors.language._model import Model

BOUNDS = np.arange(-20.0, 8.25, 0.25)
FEWEST = 5  # held-out texts of a class, without which it has no bound
NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Rule:
    """How bounds are weighed, the same for every class."""

    own_lost: float  # strangers' languages let through that refusing all texts of a class's own is worth
    blur: float  # of a text's kinship, both known and strange: fifty texts are few
    unmet: float  # strangers' languages expected at a class beyond those that landed on it
    known: float  # weight of a text in a known language against a strange one in the kinship
    reported: float  # weight of a reported language that plays the stranger against that of an unreported one


@dataclass(frozen=True, slots=True)
class Players:
    """The texts that bounds are learnt or tried on."""

    known: Judged  # held-out texts, every class in the model
    unreported: Judged  # texts in background languages, each without its own columns
    reported: Judged  # the known ones, each without its own columns


@dataclass(frozen=True, slots=True)
class Curves:
    """What each of the BOUNDS costs: bounds x classes, ``anywhere`` without regard to the class."""

    lost: NDArray[np.float64]  # share of a class's own texts; NaN where they are too few
    let_through: NDArray[np.float64]  # strangers' languages
    anywhere: NDArray[np.float64]  # the share of all strangers, wherever they landed


def kinship(players: Players, known: float, reported: float) -> list[float]:
    """Return the weights of the logistic regression of known against stranger, on texts long enough to tell."""
    own = players.known.at(own_texts(players.known))
    parts = [(each.at(strange(each)), weight) for each, weight in _weighted(players, reported)]
    columns = np.concatenate([_judge.kinship_columns(each.signs) for each in (own, *(o for o, _ in parts))])
    truth = np.arange(len(columns)) < len(own.best)
    weight = np.concatenate([np.full(len(own.best), known), *(np.full(len(o.best), w) for o, w in parts)])
    return logistic(columns, truth, weight)


def curves(model: Model, players: Players, blur: float, reported: float) -> Curves:
    """Return what bounds cost the players; the model has its kinship."""
    own = players.known.at(own_texts(players.known))
    parts = _weighted(players, reported)
    others = together([each.at(strange(each)) for each, _ in parts])
    voice = np.concatenate([_voices(each, weight) for each, weight in parts])
    above, like = (_above(_judge.kinship(model, each.signs), blur) for each in (others, own))
    lost = np.full((len(BOUNDS), len(model.classes.language)), np.nan)
    let_through = np.zeros(lost.shape)
    for number in range(lost.shape[1]):
        mine, theirs = own.best == number, others.best == number
        if mine.sum() >= FEWEST:
            lost[:, number] = 1.0 - like[:, mine].mean(axis=1)
        let_through[:, number] = (above[:, theirs] * voice[theirs]).sum(axis=1)
    return Curves(lost, let_through, (above * voice).sum(axis=1) / voice.sum())


def least(found: Curves, rule: Rule) -> NDArray[np.float64]:
    """Return for each class the kinship that a text must have."""
    cost = rule.own_lost * found.lost + found.let_through + rule.unmet * found.anywhere[:, None]
    bounds = BOUNDS[np.nan_to_num(cost).argmin(axis=0)]
    return np.where(np.isnan(found.lost[0]), NEVER, bounds)


def own_texts(texts: Judged) -> NDArray[np.bool_]:
    """Return which texts have their right name and are long enough to be refused it."""
    return texts.right & telling(texts)


def strange(texts: Judged) -> NDArray[np.bool_]:
    """Return which texts would get a wrong name and are long enough to be refused it."""
    return texts.reported & ~texts.right & telling(texts)


def telling(texts: Judged) -> NDArray[np.bool_]:
    """Return which texts are long enough to be refused."""
    return np.asarray(texts.signs.telling >= _judge.TELLING)


def _weighted(players: Players, reported: float) -> list[tuple[Judged, float]]:
    return [(players.unreported, 1.0), (players.reported, reported)]


def _above(values: NDArray[np.float64], blur: float) -> NDArray[np.float64]:
    """Return how much of each value, blurred, is above each of the BOUNDS."""
    return 1.0 / (1.0 + np.exp(np.clip((BOUNDS[:, None] - values) / blur, -30.0, 30.0)))


def _voices(texts: Judged, weight: float) -> NDArray[np.float64]:
    """Return the weight of each text that counts: every language has one voice, however many texts it has."""
    _, number = np.unique(texts.label, return_inverse=True)
    voices: NDArray[np.float64] = (weight / np.bincount(number)[number])[strange(texts)]
    return voices


def logistic(
    columns: NDArray[np.float64], truth: NDArray[np.bool_], weight: NDArray[np.float64]
) -> list[float]:
    """Return weights and constant of the logistic regression of ``truth`` (Newton's method)."""
    rows = np.hstack([columns, np.ones((len(columns), 1))])
    theta = np.zeros(rows.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-np.clip(rows @ theta, -30, 30)))
        slope = rows.T @ (weight * (truth - chance)) - 1e-3 * theta
        curve = (rows * (weight * chance * (1 - chance))[:, None]).T @ rows + 1e-3 * np.eye(len(theta))
        theta += np.linalg.solve(curve, slope)
    return [float(value) for value in theta]
