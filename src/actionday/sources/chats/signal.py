"""Chats of Signal as text, as programs write them that export its database: ``[2019-12-24, 12:23] Jane Doe: text``.

Source: no standard; the form that chat-miner reads (``chatminer``, SignalParser). Signal itself exports no text.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Kind, Peek, Stream
from actionday.model.plugin import ALWAYS
from actionday.sources.chats._text_chat import Shape, TextChat, claim, folder_of, shape_of


class Signal:
    """A directory for the chat, a ``message`` for each."""

    name, sample = "signal-text", "signal.txt"
    textual = True
    waits = ALWAYS
    no_text_of_its_own = True

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for days, hours and minutes in brackets, with a comma, and two people who write."""
        if peek.kind is Kind.MESSAGE or peek.head[:1] != b"[" or (shape := shape_of(peek.head)) is None:
            return Claim.NO
        return claim(sure=_is_chat(shape))

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the chat and its messages in their order."""
        return TextChat(stream, around, folder_of(around.name, (".txt", ".md")), "Signal").items()


def _is_chat(shape: Shape) -> bool:
    form = all(
        each.bracket and each.iso and not each.seconds and ", " in each.written for each in shape.lines
    )
    return form and not shape.is_log and len(shape.people) > 1


SOURCE = Signal()
