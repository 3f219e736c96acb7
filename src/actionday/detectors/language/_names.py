"""How a verdict is named: codes of language and script, ``und`` where it is not sure enough."""

import numpy as np

from actionday.detectors.language._attribution import NAMING_THRESHOLD, UNDETERMINED, UNNAMED
from actionday.detectors.language._evidence import Sums
from actionday.detectors.language._model import Model

Named = tuple[str, str, float]  # language, script, confidence


class Names:
    """Names of a model's classes."""

    def __init__(self, model: Model) -> None:
        self._scripts = model.alphabet.scripts
        self._classes = model.classes

    @property
    def languages(self) -> frozenset[str]:
        """Codes of the classes that may be reported."""
        named = zip(self._classes.language, self._classes.reported.tolist(), strict=True)
        return frozenset(code for code, reported in named if reported)

    def named(self, script: int, best: int, confidence: float) -> Named:
        """Return what is reported of a verdict; the confidence stays that of the best guess."""
        if best < 0:
            return UNDETERMINED, self._scripts[script], 0.0
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
