"""The words of a report in its languages: what is written in English here, and its Arabic in ``_arabic.py``."""

from collections.abc import Callable

from actionday.exchange.report._arabic import ARABIC
from actionday.model import UsageError

Say = Callable[..., str]
"""Returns a sentence in the language of the report; figures and names go into its braces."""
LANGUAGES = ("en", "ar")


def words(language: str) -> Say:
    """Return what says a sentence in ``language``. Raises UsageError for a language that no report has."""
    if language not in LANGUAGES:
        raise UsageError(f"no report in {language!r}: there are {', '.join(LANGUAGES)}")

    def say(sentence: str, **values: str) -> str:
        """Return a sentence. Raises KeyError for one that nobody translated."""
        told = ARABIC[sentence] if language == "ar" else sentence
        return told.format(**values) if values else told

    return say
