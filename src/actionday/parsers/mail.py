"""Mail messages: header and displayed text. Attachments are items of their own (``sources.mail.message``).

Source: RFC 5322 (message), RFC 2045-2047 and 2231 (MIME), RFC 6532 (UTF-8 in headers).
"""

from actionday.mime.charset import decode
from actionday.mime.sniff import reads_as_mail
from actionday.mime.structure import Walk
from actionday.mime.window import Window
from actionday.model import Limits, Note, Parsed
from actionday.model.loss import ENCRYPTED_PART, is_loss
from actionday.parsers._mail_meta import (
    every_field,
    header_lines,
    header_notes,
    header_problems,
    metadata,
    other_lines,
)
from actionday.parsers._mail_text import Reading, read_parts, shown

FORM = b"x-actionday-form"
"""The field of a message of a mail store that was put into this form: its attachments are no parts of it."""


class Mail:
    """Text that people find by subject, address and body; reason and notes where the message is not whole."""

    name, version = "mail", 1
    whole = True
    mimes = ("message/rfc822", "message/global", "message/news")
    samples = ("message.eml", "attachments.eml")

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:  # noqa: ARG002
        """Return header lines, an empty line and the body; never raises for damage, but says it.

        ``reason`` is set where the message breaks off (or may), is encrypted or passes a limit; each of these is
        a note as well, whose code tells a loss from a remark. What is odd and loses nothing is a note alone.
        """
        raw = bytes(data)
        walk = Walk(Window.over(raw), len(raw))
        reading = read_parts(walk, raw, limits.text)
        shape = walk.shape
        fields, cut = every_field(walk, [body.part for body in reading.bodies])
        meta = (
            metadata(shape.fields)
            | fields
            | {
                "content_type": shape.type.value,
                "charset": reading.charset or None,
                "attachments": None if shape.fields.get(FORM) else reading.attachments,
                "encryption": reading.encrypted or None,
            }
            | (
                {"left_out": sorted(reading.left_out), "left_out_characters": reading.aside}
                if reading.left_out
                else {}
            )
        )
        said = _said(walk, reading)
        text = [*_before(walk, raw), "\n", *shown(reading.bodies)]
        return Parsed(
            text=text,
            code=reading.words.lines(text),
            meta=meta,
            reason=f"mail: {'; '.join(dict.fromkeys(each.reason for each in said))}" if said else "",
            notes=(
                *_log(said),
                *_problems(walk),
                *header_notes(shape.fields),
                *header_problems(shape.fields),
                *cut,
                *reading.notes,
                *reading.words.notes(),
            ),
        )


def _before(walk: Walk, raw: bytes) -> list[str]:
    """Return what stands before the body: the fields that people search for; where it is no header of mail, all.

    What the lines of such a header say, and those before it, is nowhere else.
    """
    shape = walk.shape
    lines = decode(raw[: shape.begin]).text.strip()
    others = () if reads_as_mail(shape.fields) else other_lines(shape.fields)
    return [*header_lines(shape.fields), *([f"{lines}\n"] if lines else ()), *others]


def _said(walk: Walk, reading: Reading) -> list[Note]:
    """Return why the text is not whole, or may not be, in the order in which the reason says it."""
    sealed = Note(ENCRYPTED_PART, f"encrypted ({reading.encrypted})") if reading.encrypted else None
    return [each for each in (walk.shape.broken, walk.shape.over, sealed, *reading.reasons) if each]


def _log(said: list[Note]) -> list[Note]:
    """Return the reason as one line of the issue log: of several causes the first that is a loss classes it."""
    if not said:
        return []
    code = next((each.code for each in said if is_loss(each.code)), said[0].code)
    return [Note(code, f"mail: {'; '.join(dict.fromkeys(each.reason for each in said))}")]


def _problems(walk: Walk) -> list[Note]:
    return [Note(code, f"mail: {reason}") for code, reason in walk.shape.problems.items()]


PARSER = Mail()
