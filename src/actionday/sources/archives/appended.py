"""What was appended: bytes behind the end of a picture, film, sound, PDF or program, and archives behind any content.

Source: those of ``_ends`` and ``_programs`` (where each format ends) and of ``_marks`` (where an archive begins);
PKWARE APPNOTE.TXT 6.3.10, 4.1.9 and 4.3.16 (a zip is found from its end).
"""

from collections.abc import Iterator

from actionday.mime.zipped.directory import directory
from actionday.mime.zipped.records import CENTRAL, LOCAL, End, end
from actionday.model import Claim, Context, Damaged, Found, Peek, Stream
from actionday.model.counted import counted
from actionday.model.streams import read_at
from actionday.sources.archives._ends import ENDS, boxes_end, end_of, is_late_pdf, pdf_end, rtf_end
from actionday.sources.archives._ends_more import BMP
from actionday.sources.archives._leftover import BEHIND, left_over
from actionday.sources.archives._marks import MARKS, begins
from actionday.sources.archives._programs import is_program, last, program_end
from actionday.sources.archives._strange import BEGINNINGS, lies_in, strange_parts

FIRST_TWO = frozenset(mark[:2] for mark in (*ENDS, *BEGINNINGS, BMP, b"MZ", b"\x7fELF"))
"""How contents begin whose end is told, or that are gone through, but for films and late PDF."""
LONGEST_MARK = 6
REACH = 2 << 20
"""Bytes of a program, and behind it, in which its archive begins: those of 7-Zip and WinRAR have up to 500 KB."""
WITHIN = "archive within"
LONGEST_END = 1 << 17
"""Bytes in which the end of a zip is looked for, its comment of up to 64 KiB included."""
MOST_MEMBERS = 65536


class Appended:
    """One item for what lies behind the end, one for an archive there, then one for each part that its kind of
    file has no use for or that is not read here; in place, nothing is copied."""

    name, sample = "appended", "appended.png"
    beside = True

    def claims(self, peek: Peek) -> Claim:
        """Say MAGIC for formats that tell their end, NAME for anything that ends as a zip or turns into an archive."""
        if _is_plain(peek):
            return Claim.NO
        if find := end_of(peek.head):
            # ``attached`` and ``rtf`` open these, and ask here for the rest
            return Claim.NAME if find in (pdf_end, rtf_end) else Claim.MAGIC
        if peek.head.startswith(BEGINNINGS):
            return Claim.MAGIC
        if is_program(peek.head):
            return Claim.NAME
        return Claim.NAME if _ends_as_zip(peek) or _text_before(peek.head) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield what follows the end of the content, and what stands in it and is none of it, but for padding."""
        head = read_at(stream, 0, 128 * 1024)
        archive = _archive(stream, head)
        find = program_end if is_program(head) else end_of(head)
        if archive < stream.size and find and lies_in(stream, head, find(stream, stream.size), archive):
            archive = stream.size  # it is within a part of its own, and an item as that
        spans, over = _spans(stream, head, archive)
        passing = around.after
        for found in (each for start, stop, name in spans for each in left_over(stream, start, stop, name)):
            if passing is not None:
                passing = None if passing == found.place else passing
                continue
            size = f"{counted(found.size or 0, 'byte')} from byte {found.place[1:]} on"
            if found.name == BEHIND:
                around.note("trailing", f"{size}, behind the end")
            else:
                around.note("unclaimed", f"{size}: an archive within it")
            yield found
        for found in strange_parts(stream, head, over, around):
            if passing is not None:
                passing = None if passing == found.place else passing
            else:
                yield found


def _is_plain(peek: Peek) -> bool:
    """Say whether nothing can be appended that would be claimed, by bytes alone: so it is with nearly every text."""
    head = peek.head
    return not (
        head[:2] in FIRST_TWO
        or head[4:8] == b"ftyp"
        or is_late_pdf(head)
        or b"\x1a" in head
        or b"\xbc" in head
        or b"\5" in peek.tail
    )


def _spans(stream: Stream, head: bytes, archive: int) -> tuple[tuple[tuple[int, int, str], ...], int]:
    """Return begin, end and name of what may be appended, and where the content itself ends.

    An archive that begins before a content ends by its own marks is not behind it: it ends by marks of its own.
    """
    find = program_end if is_program(head) else end_of(head)
    size = last(stream, stream.size)  # behind it a program's signature
    if archive < stream.size and find and (head.startswith(BEGINNINGS) or find is boxes_end):
        whole, over = find(stream, stream.size), _zip_over(stream)
        if archive < over <= whole:
            return ((archive, over, WITHIN), (whole, size, BEHIND)), whole
    over = min(find(stream, archive) if find else archive, archive) or archive
    return ((over, min(archive, size), BEHIND), (archive, size, BEHIND)), over


def _zip_over(stream: Stream) -> int:
    """Return the first byte behind the zip that the last bytes of a content end, 0 for none."""
    tail = read_at(stream, max(0, stream.size - LONGEST_END), LONGEST_END)
    found = end(tail, stream.size)
    return found.over if found else 0


def _ends_as_zip(peek: Peek) -> bool:
    """Say whether the tail holds the end of a zip's directory whose members are not where the content begins."""
    found = end(peek.tail, peek.size) if not peek.head.startswith(LOCAL) else None
    return found is not None and found.entries > 0 and _plausible(found, peek.tail, peek.size)


def _plausible(found: End, tail: bytes, size: int) -> bool:
    """Say whether the directory is where the end record says, as far as the tail shows."""
    at = found.at - found.size - (size - len(tail))
    return found.at >= found.size and (at < 0 or tail.startswith(CENTRAL, at))


def _text_before(head: bytes) -> int:
    """Return where an archive begins behind a text, 0 for nowhere."""
    if b"\x1a" not in head and b"\xbc" not in head:  # most texts: each mark has one of these
        return 0
    text = head.partition(b"\0")[0] if b"\0" in head else head
    reach = len(text) + LONGEST_MARK
    found = [at for mark in MARKS if 0 < (at := head.find(mark, 0, reach)) <= len(text)]
    return min(found, default=0)


def _archive(stream: Stream, head: bytes) -> int:
    """Return where an appended archive begins, the size of the stream for none."""
    starts = [at for at in (_zip_start(stream), _text_before(head), _behind_program(stream, head)) if at]
    return min(starts, default=stream.size)


def _behind_program(stream: Stream, head: bytes) -> int:
    """Return where an archive begins behind a program, whatever settings stand between; 0 for nowhere."""
    if not is_program(head):
        return 0
    found = begins(read_at(stream, 0, REACH), 1)  # a program cut short, or put together by hand
    end = program_end(stream, stream.size)
    if found or end < REACH:
        return found
    near = begins(read_at(stream, end, REACH), 0)
    return end + near if near >= 0 else 0


def _zip_start(stream: Stream) -> int:
    try:
        found = directory(stream)
        offsets = [
            member.offset for member, _ in zip(found.entries(stream), range(MOST_MEMBERS), strict=False)
        ]
    except Damaged:
        return 0
    start = min(offsets, default=0)
    return start if 0 < start < stream.size and read_at(stream, start, 4) == LOCAL else 0


SOURCE = Appended()
