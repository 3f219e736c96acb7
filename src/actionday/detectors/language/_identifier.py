"""The detector of languages: texts in, attributions out, in batches."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from actionday.detectors.language import _model
from actionday.detectors.language._attribution import NO_SCRIPT, UNDETERMINED, Attribution, whole
from actionday.detectors.language._evidence import Evidence, weigh
from actionday.detectors.language._judge import Verdicts, judge, score
from actionday.detectors.language._letters import Index
from actionday.detectors.language._mixed import DENSITY, attribute
from actionday.detectors.language._model import Model
from actionday.detectors.language._names import Names
from actionday.detectors.language._pieces import details, glances, has_second_script
from actionday.detectors.language._segments import unlike
from actionday.detectors.language._units import Units, own_run

AT_ONCE = 40_000  # characters of a batch, so that its arrays stay within some 30 MB
CERTAIN = 0.95  # confidence from which on a part in another language has the whole text read for segments

LEAST_SECOND = 8  # letters of a sentence or line in another language for it to be noticed


class Identifier:
    """Names the language and script of texts. The same text gives the same answer in any batch."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._names = Names(model)
        self._own_run = own_run(model.alphabet.scripts)

    @classmethod
    def load(cls) -> "Identifier":
        """Return an identifier with the bundled model. Raises OSError or ValueError where that is damaged."""
        return cls(_model.load())

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-3 codes of the languages that may be reported."""
        return self._names.languages

    def identify(self, texts: Sequence[str]) -> list[Attribution]:
        """Return the attribution of each text, in order; any text is answered, whatever it holds."""
        found: list[Attribution] = []
        for some in _batches(texts):
            found += self._some(some)
        return found

    def candidates(self, text: str) -> list[tuple[str, float]]:
        """Return the languages the text may be in, best first, with their probabilities among those the model
        knows; background languages too, nothing where no letter votes. No threshold is applied."""
        units, evidence = weigh(self._model, [glances(text)], np.zeros(1, np.int64))
        if not evidence.seen.any():
            return []
        letters = np.bincount(units.script, units.letters)
        script = int(letters.argmax())
        if not self._model.classes.size[script]:
            return []
        rows = np.flatnonzero(units.script == script)
        total = evidence.at(rows).grouped(np.zeros(len(rows), np.int64), 1)
        scored = score(self._model, total, np.array([0]), script)
        return self._names.ranked(script, scored.probability[0])

    def _some(self, texts: list[tuple[str, str]]) -> list[Attribution]:
        units, evidence = weigh(self._model, [glance for _, glance in texts], np.arange(len(texts)))
        kinds = len(self._model.alphabet.scripts)
        keys, group = np.unique(units.piece * kinds + units.script, return_inverse=True)
        together = evidence.grouped(group, len(keys)) if len(keys) else evidence
        script = (keys % kinds).astype(np.uint8)
        verdicts = judge(self._model, together, script)
        mixed = self._mixed(texts, keys // kinds, verdicts, group, units, evidence)
        answers: dict[int, Attribution] = {}
        rows = zip(
            (keys // kinds).tolist(), script.tolist(), verdicts.best.tolist(), verdicts.confidence.tolist(),
            together.seen.tolist(), strict=True,
        )  # fmt: skip
        for number, own, best, confidence, seen in rows:
            if not mixed[number]:
                named = self._names.named(own, best, confidence, seen)
                answers[number] = whole(len(texts[number][0]), *named)
        for number in np.flatnonzero(mixed).tolist():
            answers[number] = self._in_detail(texts[number][0])
        for number in set(range(len(texts))) - answers.keys():
            answers[number] = whole(len(texts[number][0]), UNDETERMINED, NO_SCRIPT, 0.0)
        return [answers[number] for number in range(len(texts))]

    def _mixed(
        self, texts: list[tuple[str, str]], owner: Index, verdicts: Verdicts,
        group: Index, units: Units, evidence: Evidence,
    ) -> NDArray[np.bool_]:  # fmt: skip
        """Return which texts seem to be in several languages or scripts."""
        mixed = np.bincount(owner, minlength=len(texts)) > 1
        for number, (text, glance) in enumerate(texts):
            if glance is not text and not mixed[number] and not text.isascii():
                mixed[number] = has_second_script(self._model.alphabet, text)
        strange = self._strange(verdicts.best[group], group, units, evidence)
        seconds = judge(self._model, evidence.at(strange), units.script[strange])
        certain = (seconds.confidence >= CERTAIN) & self._model.classes.reported[seconds.best]
        found = strange[certain]
        runs = units.letters[found] / self._own_run[units.script[found]]
        mixed |= np.bincount(owner[group[found]], runs, len(texts)) >= 1.0
        return mixed

    def _strange(self, whole: Index, group: Index, units: Units, evidence: Evidence) -> Index:
        """Return the units of running text that are in another language than the ``whole`` of their text."""
        several = np.bincount(group)[group] > 1
        text = units.letters >= np.maximum(DENSITY * (units.last - units.first), LEAST_SECOND)
        sizes = self._model.classes.size[units.script]
        candidates = np.flatnonzero(several & text & (whole >= 0) & (sizes > 1))
        odd = [np.zeros(0, np.int64)]
        for each in np.unique(units.script[candidates]):
            rows = candidates[units.script[candidates] == each]
            best = whole[rows] - self._model.classes.first[each]
            odd.append(unlike(self._model, evidence, rows, int(each), best))
        return np.concatenate(odd)

    def _in_detail(self, text: str) -> Attribution:
        pieces = details(text)
        one = np.zeros(len(pieces), np.int64)
        units, evidence = weigh(self._model, [piece for _, piece in pieces], one)
        offsets = np.array([offset for offset, _ in pieces])[units.piece]
        return attribute(self._model, self._names, len(text), offsets, units, evidence)


def _batches(texts: Sequence[str]) -> Iterator[list[tuple[str, str]]]:
    """Yield the texts, each with what of it is read, so many as are read at a time."""
    batch: list[tuple[str, str]] = []
    size = 0
    for text in texts:
        glance = glances(text)
        if batch and size + len(glance) > AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append((text, glance))
        size += len(glance)
    if batch:
        yield batch
