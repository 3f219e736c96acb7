"""A message, an account or a chat as an item: the same names whatever program exported it.

Source: RFC 8785 (what a message is as bytes); ``docs/formats/chats.md`` lists the names.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from actionday.mime.chat import ACCOUNT, MESSAGE, Value, content, written
from actionday.model import Found, Kind, Note

Fields = dict[str, Value]
Place = tuple[int, int]
"""Byte of the export at which something begins, and how many bytes it has there."""
DEEPEST = 8
"""Values within values whose names are joined; what is deeper is kept as one text of JSON."""
LONGEST_NAME = 200
"""Characters of a name in a path, or of one that others are told by."""
NO_ZONE = "no zone: taken as UTC"
HALF, CONTROL = "half_pair", "control_character"


def message(
    chat: str,
    number: str,
    place: str,
    fields: Fields,
    lies: Place,
    *,
    mtime: str | None = None,
    meta: Mapping[str, object] = {},
    notes: Sequence[Note] = (),
) -> Found:
    """Return a message of ``chat``, a path; ``number``: how it is called there."""
    name = f"{chat}/{number}" if chat else number
    return _item(MESSAGE, Kind.MESSAGE, name, place, fields, lies, mtime, meta, notes)


def account(folder: str, name: str, place: str, fields: Fields, lies: Place) -> Found:
    """Return an account, as an item of the directory ``folder``."""
    return _item(ACCOUNT, Kind.RECORD, f"{folder}/{part(name)}", place, fields, lies, None, {}, ())


def _item(
    mime: str,
    kind: Kind,
    name: str,
    place: str,
    fields: Fields,
    lies: Place,
    mtime: str | None,
    meta: Mapping[str, object],
    notes: Sequence[Note],
) -> Found:
    try:
        data = content(mime, fields)
    except UnicodeEncodeError:
        data = content(mime, {key: _clean(value) for key, value in fields.items()})
        why = "halves of characters or bytes that are no UTF-8: kept as they are written"
        notes = (*notes, Note(HALF, f"chat: {why}"))
    return Found(
        name=name,
        kind=kind,
        place=place,
        size=len(data),
        mtime=mtime,
        read=lambda: BytesIO(data),
        meta={"offset": lies[0], "length": lies[1], **meta},
        notes=tuple(notes),
    )


def chat(name: str, place: str, facts: Mapping[str, object]) -> Found:
    """Return the directory of a chat; ``facts``: its name, its kind as programs and as the house call it."""
    return Found(name=name, kind=Kind.DIRECTORY, place=place, meta=_plain(facts))


def stretch(name: str, place: str, lies: Place, notes: Sequence[Note] = ()) -> Found:
    """Return bytes of an export that are neither message nor account, as they lie there."""
    return Found(name=name, kind=Kind.RECORD, place=place, size=lies[1], runs=(lies,), notes=tuple(notes))


def part(name: str) -> str:
    """Return a name as one part of a path: ``/`` and NUL, which no part has, as ``\\x2f`` and ``\\x00``.

    One of more than LONGEST_NAME characters is cut: it would stand in the path of every message.
    """
    name = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    return written(name).replace("/", "\\x2f").replace("\0", "\\x00") or "\\x"


def flat(name: str, value: Any) -> Iterator[Value]:
    """Yield whatever a program says beside what has a name here: ``["a.0.b", "text"]``, true and false as they are.

    Numbers are texts: some are too large for canonical JSON, some have more digits than it keeps.
    """
    waiting: list[tuple[str, Any, int]] = [(name, value, 0)]
    while waiting:
        where, each, depth = waiting.pop()
        inner: list[tuple[str, Any, int]] = []
        if depth < DEEPEST and isinstance(each, dict):
            inner = [part for key, held in each.items() for part in _named(where, key, held, depth + 1)]
        elif depth < DEEPEST and isinstance(each, list):
            inner = [(f"{where}.{at}", held, depth + 1) for at, held in enumerate(each)]
        if inner:
            waiting += reversed(inner)
        elif isinstance(each, str | bool):
            yield [where, each]
        else:
            yield [where, json.dumps(each, ensure_ascii=False)]


def _named(where: str, key: str, held: Any, depth: int) -> Iterator[tuple[str, Any, int]]:
    if len(key) <= LONGEST_NAME:
        yield f"{where}.{key}", held, depth
    else:  # it would stand before everything in it
        yield f"{where}.{key[:LONGEST_NAME]}…", key, depth
        yield f"{where}.{key[:LONGEST_NAME]}…", held, depth


def _clean(value: Value) -> Value:
    if isinstance(value, str):
        return written(value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return {key: _clean(each) for key, each in value.items()} if isinstance(value, dict) else value


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    return {
        key: written(value) if isinstance(value, str) else value
        for key, value in facts.items()
        if value is not None
    }
