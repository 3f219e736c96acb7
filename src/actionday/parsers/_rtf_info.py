"""The properties of a rich text file.

Source: Rich Text Format 1.9.1: Information Group, ``userprops``, "Track Changes (Revision Marks)".
"""

import re

from actionday.parsers._doc_changes import written
from actionday.parsers._events import PEOPLE
from actionday.parsers._properties import Kept, own_name
from actionday.parsers._rtf import HEAD, PAGE, texts
from actionday.parsers._rtf_changes import TRACKED
from actionday.parsers._tracked import Log

NAMES = {
    b"title": "title", b"subject": "subject", b"author": "author", b"operator": "last_author", b"manager": "manager",
    b"company": "company", b"category": "category", b"keywords": "keywords", b"doccomm": "description",
    b"comment": "comment", b"hlinkbase": "link_base",
}  # fmt: skip
INFO = re.compile(rb"\{\s*\\info\b")
ENTRY = re.compile(
    rb"\{\s*(?:\\\*\s*)?\\(title|subject|author|operator|manager|company|category|keywords|doccomm|comment|hlinkbase)\b"
    rb" ?((?>(?:[^{}\\]|\\[\s\S])*))\}"
)
OWN = re.compile(
    rb"\{\s*\\propname\b ?((?>(?:[^{}\\]|\\[\s\S])*))\}\s*\\proptype\d+\s*"
    rb"\{\s*(?:\\\*\s*)?\\staticval\b ?((?>(?:[^{}\\]|\\[\s\S])*))\}"
)
TEMPLATE = re.compile(rb"\{\s*\\\*\s*\\template\b ?((?>(?:[^{}\\]|\\[\s\S])*))\}")
REVISERS = re.compile(rb"\{\\\*\\revtbl\b\s?((?>(?:\{[^{}]*+\}\s*+)+))\}")
CHANGE = re.compile(rb"\\(?:revauth(?:del)?|mvauth)(\d{1,5})\s?(?:\\(?:revdttm(?:del)?|mvdate)(-?\d{1,10}))?")
WITHIN = 256 * 1024
"""Bytes of the group of information."""
RTF_TIME = re.compile(
    rb"\\(creatim|revtim)\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})(?:\\hr(\d{1,2}))?(?:\\min(\d{1,2}))?"
)
TIMES_WITHIN = 64 * 1024
TIMES = {b"creatim": "created", b"revtim": "modified"}


def information(data: memoryview) -> dict[str, object]:
    """Return what the file says about itself, under the names of every format."""
    head = bytes(data[:HEAD])
    page = PAGE.search(head)
    page_word = page[0] if page else b""
    found: dict[str, object] = {}

    def read(raw: bytes) -> str:
        return "".join(texts(b"{\\rtf1" + page_word + b" " + raw + b"}")).strip()

    begin = INFO.search(head)
    for name, raw in ENTRY.findall(head, begin.start(), begin.start() + WITHIN) if begin else ():
        key = (
            "last_author" if name == b"author" and "author" in found else NAMES[name]
        )  # LibreOffice writes two
        if value := read(raw):
            found.setdefault(key, value)
    own = Kept()
    for name, raw in OWN.findall(head):
        if value := read(raw):
            own.add(own_name(read(name)), value, "; ")
    found |= own.facts()
    template = TEMPLATE.search(head)
    if template and (value := read(template[1])):
        found["template"] = value
    return found


def times(data: memoryview) -> dict[str, object]:
    """Return when a document says that it was made and changed, without a zone."""
    found = RTF_TIME.findall(bytes(data[:TIMES_WITHIN]))
    return {TIMES[which]: _time(parts) for which, *parts in found}


def _time(parts: list[bytes]) -> str:
    year, month, day, hour, minute = (int(part or 0) for part in parts)
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00"


def changes(data: memoryview) -> dict[str, object]:
    """Return who changed a file while changes were tracked, and when."""
    raw = bytes(data)
    if not TRACKED.search(raw):
        return {}
    table, page = REVISERS.search(raw), PAGE.search(raw, 0, HEAD)
    said = b"{\\rtf1" + (page[0] if page else b"") + b" " + table[1] + b"}" if table else b""
    names = [name.strip() for name in "".join(texts(said)).split(";")]
    log = Log()
    for author, time in CHANGE.findall(raw):
        number = int(author)
        log.add(names[number] if number < len(names) else "", written(int(time or 0) & 0xFFFFFFFF))
    people = [name for name in dict.fromkeys(names) if name and name != "Unknown"][:PEOPLE]
    return ({"contributors": people} if people else {}) | log.meta()
