"""Title, author, times and company of a document, under the same names for every format.

Source: ECMA-376 part 2, 11 (core properties) and part 1, 22.2 (extended); OpenDocument 1.3 part 3, 4.3 (metadata).
"""

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
}
LONGEST = 1000
"""Characters kept of one property."""


def properties(xml: bytes, *, opendocument: bool = False) -> dict[str, object]:
    """Return the properties in a metadata part; what is not well-formed gives those before the fault.

    In OpenDocument ``dc:creator`` is who saved last, and ``meta:initial-creator`` the author.
    """
    found: dict[str, object] = {}
    stack: list[str] = []
    names = NAMES | ({"creator": "last_author"} if opendocument else {})

    def text(value: str) -> None:
        key = names.get(stack[-1].rpartition(":")[2]) if stack else None
        if key and value.strip():
            found[key] = (str(found[key]) + value if key in found else value)[:LONGEST]

    expat = create(xml)
    expat.buffer_text = True
    expat.StartElementHandler = lambda name, _: stack.append(name)
    expat.EndElementHandler = lambda _: stack.pop()
    expat.CharacterDataHandler = text
    expat.StartDoctypeDeclHandler = _refuse
    try:
        expat.Parse(xml, True)
    except (ExpatError, ValueError):
        found["properties_damaged"] = True
    return found


def _refuse(*_: object) -> None:
    raise ValueError("document type in a metadata part")
