"""The mailbox of the UW IMAP server (``*mbx*``): every message behind a line with its date, size and flags.

Source: UW IMAP toolkit 2007f, ``src/osdep/unix/mbx.c`` (a header of 2048 bytes, then the messages).
"""

import re
from collections.abc import Iterator

from actionday.mime.fields import Fields, read_header
from actionday.mime.sniff import MBX_MARK
from actionday.mime.window import Window
from actionday.model import Claim, Context, Damaged, Found, Kind, Loss, Peek, Status, Stream
from actionday.model.counted import counted
from actionday.sources.mail._listed import listed_facts

LINE_BYTES = 128
_LINE = re.compile(
    rb"(?P<date>[ \d]\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d [+-]\d{4}),(?P<size>\d{1,18})"
    rb";(?P<user>[0-9a-f]{8})(?P<flags>[0-9a-f]{4})-(?P<uid>[0-9a-f]{8})\r\n"
)
_EXPUNGED = 0x8000
"""Source: mbx.c, ``fEXPUNGED``: deleted, its bytes not yet taken away."""


class Mbx:
    """Addressed in place by the offset of the line before each message; what was expunged is listed too."""

    name, sample = "mbx", "inbox.mbx"
    marks = ((0, MBX_MARK),)

    def claims(self, peek: Peek) -> Claim:
        """Return MAGIC for the mark of the format."""
        return Claim.MAGIC if peek.head.startswith(MBX_MARK) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the messages in order. Raises Damaged where no line of a message is found."""
        window = Window.on(stream)
        after = around.after or ""
        at = int(after) if after.isdigit() else _following(window, len(MBX_MARK))
        if at < 0:
            if window.look(len(MBX_MARK), 4096).strip(b"\0\r\n 0123456789abcdef"):
                raise Damaged("mbx: no line of a message")
            return
        while 0 <= at < stream.size:
            line = _LINE.match(window.line(at, LINE_BYTES))
            if line is None:
                following = _following(window, at)
                lost = (stream.size if following < 0 else following) - at
                around.note(Loss.DAMAGED, f"mbx: {counted(lost, 'byte')} at byte {at}: no message")
                at = following
                continue
            found = _message(window, at, line, stream.size)
            if str(at) != after:
                yield found
            at += line.end() + (found.size or 0)


def _following(window: Window, at: int) -> int:
    """Return where the next line of a message begins at or behind ``at``, -1 where none does."""
    while (at := window.find(b"-", at)) >= 0:
        begin = max(at - 2, 0)
        if _LINE.match(window.look(begin, LINE_BYTES)):
            return begin
        at += 1
    return -1


def _message(window: Window, at: int, line: re.Match[bytes], end: int) -> Found:
    start, declared = at + line.end(), int(line["size"])
    size = min(declared, end - start)
    block, _, _ = read_header(window, start)
    fields = Fields(block)
    mtime, facts = listed_facts(fields)
    return Found(
        name=f"{at:012d}",
        kind=Kind.MESSAGE,
        place=str(at),
        size=size,
        mtime=mtime,
        runs=((start, size),),
        status=None if size == declared else Status.UNREADABLE,
        reason=""
        if size == declared
        else f"mbx: breaks off {counted(declared - size, 'byte')} before its end",
        meta={
            **facts,
            "received_at": line["date"].decode("ascii").strip(),
            "expunged": bool(int(line["flags"], 16) & _EXPUNGED),
        },
    )


SOURCE = Mbx()
