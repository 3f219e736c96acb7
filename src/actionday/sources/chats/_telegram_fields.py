"""A message of Telegram Desktop's JSON by the names of the house.

Source: tdesktop, ``Telegram/SourceFiles/export/output/export_output_json.cpp`` (SerializeMessage).
"""

from datetime import datetime
from typing import Any, NamedTuple

from actionday.mime.chat import Value
from actionday.model.times import rfc3339
from actionday.sources.chats._message import NO_ZONE, Fields, flat

STRINGS = (
    ("author", "author"),
    ("forwarded_from", "forwarded_from"),
    ("forwarded_from_id", "forwarded_from_id"),
    ("saved_from", "saved_from"),
    ("via_bot", "via_bot"),
    ("action", "action"),
    ("reply_to_peer_id", "reply_to_chat"),
)
LINKED = frozenset({"link", "text_link", "mention", "mention_name", "email", "phone", "hashtag", "cashtag",
                    "bot_command", "bank_card", "custom_emoji"})  # fmt: skip
TARGETS = ("href", "user_id", "document_id")
FILES = ("photo", "file", "thumbnail", "contact_vcard")
OF_A_FILE = (
    ("media_type", "kind"),
    ("file_name", "name"),
    ("mime_type", "mime"),
    ("file_size", "size"),
    ("photo_file_size", "size"),
    ("duration_seconds", "seconds"),
    ("width", "width"),
    ("height", "height"),
    ("sticker_emoji", "emoji"),
    ("performer", "performer"),
    ("title", "title"),
)
ABSENT = "("
"""How the sentence begins that stands where a file is not: no path of an export does."""
LARGEST = 2**53


class Read(NamedTuple):
    """The fields of a message; its time in UTC, what was assumed of it; paths of its files."""

    fields: Fields
    mtime: str | None
    assumed: str
    paths: list[str]


def read(told: dict[str, Any]) -> Read:
    """Return a message by the names of the house; what has none stands in ``other``. Empties ``told``."""
    fields: Fields = {}
    told.pop("id", None)
    if told.pop("type", None) == "service":
        fields["service"] = True
    mtime, assumed = _time(told, fields)
    _edited(told, fields)
    for who, number in (("from", "from_id"), ("actor", "actor_id")):
        for key, name in ((who, "sender"), (number, "sender_id")):
            if type(value := told.get(key)) is str:
                fields[name] = value
                del told[key]
    _text(told, fields)
    paths: list[str] = []
    if told:
        if "reply_to_message_id" in told and type(told["reply_to_message_id"]) is int:
            fields["reply_to"] = str(told.pop("reply_to_message_id"))
        for key, name in STRINGS:
            if key in told and type(told[key]) is str:
                fields[name] = told.pop(key)
        paths = _media(told, fields)
        if told:
            fields["other"] = [each for key, value in told.items() for each in flat(key, value)]
    return Read(fields, mtime, assumed, paths)


def _seconds(value: Any) -> str | None:
    if type(value) is str and value.isascii() and len(value) < 16 and value.removeprefix("-").isdigit():
        return rfc3339(int(value))
    return None


def _time(told: dict[str, Any], fields: Fields) -> tuple[str | None, str]:
    """Take the time: in UTC where it is told since 1970, else as the clock of who exported showed it."""
    date = told.get("date")
    if when := _seconds(told.get("date_unixtime")):
        del told["date_unixtime"]
        fields["time"] = when
        if type(date) is str:
            del told["date"]
            if f"{date}Z" != when:
                fields["time_shown"] = date
        return when, ""
    if type(date) is str and date:
        del told["date"]
        fields["time"] = date
        fields["zone"] = "not stated"
        return local(date), NO_ZONE
    return None, ""


def local(date: str) -> str | None:
    """Return ``2024-01-15T10:30:00`` as if it were in UTC, None where it is no such time."""
    if len(date) != 19 or date[4:5] + date[7:8] + date[10:11] + date[13:14] + date[16:17] != "--T::":
        return None
    numbers = (date[:4], date[5:7], date[8:10], date[11:13], date[14:16], date[17:])
    if not all(each.isascii() and each.isdigit() for each in numbers):
        return None
    try:
        return f"{datetime(*map(int, numbers)).isoformat()}Z"  # type: ignore[arg-type]
    except ValueError:
        return None


def _edited(told: dict[str, Any], fields: Fields) -> None:
    if "edited" not in told and "edited_unixtime" not in told:
        return
    when, shown = _seconds(told.get("edited_unixtime")), told.get("edited")
    if when:
        fields["edited"] = when
        del told["edited_unixtime"]
        if type(shown) is str:
            del told["edited"]
            if f"{shown}Z" != when:
                fields["edited_shown"] = shown
    elif type(shown) is str:
        fields["edited"] = shown
        del told["edited"]


def _text(told: dict[str, Any], fields: Fields) -> None:
    """Take the text, in one piece or several, where its links lead, and how it is set."""
    text, pieces = told.get("text"), told.get("text_entities")
    whole = text if type(text) is str else _joined(text)
    if whole is None:
        return
    entities = text if type(text) is list else []
    del told["text"]
    if whole:
        fields["text"] = whole
    if type(pieces) is list and _joined(pieces) == whole:
        del told["text_entities"]
        entities = pieces if pieces or not entities else entities
    for each in entities:
        if type(each) is dict and (kind := each.get("type")) != "plain":
            name = "links" if kind in LINKED else "formats"
            fields.setdefault(name, []).append(_entity(each))  # type: ignore[union-attr]


def _joined(pieces: Any) -> str | None:
    """Return the text of its pieces, None where one of them is none."""
    if type(pieces) is not list:
        return None
    texts = [
        each if type(each) is str else each.get("text") if type(each) is dict else None for each in pieces
    ]
    return "".join(texts) if all(type(each) is str for each in texts) else None  # type: ignore[arg-type]


def _entity(entity: dict[str, Any]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value in entity.items():
        if key in ("type", "text") or key in TARGETS:
            name = {"type": "kind", "text": "text"}.get(key, "target")
            found[name] = value if type(value) is str else str(value)
        else:
            found.setdefault("other", []).extend(flat(key, value))  # type: ignore[union-attr]
    return found


def _media(told: dict[str, Any], fields: Fields) -> list[str]:
    """Take the files, each with what is said of it; return their paths in the export."""
    found, paths = list[Value](), list[str]()
    for key in FILES:
        value = told.get(key)
        if type(value) is not str or not value:
            continue
        del told[key]
        one: dict[str, Value] = {"kind": key}
        if value.startswith(ABSENT):
            one["missing"] = value
        else:
            one["path"] = value
            paths.append(value)
        found.append(one)
    if found:
        first = found[0]
        for key, name in OF_A_FILE:
            value = told.get(key)
            if type(value) is str or (type(value) is int and -LARGEST < value < LARGEST):
                first[name] = value  # type: ignore[index,call-overload]
                del told[key]
        fields["media"] = found
    return paths
