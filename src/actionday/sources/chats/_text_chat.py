"""An export as text, message by message: what stands between two lines that begin messages belongs to the first.

Source: exports of WhatsApp and of programs for Signal; see ``_lines.py``.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from actionday.mime.chat import Value
from actionday.model import Claim, Context, Damaged, Found, Note, Stream
from actionday.model.loss import Loss
from actionday.model.streams import read_at
from actionday.sources.chats._beside import Beside
from actionday.sources.chats._lines import HEAD, LIKELY, Line, line_of, lines
from actionday.sources.chats._message import NO_ZONE, Fields, chat, message, part, stretch
from actionday.sources.chats._order import Dates, Order, numbers_of

LONGEST = 16 << 20
"""Bytes of one message: no program sends a hundredth of that."""
LOOKED = 40
"""Messages of a file that are looked at to tell what it is."""
UNSURE = "date_order"
LEVEL = re.compile(
    r"(?i)\b(?:debug|info|notice|warn|warning|error|err|critical|fatal|trace|alert|emerg|panic)\b"
)
PHONE = re.compile(r"[\u200e\u202a~\xa0 ]*\+\d[\d \xa0\u2011()-]{6,20}\d[\u202c\xa0 ]*")
ATTACHED = re.compile(
    r"[\u200e\u200f]*(?:<[^<>:\n]{2,40}?\s?:\s(?P<ios>[^<>\n/]{1,200})>"
    r"|(?P<android>[^\n/<>]{0,200}\.[A-Za-z0-9]{2,5}) \([^()\n]{4,60}\)(?=\r?\n|\Z))"
)
OMITTED = re.compile(r"[\u200e\u200f]*(?:<[^<>\n:]{3,60}>|\u200e[^\n:]{2,20} (?P<word>\S{3,20}))\s*")
LEFT_OUT = (
    "omitted weggelassen ausgelassen omitido omitida omis omise absent absente omesso omessa ocultado ocultada "
    "weggelaten пропущено опущено atlandı uteslöts udeladt"
)
"""How the words end with which WhatsApp for iOS says that a file was left out."""


class Shape(NamedTuple):
    """The first messages of a file."""

    lines: tuple[Line, ...]

    @property
    def people(self) -> set[str]:
        """Who sent something: names as people have them, not words of programs."""
        return {each.sender for each in self.lines if _is_name(each.sender)}

    @property
    def is_log(self) -> bool:
        """Say whether it is a program that tells of its own running."""
        return any(LEVEL.search(each.sender) for each in self.lines)

    @property
    def has_phone(self) -> bool:
        """Say whether a telephone number sent something."""
        return any(PHONE.fullmatch(each.sender) for each in self.lines)


def shape_of(head: bytes) -> Shape | None:
    """Return the first messages of a text, None where its first line begins none."""
    start = len(head) - len(head.lstrip(b"\r\n"))
    first = line_of(head[start : start + HEAD], start) if LIKELY.match(head, start) else None
    if first is None:
        return None
    found = [first]
    for each in LIKELY.finditer(head, start + 1):
        if line := line_of(head[each.start() : each.start() + HEAD], each.start()):
            found.append(line)
            if len(found) >= LOOKED:
                break
    return Shape(tuple(found))


def _is_name(sender: str) -> bool:
    return bool(sender) and (any(each.isupper() or each > "\x7f" for each in sender) or " " in sender)


class TextChat:
    """One reading of such an export."""

    def __init__(self, stream: Stream, around: Context, folder: str, program: str) -> None:
        self._stream, self._around, self._program = stream, around, program
        self._folder, self._beside = folder, Beside(around)
        self._order = Order("", ambiguous=False, why="")

    def items(self) -> Iterator[Found]:
        """Yield the chat, then its messages, behind ``around.after``. Raises Damaged where no line begins one."""
        dates, senders = Dates(), set[str]()
        count = 0
        for count, each in enumerate(lines(self._stream), 1):  # noqa: B007 - counted
            dates.take(each)

            if each.sender and len(senders) < 3:
                senders.add(each.sender)
        if count == 0:
            raise Damaged(f"{self._program}: no line begins a message")
        self._order = dates.order() or Order("", ambiguous=True, why="")
        after = self._around.after or ""
        begin = int(after) if after.isascii() and after.isdigit() and int(after) < self._stream.size else -1
        if begin < 0:
            yield self._directory(count, senders)
            yield from self._before()
        found = lines(self._stream, max(begin, 0))
        previous = next(found, None)
        for line in chain(found, (None,)):
            if previous is not None and previous.at > begin:
                end = self._stream.size if line is None else line.at
                yield self._item(previous, end)
            previous = line
        self._beside.say()
        if not self._order.name:
            self._around.note(
                UNSURE, f"{self._program}: no order of day, month and year gives every date of it"
            )
        elif self._order.ambiguous:
            why = (
                f"whether day or month comes first cannot be told from its dates: read as {self._order.name}"
            )
            self._around.note(UNSURE, f"{self._program}: {why}")

    def _directory(self, count: int, senders: set[str]) -> Found:
        told = {
            "program": self._program,
            "chat_kind": "group" if len(senders) > 2 else None,
            "messages": count,
            "date_order": None if self._order.ambiguous else self._order.name,
            "date_order_reason": self._order.why or None,
        }
        return chat(self._folder, "chat", told)

    def _before(self) -> Iterator[Found]:
        """Yield what stands before the first message."""
        first = next(lines(self._stream), None)
        if first and first.at and read_at(self._stream, 0, min(first.at, 4096)).strip(b"\r\n"):
            yield stretch(f"{self._folder}/bytes 0", "x0", (0, first.at))

    def _item(self, line: Line, end: int) -> Found:
        number, lies = f"{line.at:012d}", (line.at, end - line.at)
        if end - line.text > LONGEST:
            why = f"{self._program}: the message at byte {line.at} has more than {LONGEST} bytes"
            return stretch(f"{self._folder}/{number}", str(line.at), lies, (Note(Loss.TEXT_CUT, why),))
        text = read_at(self._stream, line.text, end - line.text).decode("utf-8", "surrogateescape")
        fields: Fields = {"time_written": line.written, "zone": "not stated"}
        meta: dict[str, object] = {}
        when = self._time(line)
        if when is None:
            meta["date_reason"] = "its day cannot be told"
        else:
            fields["time"] = when
            swapped = self._order.ambiguous and len({*line.day[:2]}) > 1
            meta["date_reason"] = (
                f"{NO_ZONE}; day and month may be the other way round" if swapped else NO_ZONE
            )
        if line.sender:
            fields["sender"] = line.sender
        else:
            fields["service"] = True
        if text := text.rstrip("\r\n"):
            fields["text"] = text
        if (media := _media(text)) is not None:
            fields["media"] = [media]
            if isinstance(path := media.get("path"), str):
                meta["files"] = self._beside.files([path])
        return message(self._folder, number, str(line.at), fields, lies, mtime=when and f"{when}Z", meta=meta)

    def _time(self, line: Line) -> str | None:
        numbers = numbers_of(line, self._order.name) if self._order.name else None
        if numbers is None:
            return None
        year, month, day, hour, minute, second = numbers
        return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}"


def _media(text: str) -> dict[str, Value] | None:
    """Return what a text says of a file that was sent with it, None where it says nothing of one."""
    if found := ATTACHED.match(text):
        return {"kind": "file", "path": (found["ios"] or found["android"]).strip("\u200e\u200f ")}
    if (found := OMITTED.fullmatch(text)) and (
        found["word"] is None or found["word"].casefold() in LEFT_OUT.split()
    ):
        return {"kind": "file", "missing": text.strip("\u200e\u200f\r\n ")}
    return None


def folder_of(name: str, endings: Sequence[str]) -> str:
    """Return the directory of a chat that is exported into a file of that name."""
    stem = next((name.removesuffix(each) for each in endings if name.lower().endswith(each)), name)
    return part(stem or "chat")


def claim(*, sure: bool) -> Claim:
    """Return STRUCTURE or NO: a name alone makes no chat of a text."""
    return Claim.STRUCTURE if sure else Claim.NO
