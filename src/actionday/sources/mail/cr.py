"""A message file or mailbox whose lines end in CR alone: an old Macintosh's, or what a converter made of it.

Source: RFC 5322 section 2.1, RFC 4155: mail has LF or CRLF; Eudora for Mac OS kept its mailboxes with CR.
"""

from collections.abc import Iterator
from typing import BinaryIO, cast

from msgspec.structs import replace

from actionday.mime.line_ends import ends_in_cr, mended, with_line_feeds
from actionday.mime.sniff import MAIL, OTHER_MAILBOXES, is_mailbox, is_message, lead_in, mail_type
from actionday.mime.window import Window
from actionday.model import Claim, Context, Found, Kind, Peek, Stream
from actionday.model.counted import counted
from actionday.model.plugin import HEAD_BYTES
from actionday.sources.mail.eml import message_at

NAME = "mailbox"


class CarriageReturns:
    """The file is a text too; in the mail are its messages and attachments, which no text shows."""

    name, sample = "eml-cr", "carriage-returns.mbox"
    beside = True

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE where the first lines end in CR and are, with LF, those of mail."""
        if peek.kind is Kind.MESSAGE or not ends_in_cr(peek.head):
            return Claim.NO
        return Claim.STRUCTURE if _is_mail(with_line_feeds(peek.head)) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the message, or the mailbox, with LF for each CR; that its bytes are not those stored is said."""
        stream.seek(0)
        head = with_line_feeds(stream.read(HEAD_BYTES))
        if not _is_mail(head):
            return
        message = mail_type(head) == MAIL
        begin = max(lead_in(head), 0) if message else 0

        def opened() -> BinaryIO:
            stream.seek(begin)
            return mended(cast("BinaryIO", stream))

        around.note("line_ends", "eml-cr: the lines end in CR alone: read as mail with LF in their place")
        if begin:
            around.note("before_message", f"eml-cr: {counted(begin, 'byte')} before the header")
        if message:
            found = message_at(Window.over(head), begin, len(head) - begin)
            yield replace(found, runs=None, size=None, read=opened)
        else:
            yield Found(name=NAME, kind=Kind.MEMBER, place="0", read=opened)


def _is_mail(head: bytes) -> bool:
    """Say whether the bytes, with LF, are a message file or one of the mailboxes that are known by their lines."""
    if not head.startswith(OTHER_MAILBOXES):
        return mail_type(head) is not None
    rest = head[head.find(b"\n") + 1 :]
    return head.startswith(OTHER_MAILBOXES[-1]) or is_message(rest) or is_mailbox(rest)


SOURCE = CarriageReturns()
