"""Lines of a record's header, or of a server's answer, that no fact was made of: kept as they stand, within bounds.

Source: ISO 28500:2017, section 5 (named fields); RFC 9110, section 5 (fields).
"""

from collections.abc import Iterable

from actionday.mime.listed import ALTOGETHER, LONGEST, MOST


def unread(lines: Iterable[str], read: Iterable[str]) -> list[str]:
    """Return the lines but the first of each field in ``read`` (lower case); those that are no field too."""
    known = set(read)
    kept: list[str] = []
    room = ALTOGETHER
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if colon and name in known:
            known.discard(name)
            continue
        said = line.strip()[: min(LONGEST, room)]
        if said and (value.strip() or not colon) and len(kept) < MOST:
            kept.append(said)
            room -= len(said)
    return kept
