"""The streams of a document that is an OLE2 compound file, and its property sets.

Source: [MS-CFB] 2.6 (directory); [MS-OLEPS] 2.20 to 2.25 (property sets);
[MS-OSHARED] 2.3.3 (which property is what); [MS-OVBA] 2.2 (project of macros).
"""

import re
import struct
from struct import unpack_from

from msgspec import structs

from actionday.mime.compound import MAGIC, Compound
from actionday.mime.compound_facts import CLASS, LONGEST, USER, class_names, user
from actionday.mime.compound_tree import STREAM, Entry
from actionday.model import Loss, Note, Parsed
from actionday.parsers._properties import ALTOGETHER, CUT, Kept, own_name

FILETIME_EPOCH = 11_644_473_600
SUMMARY = {2: "title", 3: "subject", 4: "author", 5: "keywords", 6: "description", 7: "template", 8: "last_author",
           9: "revision", 12: "created", 13: "modified", 18: "producer"}  # fmt: skip
DOCUMENT_SUMMARY = {2: "category", 14: "manager", 15: "company", 27: "status", 28: "language"}
WHOLE = 1 << 30
"""Bytes of a stream of properties: no content that is read is larger."""
MACROS = "_VBA_PROJECT"
"""The stream of every project of macros. Source: [MS-OVBA] 2.2.5."""

SEALED_TOKEN, CLEAR_TOKEN = b"\xdf\xc4\xd1\xf3", b"\x5f\xc0\x91\xe3"
FORBIDDEN = re.compile(r"[/\\:!]")
NAME = 64
"""Bytes of a name's field."""


class Ole:
    """The streams in the root of a compound file. Raises Damaged when it is none.

    Those of an embedded document, which has the same names, are no part of the one that it lies in.
    """

    def __init__(self, data: memoryview) -> None:
        self._compound = Compound(lambda at, length: bytes(data[at : at + length]), len(data))
        self._streams: dict[str, Entry] = {}
        for each in self._compound.tree.top():
            if each.kind == STREAM:
                self._streams.setdefault(each.name, each)

    def names(self) -> list[str]:
        """Return the names of the streams in the root."""
        return list(self._streams)

    def everywhere(self) -> list[str]:
        """Return the names of all streams and storages."""
        return [each.name for each in self._compound.tree.entries.values()]

    def anywhere(self, name: str) -> bool:
        """Say whether a stream or storage of that name stands somewhere in the tree."""
        return any(each.name == name for each in self._compound.tree.entries.values())

    def read(self, name: str, limit: int = 1 << 20) -> bytes:
        """Return up to ``limit`` bytes of a stream, none when there is no such stream."""
        each = self._streams.get(name)
        return self._compound.content(each, limit) if each else b""

    @property
    def end(self) -> int:
        """Return the byte behind the last sector's first that its tables place: a sound file is longer."""
        return self._compound.end


def is_sealed_show(ole: Ole) -> bool:
    """Say whether a presentation needs a password: its Current User says so, or, where that says nothing, its summary.

    Source: [MS-PPT] 2.3.2 (headerToken of CurrentUserAtom), 2.1.3 (EncryptedSummary).
    """
    token = ole.read(USER, 16)[12:]
    if {"WordDocument", "Workbook", "Book"} & {*ole.names()}:
        return False
    return token == SEALED_TOKEN or ("EncryptedSummary" in ole.names() and token != CLEAR_TOKEN)


def with_plain_names(data: memoryview) -> memoryview:
    """Return a compound file whose names have no sign that the standard forbids: its reader refuses a file for one.

    Source: [MS-CFB] 2.6.1. The names alone change; streams that no parser reads keep theirs as items.
    """
    names = [name for name in Ole(data).everywhere() if FORBIDDEN.search(name)]
    whole = bytes(data) if names else b""
    for name in names:
        field, plain = (
            each.encode("utf-16-le").ljust(NAME, b"\0") for each in (name, FORBIDDEN.sub("_", name))
        )
        whole = whole.replace(field, plain)
    return memoryview(whole) if names else data


def with_remarks(parsed: Parsed, data: memoryview) -> Parsed:
    """Return what was read of a document with what is to be said of its compound file, where it is one.

    That it has macros, and the loss where it ends before its last sectors.
    """
    if bytes(data[:8]) != MAGIC:
        return parsed
    ole, notes = Ole(data), list[Note]()
    if ole.anywhere(MACROS):
        notes.append(Note("embedded_object", "macros (VBA) in it: their code is packed, and not read"))
    if ole.end > len(data):
        why = f"OLE2: ends at byte {len(data)}, its tables place sectors up to byte {ole.end} at least"
        notes.append(Note(Loss.BROKEN_OFF, why))
    reason = parsed.reason or (notes[0].reason if notes else "")
    return structs.replace(parsed, notes=(*parsed.notes, *notes), reason=reason)


def summary(ole: Ole) -> dict[str, object]:
    """Return title, author, times, company and the like from both summary streams, and what the small ones tell."""
    return _told(ole) | _of_sets(ole)


def _told(ole: Ole) -> dict[str, object]:
    """Return what the program calls its kind of document, and who saved a presentation last."""
    names, who = class_names(ole.read(CLASS, LONGEST + 1)), user(ole.read(USER, LONGEST + 1))
    return ({"object_class": list(names)} if names else {}) | ({"last_user": who} if who else {})


def _of_sets(ole: Ole) -> dict[str, object]:
    more = _Block(ole.read("\x05DocumentSummaryInformation", WHOLE))
    first = _Block(ole.read("\x05SummaryInformation", WHOLE))
    found = _own(more) | _property_set(more, DOCUMENT_SUMMARY) | _property_set(first, SUMMARY)
    cut = more.cut + first.cut
    return found | ({CUT: cut} if cut else {})


class _Block:
    """A stream of property sets; texts beyond ``4 * ALTOGETHER`` bytes are counted: thousands may be the same bytes."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.cut, self._room = 0, 4 * ALTOGETHER

    def number(self, form: str, at: int) -> int:
        """Return a number. Raises struct.error behind the end."""
        return int(unpack_from(form, self.raw, at)[0])

    def text(self, at: int, size: int, page: int) -> str:
        """Return a string of ``size`` bytes, up to a NUL."""
        size = max(min(size, len(self.raw) - at), 0)
        if size > self._room:
            self.cut += size
            return ""
        self._room -= size
        return _decoded(self.raw[at : at + size], page).partition("\0")[0]


def _own(block: _Block) -> dict[str, object]:
    """Return the properties that people named themselves, from the second set of the stream."""
    kept = Kept()
    try:
        if len(block.raw) < 68 or block.number("<I", 24) < 2:
            return {}
        base = block.number("<I", 64)
        places = _places(block, base)
        page = block.number("<H", places[1] + 4) if 1 in places else 1252
        for number, name in _dictionary(block, places[0], page).items() if 0 in places else ():
            value = _value(block, places[number], page) if number in places else None
            if value:
                kept.named(name)
                kept.add(own_name(name), value, "; ")
    except struct.error:
        pass  # cut short: the other set says so
    facts = kept.facts()
    block.cut += int(str(facts.pop(CUT, 0)))
    return facts


def _dictionary(block: _Block, at: int, page: int) -> dict[int, str]:
    """Return the names of properties by number ([MS-OLEPS] 2.17)."""
    names: dict[int, str] = {}
    count = block.number("<I", at)
    at += 4
    for _ in range(count):
        number, length = block.number("<I", at), block.number("<I", at + 4)
        size = length * (2 if page == 1200 else 1)
        names[number] = block.text(at + 8, size, page)
        at += 8 + size + (-size % 4 if page == 1200 else 0)
    return names


def _places(block: _Block, base: int) -> dict[int, int]:
    count = min(block.number("<I", base + 4), max(len(block.raw) - base - 8, 0) // 8)
    rows = (unpack_from("<II", block.raw, base + 8 + 8 * row) for row in range(count))
    return {number: base + at for number, at in rows}


def _property_set(block: _Block, names: dict[int, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    try:
        base = block.number("<I", 44)
        places = _places(block, base)
        page = block.number("<H", places[1] + 4) if 1 in places else 1252
        for number, key in names.items():
            value = _value(block, places[number], page) if number in places else None
            if value:
                found[key] = value
    except struct.error:  # cut short: what was read stays
        found["properties_damaged"] = bool(block.raw)
    return {key: value for key, value in found.items() if value}


def _value(block: _Block, at: int, page: int) -> str | None:
    kind = block.number("<H", at)
    if kind == 0x1E:
        return block.text(at + 8, block.number("<I", at + 4), page).strip()
    if kind == 0x1F:
        return block.text(at + 8, 2 * block.number("<I", at + 4), 1200).strip()
    if kind in (2, 3):
        return str(block.number("<h" if kind == 2 else "<i", at + 4))
    return _time(block.number("<Q", at + 4)) if kind == 0x40 else None


def _decoded(raw: bytes, page: int) -> str:
    try:
        return raw.decode(
            {1200: "utf-16-le", 65001: "utf-8", 10000: "mac_roman"}.get(page, f"cp{page}"), "replace"
        )
    except LookupError:
        return raw.decode("cp1252", "replace")


def _time(filetime: int) -> str | None:
    """Return a FILETIME (100 ns since 1601) as RFC 3339 UTC; None for zero and for times before 1980."""
    from datetime import UTC, datetime

    seconds = filetime // 10_000_000 - FILETIME_EPOCH
    if not 315_532_800 <= seconds < 253_402_300_800:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
