"""Learn what the scores are worth: temperature, usual scores, confidence and kinship, on texts never trained on.

    python calibrate.py CORPUS MODEL OUT

Held-out texts of the reported classes, whole, cut to snippets and to words, teach the confidence; the whole ones
against texts in languages taken out of the model teach what is no language of the model (see ``strangers``), by a
rule chosen by cross-validation (see ``choose``). No test file is read.
"""

import random
import re
import sys
from dataclasses import replace
from pathlib import Path

import choose
import numpy as np
import strangers
from counts import Text
from draw import Sampler
from judged import Judged, Read, judged, read, together
from numpy.typing import NDArray

from actionday.detectors.language import NAMING_THRESHOLD, _judge
from actionday.detectors.language._model import Model, load, save

WHOLE, LONGEST = 40, 400  # characters of a whole text
PARAGRAPHS = 30  # of one class and source
ENGLISH = 20_000  # most frequent words
KINDS = ("help", "manuals", "fortunes", "messages")
# Natural logarithms by which a background class is rarer than in training, where a text has no feature; it fades with
# length. Of a snippet no one expects that it be refused, and unknown languages are rare.
RARER = 60.0
STRANGERS = 0.02  # weight in the confidence of a text in a language taken out against one in a known language
SPACELESS = ("Hans", "Hant", "Jpan", "Thai", "Laoo", "Khmr", "Mymr", "Tibt")
STEADIEST, SHORTEST = 0.06**2, 0.5  # least variance of a class's scores: constant, and by 1 / features
SEED = 7

Sample = tuple[list[str], list[str]]  # texts and their labels


def known(corpus: Path, form: str) -> Sample:
    """Return the held-out texts of the reported classes, ``whole``, or pieces of them (``snippet``,
    ``words``, ``word``)."""
    texts: list[str] = []
    labels: list[str] = []
    for path in sorted(corpus.glob("reported/*/held-out.txt")):
        found = _formed(path.read_text(encoding="utf-8").splitlines(), path.parent.name, form)
        texts += found
        labels += [path.parent.name] * len(found)
    return texts, labels


def declared(corpus: Path) -> Sample:
    """Return paragraphs of the Declaration in the background languages."""
    return _paragraphs(sorted(corpus.glob("background/*/declaration.txt")))


def elsewhere(corpus: Path) -> Sample:
    """Return running text of other kinds than the held-out sentences in the reported classes.

    What was left in English by a translator is not: that it is refused is no loss.
    """
    english = frozenset(_words(corpus / "reported/eng_Latn/frequency.txt"))
    found = _paragraphs([path for name in KINDS for path in sorted(corpus.glob(f"reported/*/{name}.txt"))])
    kept = [
        pair for pair in zip(*found, strict=True) if pair[1] == "eng_Latn" or not _is_of(english, pair[0])
    ]
    return [text for text, _ in kept], [label for _, label in kept]


def _words(path: Path) -> list[str]:
    return [line.split("\t")[0] for line in path.read_text(encoding="utf-8").splitlines()[:ENGLISH]]


def _is_of(vocabulary: frozenset[str], text: str) -> bool:
    words = [word for word in re.findall(r"\w+", text.lower()) if len(word) > 2]
    return sum(word in vocabulary for word in words) > 0.5 * len(words)


def _paragraphs(paths: list[Path]) -> Sample:
    texts: list[str] = []
    labels: list[str] = []
    for path in paths:
        lines = [x for x in path.read_text(encoding="utf-8").splitlines() if WHOLE < len(x) < LONGEST]
        dice = random.Random(f"{SEED} {path.parent.name}")  # noqa: S311
        chosen = dice.sample(lines, min(PARAGRAPHS, len(lines)))
        texts += chosen
        labels += [path.parent.name] * len(chosen)
    return texts, labels


def _formed(lines: list[str], label: str, form: str) -> list[str]:
    if form == "whole":
        return [line for line in lines if len(line) > WHOLE]
    dice = random.Random(f"{SEED} {label} {form}")  # noqa: S311
    sampler = Sampler({}, label, label[-4:] in SPACELESS, dice, "reported")
    if form == "word":
        return [
            sampler._form(Text("held-out", line.split(), np.ones(1)), "words").split()[0]
            for line in lines * 2
        ]
    source = Text("held-out", lines, np.ones(len(lines)))
    return [sampler._form(source, form) for _ in lines]


def usual(model: Model, samples: list[Read]) -> Model:
    """Return the model with what a low and a high feature of a true text score in each class, by least squares, and
    how much texts vary about that."""
    found, spread = np.zeros((2, 2, len(model.classes.language)))
    for number, (code, script) in enumerate(zip(model.classes.language, model.classes.script, strict=True)):
        parts = [_scores(model, each, number, f"{code}_{script}") for each in samples]
        counts, sums = (np.concatenate(column) for column in zip(*parts, strict=True))
        if model.classes.reported[number] and len(sums):
            found[:, number] = np.maximum(np.linalg.lstsq(counts, sums)[0], 0.1)
            ratio = np.clip(sums / np.maximum(counts @ found[:, number], 1.0) - 1.0, -1.0, 1.0)
            shape = np.stack([np.ones(len(sums)), 1.0 / counts.sum(axis=1)], axis=1)
            spread[:, number] = np.maximum(np.linalg.lstsq(shape, ratio**2)[0], [STEADIEST, SHORTEST])
    none = found.sum(axis=0) == 0
    found[:, none] = found[:, ~none].mean(axis=1, keepdims=True)
    spread[:, none] = np.median(spread[:, ~none], axis=1, keepdims=True)
    return replace(model, classes=replace(model.classes, usual=found, spread=spread))


def _scores(
    model: Model, texts: Read, number: int, label: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows = np.flatnonzero(texts.label == label)
    evidence = texts.evidence.at(rows)
    counts = np.stack([evidence.low, evidence.seen - evidence.low], axis=1).astype(np.float64)
    return counts, evidence.sums[np.arange(len(rows)), number - model.classes.first[texts.script[rows]]]


def heat(model: Model, samples: list[Read]) -> list[float]:
    """Return the temperature's parameters under which the held-out labels are likeliest."""
    best, least = [1.0, 30.0, 0.0], np.inf
    for base in (0.7, 0.85, 1.0, 1.2, 1.45, 1.75):
        for power in (0.0, 0.15, 0.3, 0.45, 0.6):
            model.calibration["temperature"] = [base, 30.0, power]
            result = together([judged(model, each) for each in samples])
            odds = np.clip(result.signs.odds, -20, 20)
            loss = np.where(result.right, np.log1p(np.exp(-odds)), np.log1p(np.exp(odds))).mean()
            if loss < least:
                best, least = [base, 30.0, power], loss
    return best


def confidence(samples: Judged, others: Judged) -> list[float]:
    """Return the weights of the confidence."""
    mine = samples.at(samples.reported)
    theirs = others.at(others.reported & (others.signs.telling >= _judge.TELLING))
    columns = np.concatenate([_judge.confidence_columns(each.signs) for each in (mine, theirs)])
    truth = np.concatenate([mine.right, np.zeros(len(theirs.best), bool)])
    weight = np.concatenate([np.ones(len(mine.best)), np.full(len(theirs.best), STRANGERS)])
    return strangers.logistic(columns, truth, weight)


def report(model: Model, name: str, texts: Judged) -> str:
    """Return the share that would be named, and of how many of all that is right."""
    sure = _judge.confidence(model, texts.signs, texts.best)
    named = texts.reported & (sure >= NAMING_THRESHOLD)
    return f"{name}: named {named.mean():.4f}, named and right {(named & texts.right).mean():.4f}\n"


def main(corpus: Path, source: Path, out: Path) -> None:
    """Calibrate the model and write it."""
    model = load(source)
    model.classes.bias[0, ~model.classes.reported] -= RARER
    texts = {form: read(model, *known(corpus, form)) for form in ("whole", "snippet", "words", "word")}
    foreign, others = read(model, *declared(corpus)), read(model, *elsewhere(corpus))
    model = usual(model, [texts["whole"], texts["snippet"]])
    model.calibration["temperature"] = heat(model, list(texts.values()))
    rule = choose.chosen(model, choose.Texts(texts["whole"], texts["snippet"], foreign, others), usual)
    mine = {form: judged(model, each) for form, each in texts.items()}
    players = strangers.Players(
        mine["whole"], judged(model, foreign, stranger=True), judged(model, texts["whole"], stranger=True)
    )
    model.calibration["confidence"] = confidence(
        together(list(mine.values())), together([players.unreported, players.reported])
    )
    model.calibration["kinship"] = strangers.kinship(players, rule.known, rule.reported)
    model.classes.least[:] = strangers.least(strangers.curves(model, players, rule.blur, rule.reported), rule)
    named = {
        **mine, "other kinds": judged(model, others), "background": judged(model, foreign),
        "taken out": players.unreported,
    }  # fmt: skip
    sys.stderr.write(f"{model.calibration}\n{''.join(report(model, *each) for each in named.items())}")
    save(model, out)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
