"""WhatsApp's exports as text, of every phone and language; in a zip with the files that were sent, too.

Source: no standard; exports of WhatsApp for Android and iOS as ``_lines.py`` has them, day periods of Unicode CLDR 48.
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Kind, Peek, Stream
from actionday.model.plugin import ALWAYS
from actionday.sources.chats._text_chat import OMITTED, Shape, TextChat, claim, folder_of, shape_of

OWN_WORDS = re.compile(
    "whatsapp|end-to-end|ende-zu-ende|extremo a extremo|bout en bout|ponta a ponta|uçtan uca|сквозн|наскрізн"
    "|بين الطرفين|سرتاسر|端到端|端對端|エンドツーエンド"
    "|종단간|एंड-टू-एंड|এন্ড-টু-এন্ড|מקצה לקצה|cap la cap|szyfrowan|titkos|ابتدا تا انتها",
    re.IGNORECASE,
)
"""What the first line says of the program, or of its encryption."""
FIRST = 5
"""Lines among which that one is."""
CALLED = re.compile(r"(?:^|/)_chat\.txt$|whatsapp", re.IGNORECASE)


class WhatsApp:
    """A directory for the chat, a ``message`` for each; the order of day and month is decided from the whole file."""

    name, sample = "whatsapp", "WhatsApp Chat with Crew.txt"
    textual = True
    waits = ALWAYS
    no_text_of_its_own = True

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE where the first line begins a message and something shows that people wrote, not a program."""
        if peek.kind is Kind.MESSAGE or (shape := shape_of(peek.head)) is None:
            return Claim.NO
        return claim(sure=not shape.is_log and not _is_iso(shape) and _is_chat(shape, peek.name))

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the chat and its messages in their order."""
        return TextChat(stream, around, folder_of(around.name, (".txt",)), "WhatsApp").items()


def _is_iso(shape: Shape) -> bool:
    return shape.lines[0].bracket and shape.lines[0].iso


def _is_chat(shape: Shape, name: str) -> bool:
    own = any(OWN_WORDS.search(each.begins) for each in shape.lines[:FIRST])
    marked = any(each.begins.startswith("\u200e") or OMITTED.fullmatch(each.begins) for each in shape.lines)
    if CALLED.search(name) or own or marked or shape.has_phone:
        return True
    to_the_minute = all(not each.seconds or each.half for each in shape.lines)
    return to_the_minute and len(shape.people) > 1


SOURCE = WhatsApp()
