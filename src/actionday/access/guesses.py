"""Where the name of a language is a guess: what stands beside it where it is one of a list."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from actionday.model.language import REPORTING_THRESHOLD


class Doubt(NamedTuple):
    """Of ``items`` in a language, how many have its name as a guess: more than none."""

    guesses: int
    items: int

    @property
    def alone(self) -> bool:
        """Whether no item has it for sure."""
        return self.guesses == self.items


def passages(segments: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """Return the languages of a text's segments in their order, each with whether it is a guess in all of them."""
    found: dict[str, bool] = {}
    for each in segments:
        code, sure = each.get("language"), each.get("confidence")
        if isinstance(code, str):
            told = isinstance(sure, int | float) and sure >= REPORTING_THRESHOLD
            found[code] = found.get(code, True) and not told
    return found
