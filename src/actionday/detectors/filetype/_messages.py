"""Whether a text is a mail message or a file of messages, by its header lines.

Source: RFC 5322, 2.2 (header fields) and 3.6 (which there are); RFC 4155 (mbox).
"""

import re

FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
SENDERS = frozenset({b"from", b"sender", b"return-path", b"x-from", b"resent-from"})
KNOWN = SENDERS | frozenset({
    b"to", b"cc", b"bcc", b"subject", b"date", b"message-id", b"received", b"reply-to", b"delivered-to",
    b"in-reply-to", b"references", b"mime-version", b"x-mailer", b"user-agent", b"x-original-to", b"envelope-to",
    b"newsgroups", b"list-id", b"dkim-signature", b"x-mozilla-status", b"x-received", b"authentication-results",
})  # fmt: skip
TRANSIT = frozenset({b"received", b"message-id", b"return-path", b"delivered-to", b"x-mozilla-status"})
"""Fields that nothing but mail (and news) has: one of them beside another known field is proof."""
HEADER_BYTES = 32 * 1024
"""Headers of mailing lists and spam filters run to 20 KiB."""
MBOX = re.compile(rb"From (?:\S+|\"[^\"\n]*\"\S*) .{0,60}?(?:\d\d:\d\d|\d{4}).{0,40}\r?\n")


def message_type(start: bytes, head: bytes) -> str | None:
    """Return ``application/mbox`` or ``message/rfc822``, None when the first lines are no header."""
    if start.startswith((b"From ", b">From ")):
        return _mbox(head)
    colon = start.find(b":", 0, 78)
    if colon < 2 or not FIELD.match(start):
        return None
    return "message/rfc822" if _is_header(head[:HEADER_BYTES]) else None


def _mbox(head: bytes) -> str | None:
    line = MBOX.match(head, 1 if head[:1] == b">" else 0)
    if not line:
        return None
    if head[:1] == b">":
        return "message/rfc822" if _is_header(head[line.end() : HEADER_BYTES]) else None
    following = head[line.end() : line.end() + 4]
    field = FIELD.match(head, line.end())
    return "application/mbox" if field or not following or head[line.end() :].startswith(b">From ") else None


def _is_header(block: bytes) -> bool:
    """Say whether the lines up to the first empty one are header fields, two of them of mail, one a sender."""
    names: set[bytes] = set()
    lines = block.split(b"\n")
    for number, line in enumerate(lines):
        line = line.rstrip(b"\r")
        if not line:
            break
        if line[:1] in (b" ", b"\t"):
            continue
        field = FIELD.match(line)
        if not field:
            cut = number == len(lines) - 1
            if not cut and len(names & KNOWN) < 4:
                return False
            break
        names.add(field[1].lower())
    known = names & KNOWN
    if len(known) < 2:
        return False
    if known & TRANSIT:
        return True
    addressed = b"to" in known and b"@" in block
    return bool(known & SENDERS) and (addressed or bool(known & {b"subject", b"date"}))
