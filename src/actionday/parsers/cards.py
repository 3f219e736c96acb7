"""Contacts and calendars: vCard and iCalendar with their folded and encoded lines undone.

Source: RFC 6350, 3.2 (folding) and 3.4 (escapes); vCard 2.1, 2.1.3 (quoted-printable); RFC 5545, 3.1 and 3.3.11.
"""

import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from quopri import decodestring

from actionday.model import Limits, Loss, Note, Parsed
from actionday.model.counted import counted
from actionday.parsers._decode import CONTROLS, decode
from actionday.parsers._embedded import embedded as content_of
from actionday.parsers._legible import legible, passages
from actionday.parsers._small_codes import SmallCodes
from actionday.parsers.html import visible
from actionday.parsers.text import finished

FOLD = re.compile(r"\r?\n[ \t]")
SOFT = re.compile(
    r"(?im)^([^:\n]{0,200}?;(?:ENCODING=)?\"?QUOTED-PRINTABLE\b[^:\n]{0,200}:)((?:.*=\r?\n)*.*)$"
)
CHARSET = re.compile(r"CHARSET=\"?([\w-]+)", re.IGNORECASE)
ESCAPES = re.compile(r"\\([nN,;\\])")
CODED = re.compile(
    r"(?im)^((?:[\w-]{1,60}\.)?([\w-]{1,60})(?:;[^:;\n]{0,200}){0,10}?;(?:ENCODING=)?\"?(?:B|BASE64)\"?"
    r"(?:;[^:\n]{0,200})?):(.*(?:\r?\n[ \t].*)*)"
)
"""Values in base64. Old writers leave the name of the parameter out."""
BINARY = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "ATTACH"})
"""Properties that are files, whatever their first bytes."""
DATA = re.compile(r"(?im)^([^:\n]{1,200}:)(data:[^,\n]{0,200},.*)$")
BEGIN, END = (re.compile(rf"(?im)^{which}:[ \t]*([\w-]+)[ \t]*\r?$") for which in ("BEGIN", "END"))
PAGE = re.compile(r"(?im)^X-ALT-DESC\b[^:\n]{0,200}text/html[^:\n]{0,200}:(.*)$")


class Cards:
    """Text of contacts and calendars, one property a line; of what is embedded the text, if it is one."""

    name, version = "cards", 1
    mimes = ("text/calendar", "text/vcard")
    samples = ("people.vcf", "dates.ics")

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:  # noqa: ARG002
        """Return the properties as text; ``meta`` has the number of cards or events."""
        decoded = decode(data[: limits.text])
        text = "".join(decoded.pieces)
        shown, within = _data(unfolded(text))
        decoded.pieces = [shown, *_pages(shown), *embedded(text), *within]
        parsed = finished(decoded, len(data), limits)
        held = sum(found[2].upper() in BINARY for found in CODED.finditer(text))
        notes = parsed.notes + (
            (Note("embedded_object", f"{counted(held, 'value')} in base64: text in it is kept"),)
            if held
            else ()
        )
        if len(data) <= limits.text and (cut := unended(text)):
            notes += (cut,)
        count = text.count("BEGIN:VCARD") + text.count("BEGIN:VEVENT") + text.count("BEGIN:VTODO")
        return Parsed(
            text=parsed.text,
            meta={**parsed.meta, "entries": count},
            reason=parsed.reason or next((note.reason for note in notes if note.code == Loss.BROKEN_OFF), ""),
            notes=notes,
        )


def unended(text: str) -> Note | None:
    """Return that the text ends within a card or an entry: more of them begin than end."""
    ends = Counter(kind.upper() for kind in END.findall(text))
    for kind, number in Counter(kind.upper() for kind in BEGIN.findall(text)).items():
        if number > ends[kind]:
            return Note(
                Loss.BROKEN_OFF, f"{counted(number - ends[kind], kind, kind)} without an end: it was cut off"
            )
    return None


def embedded(text: str) -> Iterator[str]:
    """Yield the texts of files that stand in base64: attached notes, or what is readable of others."""
    files = (found for found in CODED.finditer(text) if found[2].upper() in BINARY)
    for found in files:
        content = memoryview(_bytes(found[3]))
        readable = (legible(content) or passages(content, "")) if content else None
        if readable:
            yield "".join(("\n", *readable.text))


def _bytes(written: str) -> bytes:
    """Return the bytes of base64; none of what is damaged: the text says that the value is binary."""
    value = re.sub(r"\s+", "", written)
    try:
        return b64decode(value + "=" * (-len(value) % 4))
    except ValueError:
        return b""


def _data(shown: str) -> tuple[str, list[str]]:
    """Return the text with the values of ``data:`` addresses that are no text left out, and the texts of others."""
    texts: list[str] = []

    codes = SmallCodes()

    def read(found: re.Match[str]) -> str:
        held = content_of(found[2], codes)
        if held is None:
            return found[0]
        texts.append("\n" + (visible(held.page) if held.page else held.text))
        return found[1] + " (binary)" if texts[-1] == "\n" else found[0]

    return DATA.sub(read, shown), texts


def _pages(text: str) -> Iterator[str]:
    """Yield the texts of descriptions that are pages: their tags would part words from each other."""
    for found in PAGE.finditer(text):
        yield "\n" + visible(found[1])


def unfolded(text: str) -> str:
    """Return the lines whole, quoted-printable decoded, escapes undone, binary values left out."""
    text = CODED.sub(_coded, text)
    text = SOFT.sub(_quoted, text)
    return ESCAPES.sub(lambda found: "\n" if found[1] in "nN" else found[1], FOLD.sub("", text))


def _coded(found: re.Match[str]) -> str:
    """Return a property with the text of its base64, or that it is a file; as it is written where it is neither."""
    if found[2].upper() in BINARY:
        return f"{found[1]}: (binary)"
    raw = _bytes(found[3])
    is_text = raw and len(raw.translate(None, CONTROLS)) == len(raw)
    return f"{found[1]}: {_text(raw, found[1])}" if is_text else found[0]


def _quoted(found: re.Match[str]) -> str:
    return found[1] + _text(decodestring(found[2].encode("utf-8", "replace")), found[1])


def _text(raw: bytes, parameters: str) -> str:
    named = CHARSET.search(parameters)
    return "".join(decode(memoryview(raw), named[1] if named else None).pieces).replace("\r\n", "\n")


PARSER = Cards()
