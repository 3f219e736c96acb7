"""Lines of a record's header, or of a server's answer, that no fact was made of: all are kept as they stand.

There are no bounds but those of the header: one that is longer than is read is none (``_http.head``, ``warc.header``).

Source: ISO 28500:2017, section 5 (named fields); RFC 9110, section 5 (fields).
"""

import re
from collections.abc import Iterable
from http import HTTPStatus

from actionday.sources.web._http import Head

_HEADERS = ("content-type", "server", "location", "last-modified", "set-cookie", "content-disposition", "link",
            "date", "x-powered-by", "via")  # fmt: skip
"""Fields of a response that tell who served it, when, and where it leads."""
_TRANSPORT = {
    name: re.compile(value)
    for name, value in (
        ("content-length", r"\d*"), ("transfer-encoding", "chunked|identity"),
        ("connection", "close|keep-alive|upgrade"),
        ("content-encoding", "gzip|x-gzip|deflate|br|zstd|identity"), ("accept-ranges", "bytes|none"),
        ("keep-alive", r"(?:timeout=\d+|max=\d+|[, ])*"),
    )
}  # fmt: skip
"""Fields of the transport as they stand in every answer."""
_PHRASES = ("moved temporarily", "object moved", "redirect", "see other", "file not found", "internal error")


def unread(lines: Iterable[str], read: Iterable[str]) -> list[str]:
    """Return the lines but the first of each field in ``read`` (lower case); those that are no field too."""
    known = set(read)
    kept: list[str] = []
    for line in lines:
        name, colon, _ = line.partition(":")
        name = name.strip().lower()
        if colon and name in known:
            known.discard(name)
        elif said := line.strip():
            kept.append(said)
    return kept


def described(head: Head) -> dict[str, object]:
    """Return what an answer's head says: its status, its telling fields, and every other line of it."""
    kept = {name: head.fields[name] for name in _HEADERS if name in head.fields}
    if head.status is None:
        return {"headers": kept}  # of a request, whose lines are its content
    first, *lines = head.lines
    plain = (name for name, value in _TRANSPORT.items() if value.fullmatch(head.fields.get(name, "").lower()))
    others = unread((*(() if _is_usual(first) else (first,)), *lines), (*kept, *plain))
    return {"status": head.status, "headers": kept} | ({"http_header": others} if others else {})


def _is_usual(line: str) -> bool:
    """Say whether a status line says no more than its code."""
    code, _, phrase = line.partition(" ")[2].strip().partition(" ")
    known = {each.value: each.phrase for each in HTTPStatus}
    return code.isdecimal() and phrase.strip().lower() in ("", known.get(int(code), "").lower(), *_PHRASES)
