"""Telegram Desktop's ``result.json``: one chat, or a whole account; every message is an item.

Source: tdesktop, ``Telegram/SourceFiles/export/output/export_output_json.cpp``; RFC 8259 (JSON).
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Peek, Stream
from actionday.model.plugin import ALWAYS
from actionday.sources.chats._telegram_walk import Walk

MESSAGES = re.compile(rb'"messages"\s{0,20}:\s{0,20}\[\s{0,200}')
KIND = re.compile(rb'"type"\s{0,20}:\s{0,20}"(?:message|service)"')
DATE = re.compile(rb'"date(?:_unixtime)?"\s{0,20}:\s{0,20}"[-0-9T:]{1,20}"')
CHAT = re.compile(
    rb'"type"\s{0,20}:\s{0,20}"(?:personal_chat|bot_chat|saved_messages|replies|verification_codes|private_group|'
    rb'private_supergroup|public_supergroup|private_channel|public_channel)"'
)
ACCOUNT = re.compile(
    rb'"(?:personal_information|contacts|frequent_contacts|chats|left_chats)"\s{0,20}:\s{0,20}\{'
)
OWN = re.compile(rb'"user_id"\s{0,20}:\s{0,20}\d')
FIRST = 2048
"""Bytes of a message in which its kind and its date stand: they are written before its text."""


class TelegramJson:
    """Chats as directories, messages and contacts as items, each addressed by the byte at which its object begins.

    A run goes on at the chat that ``around.after`` names. What of the export is neither is an item with its bytes.
    """

    name, sample = "telegram-json", "result.json"
    textual = True
    waits = ALWAYS
    no_text_of_its_own = True

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for a message of Telegram in a list of messages, or the sections of an account."""
        head = peek.head
        if head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")[:1] != b"{":
            return Claim.NO
        if messages := MESSAGES.search(head):
            begin = messages.end()
            first = head[begin : begin + FIRST]
            if first[:1] == b"]":
                return Claim.STRUCTURE if CHAT.search(head, 0, begin) else Claim.NO
            if first[:1] == b"{" and KIND.search(first) and DATE.search(first):
                return Claim.STRUCTURE
            return Claim.NO
        if ACCOUNT.search(head) and b'"personal_information"' in head and OWN.search(head):
            return Claim.STRUCTURE
        return Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield chats, messages, contacts and what else is there, in the order of the file.

        Raises Damaged at the end when anything could not be read, with the first byte of it; what is behind it was
        yielded, and its bytes are an item.
        """
        return Walk(stream, around).items()


SOURCE = TelegramJson()
