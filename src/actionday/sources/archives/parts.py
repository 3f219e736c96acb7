"""Archives cut into several files, put together again wherever these lie beside one another.

Source: 7-Zip, split(1): the parts of one file, one behind the other. APPNOTE.TXT 6.3.10, 8.0 (splitting a zip): the
directory, in the last part, names the part of each member. RARLAB "RAR 5.0 archive format", technote.txt of RAR 4:
each volume is an archive, whose members may go on in the next.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from actionday.mime.zipped.directory import ending
from actionday.mime.zipped.records import end
from actionday.model import Claim, Context, Damaged, Found, Kind, NotThere, Part, Peek, Stream, Unsupported
from actionday.model.counted import counted
from actionday.model.streams import read_at
from actionday.sources.archives._joined import Joined, Placed
from actionday.sources.archives._partnames import LAST, Called, Scheme, called, part_name
from actionday.sources.archives._partzip import unsplit
from actionday.sources.archives._rarmain import is_volume

MOST_NAMED = 100
"""Missing parts that have a line each."""
MOST_PARTS = 100_000
FIRST_LETTERS = 26
SEVEN, START, TAPE = b"7z\xbc\xaf\x27\x1c", 32, 512
BEGINNINGS = {"7z": (SEVEN,), "zip": (b"PK", b"MZ"), "gz": (b"\x1f\x8b",), "tgz": (b"\x1f\x8b",), "bz2": (b"BZh",),
              "xz": (b"\xfd7zXZ",), "rar": (b"Rar!", b"MZ"), "tar": ()}  # fmt: skip
"""What files of a kind begin with."""
OCTAL = re.compile(rb"[0-7]{1,8}")


class Parts:
    """Parts of an archive: each an item without content of its own; the whole is one beside them."""

    name, sample = "parts", "kestrel.7z.001"
    no_text_of_its_own = True

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for what is called as a part; of ``.zip`` and ``.rar`` where its bytes say that it is one.

        NAME for a later part by split(1), whose two letters may mean anything; NO for a text called so.
        """
        if peek.kind is Kind.VOLUME or peek.size <= 0 or (own := called(peek.name)) is None:
            return Claim.NO
        if own.scheme.volumes:
            return Claim.STRUCTURE if is_volume(peek.head) else Claim.NO
        if own.number == LAST:
            last = end(peek.tail, peek.size)
            return Claim.STRUCTURE if last is not None and 0 < last.disk < 0xFFFF else Claim.NO
        if own.scheme is Scheme.LETTERED:
            if b"\0" not in peek.head and peek.head.isascii():
                return Claim.NO
            return Claim.STRUCTURE if own.number <= FIRST_LETTERS else Claim.NAME
        return Claim.STRUCTURE

    def items(self, stream: Stream, around: Context, /) -> Iterator[Found]:
        """Yield nothing: the part is opened with the others. Raises Unsupported where its name is none."""
        del stream
        own = called(around.name)
        if own is None:
            raise Unsupported("part of an archive: its name does not tell of which")
        around.member(self.name, own.of, own.whole, beside=True)
        yield from ()


class Together:
    """Archives out of their parts."""

    name, sample = "parts", "kestrel.7z.001"

    def assemble(self, parts: Sequence[Part], of: str, around: Context) -> Joined:
        """Return the archive. Raises NotThere where nothing can be read without a part that lacks, Damaged."""
        placed, like, own = _in_order(parts, around)
        if own is None:
            raise Damaged(f"parts {of}: none of them is called as one")
        last = _last(placed, own)
        missing = _missing(placed, own, last)
        for number in missing[:MOST_NAMED]:
            around.note("segment_missing", f"missing of the set: {part_name(like, own, number)}")
        if len(missing) > MOST_NAMED:
            rest = counted(len(missing) - MOST_NAMED, "further part")
            around.note("segment_missing", f"missing of the set: {rest}")
        lacking = [part_name(like, own, each) for each in missing[:MOST_NAMED]]
        facts = {"members": [each.path for _, each in sorted(placed.items())]}
        around.acquired({"parts": facts | ({"missing": lacking} if lacking else {})})
        row = list(_row(placed, own, like, missing))
        if own.scheme is Scheme.ZIP and max(placed) == LAST:
            return unsplit(row)
        return Joined(row)


def _in_order(parts: Sequence[Part], around: Context) -> tuple[dict[int, Part], str, Called | None]:
    """Return the parts by their numbers, the name of one of them, and what that tells."""
    placed: dict[int, Part] = {}
    like, own = "", None
    for each in sorted(parts, key=lambda part: part.path):
        name = each.path.rpartition("/")[2] or around.name
        told = called(name)
        if told is None:
            continue
        if told.number in placed:
            first = placed[told.number].path
            around.note("member_twice", f"{each.path}: the same part of the set as {first}: it is not used")
            continue
        placed[told.number] = each
        if own is None or told.number != LAST:
            like, own = name, told
    return placed, like, own


def _last(placed: dict[int, Part], own: Called) -> int:
    """Return the number of the last part before ``.zip``, or of all, as far as that can be told."""
    numbers = [each for each in placed if each != LAST]
    known = max(numbers, default=0)
    if LAST in placed:
        stream = placed[LAST].stream
        told = end(ending(stream), stream.size)
        return max(known, min(told.disk if told else 0, MOST_PARTS))
    first = placed.get(1)
    if own.scheme is Scheme.NUMBERED and first is not None:
        start = read_at(first.stream, 0, START)
        if start.startswith(SEVEN):
            due = START + int.from_bytes(start[12:20], "little") + int.from_bytes(start[20:28], "little")
            return max(known, min(-(-due // first.stream.size), MOST_PARTS))
    return known


def _missing(placed: dict[int, Part], own: Called, last: int) -> list[int]:
    first = 0 if own.scheme is Scheme.NUMBERED and (0 in placed or _goes_on(placed, own)) else 1
    if last - first > MOST_PARTS:
        raise Damaged(f"parts of {own.whole}: numbers up to {last}, of {counted(len(placed), 'part')}")
    missing = [number for number in range(first, last + 1) if number not in placed]
    return missing + ([LAST] if own.scheme is Scheme.ZIP and LAST not in placed else [])


def _goes_on(placed: dict[int, Part], own: Called) -> bool:
    """Say whether the part 1 does not begin as what it is called: then there was one called 0."""
    first, kind = placed.get(1), own.stem.rpartition(".")[2].lower()
    if first is None or kind not in BEGINNINGS:
        return False
    head = read_at(first.stream, 0, TAPE)
    if kind != "tar":
        return not head.startswith(BEGINNINGS[kind])
    told, blank = head[148:156].strip(b" \0"), head[:148] + b" " * 8 + head[156:]
    return bool(head.strip(b"\0")) and not (OCTAL.fullmatch(told) and sum(blank) == int(told, 8))


def _row(placed: dict[int, Part], own: Called, like: str, missing: Sequence[int]) -> Iterator[Placed]:
    """Yield the parts in order; what lacks of a file in several is taken to be as large as most others.

    A volume needs none before it. Raises NotThere where the first of a file is not there: nothing tells what it is.
    """
    gaps = [each for each in missing if each != LAST and not own.scheme.volumes]
    sizes = Counter(each.stream.size for number, each in placed.items() if number != max(placed))
    size = max(
        sizes, key=lambda each: (sizes[each], each), default=max(one.stream.size for one in placed.values())
    )
    if gaps and gaps[0] < min(placed) and own.scheme is not Scheme.ZIP:
        raise NotThere(f"missing of the set: {part_name(like, own, gaps[0])}, which tells what it is")
    for number in sorted((*placed, *gaps)):
        part = placed.get(number)
        name = part_name(like, own, number) if part is None else part.path.rpartition("/")[2]
        yield Placed(number, name, part.stream if part else None, part.stream.size if part else size)


SOURCE = Parts()
ASSEMBLY = Together()
