"""A message of Discord by the names of the house.

Source: DiscordChatExporter, ``Exporting/JsonMessageWriter.cs``; Discord's help, "Your Discord Data Package".
"""

import re
from datetime import UTC, datetime
from typing import Any

from actionday.mime.chat import Value
from actionday.sources.chats._message import NO_ZONE, Fields, flat
from actionday.sources.chats._telegram_fields import LARGEST, Read

TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,7})?(?:Z|[+-]\d\d:\d\d)?")
PLAIN = ("Default", "Reply")


def read(told: dict[str, Any]) -> Read:
    """Return a message of an export of DiscordChatExporter; what has no name here stands in ``other``."""
    fields: Fields = {}
    told.pop("id", None)
    kind = told.pop("type", None)
    if isinstance(kind, str) and kind not in PLAIN:
        fields["service"], fields["action"] = True, kind
    mtime, assumed = timed(told, "timestamp", "time", fields)
    timed(told, "timestampEdited", "edited", fields)
    _text(told, "content", fields)
    author = told.get("author")
    if isinstance(author, dict):
        for key, name in (("name", "sender"), ("id", "sender_id")):
            if isinstance(author.get(key), str):
                fields[name] = author.pop(key)
    answered = told.get("reference")
    if isinstance(answered, dict) and isinstance(answered.get("messageId"), str):
        fields["reply_to"] = answered.pop("messageId")
    paths = _attachments(told, fields)
    _others(told, fields)
    return Read(fields, mtime, assumed, paths)


def packaged(told: dict[str, Any]) -> Read:
    """Return a message of a data package, in which all are by the account that asked for it."""
    fields: Fields = {}
    told.pop("ID", None)
    mtime, assumed = timed(told, "Timestamp", "time", fields)
    _text(told, "Contents", fields)
    files = told.get("Attachments")
    if isinstance(files, str):
        del told["Attachments"]
        if files.strip():
            fields["media"] = [{"kind": "file", "url": each} for each in files.split()]
    _others(told, fields)
    return Read(fields, mtime, assumed, [])


def timed(told: dict[str, Any], key: str, name: str, fields: Fields) -> tuple[str | None, str]:
    """Take a time under ``name``; return it in UTC, and what was assumed."""
    value = told.get(key)
    if not isinstance(value, str) or not TIME.fullmatch(value):
        return None, ""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None, ""
    del told[key]
    if moment.tzinfo is None:
        fields[name] = moment.isoformat()
        if name == "time":
            fields["zone"] = "not stated"
        return f"{moment.isoformat()}Z", NO_ZONE
    try:
        utc = moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        fields["time_written"] = value
        return None, ""
    fields[name] = f"{utc.isoformat()}Z"
    if name == "time" and not value.endswith(("Z", "+00:00")):
        fields["time_shown"] = value
    return f"{utc.isoformat()}Z", ""


def _text(told: dict[str, Any], key: str, fields: Fields) -> None:
    if isinstance(told.get(key), str) and (text := told.pop(key)):
        fields["text"] = text


def _attachments(told: dict[str, Any], fields: Fields) -> list[str]:
    """Take the files; one that was exported with the messages has a path in place of an address."""
    files = told.get("attachments")
    if not isinstance(files, list) or not all(isinstance(each, dict) for each in files):
        return []
    del told["attachments"]
    found, paths = list[Value](), list[str]()
    for each in files:
        one: dict[str, Value] = {"kind": "file"}
        url, name, size = (each.pop(key, None) for key in ("url", "fileName", "fileSizeBytes"))
        if isinstance(url, str) and "://" not in url[:12]:
            one["path"] = url.replace("\\", "/")
            paths.append(str(one["path"]))
        elif isinstance(url, str):
            one["url"] = url
        if isinstance(name, str):
            one["name"] = name
        if isinstance(size, int) and 0 <= size < LARGEST:
            one["size"] = size
        if each:
            one["other"] = [pair for key, value in each.items() for pair in flat(key, value)]
        found.append(one)
    if found:
        fields["media"] = found
    return paths


def _others(told: dict[str, Any], fields: Fields) -> None:
    """Keep whatever else is said; what is empty or not so in every message is left to the export."""
    other: list[Value] = [
        pair
        for key, value in told.items()
        if value not in (None, False, "") and value != [] and value != {}
        for pair in flat(key, value)
    ]
    if other:
        fields["other"] = other
