"""Where each message of a mailbox lies: a forward pass in blocks, from any From_ line on.

Source: RFC 4155; the four dialects (mboxo, mboxrd, mboxcl, mboxcl2) as qmail's mbox(5) describes them.
"""

from collections.abc import Iterator

import msgspec

from actionday.mime.fields import Fields, read_header
from actionday.mime.sniff import LOOKED_BEHIND, MARK, begins_message, from_line, is_doubtful, sender_of
from actionday.mime.window import Window

LINE_BYTES = 2048
"""The longest From_ line: a sender of 998 characters, a date and a host."""


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """One message: its From_ line is at ``place``, its bytes at ``start``..``end`` (all in bytes)."""

    place: int
    sender: bytes
    date: bytes
    fields: Fields
    start: int
    end: int
    hidden: int = 0
    """From_ lines with a header behind them inside the body, which a Content-Length covers."""
    refused: str = ""
    """Why its Content-Length was not believed."""
    doubtful: bool = False
    """Whether its From_ line has no date as mailers write it."""


def split(window: Window, size: int, at: int) -> Iterator[Span]:
    """Yield the messages from the From_ line at ``at`` on; ``size`` is the mailbox's in bytes."""
    while at < size:
        line = window.line(at, LINE_BYTES)
        sender, date = sender_of(line)
        start = at + len(line)
        block, body, _ = read_header(window, start)
        fields = Fields(block)
        end, following, hidden, refused = _extent(window, fields, body, size)
        yield Span(
            place=at, sender=sender, date=date, fields=fields, start=start, end=max(end, start),
            hidden=hidden, refused=refused, doubtful=is_doubtful(line),
        )  # fmt: skip
        at = following


def first(window: Window, size: int) -> int:
    """Return where the first From_ line begins (a byte-order mark and line breaks may stand before it), or ``size``."""
    start = window.look(0, LINE_BYTES)
    blank = len(start) - len(start.removeprefix(MARK).lstrip(b"\r\n"))
    return blank if _is_message(window, blank, begins=True) else _following(window, blank, size)


def _extent(window: Window, fields: Fields, body: int, size: int) -> tuple[int, int, int, str]:
    """Return where a message ends, where the next From_ line is, how many are inside, and what was refused."""
    declared = fields.get(b"content-length")
    if declared.isdigit() and len(declared) < 19:
        end = body + int(declared)
        following = _landing(window, end, size)
        if following >= 0:
            return end, following, _count(window, body, following, size), ""
    following = _following(window, body, size)
    refused = (
        f"Content-Length {declared[:20].decode('ascii', 'replace')} ends at no From_ line" if declared else ""
    )
    return _without_blank(window, body, following), following, 0, refused


def _landing(window: Window, end: int, size: int) -> int:
    """Return where the From_ line is that begins at ``end`` or a line break later, ``size`` at the end, or -1."""
    if end > size:
        return -1
    after = window.look(end, LINE_BYTES + 100)
    breaks = len(after) - len(after.lstrip(b"\r\n"))
    if end + breaks >= size:
        return size
    if breaks > 4 or not _starts(after[breaks:]):
        return -1
    return end + breaks


def _count(window: Window, body: int, end: int, size: int) -> int:
    inside, at = 0, _following(window, body, size)
    while at < end:
        inside, at = inside + 1, _following(window, at + 1, size)
    return inside


def _following(window: Window, at: int, size: int) -> int:
    """Return where the next From_ line at or behind ``at`` begins, or ``size``."""
    at = max(at - 1, 0)
    while (at := window.find(b"\nFrom ", at)) >= 0:
        if _is_message(window, at + 1):
            return at + 1
        at += 1
    return size


def _is_message(window: Window, at: int, *, begins: bool = False) -> bool:
    line = window.line(at, LINE_BYTES)
    doubtful = from_line(line) is None
    if doubtful and not is_doubtful(line):
        return False
    before = window.look(max(at - 3, 0), min(at, 3))
    apart = begins or not before.strip(b"\r\n") or before.endswith((b"\n\n", b"\n\r\n"))
    if doubtful and not apart:
        return False
    behind = window.look(at + len(line), LOOKED_BEHIND if doubtful else 100)
    return begins_message(line, behind, apart=apart)


def _starts(block: bytes) -> bool:
    line, feed, rest = block.partition(b"\n")
    return begins_message(line + feed, rest, apart=True)


def _without_blank(window: Window, body: int, following: int) -> int:
    """Return the end of a message without the blank line that separates it from the next."""
    tail = window.look(max(following - 3, 0), 3)
    for blank in (b"\n\r\n", b"\n\n"):
        end = following - len(blank) + 1
        if end >= body and tail.endswith(blank):
            return end
    return following
