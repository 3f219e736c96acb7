"""A message of Apple Mail (``.emlx``): a line with its length, the message, and a property list of flags behind it.

Source: no standard; as Apple Mail 2 to 16 write it: digits and blanks in the first line, XML behind the message.
"""

from collections.abc import Iterator

from actionday.mime.sniff import EMLX, emlx_line, mail_type
from actionday.mime.window import Window
from actionday.model import Claim, Context, Found, Kind, Loss, Peek, Stream
from actionday.model.counted import counted
from actionday.sources.mail.eml import message_at

FLAGS = "flags.plist"
LINE_BYTES = 64


class Emlx:
    """The message as the file has it, and what Apple Mail noted of it (read, answered, when)."""

    name, sample = "emlx", "message.emlx"
    marks = tuple((0, b"%d" % digit) for digit in range(10))

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE for a number alone in the first line and a header of mail behind it."""
        if peek.kind is Kind.MESSAGE or not emlx_line(peek.head):
            return Claim.NO
        return Claim.STRUCTURE if mail_type(peek.head) == EMLX else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the message and the list; a message that ends before its length is said to be cut."""
        window = Window.on(stream)
        line = window.look(0, LINE_BYTES)
        begin = emlx_line(line)
        length = int(line[:begin]) if begin else stream.size
        size = max(0, min(length, stream.size - begin))
        if size < length:
            around.note(
                Loss.BROKEN_OFF, f"emlx: ends {counted(length - size, 'byte')} before the length it states"
            )
        elif (
            not window.look(begin + size, LINE_BYTES).lstrip().startswith((b"<?xml", b"<!DOCTYPE", b"<plist"))
        ):
            size = stream.size - begin  # a number that is no length cuts nothing
            if size > length:
                around.note(
                    "length", "emlx: no list stands where its length ends: the message is all of the rest"
                )
        yield message_at(window, begin, size)
        end = begin + size
        if end < stream.size:
            rest = stream.size - end
            yield Found(name=FLAGS, kind=Kind.ATTACHMENT, place="1", size=rest, runs=((end, rest),))


SOURCE = Emlx()
