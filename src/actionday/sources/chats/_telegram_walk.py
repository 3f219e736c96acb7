"""The way through a ``result.json``: which of its lists and objects are chats, messages, contacts, or something else.

Source: tdesktop, ``Telegram/SourceFiles/export/output/export_output_json.cpp``.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from actionday.mime.chat import Value
from actionday.model import Context, Damaged, Found, Note, Stream
from actionday.model.loss import Loss
from actionday.sources.chats._beside import Beside
from actionday.sources.chats._message import CONTROL, Place, account, chat, flat, message, part, stretch
from actionday.sources.chats._tape import NoValue, Tape
from actionday.sources.chats._telegram_fields import read
from actionday.sources.chats._topics import Topics

KINDS = {
    "personal_chat": "private", "bot_chat": "private", "saved_messages": "private", "replies": "private",
    "verification_codes": "private", "private_group": "group", "private_supergroup": "supergroup",
    "public_supergroup": "supergroup", "private_channel": "channel", "public_channel": "channel",
}  # fmt: skip
A_MESSAGE = r'\{\s*"(?:id"\s*:\s*-?\d+\s*,\s*")?type"\s*:\s*"(?:message|service)"'
A_CHAT = rf'\{{\s*"name"\s*:\s*(?:null|"(?:[^"\\]|\\.){{0,300}}")\s*,\s*"type"\s*:\s*"(?:{"|".join(KINDS)})"'
NEXT = re.compile(f"{A_MESSAGE}|{A_CHAT}", re.DOTALL)
NEXT_CHAT = re.compile(A_CHAT, re.DOTALL)
CONTROLS = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f]")
PLACE = re.compile(r"([tcl])(\d{1,18})(?:-(\d{1,18}))?")
SECTIONS, ACCOUNTS = {"chats": "c", "left_chats": "l"}, ("contacts", "frequent_contacts")
TRIES = 2
"""How many times the length of a file is read anew at the most, looking for messages within what is damaged."""


class Chat(NamedTuple):
    """A chat that is being read: its directory, and where it begins with the list it is in."""

    folder: str
    place: str
    topics: Topics


class Walk:
    """One reading of an export. Another program's with a list ``messages`` of objects tells what is other in it."""

    program = "telegram"
    following, following_chat = NEXT, NEXT_CHAT
    """How a message begins, or a chat, and a chat alone: reading goes on there behind what is damaged."""
    headers: frozenset[str] = frozenset()
    """Objects before the messages that tell of the chat."""

    def __init__(self, stream: Stream, around: Context) -> None:
        self._stream, self._around, self._beside = stream, around, Beside(around)
        self._behind, self._first, self._section = -1, 0, "t"
        if (after := PLACE.fullmatch(around.after or "")) and int(after[2]) < stream.size:
            self._section, self._first = after[1], int(after[2])
            self._behind = int(after[3] or after[2])
        self._tape = Tape(stream, self._first)
        self._chat = Chat("", "", Topics())
        self._damage, self._spent = "", 0

    def items(self) -> Iterator[Found]:
        """Yield all that is behind ``around.after``. Raises Damaged at the end where something could not be read."""
        for begin, found in self._all():
            if begin > self._behind:
                yield found
        self._beside.say()
        if self._damage:
            raise Damaged(self._damage)

    def _all(self) -> Iterator[tuple[int, Found]]:
        inner = self._export() if self._section == "t" else self._rest(messages=False)
        while True:
            try:
                yield from inner
                if self._tape.peek() == "":
                    return
                raise NoValue("something stands behind the end of the export")
            except NoValue as error:
                yield from self._lost(self._tape.place, error)
            if self._tape.peek() == "":
                return
            messages = not self._tape.ahead(self.following_chat)
            if not messages and self._section == "t":
                self._section = "c"
            inner = self._rest(messages=messages)

    def _lost(self, begin: int, error: NoValue) -> Iterator[tuple[int, Found]]:
        """Move to the next message or chat, and give what lies before it as it is."""
        forth = 1 if self._spent < TRIES * self._stream.size else max(1, error.at)
        self._tape.find(self.following, forth)
        self._spent += error.at
        why = f"{self.program}: byte {begin}: {error}"
        self._damage = self._damage or why
        if self._tape.place > begin:
            lies = (begin, self._tape.place - begin)
            note = Note(Loss.DAMAGED, why)
            yield begin, stretch(self._named(f"bytes {begin}"), f"x{begin}", lies, (note,))

    def _rest(self, *, messages: bool) -> Iterator[tuple[int, Found]]:
        """Read from within the messages of a chat, or from a chat in its list, to the end of the export."""
        if messages:
            yield from self._messages()
            self._parted("}")
            yield from self._members({})
            if self._section == "t":
                return
            self._parted("]")
        yield from self._list()
        self._parted("}")
        yield from self._members_of_a_section()
        self._parted("}")
        yield from self._members({})

    def _export(self) -> Iterator[tuple[int, Found]]:
        if not self._tape.take("{"):
            raise NoValue("no object")
        yield from self._members({}, 0)

    def _members(self, facts: dict[str, Any], begin: int = -1) -> Iterator[tuple[int, Found]]:
        """Read the export itself, or a chat that begins at ``begin`` (-1: its messages were read), to its end."""
        tape, top = self._tape, self._section == "t"
        while not tape.take("}"):
            name = tape.name()
            following, at = tape.peek(), tape.place
            if name == "messages" and following == "[" and begin >= 0:
                yield begin, self._opened(begin, facts)
                facts, begin = {}, -1
                tape.take("[")
                yield from self._messages()
            elif top and name in SECTIONS and following == "{":
                tape.take("{")
                self._section = SECTIONS[name]
                yield from self._members_of_a_section()
            elif top and name in ACCOUNTS and following == "{":
                tape.take("{")
                yield from self._accounts(name)
            elif (following in ("{", "[") and name not in self.headers) or begin < 0 or name == "about":
                yield at, self._other(name)
            else:
                facts[name] = tape.value()
            self._parted("}")
        if facts and begin >= 0:
            yield begin, self._opened(begin, facts)

    def _other(self, name: str, folder: str = "") -> Found:
        """Return a member that is neither chats, messages nor contacts, as it is written."""
        at = self._tape.place
        if self._tape.peek() in ("{", "["):
            self._tape.skip()
        else:
            self._tape.value()
        called = f"{folder}{part(name)}" if folder else self._named(name)
        return stretch(called, f"s{at}", (at, self._tape.place - at))

    def _named(self, name: str) -> str:
        return f"{self._chat.folder}/{part(name)}" if self._chat.folder else part(name)

    def _parted(self, closing: str) -> None:
        if not self._tape.take(",") and (following := self._tape.peek()) != closing:
            raise NoValue("neither a comma nor the end of what it is in" if following else "ends within it")

    def _members_of_a_section(self) -> Iterator[tuple[int, Found]]:
        """Read what is in ``chats`` or ``left_chats`` to its end."""
        tape = self._tape
        while not tape.take("}"):
            name = tape.name()
            following, at = tape.peek(), tape.place
            if name == "list" and following == "[":
                tape.take("[")
                yield from self._list()
            else:
                section = next(key for key, value in SECTIONS.items() if value == self._section)
                yield at, self._other(name, f"{section}/")
            self._parted("}")
        self._section, self._chat = "t", Chat("", "", Topics())

    def _list(self) -> Iterator[tuple[int, Found]]:
        """Read chats up to the end of their list."""
        while not self._tape.take("]"):
            begin = self._tape.place
            if not self._tape.take("{"):
                raise NoValue("no chat where one should be")
            yield from self._members({}, begin)
            self._parted("]")
        self._chat = Chat("", "", Topics())

    def _accounts(self, section: str) -> Iterator[tuple[int, Found]]:
        """Read contacts to their end."""
        tape = self._tape
        while not tape.take("}"):
            name = tape.name()
            following, at = tape.peek(), tape.place
            if name != "list" or following != "[":
                yield at, self._other(name, f"{section}/")
            else:
                tape.take("[")
                while not tape.take("]"):
                    at = tape.place
                    told = tape.value()
                    yield at, _account(section, told, (at, tape.place - at))
                    self._parted("]")
            self._parted("}")

    def _opened(self, begin: int, facts: dict[str, Any]) -> Found:
        name, number, kind = (facts.pop(key, None) for key in ("name", "id", "type"))
        called = name if isinstance(name, str) else ""
        words = filter(None, (called, f"[{number}]" if isinstance(number, int) else ""))
        folder = part(" ".join(words) or f"chat @{begin}")
        self._chat = Chat(folder, f"{self._section}{begin}", Topics())
        told = {"chat": called or None, "chat_id": None if number is None else str(number), "chat_type": kind,
                "chat_kind": KINDS.get(kind) if isinstance(kind, str) else None,
                "left": True if self._section == "l" else None,
                "other": [each for key, value in facts.items() for each in flat(key, value)] or None}  # fmt: skip
        return chat(folder, self._chat.place, told)

    def _messages(self) -> Iterator[tuple[int, Found]]:
        """Read messages up to the end of their list."""
        tape = self._tape
        while not tape.take("]"):
            at = tape.place
            told = tape.value()
            if not isinstance(told, dict):
                lies = (at, tape.place - at)
                yield at, stretch(self._named(f"bytes {at}"), f"x{at}", lies)
            elif at > self._behind:
                yield at, self._message(told, (at, tape.place - at), tape.raw)
            else:
                self._chat.topics.take(told)
            if not tape.take(",") and tape.peek() != "]":
                raise NoValue("neither a comma nor the end of the list behind a message")

    def _message(self, told: dict[str, Any], lies: Place, raw: str) -> Found:
        number, meta = told.get("id"), dict[str, object]()
        if topic := self._chat.topics.take(told):
            meta["topic"] = topic
        found = read(told)
        if isinstance(number, int):
            meta["message_id"] = str(number)
        if found.assumed:
            meta["date_reason"] = found.assumed
        if found.paths:
            meta["files"] = self._beside.files(found.paths)
        notes: tuple[Note, ...] = ()
        if not raw.isprintable() and CONTROLS.search(raw):
            notes = (Note(CONTROL, "telegram: control characters in a message: kept as they are"),)
        called = f"{number:010d}" if isinstance(number, int) and abs(number) < 1 << 63 else f"@{lies[0]:012d}"
        place = f"{self._chat.place or 't0'}-{lies[0]}"
        return message(self._chat.folder, called, place, found.fields, lies,
                       mtime=found.mtime, meta=meta, notes=notes)  # fmt: skip


def _account(section: str, told: Any, lies: Place) -> Found:
    fields: dict[str, Value] = {}
    if isinstance(told, dict):
        for key, name in (("user_id", "account_id"), ("phone_number", "phone")):
            if isinstance(value := told.get(key), str | int) and value:
                fields[name] = str(told.pop(key))
        names = [
            told.pop(key) for key in ("first_name", "last_name", "name") if isinstance(told.get(key), str)
        ]
        if names := [each for each in names if each]:
            fields["name"] = " ".join(names)
    rest = told.items() if isinstance(told, dict) else [("value", told)]
    other: list[Value] = [each for key, value in rest for each in flat(key, value)]
    if other:
        fields["other"] = other
    called = str(fields.get("name") or fields.get("account_id") or "account")
    return account(section, f"{called} @{lies[0]}", f"a{lies[0]}", fields, lies)
