"""Topics of a forum: which message began one, and which others are in it by what they answer.

Source: Telegram API, "Forums": a topic's number is that of the message that created it; every message in it
answers that message or another of the topic.
"""

from typing import Any

from actionday.sources.chats._message import LONGEST_NAME

MOST = 1_000_000
"""Messages of one chat of which it is remembered in which topic they are: 100 MB. Only forums have any."""


class Topics:
    """The topics of one chat, message by message."""

    def __init__(self) -> None:
        self._titles: dict[int, str] = {}
        self._of: dict[int, int] = {}

    def take(self, told: dict[str, Any]) -> str:
        """Return the topic of a message as read, "" for none; messages come in their order."""
        if not self._titles and told.get("action") != "topic_created":
            return ""
        number = told.get("id")
        if not isinstance(number, int):
            return ""
        if told.get("action") == "topic_created" and isinstance(title := told.get("title"), str):
            title = title[:LONGEST_NAME]
            if len(self._titles) < MOST:
                self._titles[number] = title
            return title
        answered = told.get("reply_to_message_id")
        if not isinstance(answered, int):
            return ""
        topic = answered if answered in self._titles else self._of.get(answered)
        if topic is None:
            return ""
        if len(self._of) < MOST:
            self._of[number] = topic
        return self._titles[topic]
