"""The walk through a content of parts that follow one another, each of which tells where it ends.

Source: none.
"""

from collections.abc import Callable

from actionday.detectors.whole._content import Content
from actionday.model import Note

MOST_STEPS = 2_000_000
"""Parts of one content that are gone through: 3 s at the most; a sound of 14 hours has as many frames."""
Step = Callable[[int, bytes], int | Note | None]
"""``step(at, head)`` returns the byte behind the part at byte ``at``, of which ``head`` are the first bytes.

They are fewer than were asked for at the end of the content, and none behind it. ``None`` ends the walk: the content is
whole, or that cannot be told; so does what is to be said of it.
"""


def walk(content: Content, name: str, at: int, length: int, step: Step) -> Note | None:
    """Go from part to part, with the ``length`` first bytes of each, and return what is to be said of the content.

    A part that reaches behind the end is said, with ``name``; where its bytes are not held, nothing is.
    """
    for _ in range(MOST_STEPS):
        head = content.at(at, length)
        if head is None:
            return None
        told = step(at, head)
        if not isinstance(told, int):
            return told
        if told > content.size:
            return content.short(name, told)
        at = told
    return None
