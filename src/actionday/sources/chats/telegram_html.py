"""Telegram Desktop's export as pages: ``messages.html`` and those that follow it; every message is an item.

Source: tdesktop, ``Telegram/SourceFiles/export/output/export_output_html.cpp``.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from actionday.mime.chat import Value
from actionday.model import Claim, Context, Damaged, Found, Kind, Note, Peek, Stream
from actionday.model.loss import Loss
from actionday.model.plugin import ALWAYS
from actionday.model.streams import read_at
from actionday.sources.chats._beside import Beside
from actionday.sources.chats._html_blocks import LONGEST, START, Block, block_of, blocks
from actionday.sources.chats._message import NO_ZONE, Fields, chat, message, part, stretch

PAGE_HEADER, BOLD = b'<div class="page_header', b'<div class="text bold">'
DATE = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d):(\d\d)(?: UTC([+-])(\d\d):(\d\d))?")
NUMBER = re.compile(r"message(-?\d{1,18})")
REPLY = re.compile(r"#go_to_message(\d{1,18})")
FILES = ("photo_wrap", "media_photo", "media_video", "media_file", "media_voice_message", "media_audio_file",
         "video_file_wrap", "animated_wrap", "sticker_wrap", "media_contact", "round_video_message")  # fmt: skip
TAKEN = frozenset({"text", "from_name", "date", "reply_to", "initials", "signature", "userpic", "details"})
"""Classes whose texts have a name of their own, or say nothing (the initials in place of a portrait)."""
ENTIRE = 4096
CARRIED = 1000
"""Characters of a sender's name that are kept for the messages which do not repeat it."""


class TelegramHtml:
    """A directory for the chat, a ``message`` for each; ``place`` is the byte of its element."""

    name, sample = "telegram-html", "messages.html"
    textual = True
    waits = ALWAYS
    no_text_of_its_own = True

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for the page's own frame with an element of a message in it."""
        head = peek.head
        if peek.kind is Kind.MESSAGE or head[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"<":
            return Claim.NO
        if b'<div class="page_wrap' not in head or b'<div class="history"' not in head:
            return Claim.NO
        return Claim.STRUCTURE if START.search(head) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the chat, then its messages. Raises Damaged where there is none, or the page breaks off in one."""
        head = read_at(stream, 0, 1 << 16)
        first = START.search(head)
        called = _title(head[: first.start()] if first else head)
        folder, beside = part(called or around.name.removesuffix(".html") or "chat"), Beside(around)
        yield chat(folder, "chat", {"chat": called or None, "program": "Telegram"})
        sender, count, end = "", 0, 0
        for count, (begin, end) in enumerate(blocks(stream), 1):  # noqa: B007 - counted
            if end - begin > LONGEST:
                why = f"telegram: the message at byte {begin} has more than {LONGEST} bytes"
                yield stretch(
                    f"{folder}/@{begin:012d}", str(begin), (begin, end - begin), (Note(Loss.TEXT_CUT, why),)
                )
                continue
            block = block_of(read_at(stream, begin, end - begin))
            found, sender = _message(block, (begin, end - begin), folder, sender, beside)
            yield found
        beside.say()
        if not count:
            raise Damaged("telegram: no message in it")
        if b"</html>" not in read_at(stream, max(0, stream.size - ENTIRE), ENTIRE):
            raise Damaged(f"telegram: the page breaks off at byte {stream.size}")


def _title(head: bytes) -> str:
    """Return what the page is headed with, "" for nothing."""
    at = head.find(BOLD, max(0, head.find(PAGE_HEADER)))
    inside = head[at : head.find(b"</div>", at)] if at >= 0 else b""
    return "".join(each.text for each in block_of(inside + b"</div>").pieces).strip()


def _message(
    block: Block, lies: tuple[int, int], folder: str, before: str, beside: Beside
) -> tuple[Found, str]:
    """Return a message and who sent it; ``before``: who sent the one before, which a joined one does not repeat."""
    own, values = block.elements[0] if block.elements else ((), {})
    fields: Fields = {}
    meta: dict[str, object] = {}
    mtime = None
    number = NUMBER.fullmatch(values.get("id", ""))
    if number:
        meta["message_id"] = number[1]
    if "service" in own:
        fields["service"] = True
        if text := block.text("details"):
            fields["text"] = text
    else:
        sender = block.text("from_name", without="forwarded")
        before = sender[:CARRIED] if sender is not None else before if "joined" in own else ""
        if sender or before:
            fields["sender"] = sender or before
        titles = [
            each.get("title", "") for name, each in block.elements if "date" in name and "pull_right" in name
        ]
        mtime = _time(titles[0] if titles else "", fields, meta)
        _rest(block, fields)
    if paths := _media(block, fields):
        meta["files"] = beside.files(paths)
    called = f"{int(number[1]):010d}" if number else f"@{lies[0]:012d}"
    return message(folder, called, str(lies[0]), fields, lies, mtime=mtime, meta=meta), before


def _rest(block: Block, fields: Fields) -> None:
    """Take text, answer, origin and signature; what else is written in it stands in ``other``."""
    if text := block.text("text", without="bold"):
        fields["text"] = text
    if origin := block.text("from_name", within="forwarded", without="date"):
        fields["forwarded_from"] = origin
    if when := block.text("date", within="forwarded"):
        fields["forwarded_written"] = when
    if signed := block.text("signature"):
        fields["author"] = signed
    for _, each in block.elements:
        if found := REPLY.search(each.get("href", "")):
            fields["reply_to"] = found[1]
            break
    links: list[Value] = [each for each in block.links if not REPLY.search(str(each.get("target", "")))]
    if links:
        fields["links"] = links
    if block.formats:
        fields["formats"] = [*block.formats]
    other: list[Value] = [
        [each.classes[-1] if each.classes else "", each.text.strip()]
        for each in block.pieces
        if each.text.strip() and (TAKEN.isdisjoint(each.classes) or _of_a_file(each.classes))
    ]
    if other:
        fields["other"] = other


def _of_a_file(classes: tuple[str, ...]) -> bool:
    """Say whether a text is what a file, a call or a place is told by: its length, its name."""
    return "details" in classes and "media" in classes


def _media(block: Block, fields: Fields) -> list[str]:
    """Take the files that the message shows; return their paths."""
    found, paths = list[Value](), list[str]()
    for classes, values in block.elements:
        kind = next((each for each in FILES if each in classes), "")
        path = values.get("href", "")
        if kind and path and ":" not in path and not path.startswith(("#", "//")):
            found.append({"kind": kind.removeprefix("media_").removesuffix("_wrap"), "path": path})
            paths.append(path)
    if found:
        fields["media"] = found
    return paths


def _time(title: str, fields: Fields, meta: dict[str, object]) -> str | None:
    """Take the time that stands beside the hour: in UTC where the zone does, else as the clock of the export."""
    found = DATE.match(title)
    if found is None:
        if title:
            fields["time_written"] = title
        return None
    day, month, year, hour, minute, second = map(int, found.groups()[:6])
    try:
        moment = datetime(year, month, day, hour, minute, second)
        if found[7]:
            east = timedelta(hours=int(found[8]), minutes=int(found[9]))
            utc = moment - (east if found[7] == "+" else -east)
    except (ValueError, OverflowError):
        fields["time_written"] = title
        return None
    fields["time_written"] = title
    if found[7]:
        fields["time"] = f"{utc.isoformat()}Z"
        return f"{utc.isoformat()}Z"
    fields["time"], fields["zone"] = moment.isoformat(), "not stated"
    meta["date_reason"] = NO_ZONE
    return f"{moment.isoformat()}Z"


SOURCE = TelegramHtml()
