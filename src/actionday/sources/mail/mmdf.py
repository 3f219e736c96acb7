"""MMDF mailboxes: each message between two lines of four ^A.

Source: SCO Unix, mmdf(5); RFC 5322 for the messages. A From_ line may stand before a header, as in mbox.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from actionday.mime.sniff import is_mailbox, is_message
from actionday.mime.window import Window
from actionday.model import Claim, Context, Found, Kind, Peek, Status, Stream
from actionday.model.counted import counted
from actionday.sources.mail.eml import message_at

LINE = b"\x01\x01\x01\x01"
_FIRST = re.compile(rb"(?:\x01{4}\r?\n)+")
_PARTING = re.compile(rb"\x01{4}\r?\n")
BETWEEN = "between messages"


class Mmdf:
    """Addressed in place by the offset of the line before each message."""

    name, sample = "mmdf", "mailbox.mmdf"
    marks = ((0, LINE),)

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE for such a line and a header of mail behind it."""
        first = _FIRST.match(peek.head)
        rest = peek.head[first.end() :] if first else b""
        return Claim.STRUCTURE if first and (is_message(rest) or is_mailbox(rest)) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the messages in order; what stands between two of them is an item of its own."""
        window, after = Window.on(stream), around.after or ""
        at = int(after) if after.isdigit() else 0
        while at < stream.size:
            opened = _line(window, at)
            if not opened:
                following = _following(window, at, stream.size)
                if window.look(at, min(following - at, 1 << 20)).strip():
                    size = following - at
                    around.note("unclaimed", f"mmdf: in no message at byte {at}: {counted(size, 'byte')}")
                    yield Found(name=f"{BETWEEN} @{at}", kind=Kind.ATTACHMENT, place=f"+{at}", size=size,
                                runs=((at, size),))  # fmt: skip
                at = following
                continue
            start = at + opened
            end = _following(window, start, stream.size)
            if str(at) != after and end > start:
                yield _message(window, at, start, end, whole=_line(window, end) > 0)
            at = end + _line(window, end) if end < stream.size else end


def _line(window: Window, at: int) -> int:
    """Return the bytes of the parting line at ``at``, 0 where there is none."""
    found = _PARTING.match(window.look(at, len(LINE) + 2))
    return found.end() if found else 0


def _following(window: Window, at: int, size: int) -> int:
    """Return where the next parting line begins at or behind ``at``, else ``size``."""
    if _line(window, at):
        return at
    while (at := window.find(b"\n" + LINE, at)) >= 0:
        at += 1
        if _line(window, at):
            return at
    return size


def _message(window: Window, at: int, start: int, end: int, *, whole: bool) -> Found:
    found = replace(message_at(window, start, end - start), name=f"{at:012d}", place=str(at))
    if whole:
        return found
    return replace(
        found, status=Status.UNREADABLE, reason="mmdf: breaks off without the line that ends a message"
    )


SOURCE = Mmdf()
