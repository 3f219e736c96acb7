"""Templates to markup: one environment a language, ``shell/ui.html`` everywhere, blocks alone for partials."""

import gettext
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from actionday import __version__
from actionday.app.web import keys, signs
from actionday.app.web.language import LANGUAGES, Language, catalogue
from actionday.app.web.showing import (
    hexes,
    labels,
    languages,
    names,
    numbers,
    placed,
    prose,
    queries,
    reasons,
    refusals,
    sentences,
    types,
)
from actionday.app.web.showing.told import told
from actionday.model.counted import grouped
from actionday.model.language import REPORTING_THRESHOLD

FILTERS = {
    "number": numbers.number,
    "grouped": grouped,
    "said": partial(names.visible, figures=True),
    "size": numbers.size,
    "rounded": lambda value: numbers.isolated(numbers.rounded(value)),
    "rate": numbers.rate,
    "duration": numbers.duration,
    "moment": numbers.moment,
    "score": numbers.score,
    "offset": numbers.offset,
    "ltr": numbers.isolated,
    "short_hash": numbers.short_hash,
    "whole_hash": numbers.whole_hash,
    "name": names.short_name,
    "whole_name": names.name,
    "visible": names.visible,
    "plain": names.plain,
    "typed": names.typed,
    "domain": names.domain,
    "shown": prose.shown,
    "marked": prose.marked,
    "one_line": prose.one_line,
    "tag": languages.tag,
}


class Renderer:
    """Keeps the environments; ``catalogues`` gives further languages (tests bring pseudo-locales)."""

    def __init__(
        self,
        catalogues: Mapping[Language, gettext.NullTranslations] | None = None,
    ) -> None:
        known = {each: catalogue(each.tag) for each in LANGUAGES}
        self._environments = {
            language.tag: _environment(language, translations)
            for language, translations in {**known, **(catalogues or {})}.items()
        }
        self.languages = (*LANGUAGES, *(catalogues or {}))

    def page(self, language: Language, template: str, context: Mapping[str, Any]) -> str:
        """Return a whole page."""
        return self._environments[language.tag].get_template(template).render(context)

    def block(self, language: Language, template: str, name: str, context: Mapping[str, Any]) -> str:
        """Return one named block of a page, to be swapped in."""
        found = self._environments[language.tag].get_template(template)
        return "".join(found.blocks[name](found.new_context(dict(context))))

    def text(self, language: Language, message: str) -> str:
        """Return a marked message in a language."""
        return str(self._environments[language.tag].filters["word"](message))


def _type(mime: str, translations: gettext.NullTranslations) -> Markup:
    """Return a MIME type in words, itself in the title; one without words as it stands."""
    words, name = types.type_word(mime)
    if not words:
        return Markup('<bdi dir="ltr" class="mime">{}</bdi>').format(names.visible(mime))
    said = translations.gettext(words)
    said = said % {"name": name} if name else said
    return Markup('<span class="mime" title="{}">{}</span>').format(mime, said)


def assets_digest() -> str:
    """Return what changes when styles or scripts do."""
    static = Path(__file__).parent / "static"
    return sha256(b"".join((static / name).read_bytes() for name in ("app.css", "app.js"))).hexdigest()[:10]


def _environment(language: Language, translations: gettext.NullTranslations) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(FILTERS)
    environment.filters["word"] = translations.gettext
    environment.tests["time"] = lambda text: numbers.STAMP.fullmatch(text) is not None
    environment.filters["reason"] = lambda text: sentences.reason(text, translations.gettext)
    environment.filters["told"] = lambda text: told(text, translations.gettext)
    environment.filters["refused"] = lambda text: refusals.refused(text, translations.gettext)
    environment.filters["wrong"] = lambda text: queries.wrong(text, translations.gettext)
    environment.filters["mime"] = lambda value: _type(value, translations)
    environment.filters["language_name"] = lambda code: languages.language_name(code, language.tag)
    environment.filters["script_name"] = lambda code: languages.script_name(code, language.tag)
    environment.globals.update(
        reader=language,
        version=__version__,
        assets=assets_digest(),
        signs=signs,
        reasons=reasons,
        labels=labels,
        placed=placed,
        keys=keys,
        percent=numbers.percent,
        hex_line=hexes.hex_line,
        Markup=Markup,
        hidden=prose.hidden,
        is_code=types.is_code,
        reporting=REPORTING_THRESHOLD,
    )
    environment.globals["ui"] = environment.get_template("shell/ui.html").module
    return environment
