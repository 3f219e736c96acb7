"""Writes ``locale/names.json``: languages and scripts in the languages of the pages, from CLDR by way of Babel.

Run by hand when a language is added to the model or to the pages: ``python names.py``. Names: Unicode CLDR,
Unicode License v3.
"""

import json
from pathlib import Path

from babel import Locale

from actionday.app.web.language import LANGUAGES
from actionday.model.language import Language, codes_matching, languages
from actionday.model.script import SCRIPTS

STANDARD = frozenset(
    [
        "als",
        "arb",
        "azj",
        "ekk",
        "khk",
        "lvs",
        "npi",
        "ory",
        "pbt",
        "pes",
        "plt",
        "swh",
        "uzn",
        "ydd",
        "zsm",
        "nob",
    ]
)
"""The varieties meant when their two-letter code is said; the others of that code show their own as well.

A code that means one language alone (``id``, not ``ms``) names it, whatever macrolanguage it is counted to.
"""


def _by_two(locale: Locale, known: Language) -> str | None:
    name = locale.languages.get(known.two) if known.two else None
    alone = not known.macro or known.code == known.macro
    if name is None or locale.language == "en":
        return name if alone else None
    own = codes_matching(known.two) == {known.code} and len(codes_matching(known.macro)) > 1
    return name if alone or own or known.code in STANDARD else f"{name} ({known.code})"


def names() -> str:
    """Return the text of the file."""
    found: dict[str, dict[str, dict[str, str]]] = {"languages": {}, "scripts": {}}
    for reader in (each.tag for each in LANGUAGES):
        locale = Locale(reader)
        for code, known in languages().items():
            name = locale.languages.get(code) or _by_two(locale, known)
            if name and not (reader == "en" and name == known.name):
                found["languages"].setdefault(code, {})[reader] = name
        for code in SCRIPTS:
            if code in locale.scripts:
                found["scripts"].setdefault(code, {})[reader] = locale.scripts[code]
    return json.dumps(found, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def main() -> None:
    """Write the file beside the catalogues."""
    (Path(__file__).parents[1] / "locale" / "names.json").write_text(names(), "utf-8")


if __name__ == "__main__":
    main()
