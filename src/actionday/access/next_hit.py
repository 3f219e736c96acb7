"""Where in a text the next word that was asked for stands: of 128 MiB it may be a thousand screens on."""

from actionday.access.contents import WINDOW_BYTES, Content, stretch
from actionday.storage.index import Node, highlights, likely, sought_words
from actionday.storage.objects import Packs

LOOKED_OVER = 256 * 1024
"""Bytes looked over in bulk. Only where one of the words may be in them are they gone through window by window."""


def next_hit(packs: Packs, content: Content, node: Node, start: int = 0) -> int | None:
    """Return the byte at which the first window from ``start`` on with a marked word begins; None without one.

    Time: a text of 128 MiB of ASCII takes half a second, one of other letters some seconds, one page of memory.
    Raises as ``text_window``.
    """
    if content.text is None:
        return None
    packs.hold(content.text_sha256, content.text)
    at, size, seeking = start, content.text.size, sought_words(node)
    stream = packs.stream(content.text)  # one for all: it keeps the frame that many windows lie in
    while seeking and at < size:
        stream.seek(at)
        if not likely(stream.read(LOOKED_OVER + WINDOW_BYTES).decode("utf-8", "replace"), seeking):
            at += LOOKED_OVER
            continue
        behind = at + LOOKED_OVER
        while at < min(size, behind):
            text, begin, end = stretch(stream, size, at)
            if highlights(text, seeking):
                return begin
            at = end
    return None
