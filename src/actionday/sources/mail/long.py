"""A message file whose header shows only behind its first 128 KiB that it is one of mail: as ``eml``.

Source: RFC 5322 section 2.2; no limit is set there to a header, mail programs write and read megabytes of it.
"""

from collections.abc import Iterator

from actionday.mime.fields import Fields, read_header
from actionday.mime.sniff import is_unfinished, mail_type, reads_as_mail
from actionday.mime.window import Window
from actionday.model import Claim, Context, Found, Kind, Peek, Stream
from actionday.sources.mail.eml import message_at

MOST = 64 << 20
"""Bytes of a file that is looked at: larger ones of nothing but fields are logs, and are to be read as such."""


class LongHeader:
    """The file is a text until it is read; what is no mail in the end holds nothing."""

    name, sample = "eml-long", "long-header.eml"
    beside = True

    def claims(self, peek: Peek) -> Claim:
        """Return NAME for bytes that are the fields of a header, unknown ones, as far as is to be seen."""
        if peek.kind is Kind.MESSAGE or not len(peek.head) < peek.size <= MOST:
            return Claim.NO
        return Claim.NAME if is_unfinished(peek.head) and mail_type(peek.head) is None else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:  # noqa: ARG002
        """Yield the message, if the whole header is one of mail."""
        window = Window.on(stream)
        block, _, _ = read_header(window, 0)
        if reads_as_mail(Fields(block)):
            yield message_at(window, 0, stream.size)


SOURCE = LongHeader()
