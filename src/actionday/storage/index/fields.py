"""The fields a query may name, and what each accepts as a value."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from actionday.model import Kind, Status
from actionday.model.codes import Named, near_individual_languages, near_languages, near_scripts
from actionday.model.language import codes_matching, languages
from actionday.model.script import SCRIPTS
from actionday.storage.index.node import Match

UNTOLD = "und"
"""The language of a text that cannot tell."""

FAMILIES = {  # of types, by how the MIME type begins or by its subtype
    "text": re.compile(r"text/|application/(json|xml|javascript|x-sh|toml|yaml|sql)"),
    "html": re.compile(r"text/html|application/xhtml\+xml"),
    "mail": re.compile(r"message/|application/(mbox|vnd\.ms-outlook)"),
    "image": re.compile(r"image/"),
    "audio": re.compile(r"audio/|application/ogg"),
    "video": re.compile(r"video/"),
    "pdf": re.compile(r"application/(x-)?pdf"),
    "office": re.compile(
        r"application/(msword|rtf|vnd\.(ms-(excel|powerpoint|word)|openxmlformats-officedocument"
        r"|oasis\.opendocument|apple\.(pages|numbers|keynote)))|text/rtf"
    ),
    "archive": re.compile(
        r"application/(zip|gzip|zstd|x-(7z|tar|rar|bzip|xz|cpio|gzip|lz|compress|archive|rpm|deb|iso9660)"
        r"|vnd\.(rar|debian|ms-cab))"
    ),
    "database": re.compile(r"application/(vnd\.sqlite3|x-sqlite3|x-dbf|vnd\.ms-access|x-msaccess)"),
}


def type_words(mime: str) -> list[str]:
    """Return what ``type:`` finds an item by: its MIME type, its subtype, the families it is of."""
    name = mime.partition(";")[0].strip().lower()
    subtype = name.partition("/")[2]
    families = [family for family, pattern in FAMILIES.items() if pattern.match(name)]
    return list(dict.fromkeys(word for word in (name, subtype, *families) if word))


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the grammar. ``of_item``: two places of one content may differ in it."""

    name: str
    what: str
    of_item: bool
    words: bool = False  # matched word by word, as the text is; otherwise as one whole value
    shape: re.Pattern[str] = re.compile(".+", re.DOTALL)
    example: str = ""
    known: Callable[[str], bool] = bool
    """Tells whether a value (lower case) can be one at all: what cannot is an error, never "nothing found"."""
    values: Callable[[], Iterable[str]] = tuple
    """The known values as they are told, where they are few."""
    near: Callable[[str], list[Named]] | None = None
    """What a value that is not known may mean, where the known ones are too many to be told."""

    def accepts(self, match: Match) -> bool:
        """Tell whether ``*`` and ``~`` make sense here."""
        return self.words or match in (Match.WORD, Match.PHRASE)


FIELDS = {
    field.name: field
    for field in (
        Field("name", "words of the file name", True, words=True, example="name:schedule"),
        Field("meta", "words of the metadata", False, words=True, example="meta:harbour"),
        Field("path", "a run of whole path components", True, words=True, example="path:var/log"),
        Field("lang", "language: ISO 639-1, 639-3 or a macrolanguage", False, example="lang:fa",
              known=lambda code: bool(codes_matching(code)), near=near_languages),
        Field("language", "this very language: ISO 639-3", False, example="language:arb",
              known=lambda code: code == UNTOLD or code in languages(),
              near=near_individual_languages),
        Field("script", "script: ISO 15924", False, example="script:Arab",
              known=lambda code: code.title() in SCRIPTS, near=near_scripts),
        Field("type", "MIME type, subtype, family or usual ending", True, example="type:pdf"),
        Field("exhibit", "exhibit", True, example="exhibit:S-04"),
        Field("kind", "kind of item", True, example="kind:deleted",
              known=lambda value: value in frozenset(Kind), values=lambda: Kind),
        Field("status", "what became of the item", True, example="status:parsed",
              known=lambda value: value in frozenset(Status), values=lambda: Status),
        Field("year", "year of the last change, or a range", True, shape=re.compile(r"\d{4}(-\d{4})?"),
              example="year:2023-2025"),
        Field("sha256", "content with this SHA-256", False, shape=re.compile("[0-9a-fA-F]{64}"),
              example="sha256:9f86d081…, 64 hex digits"),
    )
}  # fmt: skip
