"""Uuencoded files within displayed text, as attachments.

Source: POSIX.1-2017 ``uuencode``.
"""

from collections.abc import Callable, Iterator
from functools import partial

from actionday.mime.body import coding
from actionday.mime.inline import blocks
from actionday.mime.structure import Part
from actionday.mime.transfer import reader
from actionday.mime.window import Window
from actionday.model import Found, Kind, Note, Status
from actionday.sources.mail._names import literal


def inline_files(part: Part, read: Callable[[int, int], bytes]) -> Iterator[Found]:
    """Yield the files within a displayed plain text; ``place`` is the part's and the block's number, ``1.2u1``."""
    if part.type.value != "text/plain" or coding(part)[0]:
        return

    def within(offset: int, length: int) -> bytes:
        start = part.start + offset
        return read(start, max(0, min(length, part.end - start)))

    for number, block in enumerate(blocks(Window(within)), start=1):
        name, raw = literal(block.name)
        yield Found(
            name=name,
            raw=raw,
            kind=Kind.ATTACHMENT,
            place=f"{part.path}u{number}",
            status=None if block.whole else Status.UNREADABLE,
            reason="" if block.whole else "message: uuencode without its end",
            read=partial(reader, within, block.start, block.end, "uuencode", _unsaid),
            meta={
                "content_type": None,
                "content_id": None,
                "disposition": None,
                "transfer_coding": "uuencode",
            },
        )


def _unsaid(problem: Note) -> None:
    """Damage inside a block ends the block, so that its status says it already."""
