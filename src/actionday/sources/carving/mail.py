"""Mail: a message, or a mailbox of several, that begins where a sector does; it ends where its text does.

Source: RFC 5322, 2.2 (fields); RFC 4155 (mbox). What tells that it is mail: ``mime.sniff``.
"""

import re

from actionday.mime.sniff import is_mailbox, is_message
from actionday.model import Stream
from actionday.model.streams import read_at
from actionday.sources.carving._base import Plain
from actionday.sources.carving._carver import Carved

FIELDS = (
    b"From ", b"Return-Path:", b"Received:", b"Delivered-To:", b"Message-I", b"MIME-Version:", b"Mime-Version:",
    b"From:", b"Date:", b"To:", b"Subject:", b"DKIM-Signature:", b"Envelope-to:", b"X-",
    b"Status:", b"Reply-To:", b"Sender:",
)  # fmt: skip
NO_TEXT = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]")
"""Bytes that no mail has; ESC begins the codes of East Asia."""
HEAD, PIECE, SECTOR = 16 << 10, 256 << 10, 512
FIRST = b"From "
LEAST = 64


class Mail(Plain):
    """Messages and mailboxes (mbox)."""

    name, suffix = "carve-mail", ".eml"
    marks = FIELDS
    aligned = True
    most = 256 << 20

    def carve(self, stream: Stream) -> Carved | None:
        """Return the text that begins with the header of a message; whole where nothing but zeros fills its sector."""
        head = read_at(stream, 0, HEAD)
        stop = NO_TEXT.search(head)
        text = head[: stop.start()] if stop else head
        if len(text) < LEAST or not (is_mailbox(text) if text.startswith(FIRST) else is_message(text)):
            return None
        end = stop.start() if stop else _end(stream, len(head))
        if end >= stream.size:
            return Carved(end, whole=False, sure="words")
        behind = read_at(stream, end, -end % SECTOR)
        return Carved(end, whole=not behind.strip(b"\0"), sure="words")

    def called(self, stream: Stream, _size: int, /) -> str:
        """Return the suffix of a mailbox or of a message."""
        return ".mbox" if read_at(stream, 0, len(FIRST)) == FIRST else self.suffix


def _end(stream: Stream, at: int) -> int:
    while at < stream.size:
        block = read_at(stream, at, PIECE)
        if not block:
            break
        if found := NO_TEXT.search(block):
            return at + found.start()
        at += len(block)
    return min(at, stream.size)


CARVER = Mail()
