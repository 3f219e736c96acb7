"""Uuencoded files within displayed text, as attachments.

Source: POSIX.1-2017 ``uuencode``.
"""

from collections.abc import Callable, Iterator
from functools import partial

from actionday.mime.body import coding
from actionday.mime.inline import blocks
from actionday.mime.outer import split
from actionday.mime.structure import Part
from actionday.mime.transfer import decoded, reader
from actionday.mime.window import Window
from actionday.model import Found, Kind, Note, Status
from actionday.sources.mail._names import literal

Read = Callable[[int, int], bytes]


def inline_files(part: Part, read: Read, most: int) -> Iterator[Found]:
    """Yield the files within a text that may hold some; of a coded one within its first ``most`` bytes, as it is read.

    ``place`` is the part's and the block's number, ``1.2u1``; of a text outside the parts its offset instead.
    """
    within = _text(part, read, most)
    path = f"+{part.start}" if part.outside else part.path
    for number, block in enumerate(blocks(Window(within)), start=1):
        name, raw = literal(block.name)
        yield Found(
            name=name,
            raw=raw,
            kind=Kind.ATTACHMENT,
            place=f"{path}u{number}",
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


def _text(part: Part, read: Read, most: int) -> Read:
    """Return what reads the text of a part at an offset: in place, or from its coding undone."""
    encoding, _ = coding(part)
    if encoding:
        coded, _ = split(read(part.start, min(part.end - part.start, most)), encoding)
        text, _ = decoded(coded, encoding)
        return lambda offset, length: text[offset : offset + length]

    def within(offset: int, length: int) -> bytes:
        start = part.start + offset
        return read(start, max(0, min(length, part.end - start)))

    return within


def _unsaid(problem: Note) -> None:
    """Damage inside a block ends the block, so that its status says it already."""
