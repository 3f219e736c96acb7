"""Train the model but for its calibration (calibrate.py): counts, draft table, regression, rounding.

python train.py CORPUS MODEL [ROUNDS]
"""

import random
import sys
import time
from pathlib import Path

import alphabet as letters
import counts
import numpy as np
from codes import SHARED, family
from draw import Sampler
from learn import Examples, epoch
from numpy.typing import NDArray
from table import SLOTS, Draft, draft, place

from actionday.detectors.language._alphabet import Alphabet
from actionday.detectors.language._model import Classes, Model, kin, save
from actionday.detectors.language._ngrams import ORDERS, SHORT_ORDERS
from actionday.detectors.language._table import HIGH, LOW, SCALE, Kind, Shelf, Table, fingerprint
from actionday.model.language import macro_of

DRAWN = {"reported": 3600, "close": 2200, "other": 450}  # examples a round and class
LENT = 0.6
RARE = -1.5  # natural logarithm of how much likelier a reported class is than a background one, to begin with
SEED = 20_26

Corpus = dict[str, list[counts.Text]]


def by_script(counted: dict[str, counts.Counts]) -> dict[str, dict[str, list[str]]]:
    """Return for each script its classes, reported ones first, and the labels of the text each is learnt from."""
    found: dict[str, dict[str, list[str]]] = {}
    for script in sorted({family(label) for label in counted}):
        labels = [label for label in counted if family(label) == script]
        close = sorted((label for label in labels if counts.is_close(label)), key=_kin)
        rest = {label: counted[label] for label in sorted(set(labels) - set(close))}
        heads = counts.joined(rest, counts.MOST_OF_SCRIPT - len(close)) if rest else {}
        found[script] = {label: [label] for label in close}
        for label, head in heads.items():
            found[script].setdefault(head, []).append(label)
    return found


def _kin(label: str) -> tuple[str, str]:
    return macro_of(label[:3]), label  # members of a macrolanguage side by side: they are added up as one


def counted_once(
    table: Alphabet, limit: NDArray[np.uint8], corpus: Corpus, cache: Path
) -> dict[str, counts.Counts]:
    """Return the counts of every label, from the cache file if it is there."""
    if not cache.exists():
        every = {
            label: counts.count(table, limit, table.scripts.index(family(label)), sources)
            for label, sources in corpus.items()
        }
        np.savez(cache, **{f"{label} {name}": getattr(each, name)
                           for label, each in every.items() for name in ("hashes", "weights")})  # fmt: skip
    with np.load(cache) as file:
        return {label: counts.Counts(file[f"{label} hashes"], file[f"{label} weights"]) for label in corpus}


def examples(
    table: Alphabet, limit: NDArray[np.uint8], script: str, samplers: list[list[Sampler]],
    prints: NDArray[np.uint8],
) -> Examples:  # fmt: skip
    """Return a round of examples of one script."""
    lines, labels, apart = [], [], []
    for number, group in enumerate(samplers):
        drawn = DRAWN[group[0].rank]
        for turn in range(drawn):
            sampler = group[turn % len(group)]
            lines.append(sampler.draw())
            apart.append(sampler.rank == "reported" and sampler.drawn_from != "declaration")
        labels += [number] * drawn
    slots, sizes, seen = [], [], []
    for at in range(0, len(lines), counts.CHUNK):
        chunk = lines[at : at + counts.CHUNK]
        found = counts.features(table, limit, table.scripts.index(script), chunk)
        order = np.argsort(found.unit, kind="stable")
        hashes, unit = found.hashes[order], found.unit[order]
        seen.append(np.bincount(unit, minlength=len(chunk)))
        known = prints[place(hashes)] == fingerprint(hashes)
        slots.append(place(hashes[known]))
        sizes.append(np.bincount(unit[known], minlength=len(chunk)))
    begin = np.append(0, np.cumsum(np.concatenate(sizes)))
    return Examples(np.concatenate(slots), begin, np.concatenate(seen), np.array(labels), np.array(apart))


def sharpened(
    table: Alphabet, limit: NDArray[np.uint8], corpus: Corpus, scripts: dict[str, dict[str, list[str]]],
    entries: Draft, rounds: int,
) -> dict[str, NDArray[np.float64]]:  # fmt: skip
    """Change the draft's weights in place and return each script's biases (2 x classes)."""
    count = np.bincount(entries.slots, minlength=SLOTS).astype(np.int64)
    begin = np.cumsum(count) - count
    prints = np.zeros(SLOTS, np.uint8)
    prints[entries.slots] = entries.prints
    weight = entries.weights.astype(np.float64) * 0.5
    weight_sum = np.zeros(len(weight))
    biases = {}
    for script, classes in scripts.items():
        started = time.time()
        samplers = [
            [_sampler(label, corpus[label], _rank(head)) for label in labels]
            for head, labels in classes.items()
        ]
        bias, bias_sum = np.zeros((2, len(classes))), np.zeros((2, len(classes)))
        bias[0] = [0.0 if head in counts.REPORTED else RARE for head in classes]
        close = np.array([_rank(head) == "close" for head in classes])
        dice = np.random.default_rng(SEED)
        loss = 0.0
        for turn in range(rounds if len(classes) > 1 else 0):
            drawn = examples(table, limit, script, samplers, prints)
            order = dice.permutation(len(drawn.label))
            loss = epoch(
                drawn.slots, drawn.begin, drawn.seen, drawn.label, drawn.apart, close, order, begin, count,
                entries.local.astype(np.int64), weight, weight_sum, bias, bias_sum, len(classes), turn,
            )  # fmt: skip
        biases[script] = bias
        sys.stderr.write(f"{script} {len(classes)} classes, loss {loss:.4f}, {time.time() - started:.0f} s\n")
    entries.weights[:] = weight
    return biases


def _shared(own: counts.Counts, head: str, counted: dict[str, counts.Counts]) -> counts.Counts:
    """Return the counts of a close kin with its neighbour's vocabulary at LENT of its own mass."""
    neighbour = counted.get(SHARED.get(head[:3], "")) if _rank(head) == "close" else None
    if neighbour is None:
        return own
    lent = neighbour.weights * (LENT * own.weights.sum() / neighbour.weights.sum())
    return counts.merged([own, counts.Counts(neighbour.hashes, lent)])


def _is_shared(classes: dict[str, list[str]]) -> bool:
    """Return whether a language of the script is written in another script too: this one is not its alone, so
    neighbours of which there is no text may write in it."""
    return any(
        macro_of(label[:3]) == macro_of(head[:3]) and family(label) != family(head)
        for head in classes
        for label in counts.REPORTED
    )


def _rank(head: str) -> str:
    return "reported" if counts.is_reported(head) else "close" if counts.is_close(head) else "other"


def _sampler(label: str, sources: list[counts.Text], rank: str) -> Sampler:
    texts = {source.source: source for source in sources if source.source != "held-out" and source.lines}
    spaceless = label[-4:] in ("Hans", "Hant", "Jpan", "Thai", "Laoo", "Khmr", "Mymr", "Tibt")
    return Sampler(texts, label, spaceless, random.Random(f"{SEED} {label}"), rank)  # noqa: S311


def built(
    table: Alphabet, limit: NDArray[np.uint8], scripts: dict[str, dict[str, list[str]]], entries: Draft,
    biases: dict[str, NDArray[np.float64]],
) -> Model:  # fmt: skip
    """Return the model of rounded weights, entries that rounded to nothing left out."""
    low = _shelf(entries, LOW, 0)
    high = _shelf(entries, HIGH, 1 << LOW.bits)
    first, size = np.zeros((2, len(table.scripts)), np.int64)
    labels: list[str] = []
    for script, classes in scripts.items():
        at = table.scripts.index(script)
        first[at], size[at] = len(labels), len(classes)
        labels += list(classes)
    language = tuple(label[:3] for label in labels)
    named = Classes(
        language, tuple(label[-4:] for label in labels),
        np.array([label in counts.REPORTED for label in labels]), first, size,
        np.concatenate([biases[script] for script in scripts], axis=1).astype(np.float32),
        np.ones((2, len(labels))), np.ones((2, len(labels))), np.full(len(labels), -np.inf), kin(language, first, size),
    )  # fmt: skip
    return Model(table, limit, named, Table(low, high), {})


def _shelf(entries: Draft, kind: Kind, start: int) -> Shelf:
    own = (entries.slots >= start) & (entries.slots < start + (1 << kind.bits))
    whole = np.clip(np.rint(entries.weights[own] * SCALE), -127, 127).astype(np.int8)
    at, kept = entries.slots[own] - start, whole != 0
    prints = np.zeros(1 << kind.bits, np.uint8)
    prints[at] = entries.prints[own]
    count = np.bincount(at[kept], minlength=1 << kind.bits).astype(np.uint8)
    return Shelf.of(kind, prints, count, entries.local[own][kept], whole[kept])


def main(corpus_folder: Path, path: Path, rounds: int) -> None:
    """Train on the corpus and write the uncalibrated model."""
    started = time.time()
    table = letters.build()
    limit = np.array([SHORT_ORDERS.get(script, ORDERS) for script in table.scripts], np.uint8)
    corpus = counts.texts(corpus_folder)
    counted = counted_once(table, limit, corpus, corpus_folder.with_suffix(".npz"))
    scripts = by_script(counted)
    parts = [
        [
            (
                _shared(counts.merged([counted[label] for label in labels]), head, counted),
                counts.is_close(head),
            )
            for head, labels in classes.items()
        ]
        for classes in scripts.values()
    ]
    sys.stderr.write(f"counted, {time.time() - started:.0f} s\n")
    entries = draft(parts, [_is_shared(classes) for classes in scripts.values()])
    sys.stderr.write(f"{len(entries.slots)} entries in {len(np.unique(entries.slots))} slots\n")
    biases = sharpened(table, limit, corpus, scripts, entries, rounds)
    save(built(table, limit, scripts, entries, biases), path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 6)
