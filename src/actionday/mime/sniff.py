"""Is it mail? By the structure of the first lines, never by a name: the one answer, for typing and for opening.

Source: RFC 5322 section 2.2 (fields), RFC 4155 (mbox: the From_ line).
"""

import re
from functools import lru_cache

from actionday.mime.fields import LINES, POSTMARK, Fields
from actionday.model.plugin import HEAD_BYTES

MAIL, MAILBOX = "message/rfc822", "application/mbox"
EMLX = "message/x-emlx"
MBX_MARK = b"*mbx*\r\n"
OTHER_MAILBOXES = (b"\x01\x01\x01\x01\n", b"\x01\x01\x01\x01\r\n", b"BABYL OPTIONS:")
"""First lines of MMDF and Babyl, behind which a header or a From_ line stands."""
LOOKED_AT = HEAD_BYTES
"""Bytes that are looked at for the header where something else stands before it."""
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_FROM_LINE = re.compile(
    rb"From (?P<sender>[^\n]{0,998}?) *\b(?P<date>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?"
    rb"(?=[ 0-9]{1,4} " + _MONTH + rb" | +" + _MONTH + rb" +\d)(?=[^\n]{0,60} \d{1,2}:\d\d)"
    rb"(?: +(?:" + _MONTH + rb"|\d{1,2}:\d\d(?::\d\d)?|\d{4}|\d{1,2}|[+-]\d{4}|[A-Z]{1,5})){4,8})"
    rb"(?: remote from [^\n]{1,255})?[ \t]*\r?\n"
)
"""Weekday, month, day and time in asctime's order or the standard's, years and zones where mailers put them."""
_OTHER_FROM_LINE = re.compile(
    rb"From (?P<sender>[^\s]{0,990}@[^\s]{0,990}|-|MAILER-DAEMON) +"
    rb"(?P<date>(?=[^\n]{0,80}?(?<!\d)\d{1,2}:\d\d)(?=[^\n]{0,80}?(?<!\d)\d{4}(?!\d))"
    rb"[^\s]{1,40}(?: +[^\s]{1,40}){0,7})[ \t]*\r?\n"
)
"""A date in another order or language, or without its weekday: a year and a time of day behind one address."""
_ANY_FROM_LINE = re.compile(rb"From (?P<sender>[^\s]{1,998})[^\n]{0,998}\n")
"""Whatever its date says, or without one: then the header behind it must be one of mail."""
_PATCH = re.compile(rb"From [0-9a-f]{7,64}\s")
MARK = b"\xef\xbb\xbf"
LOOKED_BEHIND = 1 << 14
"""Bytes behind such a line that are looked at for a header of mail."""
_BLANK_LINES = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*\r?\n){0,100}")
_ONE_LINE = re.compile(rb"(?!From [0-9a-f]{7,64} Mon Sep 17 )(?![^\n]*HTTP/\d)[^\n\0]{1,1000}\n")
"""A line that somebody else wrote before the header; a web server's request and answer begin with theirs."""
_MAY_BEGIN = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:>?From [^\n]*+\n)?(?>(?:[ \t]*+\r?\n){0,100})(?:[^\n\0]{1,1000}+\n)?[!-9;-~]{1,77}+[ \t]*+:"
)
"""What ``lead_in`` looks at, at once: most texts have no field in their first lines, and are asked thrice."""
_FROM = b"From "
_FIRST_LINES = 1001 + len(_FROM)
"""Bytes in which a From_ line behind one other line begins."""
_EMLX_LINE = re.compile(rb"\d{1,12}[ \t]*\r?\n")
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
SURELY = 4
"""Known fields, one of them the address of a recipient: no web server and no package has as many."""
_PARTED = re.compile(rb"multipart/[a-z]+\s*;.*boundary", re.IGNORECASE | re.DOTALL)
_NO_NAME = re.compile(rb"^[^A-Za-z \t]", re.MULTILINE)
"""A line that begins as no field of mail does: logs begin with a time of day."""
_NEVER = (
    b"metadata-version",
    b"package",
    b"http-equiv",
    b"server",
    b"set-cookie",
    b"host",
    b"manifest-version",
)
"""Fields of Python metadata, Debian control files, web servers and Java manifests: seldom in a mail."""
_MACHINE = re.compile(rb"[@<;\d]")
"""What mailers write into their fields; a translator's "References: Références" has none of it."""
_DIFF = re.compile(rb"^(?:diff --git |Index: |--- [^\n]+\n\+\+\+ )", re.MULTILINE)


@lru_cache(maxsize=4)  # asked twice for each message of a mailbox
def from_line(line: bytes) -> tuple[bytes, bytes] | None:
    """Return sender and date of a From_ line, which must hold a date; None for "From now on" and git patches."""
    found = _FROM_LINE.fullmatch(line) or _OTHER_FROM_LINE.fullmatch(line)
    if not found or _GIT_PATCH.fullmatch(line):
        return None
    return found["sender"].strip(), found["date"]


def begins_message(line: bytes, behind: bytes, *, apart: bool) -> bool:
    """Say whether ``line`` is a From_ line where it stands: what is ``behind`` it can be a header, or is nothing.

    ``apart``: it stands at the beginning or behind an empty line, as one whose date is not in the usual form must;
    and a field must be behind that. One without a date that mailers write must stand apart too, and a header of mail
    (LOOKED_BEHIND bytes of it at most) be behind it: a body that says "From now on" has none there.
    """
    if from_line(line) is None:
        return apart and is_doubtful(line) and _is_header(behind[:LOOKED_BEHIND], 0)
    if _FROM_LINE.fullmatch(line):
        return not behind or _AFTER_FROM.match(behind) is not None
    return apart and _FIELD.match(behind) is not None


def is_doubtful(line: bytes) -> bool:
    """Say whether a line may be a From_ line, though its date does not show it."""
    return from_line(line) is None and not _PATCH.match(line) and _ANY_FROM_LINE.fullmatch(line) is not None


def sender_of(line: bytes) -> tuple[bytes, bytes]:
    """Return sender and date of what was taken for a From_ line, as far as it tells them."""
    found = _ANY_FROM_LINE.fullmatch(line)
    return from_line(line) or ((found["sender"] if found else b""), b"")


def mail_type(head: bytes) -> str | None:
    """Return the type of mail of the first bytes of a content, None where they are no mail."""
    if is_mailbox(head):
        return MAILBOX
    if (length := emlx_line(head)) and _is_header(head, length):
        return EMLX
    return MAIL if is_message(head) else None


def emlx_line(head: bytes) -> int:
    """Return the bytes of a first line that is a number, as Apple Mail writes it before a message; else 0."""
    found = _EMLX_LINE.match(head)
    return found.end() if found else 0


def is_mailbox(head: bytes) -> bool:
    """Say whether the bytes begin with a From_ line and a header, behind a byte-order mark or one line at most.

    Behind a line that somebody else wrote the From_ line must have a date, and the header be one of mail. A first
    line without either date or address is such a line itself: what follows it is one message.
    """
    if head.startswith(OTHER_MAILBOXES):
        return False
    head = head.removeprefix(MARK).lstrip(b"\r\n")
    if _FROM not in head[:_FIRST_LINES]:
        return False
    first = head[: head.find(b"\n") + 1]
    if head.startswith(b"From ") and (b"@" in first or from_line(first)) and _mailbox_at(head, 0):
        return True
    line = _ONE_LINE.match(head)
    if line is None or not head.startswith(b"From ", line.end()):
        return False
    at = head.find(b"\n", line.end()) + 1
    return at > 0 and from_line(head[line.end() : at]) is not None and _is_header(head, at)


def _mailbox_at(head: bytes, at: int) -> bool:
    end = head.find(b"\n", at) + 1
    rest = head[end : end + LOOKED_BEHIND]
    return end > 0 and bool(rest) and begins_message(head[at:end], rest, apart=True)


def is_message(head: bytes) -> bool:
    """Say whether the bytes hold the header of a message at their beginning, or behind what may stand there."""
    return lead_in(head) >= 0


def lead_in(head: bytes) -> int:
    """Return how many bytes stand before the message whose header is in ``head``, -1 where there is no message.

    A byte-order mark and a quoted From_ line are the message's own. Empty lines are not, nor is one line that is
    no field: behind it the header must have both an address and a field that mailers alone write.
    """
    if head.startswith(OTHER_MAILBOXES):
        return -1
    if not _MAY_BEGIN.match(head):
        return -1
    mark = POSTMARK.match(head)
    begin = mark.end() if mark else 0
    if not _GIT_PATCH.match(head) and _is_header(head, begin):
        return 0
    blank = _BLANK_LINES.match(head)
    begin = blank.end() if blank else 0
    if begin and _is_header(head, begin):
        return begin
    line = _ONE_LINE.match(head, begin)
    return line.end() if line and _is_header(head, line.end(), surely=True) else -1


def is_unfinished(head: bytes) -> bool:
    """Say whether all of ``head`` are fields of a header, which may become that of a message further on."""
    found = LINES.match(head)
    length = found.end() if found else 0
    return length > 0 and b"\n" not in head[length:] and not _NO_NAME.search(head[:length])


def begins_with_field(head: bytes) -> bool:
    """Say whether the first line, behind a byte-order mark and a From_ line, is a header's field."""
    mark = POSTMARK.match(head)
    return _FIELD.match(head, mark.end() if mark else 0) is not None


def _is_header(head: bytes, at: int, *, surely: bool = False) -> bool:
    """Say whether a header of mail is at ``at``: two known fields, one of them of mail alone.

    Addresses count as such only with an ``@``, so that a form with "From:" and "To:" is no mail.
    """
    if not _FIELD.match(head, at):
        return False
    found = LINES.match(head, at)
    end = found.end() if found else at
    finished = head[end : end + 1] in (b"\r", b"\n")
    fields = Fields(head[at : end if finished else end + 1000])
    return reads_as_mail(fields, head[end:], surely=surely)


def reads_as_mail(fields: Fields, rest: bytes = b"", *, surely: bool = False) -> bool:
    """Say whether a header is one of mail; ``rest`` is what follows it.

    Where it has a field that mail does not have, or ``surely``, it must have both an address and a field of mailers.
    """
    known = sum(name in fields for name in _KNOWN)
    if known < 2:
        return False
    carried = any(_MACHINE.search(fields.get(name)) for name in _OF_MAIL_ALONE)
    addressed = any(b"@" in fields.get(name) for name in _ADDRESSED)
    if surely or any(name in fields for name in _NEVER):
        return addressed and (carried or (known >= SURELY and b"@" in fields.get(b"to")))
    parted = _PARTED.match(fields.get(b"content-type")) is not None
    return carried or parted or (addressed and not _DIFF.search(rest))
