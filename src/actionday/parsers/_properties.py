"""Title, author, times and company of a document, under the same names for every format.

Source: ECMA-376 part 2, 11 (core properties) and part 1, 22.2 (extended); OpenDocument 1.3 part 3, 4.3 (metadata).
"""

import re
from pyexpat import ExpatError

from actionday.mime.expat import create

NAMES = {
    "title": "title",
    "subject": "subject",
    "description": "description",
    "creator": "author",
    "initial-creator": "author",
    "lastModifiedBy": "last_author",
    "printed-by": "printed_by",
    "created": "created",
    "creation-date": "created",
    "modified": "modified",
    "date": "modified",
    "lastPrinted": "printed",
    "print-date": "printed",
    "keywords": "keywords",
    "keyword": "keywords",
    "category": "category",
    "language": "language",
    "revision": "revision",
    "editing-cycles": "revision",
    "Company": "company",
    "Manager": "manager",
    "Application": "producer",
    "generator": "producer",
    "Template": "template",
    "HyperlinkBase": "link_base",
    "contributor": "contributors",
    "publisher": "company",
    "rights": "copyright",
    "contentStatus": "status",
    "identifier": "identifier",
    "version": "version",
}
LONGEST = 1000
"""Characters kept of one property."""
MOST_OWN = 500
"""Properties that people named themselves."""
BLANK = re.compile(r"\W+")


def properties(xml: bytes, *, opendocument: bool = False) -> dict[str, object]:
    """Return the properties in a metadata part; what is not well-formed gives those before the fault.

    In OpenDocument ``dc:creator`` is who saved last, and ``meta:initial-creator`` the author.
    """
    found: dict[str, object] = {}
    stack: list[str] = []
    own: list[str] = []
    fresh = [False]
    names = NAMES | ({"creator": "last_author"} if opendocument else {})

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        stack.append(local)
        fresh[0] = True
        given = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if local in ("user-defined", "property") and "name" in given:
            own.append(own_name(given["name"]))
        elif local == "template" and opendocument:
            found["template"] = "; ".join(filter(None, (given.get("title"), given.get("href"))))[:LONGEST]

    def end(_: str) -> None:
        if stack.pop() in ("user-defined", "property") and own:
            own.pop()

    def text(value: str) -> None:
        key = (own[-1] if own else names.get(stack[-1])) if stack else None
        if not key or not value.strip() or (own and key not in found and len(found) >= MOST_OWN):
            return
        between = "; " if fresh[0] else ""
        found[key] = (f"{found[key]}{between}{value}" if key in found else value)[:LONGEST]
        fresh[0] = False

    expat = create(xml)
    expat.buffer_text = True
    expat.StartElementHandler = start
    expat.EndElementHandler = end
    expat.CharacterDataHandler = text
    expat.EntityDeclHandler = _refuse
    try:
        expat.Parse(xml, True)
    except (ExpatError, ValueError):
        found["properties_damaged"] = True
    return found


def own_name(name: str) -> str:
    """Return the key of a property that somebody named."""
    return "custom_" + BLANK.sub("_", name.strip().lower()).strip("_")[:60]


def _refuse(*_: object) -> None:
    raise ValueError("a document type with entities in a metadata part")
