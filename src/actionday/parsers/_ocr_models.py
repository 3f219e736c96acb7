"""Which models Tesseract has here, and which of them are asked for by the languages and scripts of what is to be read.

Source: tesseract(1), "ENVIRONMENT VARIABLES"; tessdata_fast 4.1.0 (names of models); ISO 639-3.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from actionday.model.language import macro_of

SYSTEM = "/usr/share"
FOLDERS = ("tesseract-ocr/*/tessdata", "tessdata")
"""Where Debian and Fedora put them; TESSDATA_PREFIX names another folder, which then is the only one."""
ENDING = ".traineddata"
NO_LANGUAGES = frozenset({"osd", "equ", "snum"})
MOST = 3
"""Models at once: each further one takes half as long again."""
CALLED = {
    "zho": "chi_sim",
    "ckb": "ara",  # there is no model of Sorani: its letters are read, some of them as others
    "kur": "kmr",
    "hbs": "hrv",
    "hau": "eng",  # no models: Latin letters
    "som": "eng",
    "orm": "eng",
}
"""Models that are not called as the language is."""
OF_SCRIPT = {
    "Arabic": "ara",
    "Cyrillic": "rus",
    "Latin": "eng",
    "Bengali": "ben",
    "Devanagari": "hin",
    "Greek": "ell",
    "Hebrew": "heb",
    "Thai": "tha",
    "Han": "chi_sim",
    "Japanese": "jpn",
    "Hangul": "kor",
    "Korean": "kor",
    "Georgian": "kat",
    "Armenian": "hye",
    "Ethiopic": "amh",
    "Tamil": "tam",
    "Telugu": "tel",
    "Gujarati": "guj",
    "Gurmukhi": "pan",
    "Kannada": "kan",
    "Malayalam": "mal",
    "Sinhala": "sin",
    "Khmer": "khm",
    "Lao": "lao",
    "Myanmar": "mya",
}
"""The model for a script in which nothing else tells the language."""


class Models(NamedTuple):
    """The models in one folder."""

    folder: str
    names: frozenset[str]

    @property
    def languages(self) -> list[str]:
        """Return those that read a language, in order of name."""
        return sorted(self.names - NO_LANGUAGES)


def installed(environ: os._Environ[str] | dict[str, str] = os.environ, system: str = SYSTEM) -> Models:
    """Return the models that are there: of TESSDATA_PREFIX where it is set, else of the first folder that has any."""
    given = environ.get("TESSDATA_PREFIX")
    found = (
        [Path(given)]
        if given
        else [each for name in FOLDERS for each in sorted(Path(system).glob(name))[::-1]]
    )
    for folder in found:
        names = frozenset(each.name.removesuffix(ENDING) for each in folder.glob(f"*{ENDING}"))
        if names - NO_LANGUAGES:
            return Models(str(folder), names)
    return Models("", frozenset())


class Chosen(NamedTuple):
    """The models a content is read with, and the one that lacks: where it is the first wanted, nothing can be read."""

    names: tuple[str, ...]
    missing: tuple[str, ...]


def chosen(languages: Sequence[str], models: Models) -> Chosen:
    """Return the models for languages, those of most texts first."""
    wanted = list(dict.fromkeys(_called(each, models) for each in languages))[:MOST]
    missing = tuple(each for each in wanted if each not in models.names)
    return Chosen(tuple(each for each in wanted if each in models.names), missing)


def _called(language: str, models: Models) -> str:
    """Return the model for a language: its own, else that of the language it is a part of (Egyptian Arabic)."""
    if language in models.names:
        return language
    macro = macro_of(language)
    return CALLED.get(language) or CALLED.get(macro, macro)
