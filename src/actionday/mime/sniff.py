"""Is it mail? By the structure of the first lines, never by a name.

Source: RFC 5322 section 2.2 (fields), RFC 4155 (mbox: the From_ line).
"""

import re
from functools import lru_cache

from actionday.mime.fields import LINES, Fields

LOOKED_AT = 1 << 16
"""Bytes of the head that are enough to tell."""
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_FROM_LINE = re.compile(
    rb"From (?P<sender>[^\n]{0,998}?) *\b(?P<date>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?"
    rb"(?=[ 0-9]{1,4} " + _MONTH + rb" | +" + _MONTH + rb" +\d)(?=[^\n]{0,60} \d{1,2}:\d\d)"
    rb"(?: +(?:" + _MONTH + rb"|\d{1,2}:\d\d(?::\d\d)?|\d{4}|\d{1,2}|[+-]\d{4}|[A-Z]{1,5})){4,8})"
    rb"(?: remote from [^\n]{1,255})?[ \t]*\r?\n"
)
"""Weekday, month, day and time in asctime's order or the standard's, years and zones where mailers put them."""
_GIT_PATCH = re.compile(rb"From [0-9a-f]{7,64} Mon Sep 17 00:00:00 2001\r?\n")
_FIELD = re.compile(rb"[!-9;-~]{1,77}[ \t]*:")
_AFTER_FROM = re.compile(rb">?From |[!-9;-~]{1,77}[ \t]*:|\r?\n")
_ADDRESSED = (b"from", b"to", b"sender", b"cc", b"reply-to")
_OF_MAIL_ALONE = (
    b"message-id", b"received", b"return-path", b"delivered-to", b"mime-version", b"in-reply-to", b"x-mailer",
    b"references", b"envelope-to", b"x-originating-ip", b"x-mozilla-status", b"x-uid", b"dkim-signature",
    b"received-spf", b"authentication-results", b"newsgroups", b"list-id", b"x-spam-status",
)  # fmt: skip
_KNOWN = (
    *_ADDRESSED, *_OF_MAIL_ALONE, b"subject", b"date", b"bcc", b"content-type", b"content-transfer-encoding",
    b"status", b"x-status", b"precedence", b"user-agent", b"x-priority",
)  # fmt: skip
_NEVER = (
    b"metadata-version",
    b"package",
    b"http-equiv",
    b"server",
    b"set-cookie",
    b"host",
    b"manifest-version",
)
"""Fields of Python metadata, Debian control files, web servers and Java manifests: no mail begins with them."""
_MACHINE = re.compile(rb"[@<;\d]")
"""What mailers write into their fields; a translator's "References: Références" has none of it."""
_DIFF = re.compile(rb"^(?:diff --git |Index: |--- [^\n]+\n\+\+\+ )", re.MULTILINE)


@lru_cache(maxsize=4)  # asked twice for each message of a mailbox
def from_line(line: bytes) -> tuple[bytes, bytes] | None:
    """Return sender and date of a From_ line, which must hold a date; None for "From now on" and git patches."""
    found = _FROM_LINE.fullmatch(line)
    if not found or _GIT_PATCH.fullmatch(line):
        return None
    return found["sender"].strip(), found["date"]


def follows_from_line(start: bytes) -> bool:
    """Say whether ``start`` can be what stands behind a From_ line: a field, or nothing at all."""
    return not start or _AFTER_FROM.match(start) is not None


def is_mailbox(head: bytes) -> bool:
    """Say whether the bytes begin with a From_ line and a header."""
    head = head.lstrip(b"\r\n")
    if not head.startswith(b"From "):
        return False
    line, _, rest = head.partition(b"\n")
    return from_line(line + b"\n") is not None and bool(rest) and follows_from_line(rest[:100])


def is_message(head: bytes) -> bool:
    """Say whether the bytes begin with the header of a message: two known fields, one of them of mail alone.

    Addresses count as such only with an ``@``, so that a form with "From:" and "To:" is no mail.
    """
    head = head[:LOOKED_AT].removeprefix(b"\xef\xbb\xbf")
    if not _FIELD.match(head):
        return False
    found = LINES.match(head)
    block = found[0] if found else b""
    rest = head[len(block) :]
    fields = Fields(block if rest[:1] in (b"\r", b"\n") else head[: len(block) + 1000])
    return _reads_as_mail(fields, rest)


def _reads_as_mail(fields: Fields, rest: bytes) -> bool:
    known = sum(name in fields for name in _KNOWN)
    if known < 2 or any(name in fields for name in _NEVER):
        return False
    carried = any(_MACHINE.search(fields.get(name)) for name in _OF_MAIL_ALONE)
    addressed = any(b"@" in fields.get(name) for name in _ADDRESSED)
    if not carried and not addressed:
        return False
    return carried or not _DIFF.search(rest)
