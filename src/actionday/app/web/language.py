"""The reader's language: which there are, which one is meant, and its catalogue.

Catalogues are compiled from ``locale/<language>/LC_MESSAGES/actionday.po`` and committed; English is in the
templates.
"""

import gettext
import re
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple


class Language(NamedTuple):
    """A language of the pages: its tag, its own name, its direction."""

    tag: str
    name: str
    direction: str


LANGUAGES = (Language("en", "English", "ltr"), Language("ar", "العربية", "rtl"))
DOMAIN = "actionday"
MOST_PREFERENCES = 20
WEIGHT = re.compile(r"[01](\.[0-9]{0,3})?", re.ASCII)


def locale_folder() -> Path:
    """Return where the catalogues lie."""
    return Path(str(files("actionday.app.web") / "locale"))


def catalogue(tag: str) -> gettext.NullTranslations:
    """Return the catalogue of a language; English has none of its own."""
    if tag == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, locale_folder(), [tag])


def preferred(cookie: str, header: str, known: tuple[Language, ...]) -> Language:
    """Return the language of a cookie, else the first known one of an ``Accept-Language`` header, else the first.

    Source: RFC 9110, section 12.5.4; weights are read, malformed ones count as 0.
    """
    by_tag = {each.tag: each for each in known}
    if cookie in by_tag:
        return by_tag[cookie]
    weighted = []
    for order, part in enumerate(header.split(",")[:MOST_PREFERENCES]):
        tag, _, weight = part.strip().partition(";q=")
        if WEIGHT.fullmatch(weight or "1"):
            weighted.append((-float(weight or "1"), order, tag.lower()))
    for _, _, tag in sorted(weighted):
        found = by_tag.get(tag) or by_tag.get(tag.partition("-")[0])
        if found is not None:
            return found
    return known[0]
