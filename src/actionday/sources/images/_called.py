"""Files beside the first of a set, by their names: tools and file systems that do not tell case change it.

Source: no standard; FAT and NTFS keep the case of a name and find it by any.
"""

from collections import defaultdict
from collections.abc import Callable

from actionday.model import Context, Stream

Look = Callable[[str], Stream | None]


def looking(around: Context) -> Look:
    """Return how a file is had that is not read, but looked at: it becomes no part of the image, nor of the exhibit."""
    look: Look = getattr(around, "glance", around.sibling)
    return look


class Called:
    """What lies beside ``first``, whose name begins with ``stem``; goes through the names once.

    ``look``: how a file is had, ``around.sibling`` unless it is told: that one makes it a part of the image.
    """

    def __init__(self, around: Context, first: str, stem: str, look: Look | None = None) -> None:
        self._first, self._stem, self._look = first, stem, look or around.sibling
        self._names = defaultdict[str, list[str]](list)
        low = stem.lower()
        for each in around.siblings():
            if each.lower().startswith(low):
                self._names[each.lower()].append(each)

    def has(self, name: str) -> bool:
        """Say whether a file is so called, in any case."""
        return name.lower() in self._names

    def find(self, name: str) -> tuple[str, Stream] | None:
        """Return the file so called and its name, or else the one that differs in case alone, if of no other set."""
        if (stream := self._look(name)) is not None:
            return name, stream
        others = [each for each in self._names.get(name.lower(), ()) if each != name]
        alike = [each for each in others if each.startswith(self._stem)]
        others = alike or [each for each in others if not self._of_another(each)]
        if len(others) != 1 or (stream := self._look(others[0])) is None:
            return None
        return others[0], stream

    def _of_another(self, name: str) -> bool:
        """Say whether a first of its own is there for a name whose stem differs in case."""
        own = name[: len(self._stem)] + self._first[len(self._stem) :]
        return own in self._names.get(own.lower(), ())
