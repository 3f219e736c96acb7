"""The way through JSON of Discord: the exporter's list ``messages``, or the list that a data package is.

Source: DiscordChatExporter, ``Exporting/JsonMessageWriter.cs``; Discord's help, "Your Discord Data Package".
"""

import re
from collections.abc import Iterator
from typing import Any

from actionday.model import Context, Found, Stream
from actionday.sources.chats._discord_fields import packaged, read
from actionday.sources.chats._message import Place, chat, flat, message, part
from actionday.sources.chats._tape import NoValue
from actionday.sources.chats._telegram_walk import Chat, Walk
from actionday.sources.chats._topics import Topics

KINDS = {
    "DirectTextChat": "private", "DirectGroupTextChat": "group", "GuildTextChat": "channel", "GuildNews": "channel",
    "GuildVoiceChat": "channel", "GuildPublicThread": "channel", "GuildPrivateThread": "channel",
    "GuildForum": "channel", "GuildStageVoice": "channel",
}  # fmt: skip
NEVER = re.compile(r"(?!)")


class Exported(Walk):
    """An export of DiscordChatExporter."""

    program = "discord"
    following = re.compile(
        r'\{\s*"id"\s*:\s*"\d{1,20}"\s*,\s*"type"\s*:\s*"[A-Za-z]{1,40}"\s*,\s*"timestamp"'
    )
    following_chat = NEVER
    headers = frozenset({"guild", "channel", "dateRange"})

    def _opened(self, begin: int, facts: dict[str, Any]) -> Found:
        guild, channel = (
            {} if not isinstance(each, dict) else each for each in map(facts.get, ("guild", "channel"))
        )
        words = [
            each["name"] for each in (guild, channel) if isinstance(each.get("name"), str) and each["name"]
        ]
        number, kind = channel.get("id"), channel.get("type")
        called = " ".join([*words, f"[{number}]"] if isinstance(number, str) else words)
        self._chat = Chat(part(called or f"chat @{begin}"), f"t{begin}", Topics())
        told = {
            "chat": words[-1] if words else None,
            "chat_id": number,
            "chat_type": kind,
            "chat_kind": KINDS.get(kind) if isinstance(kind, str) else None,
            "program": "Discord",
            "other": [each for key, value in facts.items() for each in flat(key, value)] or None,
        }
        return chat(self._chat.folder, self._chat.place, told)

    def _message(self, told: dict[str, Any], lies: Place, raw: str) -> Found:  # noqa: ARG002
        number = told.get("id")
        return self._said(number, read(told), lies)

    def _said(self, number: Any, found: Any, lies: Place) -> Found:
        meta: dict[str, object] = {}
        if isinstance(number, str | int):
            meta["message_id"] = str(number)
        if found.assumed:
            meta["date_reason"] = found.assumed
        if found.paths:
            meta["files"] = self._beside.files(found.paths)
        called = part(str(number)) if "message_id" in meta else f"@{lies[0]:012d}"
        place = f"{self._chat.place or 't0'}-{lies[0]}"
        return message(self._chat.folder, called, place, found.fields, lies, mtime=found.mtime, meta=meta)


class Packaged(Exported):
    """``messages.json`` of a data package: what one account sent in one channel."""

    following = re.compile(r'\{\s*"ID"\s*:')

    def __init__(self, stream: Stream, around: Context) -> None:
        super().__init__(stream, around)
        self._chat = Chat("messages", "t0", Topics())

    def _export(self) -> Iterator[tuple[int, Found]]:
        begin = self._tape.place
        if not self._tape.take("["):
            raise NoValue("no list")
        yield begin, chat("messages", "t0", {"program": "Discord"})
        yield from self._messages()

    def _rest(self, *, messages: bool) -> Iterator[tuple[int, Found]]:  # noqa: ARG002
        yield from self._messages()

    def _message(self, told: dict[str, Any], lies: Place, raw: str) -> Found:  # noqa: ARG002
        number = told.get("ID")
        return self._said(number, packaged(told), lies)
