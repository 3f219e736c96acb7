"""The likeliest path over a mixed text, against a slow reference that goes from unit to unit."""

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from actionday.detectors.language import _model
from actionday.detectors.language._evidence import weigh
from actionday.detectors.language._segments import CHANGE, _path, _scaled

MODEL = _model.load()
with (Path(__file__).parent / "sentences.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
LATIN = [(code, text) for code, script, text in ROWS if script == "Latn"]


def worth(raw: NDArray[np.float64], path: list[int]) -> float:
    """Return what a path is worth: its gains less a price for each change."""
    return float(raw[np.arange(len(path)), path].sum()) - CHANGE * sum(a != b for a, b in pairwise(path))


def slow(raw: NDArray[np.float64]) -> float:
    """Return what the best of all paths is worth, from unit to unit over every class."""
    total = raw[0]
    for gain in raw[1:]:
        total = np.maximum(total, total.max() - CHANGE) + gain
    return float(total.max())


@pytest.mark.parametrize("start", range(0, 12, 2))
def test_the_path_over_runs_is_worth_what_the_best_path_over_units_is(start: int) -> None:
    codes = sorted({code for code, _ in LATIN})[start : start + 5]
    lines = [text for code, text in LATIN if code in codes] * 3
    units, evidence = weigh(MODEL, ["\n".join(lines)])
    latin = MODEL.alphabet.scripts.index("Latn")
    rows = np.flatnonzero(units.script == latin)
    raw = _scaled(MODEL, evidence, rows, latin)
    path = _path(MODEL, evidence, rows, latin).tolist()
    assert len(path) == len(raw)
    assert worth(raw, path) == pytest.approx(slow(raw))


def test_a_text_in_one_language_is_one_run_whatever_its_length() -> None:
    german = [text for code, text in LATIN if code == "deu"] * 30
    units, evidence = weigh(MODEL, ["\n".join(german)])
    latin = MODEL.alphabet.scripts.index("Latn")
    path = _path(MODEL, evidence, np.flatnonzero(units.script == latin), latin)
    assert len(set(path.tolist())) == 1
    assert MODEL.classes.language[MODEL.classes.first[latin] + path[0]] == "deu"
