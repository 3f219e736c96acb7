"""The displayed text of a message: charsets and codings undone, HTML to text, alternatives told once.

Source: RFC 2046 section 5.1.4 (alternatives say the same), RFC 2045 section 6, RFC 3676 (flowed text).
"""

import re
from collections.abc import Iterator
from html import unescape

import msgspec

from actionday.mime.body import coding, is_shown, other_codings
from actionday.mime.charset import decode
from actionday.mime.enriched import ENRICHED, RICHTEXT, unenriched
from actionday.mime.flowed import flows, unflowed
from actionday.mime.inline import blocks, may_hold_files
from actionday.mime.labels import document_codec
from actionday.mime.openpgp import BEGIN, opened
from actionday.mime.outer import split
from actionday.mime.parameters import Structured
from actionday.mime.sealed import sealed
from actionday.mime.structure import Part, Walk
from actionday.mime.transfer import ODD, decoded, unended
from actionday.mime.unopened import unopened
from actionday.mime.wide import CONTROLS, is_utf8
from actionday.mime.window import Window
from actionday.model import Loss, Note
from actionday.model.counted import counted
from actionday.model.loss import is_loss
from actionday.parsers._mail_labels import by_its_letters
from actionday.parsers._unread import Beside
from actionday.parsers.html import DECLARED_WITHIN, declared_in, seen

PIECE = 4 << 20
"""Characters of one piece of text."""
LOOSE = 256
"""Bytes of text outside the parts that may be the usual "This is a multi-part message" and no more; where they are
anything else, or no part follows, they are read."""
COMPARED = 400_000_000
"""Lines of HTML times characters of plain text that are compared line by line: 0.1 s; a newsletter has 10^6."""
NOTES = 200
"""Lines for the issue log of one message; a hostile one has a part for each oddity."""
_USUAL = re.compile(
    rb"^[ \t]*(?:this is a multi-?part message in mime format\.{0,3}"
    rb"|this is a cryptographically signed message in mime format\."
    rb"|this is an openpgp/mime (?:signed|encrypted) message(?: \(rfc \d{4} and \d{4}\))?"
    rb"|this is a mime[- ]encapsulated (?:multipart )?message\.?|this is a mime[- ]formatted message\."
    rb"(?:[ ]+if you see this text it means that your[ \r\n]+e-?mail software does not support"
    rb" mime-formatted messages\.)?"
    rb"|this is a message in mime format\.?|this message is in mime format\."
    rb"(?:[ ]+since your mail reader does not understand[ \r\n]+this format, some or all of this message"
    rb" may not be legible\."
    rb"|[ ]+the first part should be readable text,[ \r\n]+while the remaining parts are likely unreadable without"
    rb" mime-aware tools\.)?"
    rb"|your mail reader does not understand mime message\.|--)[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
"""The very sentences that mail programs write before the first part; anything else is somebody's text."""
_LINK = re.compile(
    r"""\b(?:href|src|(?:form)?action|background|poster|cite|longdesc|ping|data)\s*+=\s*+(?:["']\s*+)?"""
    r"""((?:(?!(?:data|cid|javascript|blob|about):)[a-z][a-z0-9+.-]{1,20}:|//)[^\s"'<>]++)""",
    re.I,
)
_URL = re.compile(r"(?:https?|ftp|mailto|tg|wss?):[^\s\"'<>]++", re.I)
FORMATTED = ("text/html", ENRICHED, RICHTEXT)
PLAIN = Structured("text/plain", {})


class Body(msgspec.Struct, frozen=True):
    """One displayed part as text."""

    part: Part
    text: str
    links: tuple[str, ...] = ()


class Reading(msgspec.Struct):
    """What is gathered on the way through a message."""

    data: bytes
    left: int
    """Encoded bytes that may still be read as text."""
    bodies: list[Body] = []
    attachments: int = 0
    charset: str = ""
    encrypted: str = ""
    reasons: list[Note] = []
    """Why the text is not whole, or may not be."""
    notes: list[Note] = []
    left_out: set[str] = set()
    """What pages hold that is no text of theirs: scripts, comments."""
    aside: int = 0
    """Characters of that."""
    words: Beside = msgspec.field(default_factory=Beside)
    """Those out of the code of pages."""

    def note(self, code: str, reason: str) -> None:
        """Add one line to the issue log, the same one once."""
        line = Note(code, f"mail: {reason}")
        if reason and len(self.notes) < NOTES and line not in self.notes[-100:]:
            self.notes.append(
                line if len(self.notes) < NOTES - 1 else Note("notes", "mail: more of the same")
            )


def read_parts(walk: Walk, data: bytes, most: int) -> Reading:
    """Walk the message in ``data`` and read its displayed parts, ``most`` bytes at most."""
    reading = Reading(data, most, bodies=[], reasons=[], notes=[], left_out=set())
    for part in walk:
        if is_shown(part) or (part.outside and _says_something(part, data)):
            _read(reading, part)
        elif not part.outside:
            reading.attachments += 1
            how = sealed(part, coding(part)[0], lambda at, length: data[at : at + length])
            reading.encrypted = how or reading.encrypted
            if part.type.value == "message/partial":
                reading.note("partial", "a piece of a message: the pieces are not put together")
    return reading


def _says_something(part: Part, data: bytes) -> bool:
    """Say whether there is more in text outside the parts than what mail programs write before the first one."""
    if part.broken or part.end - part.start > LOOSE:
        return True
    return bool(_USUAL.sub(b"", data[part.start : part.end]).strip())


def _read(reading: Reading, part: Part) -> None:
    end = min(part.end, part.start + reading.left)
    if end < part.end:
        reading.reasons.append(
            Note(
                Loss.TEXT_CUT,
                f"{counted(part.end - end, 'byte of text is', 'bytes of text are')} past the limit",
            )
        )
    reading.left -= end - part.start
    encoding, unknown = coding(part)
    coded, plain = split(reading.data[part.start : end], encoding)
    raw, wrong = decoded(coded, encoding)
    if may_hold_files(part):
        raw = _without_files(reading, raw)
        for said in unopened(raw):
            reading.reasons.append(Note(Loss.UNDECODED, f"part {part.path or '0'}: {said}"))
    label = part.type.text(b"charset") or _declared(part, raw)
    text = by_its_letters(raw, decode(raw, label), label)
    if not part.within and not part.outside:
        open_end = unended(reading.data[max(part.start, end - 1024) : end], encoding)
        reading.reasons.extend([open_end] if open_end else ())
    if wrong and is_loss(wrong.code):
        reading.reasons.append(Note(wrong.code, f"part {part.path or '0'}: {wrong.reason}"))
        wrong = None
    for code, reason in (
        ("transfer_coding", unknown), (ODD, wrong and wrong.reason), ("charset", text.reason),
    ):  # fmt: skip
        reading.note(code, f"part {part.path or '0'}: {reason}" if reason else "")
    if part.outside:
        reading.note("outside_parts", "text outside the parts, which mailers do not show")
    reading.charset = reading.charset or text.codec
    reading.bodies.append(_body(reading, part, text.text))
    reading.bodies += _decoded_otherwise(part, coded, encoding)
    if plain:
        stand = "it stands" if len(plain) == 1 else "they stand"
        beside = f"{counted(len(plain), 'byte')} beside the {encoding}, read as {stand}"
        reading.note(ODD, f"part {part.path or '0'}: {beside}")
        charset = part.type.text(b"charset")
        reading.bodies.append(Body(msgspec.structs.replace(part, type=PLAIN), decode(plain, charset).text))


def _decoded_otherwise(part: Part, coded: bytes, encoding: str) -> Iterator[Body]:
    """Yield what a part says by another coding that it names too, where that is text."""
    for other in other_codings(part, encoding):
        raw, _ = decoded(coded, other)
        if raw.strip() and raw != coded and is_utf8(raw) and len(raw.translate(None, CONTROLS)) == len(raw):
            yield Body(msgspec.structs.replace(part, type=PLAIN), raw.decode())


def _opened(reading: Reading, text: str) -> str:
    """Return what the OpenPGP messages in a text hold that are not encrypted; the message says it of the others."""
    found = opened(text)
    if found.sealed or not found.texts:
        reading.encrypted = "PGP"
    if found.cut:
        reading.reasons.append(Note(Loss.TEXT_CUT, "OpenPGP data goes on beyond the limit"))
    if found.texts:
        reading.note("openpgp", "OpenPGP data that is not encrypted: read at the end of its part")
    return "".join(f"\n{decode(raw).text}" for raw in found.texts)


def _without_files(reading: Reading, raw: bytes) -> bytes:
    """Return plain text without its uuencoded files, which are items of their own; their begin lines stay."""
    if b"\nbegin " not in raw and not raw.startswith(b"begin "):
        return raw
    kept, at = [], 0
    for block in blocks(Window.over(raw)):
        first = raw.index(b"\n", block.start) + 1
        kept.append(raw[at:first])
        at = block.end
        reading.attachments += 1
    return b"".join([*kept, raw[at:]])


def _body(reading: Reading, part: Part, text: str) -> Body:
    if part.type.value == "text/html":
        return Body(part, _from_html(reading, part, text), tuple(_links(text)))
    beside = _opened(reading, text) if BEGIN in text else ""
    if part.type.value in (ENRICHED, RICHTEXT):
        return Body(part, unenriched(text, part.type.value) + beside)
    if flows(part.type):
        text = unflowed(text, glued=part.type.text(b"delsp").strip().lower() == "yes")
    return Body(part, text + beside)


def _declared(part: Part, raw: bytes) -> str:
    """Return the charset that a page names itself, where the message names none."""
    label = declared_in(raw[:DECLARED_WITHIN]) if part.type.value == "text/html" else None
    return label if label and document_codec(label) else ""


def _from_html(reading: Reading, part: Part, html: str) -> str:
    try:
        page = seen(html, reading.words)
    except (ValueError, RuntimeError) as error:
        reading.note("html", f"HTML is shown as stored: {error}")
        return html
    reading.left_out |= page.left_out
    reading.aside += page.aside
    for each in page.notes:
        why = f"part {part.path or '0'}: {each.reason}"
        if is_loss(each.code):
            reading.reasons.append(Note(each.code, why))
        else:
            reading.note(each.code, why)
    return page.text


def _links(html: str) -> Iterator[str]:
    """Yield each target once: together they are no longer than the page."""
    yield from dict.fromkeys(unescape(found[1]) for found in _LINK.finditer(html))


def shown(bodies: list[Body]) -> Iterator[str]:
    """Yield the pieces of text in reading order; of an alternative in HTML what the plain one does not say.

    So the text holds every word that a mail program could show, and what both say once. Behind them the link
    targets that the text itself does not show, one a line.
    """
    hidden: dict[str, None] = {}
    told: set[str] = set()
    linked = any(body.links for body in bodies)
    for body in _said_once(bodies):
        told.update(_URL.findall(body.text) if linked else ())
        for at in range(0, len(body.text), PIECE):
            yield body.text[at : at + PIECE]
        yield "\n"
    for body in bodies:
        hidden.update(dict.fromkeys(link for link in body.links if link not in told))
    if hidden:
        yield "\n" + "\n".join(hidden) + "\n"


def _said_once(bodies: list[Body]) -> list[Body]:
    """Return the bodies; of each alternative with a format what its plain ones do not have line by line."""
    if all(body.part.type.value not in FORMATTED for body in bodies):
        return bodies
    plain: dict[str, list[str]] = {}
    for body in bodies:
        if body.part.group and body.part.type.value == "text/plain":
            plain.setdefault(body.part.group, []).append(_flat(body.text))
    beside = {group: "\0".join(texts) for group, texts in plain.items()}
    lines = sum(body.text.count("\n") + 1 for body in bodies if body.part.type.value in FORMATTED)
    if (
        lines * max(map(len, beside.values()), default=0) > COMPARED
    ):  # each line is sought in all of the plain text
        return bodies
    return [_beyond(body, beside.get(body.part.group, "")) for body in bodies]


def _beyond(body: Body, plain: str) -> Body:
    if body.part.type.value not in FORMATTED or not plain:
        return body
    kept = [line for line in body.text.splitlines(keepends=True) if line.strip() and _flat(line) not in plain]
    return msgspec.structs.replace(body, text="".join(kept))


def _flat(text: str) -> str:
    """Return the words of a text joined by single spaces, one before and one behind: how lines are broken in the
    two alternatives makes no difference."""
    return f" {' '.join(text.casefold().split())} "
