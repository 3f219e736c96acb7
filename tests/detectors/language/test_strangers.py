"""How training decides what is in no language that the model has: no class, and no language, is a case of its own."""

import importlib
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from actionday.detectors.language import _model
from actionday.detectors.language._judge import Signs
from actionday.model.language import macro_of

TRAINING = Path(__file__).parents[3] / "training" / "language"
BUNDLED = _model.load()
OF_ODDS = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]  # kinship that is the odds alone
REPORTED = np.flatnonzero(BUNDLED.classes.reported)
MODEL = replace(BUNDLED, calibration={**BUNDLED.calibration, "kinship": OF_ODDS})


@pytest.fixture
def strangers(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(TRAINING)
    return importlib.import_module("strangers")


@pytest.fixture
def choose(strangers: ModuleType) -> ModuleType:
    return importlib.import_module("choose")


def verdicts(strangers: ModuleType, label: list[str], best: list[int], odds: list[float], right: bool) -> Any:
    """Return verdicts on texts of a hundred features whose kinship is their odds."""
    size = len(best)
    each = np.zeros(size)
    signs = Signs(np.array(odds), each, each, each + 100.0, each + 100.0)
    flags = np.ones(size, bool)
    return strangers.Judged(np.array(label), np.array(best, np.int64), flags & right, flags, signs)


def players(strangers: ModuleType, classes: list[int]) -> Any:
    """Return the same texts for any three classes: at the first one two unknown languages land, at the second one."""
    own = verdicts(
        strangers, ["a"] * 50 + ["b"] * 50 + ["c"] * 50, np.repeat(classes, 50).tolist(),
        np.tile(np.linspace(0.0, 10.0, 50), 3).tolist(), True,
    )  # fmt: skip
    first, second, _ = classes
    theirs = verdicts(
        strangers, ["x"] * 20 + ["y"] * 20 + ["z"] * 20, [first] * 40 + [second] * 20,
        np.tile(np.linspace(-8.0, 2.0, 20), 3).tolist(), False,
    )  # fmt: skip
    none = verdicts(strangers, [], [], [], False)
    return strangers.Players(own, theirs, none)


def bounds(strangers: ModuleType, classes: list[int], **rule: float) -> list[float]:
    weights = {"own_lost": 20.0, "blur": 1.0, "unmet": 1.0, "known": 1.0, "reported": 1.0, **rule}
    weighed = strangers.Rule(**weights)
    costs = strangers.curves(MODEL, players(strangers, classes), weighed.blur, weighed.reported)
    found = strangers.least(costs, weighed)
    return [float(found[number]) for number in classes]


def test_the_more_unknown_languages_land_on_a_class_the_more_it_asks_of_a_text(strangers: ModuleType) -> None:
    crowded, visited, alone = bounds(strangers, REPORTED[:3].tolist())
    assert crowded > visited > alone > strangers.NEVER


def test_a_bound_comes_from_the_texts_alone_whatever_the_class(strangers: ModuleType) -> None:
    every = [bounds(strangers, REPORTED[at : at + 3].tolist()) for at in range(0, len(REPORTED) - 2, 3)]
    assert all(each == every[0] for each in every)


def test_the_dearer_a_class_own_texts_the_fewer_are_refused(strangers: ModuleType) -> None:
    classes = REPORTED[:3].tolist()
    cheap, dear = (bounds(strangers, classes, own_lost=price) for price in (5.0, 80.0))
    assert all(a > b for a, b in zip(cheap, dear, strict=True))


def test_a_class_without_texts_refuses_nothing(strangers: ModuleType) -> None:
    some = players(strangers, REPORTED[:3].tolist())
    rule = strangers.Rule(20.0, 1.0, 1.0, 1.0, 1.0)
    found = strangers.least(strangers.curves(MODEL, some, 1.0, 1.0), rule)
    assert set(np.delete(found, REPORTED[:3])) == {strangers.NEVER}


def test_a_bound_is_never_tried_on_a_language_it_was_fitted_to(choose: ModuleType) -> None:
    labels = np.array([
        f"{code}_{script}"
        for code, script in zip(BUNDLED.classes.language, BUNDLED.classes.script, strict=True)
    ] * 2)  # fmt: skip
    every = sorted({macro_of(label[:3]) for label in labels})
    fold = choose.by_language(labels, every)
    assert set(fold) == set(range(choose.FOLDS))
    of_language: dict[str, set[int]] = {}
    for label, number in zip(labels, fold, strict=True):
        of_language.setdefault(macro_of(label[:3]), set()).add(int(number))
    assert all(len(each) == 1 for each in of_language.values())


def test_a_sentence_is_in_the_same_round_in_every_language(choose: ModuleType) -> None:
    sentences = 48
    label = np.array(["aaa_Latn", "bbb_Cyrl", "ccc_Arab"] * sentences)
    fold = choose.by_sentence(label).reshape(sentences, 3)
    assert (fold == fold[:, :1]).all()
    assert np.bincount(fold[:, 0]).tolist() == [10, 10, 9, 10, 9]


def test_the_choice_reads_no_file(choose: ModuleType) -> None:
    """What it weighs is handed to it by calibrate.py, which has the folder of training text alone."""
    for name in ("choose", "strangers", "judged"):
        assert "open(" not in (TRAINING / f"{name}.py").read_text(encoding="utf-8")
        assert "read_text" not in (TRAINING / f"{name}.py").read_text(encoding="utf-8")
