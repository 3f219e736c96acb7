"""Names of languages and scripts in the reader's language, and tags that browsers know."""

import json
from functools import cache
from importlib.resources import files

from actionday.model.language import languages


@cache
def _names() -> dict[str, dict[str, dict[str, str]]]:
    """Return ``{"languages" | "scripts": {code: {interface language: name}}}`` as built from CLDR."""
    text = (files("actionday.app.web") / "locale" / "names.json").read_text("utf-8")
    found: dict[str, dict[str, dict[str, str]]] = json.loads(text)
    return found


def language_name(code: str, reader: str) -> str:
    """Return the name of an ISO 639-3 language in the reader's language, else in English, else the code."""
    names = _names()["languages"].get(code, {})
    known = languages().get(code)
    return names.get(reader) or names.get("en") or (known.name if known else code)


def script_name(code: str, reader: str) -> str:
    """Return the name of an ISO 15924 script, else its code."""
    names = _names()["scripts"].get(code, {})
    return names.get(reader) or names.get("en") or code


def tag(code: str | None, script: str | None = None) -> str:
    """Return the BCP 47 tag of a text for ``lang``; "und" where it cannot tell."""
    if not code:
        return "und"
    known = languages().get(code)
    two = known.two if known and known.two else code
    if two == "zh" and script in ("Hant", "Hans"):
        return f"zh-{script}"
    return two
