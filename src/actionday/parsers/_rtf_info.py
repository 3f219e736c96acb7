"""The properties of a rich text file.

Source: Rich Text Format 1.9.1: Information Group, ``userprops``.
"""

import re

from actionday.parsers._properties import LONGEST, own_name
from actionday.parsers._rtf import HEAD, PAGE, texts

NAMES = {
    b"title": "title", b"subject": "subject", b"author": "author", b"operator": "last_author", b"manager": "manager",
    b"company": "company", b"category": "category", b"keywords": "keywords", b"doccomm": "description",
    b"comment": "comment", b"hlinkbase": "link_base",
}  # fmt: skip
INFO = re.compile(rb"\{\s*\\info\b")
ENTRY = re.compile(
    rb"\{\s*(?:\\\*\s*)?\\(title|subject|author|operator|manager|company|category|keywords|doccomm|comment|hlinkbase)\b"
    rb" ?((?:[^{}\\]|\\[\s\S]){0,4000})\}"
)
OWN = re.compile(
    rb"\{\s*\\propname\b ?((?:[^{}\\]|\\[\s\S]){0,1000})\}\s*\\proptype\d+\s*"
    rb"\{\s*(?:\\\*\s*)?\\staticval\b ?((?:[^{}\\]|\\[\s\S]){0,4000})\}"
)
TEMPLATE = re.compile(rb"\{\s*\\\*\s*\\template\b ?((?:[^{}\\]|\\[\s\S]){0,4000})\}")
WITHIN = 256 * 1024
"""Bytes of the group of information."""
MOST_OWN = 500
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
        return "".join(texts(b"{\\rtf1" + page_word + b" " + raw + b"}")).strip()[:LONGEST]

    begin = INFO.search(head)
    for name, raw in ENTRY.findall(head, begin.start(), begin.start() + WITHIN) if begin else ():
        key = (
            "last_author" if name == b"author" and "author" in found else NAMES[name]
        )  # LibreOffice writes two
        if value := read(raw):
            found.setdefault(key, value)
    for name, raw in OWN.findall(head)[:MOST_OWN]:
        if value := read(raw):
            found.setdefault(own_name(read(name)), value)
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
