"""Discord as CSV: what DiscordChatExporter writes, and ``messages.csv`` of Discord's data package.

Source: DiscordChatExporter, ``Exporting/CsvMessageWriter.cs``; Discord's help, "Your Discord Data Package"; RFC 4180.
"""

import re
from collections.abc import Iterator, Sequence

from actionday.mime.chat import Value
from actionday.model import Claim, Context, Damaged, Found, Note, Peek, Stream
from actionday.model.loss import Loss
from actionday.model.streams import read_at
from actionday.sources.chats._discord_fields import timed
from actionday.sources.chats._message import Fields, Place, chat, message, part, stretch

MARK = b"\xef\xbb\xbf"
HEADERS = {
    ("AuthorID", "Author", "Date", "Content", "Attachments", "Reactions"): "",
    ("AuthorID", "Author", "Date", "Content", "Attachments"): "",
    ("ID", "Timestamp", "Contents", "Attachments"): "ID",
}
"""What stands in the first line, and the column of the message's number."""
NAMES = {"AuthorID": "sender_id", "Author": "sender", "Content": "text", "Contents": "text"}
TIMES = ("Date", "Timestamp")
CHUNK, LONGEST = 1 << 20, 16 << 20
VALUE = re.compile(r'(?:"((?>(?:[^"]++|"")*))"?([^,]*)|([^,]*))(,|\Z)')
PARTS = re.compile(rb'["\n]')


class DiscordCsv:
    """A directory, a ``message`` for each row; ``place`` is the byte at which the row begins."""

    name, sample = "discord-csv", "discord.csv"
    textual = True
    no_text_of_its_own = True

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for the very names of columns that one of the two writes."""
        return Claim.STRUCTURE if _names(peek.head[:200]) in HEADERS else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the messages behind ``around.after``. Raises Damaged where the file ends within a value."""
        names = _names(read_at(stream, 0, 200))
        if names not in HEADERS:
            raise Damaged("discord: not the columns of Discord")
        folder, after = part(around.name.removesuffix(".csv") or "chat"), around.after or ""
        begin = int(after) if after.isascii() and after.isdigit() and int(after) < stream.size else -1
        if begin < 0:
            yield chat(folder, "chat", {"program": "Discord"})
        for lies, whole in _rows(stream, max(begin, 0)):
            if lies[0] in (0, begin):
                continue
            if lies[1] > LONGEST:
                why = f"discord: the row at byte {lies[0]} has more than {LONGEST} bytes"
                yield stretch(f"{folder}/@{lies[0]:012d}", str(lies[0]), lies, (Note(Loss.TEXT_CUT, why),))
                continue
            data = read_at(stream, *lies)
            if data.strip():
                yield _message(data, lies, names, folder)
            if not whole:
                raise Damaged(f"discord: ends within the row at byte {lies[0]}")


def _names(head: bytes) -> tuple[str, ...]:
    line = head.removeprefix(MARK).partition(b"\n")[0].strip()
    return tuple(each.strip('"') for each in line.decode("ascii", "replace").split(","))


def _rows(stream: Stream, begin: int) -> Iterator[tuple[Place, bool]]:
    """Yield where each row lies, and whether it is whole: a line break within quotation marks ends none."""
    at, start, quoted = begin, begin, False
    while at < stream.size:
        data = read_at(stream, at, CHUNK)
        if not data:
            break
        for found in PARTS.finditer(data):
            if found[0] == b'"':
                quoted = not quoted
            elif not quoted:
                end = at + found.end()
                yield (start, end - start), True
                start = end
        at += len(data)
    if start < stream.size:
        yield (start, stream.size - start), not quoted


def _message(data: bytes, lies: Place, names: Sequence[str], folder: str) -> Found:
    text = data.decode("utf-8", "surrogateescape").rstrip("\r\n")
    values = _values(text)
    told = dict(zip(names, values, strict=False))
    fields: Fields = {}
    mtime, assumed = None, ""
    for key in TIMES:
        if key in told:
            written = told[key]
            mtime, assumed = timed(told, key, "time", fields)
            if written and "time" not in fields:
                fields["time_written"] = written
                told.pop(key, None)
    for key, name in NAMES.items():
        if told.get(key):
            fields[name] = told.pop(key)
    if files := told.pop("Attachments", "").strip():
        fields["media"] = [{"kind": "file", "url": each.strip()} for each in re.split(r"[, ]+", files)]
    number = told.pop("ID", "")
    rest: list[Value] = [[key, value] for key, value in told.items() if value]
    rest += [
        [f"column {at}", value] for at, value in enumerate(values[len(names) :], len(names) + 1) if value
    ]
    if rest:
        fields["other"] = rest
    meta: dict[str, object] = {"message_id": number} if number else {}
    if assumed:
        meta["date_reason"] = assumed
    called = part(number) if number else f"@{lies[0]:012d}"
    return message(folder, called, str(lies[0]), fields, lies, mtime=mtime, meta=meta)


def _values(row: str) -> list[str]:
    """Return the values of a row; what stands behind a closing quotation mark belongs to the value."""
    values, at, more = list[str](), 0, True
    while more and (found := VALUE.match(row, at)):
        quoted, behind, plain, comma = found.groups()
        values.append(plain if quoted is None else quoted.replace('""', '"') + behind)
        at, more = found.end(), bool(comma)
    return values


SOURCE = DiscordCsv()
