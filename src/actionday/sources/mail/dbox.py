r"""Mailboxes of Dovecot (``mdbox``: many messages a file, ``sdbox``: one): each message before a block of notes.

Source: Dovecot 2.3, ``src/lib-storage/index/dbox-common/dbox-file.h`` (a line with the size of the headers, then for
each message ``\001\002N``, its size in hexadecimal, its bytes, ``\n\001\003\n`` and lines of a key and a value that an
empty line ends) and ``doc/wiki/MailboxFormat.dbox.txt``. Flags and what was expunged are in Dovecot's own indexes.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from actionday.mime.window import Window
from actionday.model import Claim, Context, Found, Kind, Loss, Note, Peek, Status, Stream
from actionday.model.counted import counted
from actionday.sources.mail.eml import message_at
from actionday.sources.mail.mmdf import BETWEEN

LINE_BYTES = 256
NOTED_BYTES = 1 << 16
"""Of the block behind a message; Dovecot writes a hundred."""
PRE, POST = b"\x01\x02N ", b"\n\x01\x03\n"
_FILE = re.compile(rb"\d{1,2}(?: [A-Z][0-9A-Fa-f]{1,16}){1,8} ?\n")
_HEADER = re.compile(rb"\x01\x02N [ 0-9A-Fa-f]{0,12} (?P<size>[0-9A-Fa-f]{16})[ -~]*\n")
_ENCRYPTED = b"CRYPTED\x03\x07"
"""The plug-in mail-crypt: a message that needs its key."""
_PACKED = {
    b"\x1f\x8b\x08": "gz",
    b"BZh": "bz2",
    b"\xfd7zXZ": "xz",
    b"(\xb5/\xfd": "zst",
    b"Dovecot-LZ4": "lz4",
}
"""The plug-in zlib: a packed message is an item that its own source opens."""
_KEYS = {"G": "guid", "B": "mailbox", "P": "pop3_uidl", "X": "external"}


class Dbox:
    """Addressed in place by the offset of the header before each message."""

    name, sample = "dbox", "m.1"
    marks = tuple((0, b"%d" % digit) for digit in range(10))

    def claims(self, peek: Peek) -> Claim:
        """Return MAGIC for the line of the file and the mark of a message behind it."""
        line = _FILE.match(peek.head)
        return Claim.MAGIC if line and peek.head.startswith(PRE, line.end()) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the messages in order; one whose size is wrong ends where the block behind it begins."""
        window, after = Window.on(stream), around.after or ""
        line = _FILE.match(window.line(0, LINE_BYTES))
        at = int(after) if after.isdigit() else line.end() if line else 0
        while 0 <= at < stream.size:
            header = _HEADER.match(window.line(at, LINE_BYTES))
            if header is None:
                following = window.find(b"\n" + PRE, at) + 1 or stream.size
                lost = following - at
                around.note(Loss.DAMAGED, f"dbox: {counted(lost, 'byte')} at byte {at}: no message")
                yield Found(name=f"{BETWEEN} @{at}", kind=Kind.ATTACHMENT, place=f"+{at}", size=lost,
                            runs=((at, lost),))  # fmt: skip
                at = following
                continue
            start, declared = at + header.end(), int(header["size"], 16)
            end = _end(window, start, declared, stream.size)
            noted, behind = _noted(window, end, stream.size)
            if str(at) != after:
                yield _message(window, at, start, end - start, declared, noted)
            if noted is None and end == start + declared:
                around.note(Loss.BROKEN_OFF, f"dbox: breaks off behind the message at byte {at}")
            at = behind


def _end(window: Window, start: int, declared: int, size: int) -> int:
    """Return where a message ends: where its size says or, if there the file goes on, where its block begins."""
    end = start + declared
    behind = window.look(end, len(POST)) if end <= size else b""
    if end <= size and (behind == POST or (len(behind) < len(POST) and POST.startswith(behind))):
        return end
    found = window.find(POST, start)
    return found if found >= 0 else size


def _noted(window: Window, end: int, size: int) -> tuple[dict[str, str] | None, int]:
    """Return what the block behind a message says, None for one that breaks off, and where it ends."""
    block = window.look(end, NOTED_BYTES)
    length = block.find(b"\n\n", len(POST) - 1)
    if not block.startswith(POST) or length < 0:
        return None, size if len(block) < NOTED_BYTES else end + len(POST)
    lines = block[len(POST) : length].decode("utf-8", "backslashreplace").split("\n")
    return {line[:1]: line[1:] for line in lines if line}, end + length + 2


def _message(
    window: Window, at: int, start: int, size: int, declared: int, noted: dict[str, str] | None
) -> Found:
    begin = window.look(start, 16)
    packed = next((ending for mark, ending in _PACKED.items() if begin.startswith(mark)), "")
    encrypted = begin.startswith(_ENCRYPTED)
    status, reason = (Status.ENCRYPTED, "dbox: encrypted by mail-crypt") if encrypted else (None, "")
    notes: tuple[Note, ...] = ()
    name = f"{at:012d}" + (f".{packed}" if packed else "")
    if noted is None and size < declared:
        status = Status.UNREADABLE
        reason = f"dbox: breaks off {counted(declared - size, 'byte')} before its end"
    elif size != declared:
        notes = (Note(Loss.DAMAGED, f"dbox: is {size} bytes long, its header says {declared}", name),)
    own = message_at(window, start, size)
    facts: dict[str, object] = dict(own.meta) if not (packed or encrypted) else {}
    facts |= {_KEYS[key]: value for key, value in (noted or {}).items() if key in _KEYS}
    return Found(
        name=name,
        kind=Kind.MEMBER if packed or encrypted else Kind.MESSAGE,
        place=str(at),
        size=size,
        mtime=own.mtime if not (packed or encrypted) else None,
        runs=((start, size),),
        status=status,
        reason=reason,
        meta=facts | {"received_at": _time((noted or {}).get("R", ""))},
        notes=notes,
    )


def _time(written: str) -> str | None:
    """Return a time in seconds since 1970, written in hexadecimal, as RFC 3339 has it."""
    try:
        return datetime.fromtimestamp(int(written, 16), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return None


SOURCE = Dbox()
