"""Which parts are the text a mailer shows, and what a part is called: one rule for reading and for listing.

Source: RFC 2183 section 2 (disposition, filename), RFC 2045 section 5.1; RFC 2046 section 5.1.4 (alternatives).
"""

from actionday.mime.enriched import ENRICHED, RICHTEXT
from actionday.mime.fields import Fields
from actionday.mime.parameters import Structured, structured
from actionday.mime.structure import Part
from actionday.mime.transfer import coding_of

SHOWN = ("text/plain", "text/html", ENRICHED, RICHTEXT)
MOST_FIELDS = 10


def disposition(fields: Fields) -> Structured:
    """Return the Content-Disposition; its value is "" where there is none."""
    return structured(fields.get(b"content-disposition"))


def is_shown(part: Part) -> bool:
    """Say whether ``part`` is displayed text: read by the parser; every other leaf is an attachment.

    Text with a file name or disposition ``attachment`` is an attachment, but the only body of a message needs
    the latter to be one.
    """
    if part.outside or part.type.value not in SHOWN:
        return False
    placed = disposition(part.fields)
    if placed.value == "attachment":
        return False
    return not part.within or not (named(placed, part.type))


def named(placed: Structured, kind: Structured) -> str:
    """Return the file name of a part as text, "" if it has none."""
    return placed.text(b"filename") or kind.text(b"name")


def names(part: Part) -> list[str]:
    """Return each different file name that a part gives itself, the one that counts first."""
    found = [
        name
        for raw in part.fields.all(b"content-disposition", MOST_FIELDS)
        for name in structured(raw).every(b"filename")
    ]
    return list(dict.fromkeys((*found, *part.type.every(b"name"))))


def coding(part: Part) -> tuple[str, str]:
    """Return the part's transfer coding and, if it is not known, the reason.

    A multipart or an inner message that claims base64 is taken by its word only where it is a leaf.
    """
    return coding_of(part.fields.get(b"content-transfer-encoding"))


def other_codings(part: Part, coding: str) -> list[str]:
    """Return the further codings that a part names: of repeated fields mail programs take one or another."""
    fields = part.fields.all(b"content-transfer-encoding", MOST_FIELDS)
    return [each for each in dict.fromkeys(coding_of(raw)[0] for raw in fields) if each and each != coding]
