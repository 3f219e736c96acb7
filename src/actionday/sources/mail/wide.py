"""A message file or mailbox saved as UTF-16: what an editor made of it, read as the mail that it was.

Source: Unicode 16.0, chapter 3.10; RFC 5322 and 4155 for what is in it. Mail itself is never in UTF-16.
"""

import codecs
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, cast

from msgspec.structs import replace

from actionday.mime.labelled import transcoded
from actionday.mime.sniff import MAIL, MAILBOX, mail_type
from actionday.mime.window import Window
from actionday.model import Claim, Context, Found, Kind, Loss, Peek, Stream
from actionday.model.plugin import HEAD_BYTES
from actionday.sources.mail.eml import message_at

NAME = "mailbox"
LOOKED_AT = 256
"""Bytes of the first lines of a header, which are ASCII: every other one is NUL."""

HEADER_ALONE = "__substg1.0_007D001F"
"""What Outlook calls the header of a message that came in: it has no body, and does not break off for that.

Source: [MS-OXPROPS] 2.1053 (PidTagTransportMessageHeaders).
"""
END = b"\r\n\r\n"


class Wide:
    """The file is a text too; in the mail are its attachments, which no text shows."""

    name, sample = "eml-wide", "wide.eml"
    binary = True
    beside = True

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE where the first bytes are UTF-16 and, as UTF-8, those of mail."""
        codec = codec_of(peek.head)
        known = (
            codec
            and peek.kind is not Kind.MESSAGE
            and mail_type(narrow := _narrow(peek.head, codec)) in (MAIL, MAILBOX)
            and not (peek.name.endswith(HEADER_ALONE) and END not in narrow)
        )
        return Claim.STRUCTURE if known else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the message, or the mailbox, in UTF-8."""
        stream.seek(0)
        head = stream.read(HEAD_BYTES)
        codec = codec_of(head)
        if not codec:
            return
        if stream.size % 2:
            around.note(Loss.BROKEN_OFF, "eml-wide: ends inside a character")
        narrow = _narrow(head, codec)

        def opened() -> BinaryIO:
            stream.seek(0)
            return transcoded(cast("BinaryIO", stream), codec)

        if mail_type(narrow) == MAILBOX:
            yield Found(name=NAME, kind=Kind.MEMBER, place="0", read=opened)
        else:
            found = message_at(Window.over(narrow), 0, len(narrow))
            yield replace(found, runs=None, size=None, read=opened)


def codec_of(head: bytes) -> str:
    """Return the codec of bytes that are ASCII in UTF-16, behind its mark or not; "" for all others."""
    sample = head[:LOOKED_AT]
    if b"\0" not in sample:
        return ""
    for mark, codec, low in ((codecs.BOM_UTF16_LE, "utf-16-le", 0), (codecs.BOM_UTF16_BE, "utf-16-be", 1)):
        text = sample.removeprefix(mark)
        even = text[: len(text) & ~1]
        if len(even) >= LOOKED_AT // 8 and not even[1 - low :: 2].strip(b"\0") and b"\0" not in even[low::2]:
            return "utf-16" if text is not sample and text != sample else codec
    return ""


def _narrow(head: bytes, codec: str) -> bytes:
    """Return the first bytes as UTF-8, without a mark."""
    return transcoded(BytesIO(head[: len(head) & ~1]), codec).read().removeprefix(codecs.BOM_UTF8)


SOURCE = Wide()
