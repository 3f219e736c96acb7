"""What of a folder could not be looked at: of what is in such a part, nothing is told by its not being there.

A file that was not listed is not one that came since, and one that is not listed now is not gone.
"""

from typing import Literal, NamedTuple

from actionday.model import Kind, Status
from actionday.model.errors import Refused
from actionday.pipeline.messages import Located

THEN, NOW = "when the exhibit was acquired", "now"


class Untold(NamedTuple):
    """Why nothing can be told of something in a folder: what stands at ``at`` was not looked at, then or now."""

    when: Literal["then", "now"]
    at: str
    """The folder as it is named, or the thing itself."""
    why: str
    folder: bool
    partly: bool = False
    """Some of what is in the folder was listed."""

    @property
    def cause(self) -> str:
        """Say what could not be done, and why: the rest of a sentence about ``at``."""
        verb, time = ("could not be", THEN) if self.when == "then" else ("cannot be", NOW)
        done = "looked at" if not self.folder else "listed to its end" if self.partly else "listed"
        return f"{verb} {done} {time} ({self.why})"


class Unlisted:
    """The folders that could not be listed to their end, and what could not be looked at; by their path in bytes."""

    def __init__(self, when: Literal["then", "now"]) -> None:
        self._when = when
        self._found: dict[bytes, Untold] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def take(self, path: bytes, name: str, why: str, *, folder: bool) -> None:
        """Keep what could not be looked at, or listed to its end."""
        self._found[path] = Untold(self._when, name, Refused.system(why), folder)

    def seen(self, path: bytes) -> None:
        """Take something that was listed: its folder was, in part."""
        if self._found and (above := self._found.get(path.rpartition(b"/")[0])) and not above.partly:
            self._found[path.rpartition(b"/")[0]] = above._replace(partly=True)

    def over(self, path: bytes) -> Untold | None:
        """Return what keeps one from telling anything of what is at ``path``: it, or the nearest folder above it."""
        while self._found and path:
            path = path.rpartition(b"/")[0]
            if above := self._found.get(path):
                return above
        return None

    def at(self, path: bytes) -> Untold | None:
        """Return why what stands at ``path`` itself could not be looked at; None for a folder, which was."""
        found = self._found.get(path)
        return None if found is None or found.folder else found


def why_unlisted(each: Located) -> str:
    """Return why a folder could not be listed to its end, "" where it could or is none."""
    return each.reason if each.kind == Kind.DIRECTORY and each.status == Status.UNREADABLE else ""


def why_unseen(each: Located) -> str:
    """Return why not even what kind of thing something is can be told, "" where it can."""
    return each.reason if each.status == Status.UNREADABLE and not each.meta else ""


def take(unlisted: Unlisted, path: bytes, each: Located) -> None:
    """Keep of something listed what could not be looked at."""
    if why := why_unlisted(each):
        unlisted.take(path, each.name, why, folder=True)
    elif why := why_unseen(each):
        unlisted.take(path, each.name, why, folder=False)
    else:
        unlisted.seen(path)
