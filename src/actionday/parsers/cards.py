"""Contacts and calendars: vCard and iCalendar with their folded and encoded lines undone.

Source: RFC 6350, 3.2 (folding) and 3.4 (escapes); vCard 2.1, 2.1.3 (quoted-printable); RFC 5545, 3.1 and 3.3.11.
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from itertools import islice
from quopri import decodestring

from actionday.mime.labels import document_codec
from actionday.model import Limits, Note, Parsed
from actionday.model.counted import counted
from actionday.parsers._decode import decode
from actionday.parsers._legible import legible, passages
from actionday.parsers.html import visible
from actionday.parsers.text import finished

FOLD = re.compile(r"\r?\n[ \t]")
SOFT = re.compile(r"(?im)^([^:\n]{0,200}?ENCODING=QUOTED-PRINTABLE[^:\n]{0,200}:)((?:.*=\r?\n)*.*)$")
CHARSET = re.compile(r"CHARSET=([\w-]+)", re.IGNORECASE)
ESCAPES = re.compile(r"\\([nN,;\\])")
BINARY = re.compile(
    r"(?im)^(?:PHOTO|LOGO|SOUND|KEY|ATTACH)\b[^:\n]{0,200}?(?:BASE64|ENCODING=B)[^:\n]{0,200}:.*(?:\r?\n[ \t].*)*"
)

PAGE = re.compile(r"(?im)^X-ALT-DESC\b[^:\n]{0,200}text/html[^:\n]{0,200}:(.*)$")
MOST_EMBEDDED = 1000


class Cards:
    """Text of contacts and calendars, one property a line; of what is embedded the text, if it is one."""

    name, version = "cards", 1
    mimes = ("text/calendar", "text/vcard")
    samples = ("people.vcf", "dates.ics")

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:  # noqa: ARG002
        """Return the properties as text; ``meta`` has the number of cards or events."""
        decoded = decode(data[: limits.text])
        text = "".join(decoded.pieces)
        shown = unfolded(text)
        decoded.pieces = [shown, *_pages(shown), *embedded(text)]
        parsed = finished(decoded, len(data), limits)
        held = len(BINARY.findall(text))
        notes = parsed.notes + (
            (Note("embedded_object", f"{counted(held, 'value')} in base64: text in it is kept"),)
            if held
            else ()
        )
        count = text.count("BEGIN:VCARD") + text.count("BEGIN:VEVENT") + text.count("BEGIN:VTODO")
        return Parsed(
            text=parsed.text, meta={**parsed.meta, "entries": count}, reason=parsed.reason, notes=notes
        )


def embedded(text: str) -> Iterator[str]:
    """Yield the texts that stand in base64: attached notes, or what is readable of other files."""
    for found in islice(BINARY.finditer(text), MOST_EMBEDDED):
        value = re.sub(r"\s+", "", found[0].partition(":")[2])
        try:
            content = memoryview(b64decode(value + "=" * (-len(value) % 4)))
        except ValueError:
            continue  # the property is named in the text, and that its value is binary
        readable = legible(content) or passages(content, "")
        if readable:
            yield "".join(("\n", *readable.text))


def _pages(text: str) -> Iterator[str]:
    """Yield the texts of descriptions that are pages: their tags would part words from each other."""
    for found in islice(PAGE.finditer(text), MOST_EMBEDDED):
        yield "\n" + visible(found[1])


def unfolded(text: str) -> str:
    """Return the lines whole, quoted-printable decoded, escapes undone, binary values left out."""
    text = BINARY.sub(lambda found: found[0].partition(":")[0] + ": (binary)", text)
    text = SOFT.sub(_quoted, text)
    return ESCAPES.sub(lambda found: "\n" if found[1] in "nN" else found[1], FOLD.sub("", text))


def _quoted(found: re.Match[str]) -> str:
    named = CHARSET.search(found[1])
    raw = decodestring(found[2].encode("utf-8", "replace"))
    return found[1] + raw.decode((document_codec(named[1]) if named else "") or "utf-8", "replace").replace(
        "\r\n", "\n"
    )


PARSER = Cards()
