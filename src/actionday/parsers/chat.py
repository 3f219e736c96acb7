"""Messages and accounts of chats, as ``sources.chats`` writes them: the text as it was sent, who sent it, and when.

Source: RFC 8785 (their form); ``docs/formats/chats.md`` (their names).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from actionday.mime.chat import ACCOUNT, MESSAGE, TYPE
from actionday.model import Damaged, Limits, Parsed

IN_THE_TEXT = ("text", "name")
FACTS = (
    "sender", "sender_id", "author", "time", "time_shown", "time_written", "zone", "edited", "edited_shown",
    "reply_to", "reply_to_chat", "forwarded_from", "forwarded_from_id", "forwarded_written", "saved_from", "via_bot",
    "action", "service", "deleted", "name", "phone", "account_id",
)  # fmt: skip
"""What is said in one word each: kept as metadata under the same name, and searched there."""
SETTING = frozenset({"links", "formats"})
"""Pieces of the text, which stand there: what they say beside it is where a link leads."""
PIECES, OTHERS = frozenset({"kind", "text"}), frozenset({"kind"})
DEEPEST = 8
NOTHING = "chat: read, but not a word is in it"


class Chat:
    """The text of a message alone tells its language; links, files and whatever else is said stand behind it."""

    name, version = "chat", 1
    mimes = (MESSAGE, ACCOUNT)
    samples = ("result.json",)
    whole = True

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:  # noqa: ARG002
        """Return the text, and behind it, as what is in no language, what else the message says. Raises Damaged."""
        try:
            told = msgspec.json.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Damaged(f"chat: {error}") from None
        if not isinstance(told, dict):
            raise Damaged("chat: no object")
        text = next((told[key] for key in IN_THE_TEXT if isinstance(told.get(key), str)), "").replace(
            "\0", " "
        )
        lines = dict.fromkeys(line.replace("\0", " ") for line in _lines(told))
        code = "\n".join(line for line in lines if line)
        meta: dict[str, object] = {key: told[key] for key in FACTS if isinstance(told.get(key), str | bool)}
        if not text.strip():  # a picture alone: what is said of it is all there is
            shown = (text + code,) if code.strip() else ()
            return Parsed(text=shown, meta=meta, reason="" if shown else NOTHING)
        return Parsed(text=(text,), code=f"\n{code}\n" if code else "", meta=meta)


def _lines(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield who sent it and when, then all that is neither the text nor a fact."""
    said = (told.get("sender"), told.get("time") or told.get("time_written"))
    yield " · ".join(each for each in said if isinstance(each, str) and each)
    if isinstance(action := told.get("action"), str):
        yield action
    for key, value in told.items():
        if key not in FACTS and key not in (*IN_THE_TEXT, TYPE):
            yield from _strings(value, PIECES if key in SETTING else OTHERS)


def _strings(value: Any, without: frozenset[str], depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and depth < DEEPEST:
        for key, each in value.items():
            if key not in without:
                yield from _strings(each, without, depth + 1)
    elif isinstance(value, list) and depth < DEEPEST:
        for each in value:
            yield from _strings(each, without, depth + 1)


PARSER = Chat()
