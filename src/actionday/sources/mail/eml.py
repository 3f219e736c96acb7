"""A message file (EML, a file of a Maildir, an MHTML page): one item, the message, which is the whole file.

Source: RFC 5322; Maildir as qmail's maildir(5) describes it. Known by its header, not by its name.
"""

from collections.abc import Iterator

from actionday.mime.dates import parse_date
from actionday.mime.fields import Fields, read_header
from actionday.mime.sniff import is_message
from actionday.mime.window import Window
from actionday.mime.words import decode_words
from actionday.model import Claim, Context, Found, Kind, Peek, Stream

NAME = "message"
"""The path part of the one item: ``inbox/1.eml/message``."""
SHOWN = 200
"""Characters of a header value that the listing keeps; the parser reads the whole."""


class Eml:
    """The file keeps its own row, the message inside it is what is read and opened."""

    name, sample = "eml", "message.eml"

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE for a header of mail; a message is no message file."""
        return Claim.STRUCTURE if peek.kind is not Kind.MESSAGE and is_message(peek.head) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:  # noqa: ARG002
        """Yield the one message; its bytes are all of the file."""
        block, _, _ = read_header(Window.on(stream), 0)
        fields = Fields(block)
        date = decode_words(fields.get(b"date")[:SHOWN])
        subject, sender = (
            decode_words(fields.get(name)[: 4 * SHOWN])[:SHOWN] for name in (b"subject", b"from")
        )
        facts = {"subject": subject or None, "sender": sender or None, "date_raw": date or None}
        yield Found(
            name=NAME,
            kind=Kind.MESSAGE,
            place="0",
            size=stream.size,
            mtime=parse_date(date).utc,
            runs=((0, stream.size),),
            meta=facts,
        )


SOURCE = Eml()
