"""Discord as DiscordChatExporter writes it in JSON: one channel, thread or conversation a file.

Source: DiscordChatExporter, ``Exporting/JsonMessageWriter.cs``.
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Peek, Stream
from actionday.sources.chats._discord_walk import Exported

CHANNEL = re.compile(
    rb'"channel"\s{0,20}:\s{0,20}\{\s{0,20}"id"\s{0,20}:\s{0,20}"\d{1,20}"\s{0,20},\s{0,20}"type"'
)
MESSAGES = re.compile(rb'"messages"\s{0,20}:\s{0,20}\[')


class Discord:
    """A directory for the channel, a ``message`` for each; ``place`` is the byte of its object."""

    name, sample = "discord", "discord.json"
    textual = True
    joins = True
    no_text_of_its_own = True

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for a channel with number and kind before a list of messages, beside a guild."""
        head = peek.head
        if head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")[:1] != b"{" or b'"guild"' not in head:
            return Claim.NO
        channel = CHANNEL.search(head)
        return Claim.STRUCTURE if channel and MESSAGES.search(head, channel.end()) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the channel, its messages, and what else is there. Raises Damaged as ``telegram-json`` does."""
        return Exported(stream, around).items()


SOURCE = Discord()
