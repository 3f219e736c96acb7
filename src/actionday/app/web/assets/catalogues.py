"""Brings the catalogues up to date: messages out of templates and views, into ``.po``, compiled to ``.mo``.

Run by hand after a text of the pages has changed: ``python catalogues.py``. Nothing in the files depends on the
day, so that a test can compare what is committed with what would be made.
"""

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from actionday.app.web.language import DOMAIN, LANGUAGES, locale_folder

METHODS = [("**/assets/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {
    "**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false", "newstyle_gettext": "true"}
}
NEVER = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands in every header: the day of making would be a difference without a meaning."""
KEYWORDS = {"_": None, "gettext": None, "mark": None, "ngettext": (1, 2)}


def template(pages: Path) -> Catalog:
    """Return every message of the pages, in the order of the files."""
    catalogue = Catalog(
        project="Actionday", version="", copyright_holder="The Actionday authors", fuzzy=False
    )
    found = extract_from_dir(str(pages), METHODS, OPTIONS, KEYWORDS)
    for file, _line, message, comments, context in sorted(
        found, key=lambda each: (each[0], each[1], str(each[2]))
    ):
        catalogue.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return catalogue


def updated(pages: Path, tag: str) -> Catalog:
    """Return the catalogue of a language with today's messages; what was translated stays."""
    path = pages / "locale" / tag / "LC_MESSAGES" / f"{DOMAIN}.po"
    old = read_po(io.BytesIO(path.read_bytes()), locale=tag) if path.is_file() else Catalog(locale=tag)
    new = template(pages)
    fresh = Catalog(
        locale=tag, project="Actionday", version="", copyright_holder="The Actionday authors", fuzzy=False
    )
    for message in new:
        if message.id:
            kept = old.get(message.id)
            fresh.add(message.id, kept.string if kept else None, message.locations, flags=message.flags)
    return fresh


def as_po(catalogue: Catalog) -> bytes:
    """Return a catalogue as text, without dates."""
    out = io.BytesIO()
    write_po(
        out,
        catalogue,
        omit_header=True,
        sort_output=True,
        width=110,
        include_lineno=False,
        include_previous=False,
    )
    head = f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n'
    head += '"Content-Type: text/plain; charset=utf-8\\n"\n'
    head += f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    return head.encode() + out.getvalue()


def as_mo(po: bytes, tag: str) -> bytes:
    """Return the compiled form of a catalogue."""
    out = io.BytesIO()
    catalogue = read_po(io.BytesIO(po), locale=tag)
    catalogue.creation_date = catalogue.revision_date = NEVER
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> None:
    """Write the files of every language but English."""
    folder = locale_folder()
    for tag in (each.tag for each in LANGUAGES if each.tag != "en"):
        target = folder / tag / "LC_MESSAGES"
        target.mkdir(parents=True, exist_ok=True)
        po = as_po(updated(folder.parent, tag))
        (target / f"{DOMAIN}.po").write_bytes(po)
        (target / f"{DOMAIN}.mo").write_bytes(as_mo(po, tag))


if __name__ == "__main__":
    main()
