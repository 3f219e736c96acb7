"""The header, catalogue and store headers of NTFS shadow copies: which older states a volume keeps, and where.

Source: J. Metz, "Volume Shadow Snapshot (VSS) format" (libvshadow), sections "Volume header", "Catalog", "Store";
Microsoft, ``_VSS_VOLUME_SNAPSHOT_ATTRIBUTES``.
"""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from actionday.model import Damaged, Stream
from actionday.model.streams import read_at
from actionday.sources.volumes._signs import u16, u32, u64

MARK = UUID("3808876b-c176-4e48-b7ae-04046e6cc752").bytes_le
PLACE = 0x1E00
"""Byte of the volume at which the header stands."""
BLOCK, HEAD, ENTRY = 0x4000, 128, 128
VOLUME, CATALOGUE, LIST, STORE, BITMAP = 1, 2, 3, 4, 6
"""Types of records."""
MOST_STATES = 512
"""Shadow copies that Windows keeps of a volume."""
MOST_CATALOGUE = 64
"""Blocks of a catalogue: eight hold 512 shadow copies."""
ATTRIBUTES = {0: "persistent", 1: "no auto recovery", 2: "client accessible", 3: "no auto release", 4: "no writers",
              5: "transportable", 6: "not surfaced", 7: "not transacted", 16: "hardware assisted", 17: "differential",
              18: "plex", 19: "imported", 20: "exposed locally", 21: "exposed remotely", 22: "auto recover",
              23: "rollback recovery", 24: "delayed post-snapshot", 25: "TxF recovery"}  # fmt: skip
LONGEST_NAME = 512
"""Bytes of the name of a machine that are kept; Windows allows 255 characters."""


class Entry(NamedTuple):
    """What the catalogue says of one shadow copy; places in bytes of the volume, 0 where it names none."""

    store: str
    size: int
    made: int
    """FILETIME: 100 ns since 1601."""
    sequence: int
    blocks: int = 0
    head: int = 0
    bitmap: int = 0
    before: int = 0
    """The bitmap of the shadow copy before it."""


class Catalogue(NamedTuple):
    """The shadow copies from the oldest on, and what of the catalogue cannot be told."""

    entries: list[Entry]
    damage: list[str]


class Told(NamedTuple):
    """What the header of a store says of its shadow copy."""

    copy: str
    of_set: str
    context: int
    attributes: list[str]
    machine: str
    service: str


def catalogue_at(stream: Stream) -> int:
    """Return where the catalogue begins, 0 where the volume keeps no shadow copies. Raises Damaged or OSError."""
    head = read_at(stream, PLACE, 512)
    if head[:16] != MARK:
        return 0
    kind, at = u32(head, 20), u64(head, 24)
    if len(head) < 512 or kind != VOLUME or at != PLACE:
        raise Damaged(f"its header is of type {kind} and says that it stands at byte {at}")
    return u64(head, 48)


def block_at(stream: Stream, at: int, kind: int) -> bytes:
    """Return a block of the type ``kind``, header included. Raises Damaged for what is none, or says another place."""
    raw = read_at(stream, at, BLOCK)
    if len(raw) != BLOCK:
        raise Damaged(f"the block at byte {at} lies behind the end of the volume")
    if raw[:16] != MARK or u32(raw, 20) != kind or u64(raw, 32) != at:
        raise Damaged(f"the block at byte {at} is no record of type {kind}, or was written for another place")
    return raw


def chained(stream: Stream, at: int, kind: int, most: int) -> Iterator[bytes]:
    """Yield the blocks of a chain, ``most`` > 0 at the most. Raises Damaged where it breaks off or goes round."""
    seen = set[int]()
    while at:
        if at in seen or len(seen) >= most:
            raise Damaged(f"its blocks of type {kind} go round, or are more than {most}")
        seen.add(at)
        raw = block_at(stream, at, kind)
        yield raw
        at = u64(raw, 40)


def catalogue(stream: Stream, at: int) -> Catalogue:
    """Return what the catalogue at byte ``at`` names; of one that is damaged what can be told."""
    copies, stores, damage = dict[str, Entry](), dict[str, Entry](), list[str]()
    try:
        for raw in chained(stream, at, CATALOGUE, MOST_CATALOGUE):
            for place in range(HEAD, BLOCK, ENTRY):
                _take(raw[place : place + ENTRY], copies, stores, damage)
    except (Damaged, OSError) as error:
        damage.append(f"its catalogue breaks off: {error}")
    for lost in sorted(stores.keys() - copies.keys()):
        damage.append(f"the catalogue names the store {lost} and not when it was made: it is not read")
    whole = [_joined(each, stores.get(store)) for store, each in copies.items()]
    whole.sort(key=lambda each: (each.made, each.sequence, each.store))
    if len(whole) > MOST_STATES:
        damage.append(f"its catalogue names {len(whole)} shadow copies: the oldest are not read")
    return Catalogue(whole[-MOST_STATES:], damage)


def _take(raw: bytes, copies: dict[str, Entry], stores: dict[str, Entry], damage: list[str]) -> None:
    kind, name = u64(raw, 0), str(UUID(bytes_le=raw[16:32]))
    if kind == 2:
        copies[name] = Entry(name, u64(raw, 8), u64(raw, 48), u64(raw, 32))
    elif kind == 3:
        stores[name] = Entry(name, 0, 0, 0, u64(raw, 8), u64(raw, 32), u64(raw, 48), u64(raw, 72))
    elif kind > 3:
        damage.append(f"its catalogue holds an entry of the unknown type {kind}")


def _joined(copy: Entry, store: Entry | None) -> Entry:
    if store is None:
        return copy
    return copy._replace(blocks=store.blocks, head=store.head, bitmap=store.bitmap, before=store.before)


def told(stream: Stream, at: int) -> Told:
    """Return what the store at byte ``at`` says of itself. Raises Damaged or OSError."""
    raw = block_at(stream, at, STORE)[HEAD:]
    machine, end = _name(raw, 64)
    service, _ = _name(raw, end)
    flags = u32(raw, 56)
    named = [ATTRIBUTES.get(bit, f"0x{1 << bit:x}") for bit in range(32) if flags >> bit & 1]
    copy, of_set = (str(UUID(bytes_le=raw[place : place + 16])) for place in (16, 32))
    return Told(copy, of_set, u32(raw, 48), named, machine, service)


def _name(raw: bytes, at: int) -> tuple[str, int]:
    """Return the name whose length stands at ``at``, and where it ends; none for a length that cannot be."""
    length = u16(raw, at) if at + 2 <= len(raw) else 0
    if length > LONGEST_NAME or at + 2 + length > len(raw):
        return "", len(raw)
    text = raw[at + 2 : at + 2 + length].decode("utf-16-le", "replace")
    return text.rstrip("\0"), at + 2 + length
