"""How a verdict is named: codes of language and script, ``und`` where it is not sure enough."""

import numpy as np

from actionday.detectors.language._attribution import NAMING_THRESHOLD, UNDETERMINED, UNNAMED
from actionday.detectors.language._evidence import Sums
from actionday.detectors.language._model import Model
from actionday.detectors.language._units import DENSE
from actionday.model.language import REPORTING_THRESHOLD

LEAST_TOLD = 45
"""Features from which on a language is told and not guessed: one word of nine letters has 44, two of five have 48. Of
single words that were told one in twenty was wrong, and any may stand in a text of another language."""
GUESSED = REPORTING_THRESHOLD - 0.0001  # the most that is said of so little
Named = tuple[str, str, float]  # language, script, confidence


class Names:
    """Names of a model's classes."""

    def __init__(self, model: Model) -> None:
        self._scripts = model.alphabet.scripts
        self._classes = model.classes
        dense = np.isin(
            model.alphabet.scripts, DENSE
        )  # where a letter is a word or a syllable few of them tell
        self._least = np.where((model.classes.size > 1) & ~dense, LEAST_TOLD, 0)

    @property
    def languages(self) -> frozenset[str]:
        """Codes of the classes that may be reported."""
        named = zip(self._classes.language, self._classes.reported.tolist(), strict=True)
        return frozenset(code for code, reported in named if reported)

    def named(self, script: int, best: int, confidence: float, seen: int) -> Named:
        """Return what is reported of a verdict on ``seen`` features; the confidence stays that of the best guess.

        Of a few letters in a script that several languages have it is no more than a guess's.
        """
        if best < 0:
            return UNDETERMINED, self._scripts[script], 0.0
        if seen < self._least[script]:
            confidence = min(confidence, GUESSED)
        if confidence < NAMING_THRESHOLD or not self._classes.reported[best]:
            return UNDETERMINED, self._scripts[script], min(confidence, UNNAMED)
        return self._classes.language[best], self._classes.script[best], confidence

    def ranked(self, script: int, probability: Sums) -> list[tuple[str, float]]:
        """Return the languages of a script by their probability, best first, those under 0.001 left out."""
        first = int(self._classes.first[script])
        total: dict[str, float] = {}
        for number in np.argsort(-probability, kind="stable").tolist():
            code = self._classes.language[first + number]
            total[code] = total.get(code, 0.0) + float(probability[number])
        ranked = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(code, round(chance, 4)) for code, chance in ranked if chance >= 0.001]
