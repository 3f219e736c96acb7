"""Babyl, the mailbox of Emacs's Rmail: a list of options, then messages between ^_ and ^L.

Source: "Format of Version 5 Babyl Files" (MIT, 1983, with GNU Emacs 22): a line of labels, the header as it came, a
line ``*** EOOH ***``, the header as it is shown, the body.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from actionday.mime.fields import Fields, read_header
from actionday.mime.line_ends import ends_in_cr
from actionday.mime.window import Window
from actionday.model import Claim, Context, Damaged, Found, Kind, Peek, Run, Status, Stream
from actionday.sources.mail.eml import message_at

MARK = b"BABYL OPTIONS:"
PARTING, SHOWN = b"\x1f", b"*** EOOH ***"
_LABELS = re.compile(rb"\r?\n?\f\r?\n?([01]),([^\r\n]{0,1000})\r?\n")
LOOKED_AT = 2048
OPTIONS = "options"


class Babyl:
    """Addressed in place by the offset of the sign before each message."""

    name, sample = "babyl", "mailbox.babyl"
    marks = ((0, MARK),)

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE for the mark and a parting sign; options alone are a text, lines in CR are ``eml-cr``'s."""
        ours = peek.head.startswith(MARK) and PARTING in peek.head and not ends_in_cr(peek.head)
        return Claim.STRUCTURE if ours else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the options, then the messages in order. Raises Damaged where none follows."""
        window, after = Window.on(stream), around.after or ""
        going_on = after.isdigit()
        at = int(after) if going_on else window.find(PARTING, 0)
        if at < 0:
            raise Damaged("babyl: no message behind its options")
        if not going_on:
            yield Found(name=OPTIONS, kind=Kind.SYSTEM, place="options", size=at, runs=((0, at),))
        mark = at
        while at < stream.size:
            following = window.find(PARTING, at + 1)
            end = following if following >= 0 else stream.size
            if window.look(at + 1, min(end - at - 1, LOOKED_AT)).strip():
                if 0 <= mark <= at:
                    mark = window.find(SHOWN, at)
                for found in _section(window, at, end, mark, whole=following >= 0):
                    if not (going_on and found.place == after):
                        yield found
            at = end


def _section(window: Window, at: int, end: int, mark: int, *, whole: bool) -> Iterator[Found]:
    """Yield what stands between two parting signs: a message, or bytes that are none.

    ``mark`` is where the next line ``*** EOOH ***`` begins.
    """
    name, labels = f"{at:012d}", _LABELS.match(window.look(at + 1, min(LOOKED_AT, end - at - 1)))
    if labels is None:
        start = at + 1
        yield Found(name=f"{name} behind", kind=Kind.ATTACHMENT, place=f"{at}", size=end - start,
                    runs=((start, end - start),))  # fmt: skip
        return
    first = at + 1 + labels.end()
    if not first <= mark < end:
        mark = first
    behind = (
        mark + len(window.line(mark, LOOKED_AT)) if mark > first or window.look(mark, 3) == b"***" else mark
    )
    runs: tuple[Run, ...] = ((behind, end - behind),)
    shown: Run | None = None
    if mark > first:  # its header was made shorter: the one that came is the message's
        _, body, _ = read_header(window, behind)
        body = min(body, end)
        blank = window.look(mark - 3, 3).replace(b"\r", b"")[-2:] == b"\n\n"
        runs = ((first, mark - first), (body, end - body)) if blank else (
            (first, mark - first), *_blank(window, body), (body, end - body))  # fmt: skip
        shown = (behind, body - behind)
    yield _message(window, (at, name), runs, labels[2], whole=whole)
    if shown and not _same(window, (first, mark), shown):
        yield Found(
            name=f"{name} header as shown", kind=Kind.ATTACHMENT, place=f"{at}s", size=shown[1], runs=(shown,)
        )


def _blank(window: Window, body: int) -> tuple[Run, ...]:
    """Return where the empty line before ``body`` lies."""
    before = window.look(max(body - 2, 0), 2)
    return ((body - 2, 2),) if before == b"\r\n" else ((body - 1, 1),) if before.endswith(b"\n") else ()


def _message(
    window: Window, at: tuple[int, str], runs: tuple[Run, ...], labels: bytes, *, whole: bool
) -> Found:
    size = sum(length for _, length in runs)
    found = message_at(window, runs[0][0], size)
    said = labels.strip(b" ,").decode("utf-8", "backslashreplace")
    facts = {**found.meta, "labels": said} if said else found.meta
    found = replace(found, name=at[1], place=str(at[0]), runs=runs, meta=facts)
    reason = "babyl: breaks off without the sign that ends a message"
    return found if whole else replace(found, status=Status.UNREADABLE, reason=reason)


def _same(window: Window, came: tuple[int, int], shown: tuple[int, int]) -> bool:
    """Say whether all fields of the header that is shown are among those that came."""
    whole = frozenset(Fields(window.look(came[0], came[1] - came[0])).pairs())
    return all(each in whole for each in Fields(window.look(*shown)).pairs())


SOURCE = Babyl()
