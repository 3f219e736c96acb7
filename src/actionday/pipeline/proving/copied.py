"""What of a thing in a folder is another than it was, beside its bytes.

A copy that is put back keeps each byte and none of the times, owners and inodes: its bytes are what was taken in, and
that is what is proved. What else is another is said beside it, and stays recorded in the case as it was.

Source: POSIX.1-2024 ``cp`` (without -p a copy has the time, owner and group of who made it, of the mode what the mask
leaves), Linux xattr(7).
"""

import errno
from typing import NamedTuple

from actionday.model import Kind, Loss, Status, UsageError
from actionday.pipeline.custody import SourceFile
from actionday.pipeline.messages import Located
from actionday.pipeline.relisting import Pair, facts_of

KEPT = ("mode", "uid", "gid")
HELD = "its bytes hold"


class Beside(NamedTuple):
    """``difference``: what is content of its own and another, "" for nothing; ``others``: what every copy changes."""

    difference: str = ""
    others: tuple[str, ...] = ()
    time: str = ""
    """Of a folder: how its time is another; nothing where what came or went in it is told itself."""

    def remark(self, *, held: bool) -> str:
        """Return one sentence of what is another, "" where nothing is; ``held``: its bytes were compared."""
        return "; ".join((HELD, *self.others) if held and self.others else self.others)


def beside(pair: Pair) -> Beside:
    """Return what beside the bytes of a thing is another than it was. Raises OSError where it cannot be read."""
    row, now, _ = pair
    assert row is not None
    assert now is not None
    before, after = row.facts(), facts_of(now.meta)
    seen = row.status != Status.UNREADABLE and now.status != Status.UNREADABLE
    if seen and row.meta is not None and before.get("target") != after.get("target"):  # else it is not known
        return Beside(f"its target is {after.get('target')}, it was {before.get('target')}")
    others = [
        f"its {key} is {after.get(key)}, it was {before.get(key)}"
        for key in KEPT
        if row.meta is not None and before.get(key) != after.get(key)
    ]
    if now.status != Status.UNREADABLE:
        difference, gone = _attributes(before.get("attributes"), now)
        if difference:
            return Beside(difference)
        others += gone
    time = ""
    if row.mtime != now.mtime and (row.reason is None or (row.sha256 is not None and row.mtime is not None)):
        time = f"its time of change is {now.mtime}, it was {row.mtime}"
    if row.kind == Kind.DIRECTORY:
        return Beside(others=tuple(others), time=time)
    return Beside(others=(*filter(None, [time]), *others))


def other_time(source: SourceFile) -> str:
    """Return how the time of a file that holds is another than it was, "" where it is not, or is not known."""
    try:
        now = source.now()
    except UsageError:  # gone since it was hashed
        return ""
    return (
        ""
        if source.mtime in (None, now.mtime)
        else f"its time of change is {now.mtime}, it was {source.mtime}"
    )


def _attributes(before: object, found: Located) -> tuple[str, list[str]]:
    """Return which extended attribute that was recorded has another value, and which are gone: few copies keep them.

    One that came is neither: a case of an earlier version recorded none. Raises OSError where none can be read.
    """
    after = facts_of(found.meta).get("attributes")
    now = after if isinstance(after, dict) else {}
    recorded = before if isinstance(before, dict) else {}
    if recorded and (why := next((note.reason for note in found.notes if note.code == Loss.DAMAGED), "")):
        raise OSError(errno.EIO, why)
    gone = []
    for name, value in recorded.items():
        if name not in now:
            gone.append(f"its extended attribute {name} is gone")
        elif now[name] != value:
            return f"its extended attribute {name} is another than it was", []
    return "", gone
