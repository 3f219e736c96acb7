"""Files given together whose names tell little of being parts of one disk (``.000``, ``.1``, ``aa``): sizes tell.

Nobody looks into evidence here: whether the first is a disk that goes on in the others its reader says; those that it
does not need are opened by themselves, within the exhibit. Source: the namings of ``sources/images/_parts``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

from actionday.pipeline.custody import SourceFile
from actionday.sources.images._parts import SECTOR, later

Firsts = Callable[[SourceFile, str], SourceFile | None]
"""Returns the file so called that was given from the folder of another one."""


def numbered_sets(files: Iterable[tuple[SourceFile, str]], beside: Firsts) -> dict[str, SourceFile]:
    """Return the first file of those that belong to another one, by their paths; ``files`` with their names.

    All parts but the last are as long as the first, which is a whole number of sectors.
    """
    sets = defaultdict[str, dict[int, SourceFile]](dict)
    firsts = dict[str, SourceFile]()
    for each, name in files:
        for called, number in later(name):
            first = beside(each, called.name(1))
            if first is not None and first is not each and first.size and first.size % SECTOR == 0:
                firsts[first.path] = first
                sets[first.path][number] = each
    owners = dict[str, SourceFile]()
    for path, parts in sets.items():
        for each in _alike(firsts[path].size, parts):
            owners[each.path] = firsts[path]
    return owners


def _alike(size: int, parts: dict[int, SourceFile]) -> list[SourceFile]:
    """Return the parts of one size, and the one behind them, which may have another; none where the second has not."""
    alike = sorted(number for number, each in parts.items() if each.size == size)
    last = min((number for number in parts if number > max(alike, default=1)), default=0)
    if len(parts) > 1 and not alike:
        return []
    return [parts[number] for number in [*alike, *([last] if last else [])]]
