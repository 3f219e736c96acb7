"""What the detector answers."""

from dataclasses import dataclass

UNDETERMINED = "und"  # ISO 639-3: the text cannot tell
NO_SCRIPT = "Zyyy"  # ISO 15924: no letters
NAMING_THRESHOLD = 0.2  # under it four guesses in five are wrong: no language is named
UNNAMED = NAMING_THRESHOLD - 0.0001  # the most that is said of a guess that is not named


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text in one language: characters ``start`` to ``end`` (exclusive)."""

    start: int
    end: int
    language: str  # ISO 639-3
    script: str  # ISO 15924
    confidence: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class Attribution:
    """Language and script of most of a text's letters, and its segments in order; they cover the whole text.

    ``confidence`` is the probability that the macrolanguage is right.
    """

    language: str
    script: str
    confidence: float
    segments: tuple[Segment, ...]


def whole(length: int, language: str, script: str, confidence: float) -> Attribution:
    """Return the attribution of a text of one segment; an empty text has none."""
    segments = (Segment(0, length, language, script, confidence),) if length else ()
    return Attribution(language, script, confidence, segments)
