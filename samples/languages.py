"""The language data: one file a language in `texts/`, written for this network."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Language:
    """Natural sentences and names of one language; ``code`` is ISO 639-3, ``script`` ISO 15924."""

    code: str
    script: str
    name: str
    stations: tuple[str, ...]
    agencies: tuple[str, ...]
    clubs: tuple[str, ...]
    people: tuple[str, ...]
    schedule: str
    announcement: str
    news: str
    programmes: tuple[str, ...]
    slogans: tuple[str, ...]
    subjects: tuple[str, ...]
    headlines: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def right_to_left(self) -> bool:
        """Whether the script runs from right to left."""
        return self.script in {"Arab", "Hebr"}

    @property
    def joiner(self) -> str:
        """What stands between two sentences: nothing in Chinese and Japanese."""
        return "" if self.script in {"Hans", "Jpan"} else " "


def read(path: Path) -> Language:
    """Return the language of one file; an unknown or a missing field raises ``TypeError``."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()
    }
    return Language(**fields)


@cache
def languages() -> dict[str, Language]:
    """Return all languages by code, in the order of their codes."""
    return {path.stem: read(path) for path in sorted(FOLDER.glob("*.toml"))}
