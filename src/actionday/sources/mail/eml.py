"""A message file (EML, a file of a Maildir, an MHTML page): one item, the message, which is the whole file, but for
lines that stand before its header.

Source: RFC 5322; Maildir as qmail's maildir(5) describes it. Known by its header, not by its name.
"""

from collections.abc import Iterator

from actionday.mime.fields import Fields, read_header
from actionday.mime.sniff import LOOKED_AT, MAIL, is_message, lead_in, mail_type
from actionday.mime.window import Window
from actionday.model import Claim, Context, Found, Kind, Peek, Stream
from actionday.model.counted import counted
from actionday.sources.mail._listed import listed_facts

NAME = "message"
"""The path part of the one item: ``inbox/1.eml/message``."""


class Eml:
    """The file keeps its own row, the message inside it is what is read and opened."""

    name, sample = "eml", "message.eml"

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE for a header of mail; a message is no message file."""
        head, message = peek.head, peek.kind is Kind.MESSAGE
        return Claim.STRUCTURE if not message and is_message(head) and mail_type(head) == MAIL else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the one message; its bytes are all of the file from its header on."""
        window = Window.on(stream)
        begin = max(lead_in(window.look(0, LOOKED_AT)), 0)
        if begin:
            around.note("before_message", f"eml: {counted(begin, 'byte')} before the header")
        yield message_at(window, begin, stream.size - begin)


def message_at(window: Window, begin: int, size: int) -> Found:
    """Return the message of ``size`` bytes at ``begin``, the only one of its file."""
    block, _, _ = read_header(window, begin)
    fields = Fields(block)
    mtime, facts = listed_facts(fields)
    return Found(
        name=NAME,
        kind=Kind.MESSAGE,
        place="0",
        size=size,
        mtime=mtime,
        runs=((begin, size),),
        meta=facts,
    )


SOURCE = Eml()
