"""The directories of TIFF and Exif by their bytes: which of them something accounts for, and what the others say.

Source: TIFF 6.0, 2 (structure), 15 (tiles), supplement 1 (``SubIFDs``); Exif 3.0, 4.6.2 (pointers) and 4.6.5.

The library reads the tags that people fill in; here are those it passes over: texts under unknown numbers, notes of a
maker, thumbnails' directories, and bytes that no directory points at.
"""

from collections.abc import Iterator
from struct import error, unpack_from
from typing import NamedTuple

from actionday.parsers._icc import colours
from actionday.parsers._stray import Once, gaps
from actionday.parsers._tags import Tags

HEADS = {b"II*\0": "<", b"MM\0*": ">"}
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
BYTES = frozenset({1, 6, 7})
TEXT = 2
POINTERS = {0x8769: "exif", 0x8825: "gps", 0xA005: "interoperability", 0x014A: "exif"}
DATA = {273: 279, 288: 289, 324: 325, 513: 514}
"""Tags that say where coded data lie, and those that say how many bytes."""
MAKER_NOTE, PROFILE, FILLING = 0x927C, 34675, frozenset({0xEA1C, 0xBC0E})
MOST_DIRECTORIES = 1000
MOST_ENTRIES = 4096
MOST_GAPS = 2000
LEAST_LETTERS = 4
"""Letters from which a text under an unknown number says something: versions and dates have fewer."""


class _Entry(NamedTuple):
    within: str
    tag: int
    type: int
    start: int
    size: int


class Known(NamedTuple):
    """Tags that somebody reads: by number those of pictures, and those of places."""

    names: dict[int, str]
    read: frozenset[int]
    gps: frozenset[int]


def directories(block: memoryview, where: str, tags: Tags, known: Known, *, whole: bool = False) -> None:
    """Take what Exif or a TIFF says beside the tags that are read elsewhere; nothing where it begins as neither.

    ``whole``: the block is a file, whose picture lies where its directories say; none is looked for behind a fault.
    """
    order = HEADS.get(bytes(block[:4]))
    if not order:
        return
    taken = [(0, 8)]
    fault, once = False, Once(len(block))
    data: dict[tuple[str, int], list[int]] = {}
    directory = 0
    for entry in _entries(block, order, taken, tags):
        if entry is None:
            fault = True
        elif entry.start == 0:
            directory += 1
        elif entry.tag in DATA or entry.tag in DATA.values():
            data[str(directory), entry.tag] = _numbers(block, order, entry)
        elif entry.tag not in POINTERS:
            _take(block, entry, where, (tags, known, once))
    for (which, tag), starts in data.items():
        if tag in DATA:
            sizes = data.get((which, DATA[tag]), [])
            fault = fault or len(sizes) < len(starts)
            taken.extend((start, start + size) for start, size in zip(starts, sizes, strict=False))
    if whole and fault:
        return
    for number, (begin, end) in enumerate(gaps(taken, 0, len(block))):
        if number >= MOST_GAPS:
            tags.beyond(f"{MOST_GAPS} places between fields")
            break
        tags.stray(f"{where} (in no field)", block[begin:end])


def _entries(
    block: memoryview, order: str, taken: list[tuple[int, int]], tags: Tags
) -> Iterator[_Entry | None]:
    """Yield the entries of all directories, one that starts at 0 before each directory, None for a fault."""
    todo, seen = [("exif", unpack_from(f"{order}I", block, 4)[0] if len(block) >= 8 else 0)], set[int]()
    while todo:
        within, at = todo.pop()
        if not at or at in seen:
            continue
        if len(seen) >= MOST_DIRECTORIES:
            tags.beyond(f"{MOST_DIRECTORIES} directories")
            return
        seen.add(at)
        yield _Entry(within, 0, 0, 0, 0)
        try:
            count = unpack_from(f"{order}H", block, at)[0]
            if count > MOST_ENTRIES:
                if at + 2 + 12 * count <= len(block):
                    tags.beyond(f"{MOST_ENTRIES} fields of one directory")
                yield None
                continue
            taken.append((at, at + 2 + 12 * count + 4))
            for place in range(at + 2, at + 2 + 12 * count, 12):
                tag, kind, many = unpack_from(f"{order}HHI", block, place)
                size = SIZES.get(kind, 0) * many
                start = place + 8 if size <= 4 else unpack_from(f"{order}I", block, place + 8)[0]
                if not 0 < start <= start + size <= len(block):
                    yield None
                    continue
                taken.append((start, start + size))
                entry = _Entry(within, tag, kind, start, size)
                yield entry
                if tag in POINTERS and kind in (4, 13):
                    todo.extend((POINTERS[tag], each) for each in _numbers(block, order, entry))
            todo.append((within, unpack_from(f"{order}I", block, at + 2 + 12 * count)[0]))
        except error:
            yield None


def _numbers(block: memoryview, order: str, entry: _Entry) -> list[int]:
    letter = {3: "H", 4: "I", 13: "I"}.get(entry.type)
    if not letter:
        return []
    return list(unpack_from(f"{order}{entry.size // SIZES[entry.type]}{letter}", block, entry.start))


def _take(block: memoryview, entry: _Entry, where: str, into: tuple[Tags, Known, Once]) -> None:
    tags, known, once = into
    place = entry.within == "gps"
    if entry.tag in (known.gps if place else known.read):
        return
    name = "" if place else known.names.get(entry.tag, "")
    name = name or f"{entry.within}_{entry.tag:04x}"
    for begin, end in once.fresh(entry.start, entry.start + entry.size):
        body = block[begin:end]
        if entry.tag == MAKER_NOTE and not place:
            tags.own("maker_note", body)
        elif entry.tag == PROFILE and not place:
            colours(bytes(body), tags)
        elif entry.tag in FILLING and not place:
            tags.stray(f"{where} (filling)", body)
        elif entry.type == TEXT:
            text = bytes(body)
            if sum(map(str.isalpha, text.decode("latin-1"))) >= LEAST_LETTERS:
                tags.add(name, text)
        elif entry.type in BYTES:
            tags.own(name, body)
        else:
            tags.stray(f"{where} (numbers)", body, numbers=True)
