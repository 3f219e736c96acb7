"""What a set of EWF segments lacks: segments, ranges of the disk in them, the hash that the imager may have noted.

Source: "Expert Witness Compression Format specification", sections "Digest", "Hash", "Done": the hashes stand in the
last segment, and that alone tells that no other follows.
"""

from collections.abc import Mapping, Sequence

from actionday.model import Context, Damaged, Loss, NotThere, Stream
from actionday.sources.images._ewf_facts import acquisition, geometry
from actionday.sources.images._ewf_sections import sections
from actionday.sources.images._ewf_segments import FIRST, Segment, Set, name_of
from actionday.sources.images._missing import Range, tell

UNKNOWN, NOT_COMPARED = "hash_unknown", "hash_not_compared"
"""Facts that say why it is not known what hash the imager noted, and why the one it noted is not compared."""
NOT_WHOLE = "the disk is not whole"
NOT_READ = "the set is not read without its first segment"
HASHES = ("md5", "sha1")
MOST_SAID = 8


def said(found: Set, around: Context) -> str:
    """Note, first of all, which segments are missing, short or damaged; return the words for where ranges lie."""
    parts, missing = found.found, found.missing
    named = FIRST.search(around.name) is not None
    names = [name_of(around.name, number) if named else f"segment {number}" for number in missing]
    if names:
        behind = missing[-1] > parts[-1].number
        more = ", and all that followed it: only the last segment tells how many there are" if behind else ""
        around.note("segment_missing", f"missing of the set: {', '.join(names)}{more}{_instead(found)}")
    for part in parts:
        if part.broken:
            around.note("segment_short", f"{part.name}: {part.broken}")
        for why in part.torn:
            around.note(Loss.CHECKSUM, f"{part.name}: {why}")
    lacking = names + [part.name for part in parts if part.broken or part.torn]
    if not lacking:
        return "in chunks of which no table tells where they lie"
    beyond = " or behind it" if names and missing[-1] > parts[-1].number else ""
    return f"in what is missing of the set: {', '.join(lacking)}{beyond}"


def _instead(found: Set) -> str:
    """Return the words for files that are called as segments that are missing."""
    said = [f"{name} {why}" for number, (name, why) in found.strange.items() if number in found.missing]
    more = f"; {len(said) - MOST_SAID} more so" if len(said) > MOST_SAID else ""
    return f" ({'; '.join(said[:MOST_SAID])}{more})" if said else ""


def of_the_hash(
    parts: list[Segment], facts: Mapping[str, object], missing: Sequence[Range]
) -> dict[str, object]:
    """Return why the imager's hash is not known, or not to be compared; nothing where it is compared."""
    if any(name in facts for name in HASHES):
        return {NOT_COMPARED: NOT_WHOLE} if missing else {}
    if "hash_damaged" in facts:
        return {UNKNOWN: "the section that holds it is damaged"}
    if any(part.last for part in parts):
        return {}
    last = parts[-1]
    why = (
        f"{last.name}, which may hold it, is not whole"
        if last.broken
        else "the segment that would hold it is missing"
    )
    return {UNKNOWN: why}


def without_first(number: int, stream: Stream, around: Context, none: str = "") -> NotThere:
    """Return why segment ``number`` of a set without its first is not read; what it tells is kept.

    ``none``: the file that is called as the first and is none.
    """
    lacks = f"first segment, {none}, is none" if none else "first segment is missing"
    return no_part(number, stream, around, f"segment {number} of an EWF set whose {lacks}")


def no_part(number: int, stream: Stream, around: Context, why: str) -> NotThere:
    """Return ``why`` as the reason for which a segment is not read; what it tells is kept."""
    part = Segment(number, around.name, stream, *sections(stream))
    try:
        shape = geometry([part])
    except Damaged:
        around.acquired({"ewf": {UNKNOWN: NOT_READ}})
        return NotThere(why)
    first, beside = f"{around.name[:-2]}01", frozenset(around.siblings())
    if not any(name_of(first, each) in beside for each in range(2, number)):  # each disk is told once
        around.acquired(tell([(0, shape.size)], shape.size, around, NOT_READ))
    facts = acquisition([part], shape)
    noted = any(name in facts for name in HASHES)
    around.acquired({"ewf": facts | ({NOT_COMPARED: NOT_WHOLE} if noted else {UNKNOWN: NOT_READ})})
    return NotThere(f"{why}: nothing of its disk of {shape.size} bytes can be had from it")
