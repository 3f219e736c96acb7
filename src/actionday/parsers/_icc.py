"""Texts of a colour profile: what it is called, whose it is, whatever else somebody wrote into it.

Source: ICC.1:2022, 7.3 (tag table), 10.15 (``mluc``), 10.24 (``text``); ICC.1:2001, 6.5.17 (``desc``).
"""

from struct import unpack_from

from actionday.parsers._stray import Once, gaps
from actionday.parsers._tags import Tags

NAME = "colour_profile"
HEADER, ENTRY = 128, 12
MOST = 200
"""Tags of a profile, and languages of one text, that are looked at; usual profiles have 10 to 20 tags."""
NUMBERS = frozenset(
    each.ljust(4)
    for each in b"curv para XYZ sf32 uf32 mft1 mft2 mAB mBA sig dtim view meas chrm vcgt".split()
)
"""Types of tags that hold curves, tables and other numbers."""


def colours(profile: bytes, tags: Tags) -> None:
    """Take the texts of a profile, whatever their tags are called; nothing from what is none."""
    if profile[36:40] != b"acsp" or len(profile) < HEADER + 4:
        return
    count = min(unpack_from(">I", profile, HEADER)[0], MOST, (len(profile) - HEADER - 4) // ENTRY)
    tags.stray("colour profile (head)", profile[:HEADER], numbers=True)
    taken = [(0, HEADER + 4 + count * ENTRY)]
    once = Once(len(profile))
    for at in range(HEADER + 4, HEADER + 4 + count * ENTRY, ENTRY):
        _, begin, size = unpack_from(">4sII", profile, at)
        if (begin, begin + size) not in taken:  # several curves are often one
            taken.append((begin, begin + size))
            for start, end in once.fresh(begin, begin + size):
                _text(profile[start:end], tags)
    for begin, end in gaps(taken, 0, len(profile)):
        tags.stray("colour profile (in no tag)", profile[begin:end])


def _text(body: bytes, tags: Tags) -> None:
    kind = body[:4]
    if kind in NUMBERS:
        tags.stray("colour profile (numbers)", body, numbers=True)
        return
    if kind == b"text":
        tags.add(NAME, body[8:].rstrip(b"\0"))
    elif kind == b"desc" and len(body) >= 12:
        end = 12 + unpack_from(">I", body, 8)[0]
        tags.add(NAME, body[12:end].rstrip(b"\0"))
        tags.own(NAME, body[end:])
    elif kind == b"mluc" and len(body) >= 16:
        count, step = unpack_from(">II", body, 8)
        taken = [(0, 16 + min(count, MOST) * max(step, ENTRY))]
        for at in range(
            16, min(16 + min(count, MOST) * max(step, ENTRY), len(body) - ENTRY + 1), max(step, ENTRY)
        ):
            length, begin = unpack_from(">II", body, at + 4)
            tags.add(NAME, body[begin : begin + length].decode("utf-16-be", "replace"))
            taken.append((begin, begin + length))
        for begin, end in gaps(taken, 0, len(body)):
            tags.stray("colour profile (behind a text)", body[begin:end])
    else:
        tags.own(NAME, body)
