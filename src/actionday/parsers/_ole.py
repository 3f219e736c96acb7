"""Streams of an OLE2 compound file, and the property sets of Office documents in it.

Source: [MS-CFB] 2.2 (header), 2.3 (FAT), 2.4 (mini FAT), 2.6 (directory); [MS-OLEPS] 2.20 to 2.25 (property sets);
[MS-OSHARED] 2.3.3 (which property is what); [MS-OVBA] 2.2 (project of macros).
"""

import struct
from itertools import islice
from struct import unpack_from

from msgspec import structs

from actionday.model import Damaged, Loss, Note, Parsed
from actionday.parsers._properties import Kept, own_name

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST = 0xFFFFFFFA
"""Sector numbers from here on are marks, not sectors."""
FREE = 0xFFFFFFFF
MOST_ENTRIES = 4096
FILETIME_EPOCH = 11_644_473_600
SUMMARY = {2: "title", 3: "subject", 4: "author", 5: "keywords", 6: "description", 7: "template", 8: "last_author",
           9: "revision", 12: "created", 13: "modified", 18: "producer"}  # fmt: skip
DOCUMENT_SUMMARY = {2: "category", 14: "manager", 15: "company", 27: "status", 28: "language"}
MOST_PROPERTIES = 256
MACROS = "_VBA_PROJECT"
"""The stream of every project of macros. Source: [MS-OVBA] 2.2.5."""


class Ole:
    """The directory of a compound file and the bytes of its streams. Raises Damaged when it is none."""

    def __init__(self, data: memoryview) -> None:
        if bytes(data[:8]) != MAGIC or len(data) < 512 or data[30] not in (9, 12):
            raise Damaged("OLE2: not a compound file")
        self._data = data
        self._sector = 1 << data[30]
        self._mini = 64
        start, self._cutoff, mini_start = unpack_from("<I4xII", data, 48)
        self._fat = self._table()
        self._directory = self._entries(self._chain(start, MOST_ENTRIES * 128))
        self._mini_fat = _longs(self._chain(mini_start, len(data)))
        root = self._directory.get("Root Entry")
        self._ministream = self._chain(root[0], min(root[1], len(data))) if root else b""

    def names(self) -> list[str]:
        """Return the names of streams and storages, wherever they stand in the tree."""
        return list(self._directory)

    def read(self, name: str, limit: int = 1 << 20) -> bytes:
        """Return up to ``limit`` bytes of a stream, none when there is no such stream."""
        start, size = self._directory.get(name, (LAST, 0))
        size = min(size, limit)
        if size and self._directory[name][1] < self._cutoff:
            return self._mini_chain(start, size)
        return self._chain(start, size)

    @property
    def end(self) -> int:
        """Return the byte behind the last sector's first that its tables place: a sound file is longer."""
        used = [number for number in unpack_from("<109I", self._data, 76) if number < LAST]
        used += islice((at for at in reversed(range(len(self._fat))) if self._fat[at] != FREE), 1)
        return (max(used, default=-1) + 1) * self._sector + 1

    def _table(self) -> list[int]:
        numbers = list(unpack_from("<109I", self._data, 76))
        more, per = unpack_from("<I", self._data, 68)[0], self._sector // 4
        for _ in range(len(self._data) // self._sector // per):  # no loop can be longer than the file
            block = _longs(self._at(more)) if more < LAST else []
            if len(block) < per:
                break
            numbers += block[:-1]
            more = block[-1]
        sectors = (number for number in numbers[: len(self._data) // self._sector] if number < LAST)
        return _longs(b"".join(self._at(number) for number in sectors))

    def _at(self, number: int) -> bytes:
        begin = (number + 1) * self._sector
        return bytes(self._data[begin : begin + self._sector])

    def _chain(self, number: int, limit: int) -> bytes:
        """Follow a chain for at most ``limit`` bytes: no loop can be longer than that."""
        parts: list[bytes] = []
        for _ in range(-(-limit // self._sector)):
            if number >= LAST:
                break
            parts.append(self._at(number))
            number = self._fat[number] if number < len(self._fat) else LAST
        return b"".join(parts)[:limit]

    def _mini_chain(self, number: int, limit: int) -> bytes:
        parts: list[bytes] = []
        for _ in range(-(-limit // self._mini)):
            if number >= LAST:
                break
            parts.append(self._ministream[number * self._mini : (number + 1) * self._mini])
            number = self._mini_fat[number] if number < len(self._mini_fat) else LAST
        return b"".join(parts)[:limit]

    def _entries(self, block: bytes) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for at in range(0, len(block) - 127, 128):
            length, kind = unpack_from("<HB", block, at + 64)
            if kind in (1, 2, 5) and 2 <= length <= 64:
                name = block[at : at + length - 2].decode("utf-16-le", "replace")
                found.setdefault(name, unpack_from("<II", block, at + 116))
        return found


def _longs(block: bytes) -> list[int]:
    return list(unpack_from(f"<{len(block) // 4}I", block))


def with_remarks(parsed: Parsed, data: memoryview) -> Parsed:
    """Return what was read of a document with what is to be said of its compound file, where it is one.

    That it has macros, and the loss where it ends before its last sectors.
    """
    if bytes(data[:8]) != MAGIC:
        return parsed
    ole, notes = Ole(data), list[Note]()
    if MACROS in ole.names():
        notes.append(Note("embedded_object", "macros (VBA) in it: their code is packed, and not read"))
    if ole.end > len(data):
        why = f"OLE2: ends at byte {len(data)}, its tables place sectors up to byte {ole.end} at least"
        notes.append(Note(Loss.BROKEN_OFF, why))
    reason = parsed.reason or (notes[0].reason if notes else "")
    return structs.replace(parsed, notes=(*parsed.notes, *notes), reason=reason)


def summary(ole: Ole) -> dict[str, object]:
    """Return title, author, times, company and the like from both summary streams."""
    more = ole.read("\x05DocumentSummaryInformation")
    found = _own(more) | _property_set(more, DOCUMENT_SUMMARY)
    return found | _property_set(ole.read("\x05SummaryInformation"), SUMMARY)


def _own(block: bytes) -> dict[str, object]:
    """Return the properties that people named themselves, from the second set of the stream."""
    kept = Kept()
    try:
        if len(block) < 68 or unpack_from("<I", block, 24)[0] < 2:
            return {}
        base = unpack_from("<I", block, 64)[0]
        places = _places(block, base)
        page = unpack_from("<H", block, places[1] + 4)[0] if 1 in places else 1252
        for number, name in _dictionary(block, places[0], page).items() if 0 in places else ():
            value = _value(block, places[number], page) if number in places else None
            if value:
                kept.named(name)
                kept.add(own_name(name), value, "; ")
    except struct.error:
        pass  # cut short: the other set says so
    return kept.facts()


def _dictionary(block: bytes, at: int, page: int) -> dict[int, str]:
    """Return the names of properties by number ([MS-OLEPS] 2.17)."""
    names, count = {}, min(unpack_from("<I", block, at)[0], MOST_PROPERTIES)
    at += 4
    for _ in range(count):
        number, length = unpack_from("<II", block, at)
        size = length * (2 if page == 1200 else 1)
        raw = block[at + 8 : at + 8 + min(size, 1024)]
        names[number] = _decoded(raw, page).partition("\0")[0]
        at += 8 + size + (-size % 4 if page == 1200 else 0)
    return names


def _places(block: bytes, base: int) -> dict[int, int]:
    count = min(unpack_from("<I", block, base + 4)[0], MOST_PROPERTIES)
    rows = (unpack_from("<II", block, base + 8 + 8 * row) for row in range(count))
    return {number: base + at for number, at in rows}


def _property_set(block: bytes, names: dict[int, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    try:
        base = unpack_from("<I", block, 44)[0]
        places = _places(block, base)
        page = unpack_from("<H", block, places[1] + 4)[0] if 1 in places else 1252
        for number, key in names.items():
            value = _value(block, places[number], page) if number in places else None
            if value:
                found[key] = value
    except struct.error:  # cut short: what was read stays
        found["properties_damaged"] = bool(block)
    return {key: value for key, value in found.items() if value}


def _value(block: bytes, at: int, page: int) -> str | None:
    kind = unpack_from("<H", block, at)[0]
    if kind == 0x1E:
        raw = block[at + 8 : at + 8 + min(unpack_from("<I", block, at + 4)[0], 4096)]
        return _decoded(raw, page).partition("\0")[0].strip()
    if kind == 0x1F:
        raw = block[at + 8 : at + 8 + 2 * min(unpack_from("<I", block, at + 4)[0], 2048)]
        return raw.decode("utf-16-le", "replace").partition("\0")[0].strip()
    if kind in (2, 3):
        return str(unpack_from("<h" if kind == 2 else "<i", block, at + 4)[0])
    return _time(unpack_from("<Q", block, at + 4)[0]) if kind == 0x40 else None


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
