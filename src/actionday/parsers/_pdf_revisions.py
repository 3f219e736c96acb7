"""Where the earlier revisions of an incrementally saved PDF end.

Source: PDF 1.7 (ISO 32000-1), 7.5.6 (incremental updates: the file up to an earlier ``%%EOF`` is the earlier
revision), Annex F (a linearized file has an ``%%EOF`` of its own after its first page's table).
"""

import re
from collections.abc import Iterable

END = re.compile(rb"startxref\s+\d{1,12}\s+%%EOF")
LINEARIZED = b"/Linearized"
MOST = 10
"""Revisions read, the latest ones; a form that was filled in for years has more, which are counted."""


def revisions(data: memoryview) -> tuple[list[int], int]:
    """Return the lengths of the earlier revisions that are read, earliest first, and how many there are."""
    ends = [found.end() for found in END.finditer(data)]
    if ends and LINEARIZED in bytes(data[:1024]):
        ends = ends[1:]
    earlier = ends[:-1]
    return earlier[-MOST:], len(earlier)


def alone(lines: Iterable[str], known: set[str]) -> list[str]:
    """Return the lines that are not in ``known``, each once, and add them to it."""
    found = []
    for line in lines:
        bare = " ".join(line.split())
        if bare and bare not in known:
            known.add(bare)
            found.append(line)
    return found
