"""Discord's own data package: ``messages.json`` of a channel, with what the account that asked for it sent there.

Source: Discord's help, "Your Discord Data Package" (since 2024; before, the same as CSV: see ``discord_csv.py``).
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Peek, Stream
from actionday.sources.chats._discord_walk import Packaged

FIRST = re.compile(
    rb'\s{0,20}\[\s{0,20}\{\s{0,20}"ID"\s{0,20}:\s{0,20}"?\d{1,20}"?\s{0,20},\s{0,20}"Timestamp"\s{0,20}:\s{0,20}"[^"]{10,40}"'
    rb'\s{0,20},\s{0,20}"Contents"\s{0,20}:'
)


class DiscordPackage:
    """A directory, a ``message`` for each; which channel it is stands in ``channel.json`` beside it."""

    name, sample = "discord-package", "messages.json"
    textual = True
    no_text_of_its_own = True

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for a list whose first object has a number, a time and contents under Discord's names."""
        return Claim.STRUCTURE if FIRST.match(peek.head) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the messages. Raises Damaged as ``telegram-json`` does."""
        return Packaged(stream, around).items()


SOURCE = DiscordPackage()
