"""The bundled model: alphabet, classes, table and calibration in one uncompressed ``model.npz``."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actionday.detectors.language._alphabet import Alphabet
from actionday.detectors.language._table import HIGH, LOW, Shelf, Table
from actionday.model.language import macro_of

BUNDLED = Path(__file__).with_name("model.npz")


@dataclass(frozen=True, slots=True)
class Classes:
    """The language-script pairs, those of one script side by side."""

    language: tuple[str, ...]
    script: tuple[str, ...]  # as reported: Hans, Hant and Jpan are told apart here
    reported: NDArray[np.bool_]
    first: NDArray[np.int64]  # for each script of the alphabet its first class ...
    size: NDArray[np.int64]  # ... and how many it has
    bias: NDArray[np.float32]  # 2 x classes: constant, and per feature
    usual: NDArray[
        np.float64
    ]  # 2 x classes: what a low and a high feature of a true text score, in table steps
    spread: NDArray[np.float64]  # 2 x classes: variance of that, relative: constant, and by 1 / features
    least: NDArray[np.float64]  # kinship under which a text is in no language that the model has
    kin: tuple[NDArray[np.int64], ...]  # for each script the first class of each macrolanguage


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that was learnt."""

    alphabet: Alphabet
    limit: NDArray[np.uint8]  # longest n-gram of each script
    classes: Classes
    table: Table
    calibration: dict[str, list[float]]


def load(path: Path = BUNDLED) -> Model:
    """Return the model in the file. Raises OSError or ValueError where it is missing or damaged."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    words = json.loads(arrays["words"].tobytes().decode("utf-8"))
    alphabet = Alphabet(
        arrays["fold"],
        arrays["kind"],
        arrays["script"],
        tuple(words["scripts"]),
        arrays["pairs"],
        arrays["composed"],
    )
    classes = Classes(
        tuple(words["language"]), tuple(words["script"]), arrays["reported"], arrays["first"], arrays["size"],
        arrays["bias"], arrays["usual"], arrays["spread"], arrays["least"],
        kin(tuple(words["language"]), arrays["first"], arrays["size"]),
    )  # fmt: skip
    low, high = (
        Shelf.of(kind, *(arrays[f"{name}_{part}"] for part in ("prints", "count", "local", "weight")))
        for name, kind in (("low", LOW), ("high", HIGH))
    )
    return Model(alphabet, arrays["limit"], classes, Table(low, high), words["calibration"])


def kin(
    language: tuple[str, ...], first: NDArray[np.int64], size: NDArray[np.int64]
) -> tuple[NDArray[np.int64], ...]:
    """Return for each script the numbers, within it, of the first class of each macrolanguage."""
    found = []
    for begin, count in zip(first.tolist(), size.tolist(), strict=True):
        macros = [macro_of(code) for code in language[begin : begin + count]]
        found.append(np.array([n for n in range(count) if n == 0 or macros[n] != macros[n - 1]], np.int64))
    return tuple(found)


def save(model: Model, path: Path) -> None:
    """Write the model: the same model gives the same bytes."""
    classes, table, alphabet = model.classes, model.table, model.alphabet
    words = {
        "scripts": alphabet.scripts, "language": classes.language, "script": classes.script,
        "calibration": model.calibration,
    }  # fmt: skip
    arrays: dict[str, Any] = {
        "words": np.frombuffer(json.dumps(words, sort_keys=True).encode("utf-8"), np.uint8),
        "fold": alphabet.fold, "kind": alphabet.kind, "script": alphabet.script, "pairs": alphabet.pairs,
        "composed": alphabet.composed, "limit": model.limit, "reported": classes.reported,
        "first": classes.first, "size": classes.size, "bias": classes.bias, "usual": classes.usual,
        "spread": classes.spread, "least": classes.least,
    }  # fmt: skip
    np.savez(path, **arrays, **_shelf("low", table.low), **_shelf("high", table.high))


def _shelf(name: str, shelf: Shelf) -> dict[str, Any]:
    count, local, weight = shelf.entries()
    return {
        f"{name}_prints": shelf.prints, f"{name}_count": count, f"{name}_local": local, f"{name}_weight": weight,
    }  # fmt: skip
