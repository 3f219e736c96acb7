"""Properties as all of Outlook's formats have them: a number, a type, bytes. Text, times and numbers out of them.

Source: [MS-OXCDATA] 2.11.1 (property types); [MS-OXPROPS] (which property is which).
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain
from struct import Struct, error
from typing import NamedTuple
from uuid import UUID

from actionday.mime.charset import decode
from actionday.model.times import filetime

I16, I32, F32, F64, CURRENCY, APPTIME, ERROR, BOOLEAN, OBJECT, I64 = 2, 3, 4, 5, 6, 7, 10, 11, 13, 20
STRING8, UNICODE, TIME, GUID, SERVER_ID, BINARY = 0x1E, 0x1F, 0x40, 0x48, 0xFB, 0x102
RESTRICTION, ACTIONS = 0xFD, 0xFE
MULTIPLE = 0x1000
FIXED = {
    I16: 2,
    I32: 4,
    F32: 4,
    F64: 8,
    CURRENCY: 8,
    APPTIME: 8,
    ERROR: 4,
    BOOLEAN: 1,
    I64: 8,
    TIME: 8,
    GUID: 16,
}
"""Bytes of the types that have always the same length."""
VARIABLE = frozenset({STRING8, UNICODE, BINARY, OBJECT, SERVER_ID, RESTRICTION, ACTIONS})
KEPT = 1000
"""Characters of a text that is kept: shorter than any ``most`` that is asked for."""
MOST = 64 << 20
"""Bytes of one value that are held."""
SETS = ("", "00020328-0000-0000-c000-000000000046", "00020329-0000-0000-c000-000000000046")
"""The sets that are named by number: none, PS_MAPI, PS_PUBLIC_STRINGS."""
_ENTRY = Struct("<IHH")
NAMED = 0x8000
"""Numbers from here on stand for names, which each file lists."""
_NUMBERS = {I16: Struct("<h"), I32: Struct("<i"), F32: Struct("<f"), F64: Struct("<d"), I64: Struct("<q"),
            APPTIME: Struct("<d"), CURRENCY: Struct("<q"), ERROR: Struct("<I")}  # fmt: skip


def is_known(kind: int) -> bool:
    """Say whether a value of this type can be read: one of the types of [MS-OXCDATA], single or multiple."""
    single = kind & ~MULTIPLE
    return single in FIXED or single in VARIABLE or kind == 1


class Property(NamedTuple):
    """One property. ``chunks`` gives its bytes anew at each call and may raise Damaged; ``error``: why it cannot."""

    number: int
    kind: int
    chunks: Callable[[], Iterator[bytes]]
    size: int | None = None
    error: str = ""
    held: bytes | None = None
    """All its bytes, where they are in memory."""

    def raw(self, most: int = MOST) -> bytes:
        """Return its bytes up to ``most``. Raises Damaged."""
        if self.held is not None:
            return self.held if len(self.held) <= most else self.held[:most]
        got, parts = 0, list[bytes]()
        for each in self.chunks():
            parts.append(each[: most - got])
            got += len(parts[-1])
            if got >= most:
                break
        return parts[0] if len(parts) == 1 else b"".join(parts)


def at_hand(number: int, kind: int, raw: bytes) -> Property:
    """Return a property whose bytes are in memory."""
    return Property(number, kind, partial(_at_once, raw), len(raw), held=raw)


def _at_once(raw: bytes) -> Iterator[bytes]:
    return iter((raw,) if raw else ())


class Name(NamedTuple):
    """What a number from 0x8000 on means in one file: a set and a number or a string in it."""

    set: str
    own: int | str


class Props:
    """The properties of one object by their numbers; of two with one number the first counts."""

    def __init__(self, found: Mapping[int, Property], names: Mapping[int, Name], charset: str = "") -> None:
        self.found, self.names, self._charset = found, names, charset
        self._texts: dict[int, str] = {}

    @property
    def charset(self) -> str:
        """Return the charset of 8-bit text in this object: what it says itself, else what its store says."""
        page = self.number(0x3FFD) or self.number(0x3FDE)
        return (
            f"cp{page}"
            if page and page not in (1200, 1201) and page != 65001
            else "utf-8"
            if page == 65001
            else self._charset
        )

    def named(self, wanted: Name) -> int:
        """Return the number under which a name stands in this file, 0 where it has none."""
        return next((number for number, name in self.names.items() if name == wanted), 0)

    def text(self, number: int, most: int = MOST) -> str:
        """Return a text, "" where there is none. Raises Damaged where its bytes cannot be had."""
        if (known := self._texts.get(number)) is not None:
            return known
        each = self.found.get(number)
        text = "" if each is None or each.kind not in (STRING8, UNICODE) else self.shown(each, most)
        if len(text) < KEPT:  # a form asks for the same names and addresses again and again
            self._texts[number] = text
        return text

    def shown(self, each: Property, most: int = MOST) -> str:
        """Return the text of a property of characters."""
        raw = each.raw(most)
        if each.kind == UNICODE:
            return raw[: len(raw) & ~1].decode("utf-16-le", "replace").rstrip("\0")
        return decode(raw.rstrip(b"\0"), self.charset).text

    def number(self, number: int) -> int:
        """Return a whole number, 0 where there is none."""
        each = self.found.get(number)
        if each is None or each.kind not in (I16, I32, I64, BOOLEAN):
            return 0
        return int.from_bytes(each.raw(8), "little", signed=each.kind != BOOLEAN)

    def time(self, number: int) -> str | None:
        """Return a time as RFC 3339 UTC, None where there is none or no calendar has it."""
        each = self.found.get(number)
        return filetime(int.from_bytes(each.raw(8), "little")) if each and each.kind == TIME else None


def value_of(props: Props, each: Property, most: int) -> object:
    """Return a value as JSON has it; None for one that is longer than ``most`` bytes or empty. Raises Damaged."""
    raw = each.raw(most + 1)
    if len(raw) > most or not raw:
        return None
    if each.kind & MULTIPLE:
        return [_single(props, each.number, each.kind & ~MULTIPLE, part) for part in several(each.kind, raw)]
    return _single(props, each.number, each.kind, raw)


def several(kind: int, raw: bytes) -> list[bytes]:
    """Return the values within one of several: as [MS-PST] 2.3.3.4.2 lays them out. A step a value."""
    if size := FIXED.get(kind & ~MULTIPLE):
        return [raw[at : at + size] for at in range(0, len(raw), size)]
    count = min(int.from_bytes(raw[:4], "little"), len(raw) // 4)
    begins = [int.from_bytes(raw[at : at + 4], "little") for at in range(4, 4 + 4 * count, 4)]
    ends = [*begins[1:], len(raw)][: len(begins)]
    if any(begin > end for begin, end in zip(begins, ends, strict=True)):
        return [raw]  # their places contradict one another: no byte is taken twice
    return [raw[begin:end] for begin, end in zip(begins, ends, strict=True)]


def put_together(values: list[bytes]) -> bytes:
    """Return what ``several`` takes apart, of values of no fixed length."""
    at, head = 4 + 4 * len(values), len(values).to_bytes(4, "little")
    for each in values:
        head += at.to_bytes(4, "little")
        at += len(each)
    return head + b"".join(values)


def _single(props: Props, number: int, kind: int, raw: bytes) -> object:
    if kind in (STRING8, UNICODE):
        return props.shown(at_hand(number, kind, raw))
    if kind == TIME:
        return filetime(int.from_bytes(raw, "little")) or f"0x{raw[::-1].hex()}"
    if kind == BOOLEAN:
        return any(raw)
    if kind == GUID and len(raw) == 16:
        return str(UUID(bytes_le=raw))
    try:
        shape = _NUMBERS[kind]
        number = shape.unpack(raw[: shape.size])[0]
    except (KeyError, error):
        return f"0x{raw.hex()}"
    return number if abs(number) < 1 << 53 else str(number)  # NaN and what JSON numbers cannot hold: as text


def joined(parts: Iterator[bytes], *more: Iterator[bytes]) -> Iterator[bytes]:
    """Return chunks one behind the other, none of them empty."""
    return filter(None, chain(parts, *more))


def names_of(sets: bytes, entries: bytes, strings: bytes) -> Iterator[tuple[int, Name]]:
    """Yield number and name of each named property of a file: a step an entry.

    Source: [MS-PST] 2.4.7, [MS-OXMSG] 2.2.3: both have the same three streams.
    """
    for at in range(0, len(entries) - 7, 8):
        own, which, index = _ENTRY.unpack_from(entries, at)
        begin = ((which >> 1) - 3) * 16
        raw = sets[begin : begin + 16] if begin >= 0 else b""
        of = SETS[which >> 1] if begin < 0 else str(UUID(bytes_le=raw)) if len(raw) == 16 else "?"
        if which & 1:
            size = int.from_bytes(strings[own : own + 4], "little")
            yield (
                NAMED + index,
                Name(of, strings[own + 4 : own + 4 + min(size, 1024)].decode("utf-16-le", "replace")),
            )
        else:
            yield NAMED + index, Name(of, own)
