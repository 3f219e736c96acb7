"""What the headers of LUKS 1 and 2 say: key slots, what proves a key, and where the data lies.

Source: "LUKS On-Disk Format Specification" 1.2.3, section 2; "LUKS2 On-Disk Format Specification" 1.1.3, sections 2, 3.
"""

import hashlib
import json
import struct
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, NamedTuple

from actionday.model import Damaged, Stream
from actionday.model.names import printed
from actionday.model.streams import read_at

MAGIC, SECOND = b"LUKS\xba\xbe", b"SKUL\xba\xbe"
SIZES = tuple(1 << bits for bits in range(14, 23))
"""Bytes that a header of LUKS 2 may take; its second one stands behind the first."""
FIRST = struct.Struct(">6sH32s32s32sII20s32sI40s")
SLOT = struct.Struct(">II32sII")
ENABLED = 0x00AC71F3
BINARY = struct.Struct(">6sHQQ48s32s64s40s48sQ184x64s")
CHECKED = slice(448, 512)
MOST = 32
"""Key slots, segments and digests that a header may have: cryptsetup makes no more."""


class Slot(NamedTuple):
    """Where a key lies, and how what it is enciphered with comes out of a secret."""

    name: str
    kind: str
    rounds: int
    memory: int
    lanes: int
    salt: bytes
    hashed: str
    at: int
    key_size: int
    encryption: str
    area_key_size: int
    stripes: int
    split_hash: str


class Proof(NamedTuple):
    """What a key derives to, for the slots and segments that it is of."""

    slots: frozenset[str]
    segments: frozenset[str]
    hashed: str
    rounds: int
    salt: bytes
    digest: bytes


class Segment(NamedTuple):
    """A range of the file, and with what it is enciphered ("": with nothing)."""

    name: str
    at: int
    size: int | None
    encryption: str
    unit: int
    tweak: int
    changing: bool
    integrity: str


class Header(NamedTuple):
    """What is said of a volume."""

    version: int
    uuid: str
    label: str
    slots: tuple[Slot, ...]
    proofs: tuple[Proof, ...]
    segments: tuple[Segment, ...]
    asks: tuple[str, ...]
    """What a program has to know to open it (``requirements``)."""
    notes: tuple[str, ...]
    epoch: int = 0


def header_of(stream: Stream) -> Header:
    """Return the header, the second one where the first is damaged. Raises Damaged."""
    head = read_at(stream, 0, FIRST.size + 8 * SLOT.size)
    if head[:6] == MAGIC and head[6:8] == b"\0\1":
        return _first(head)
    return _second(stream)


def _text(raw: bytes) -> str:
    return printed(raw.split(b"\0")[0].decode("utf-8", "replace"))


def _first(head: bytes) -> Header:
    if len(head) < FIRST.size + 8 * SLOT.size:
        raise Damaged("luks: its header breaks off")
    _, _, cipher, mode, hashed, payload, size, digest, salt, rounds, uuid = FIRST.unpack_from(head)
    encryption, hashing = f"{_text(cipher)}-{_text(mode)}", _text(hashed)
    slots = []
    for number in range(8):
        state, turns, own, at, stripes = SLOT.unpack_from(head, FIRST.size + number * SLOT.size)
        if state == ENABLED:
            slots.append(Slot(str(number), "pbkdf2", turns, 0, 1, own, hashing, at * 512, size, encryption, size,
                              stripes, hashing))  # fmt: skip
    proof = Proof(frozenset(each.name for each in slots), frozenset("0"), hashing, rounds, salt, digest)
    data = Segment("0", payload * 512, None, encryption, 512, 0, changing=False, integrity="")
    return Header(1, _text(uuid), "", tuple(slots), (proof,), (data,), (), ())


def _second(stream: Stream) -> Header:
    found, why = list[Header](), ""
    first = read_at(stream, 0, 4096)
    for at in (0, *SIZES):
        raw = first if at == 0 else read_at(stream, at, 4096)
        if raw[:6] != (SECOND if at else MAGIC):
            continue
        try:
            found.append(_binary(stream, raw, at))
        except Damaged as error:
            why = why or str(error)
    if not found:
        raise Damaged(why or "luks: neither of its headers can be read")
    best = max(found, key=lambda each: each.epoch)
    if why or len(found) < 2 or first[:6] != MAGIC:
        lost = why or "luks: one of its two headers is gone"
        return best._replace(notes=(f"{lost}: it is opened by the other",))
    return best


def _binary(stream: Stream, raw: bytes, at: int) -> Header:
    which = "second" if at else "first"
    if len(raw) < 4096:
        raise Damaged(f"luks: its {which} header breaks off")
    _, version, size, epoch, label, algorithm, _, uuid, _, offset, checksum = BINARY.unpack_from(raw)
    if version != 2 or size not in SIZES or offset != at:
        raise Damaged(f"luks: its {which} header contradicts itself")
    whole = raw + read_at(stream, at + 4096, size - 4096)
    name = _text(algorithm)
    if name not in hashlib.algorithms_guaranteed or name.startswith("shake"):
        raise Damaged(f"luks: the checksum of its {which} header is of a kind that is not known")
    bare = whole[: CHECKED.start] + bytes(64) + whole[CHECKED.stop :]
    made = hashlib.new(name, bare).digest()
    if len(whole) < size or made != checksum[: len(made)]:
        raise Damaged(f"luks: the checksum of its {which} header differs")
    try:
        told = json.loads(whole[4096:].split(b"\0")[0])
        return _told(told, _text(uuid), _text(label), epoch)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Damaged(f"luks: its {which} header cannot be understood") from error


def _told(told: Mapping[str, Any], uuid: str, label: str, epoch: int) -> Header:
    if max(len(told[each]) for each in ("keyslots", "segments", "digests")) > MOST:
        raise ValueError("more than any program makes")
    slots = tuple(_slot(name, each) for name, each in told["keyslots"].items() if each["type"] == "luks2")
    slots = tuple(slot for slot, each in zip(slots, _priorities(told, slots), strict=True) if each)
    proofs = tuple(
        Proof(frozenset(each["keyslots"]), frozenset(each["segments"]), each["hash"], _number(each["iterations"]),
              b64decode(each["salt"]), b64decode(each["digest"]))
        for each in told["digests"].values() if each["type"] == "pbkdf2"
    )  # fmt: skip
    kept = {int(name): each for name, each in told["segments"].items()}
    segments = [_segment(str(name), kept[name]) for name in sorted(kept) if not _backup(kept[name])]
    asks = tuple(
        printed(str(each)) for each in told.get("config", {}).get("requirements", {}).get("mandatory", ())
    )
    return Header(2, uuid, label, slots, proofs, tuple(segments), asks, (), epoch)


def _priorities(told: Mapping[str, Any], slots: tuple[Slot, ...]) -> list[bool]:
    """Return which slots are of a key that some digest proves: others open nothing."""
    proved = {name for each in told["digests"].values() for name in each["keyslots"]}
    return [each.name in proved for each in slots]


def _slot(name: str, told: Mapping[str, Any]) -> Slot:
    kdf, area, split = told["kdf"], told["area"], told["af"]
    if area["type"] != "raw" or split["type"] != "luks1":
        raise ValueError(f"key slot {name}")
    argon = kdf["type"] != "pbkdf2"
    return Slot(name, str(kdf["type"]), _number(kdf["time"] if argon else kdf["iterations"]),
                _number(kdf["memory"]) if argon else 0, _number(kdf["cpus"]) if argon else 1,
                b64decode(kdf["salt"]), "" if argon else str(kdf["hash"]), _number(area["offset"]),
                _number(told["key_size"]), printed(str(area["encryption"])), _number(area["key_size"]),
                _number(split["stripes"]), str(split["hash"]))  # fmt: skip


def _backup(told: Mapping[str, Any]) -> bool:
    return any(str(each).startswith("backup-") for each in told.get("flags", ()))


def _segment(name: str, told: Mapping[str, Any]) -> Segment:
    size = None if told["size"] == "dynamic" else _number(told["size"])
    changing = "in-reencryption" in told.get("flags", ())
    if told["type"] == "linear":
        return Segment(name, _number(told["offset"]), size, "", 512, 0, changing, "")
    integrity = printed(str(told["integrity"]["type"])) if "integrity" in told else ""
    unit = _number(told["sector_size"])
    if told["type"] != "crypt" or unit not in (512, 1024, 2048, 4096):
        raise ValueError(f"segment {name}")
    encryption = printed(str(told["encryption"]))
    return Segment(name, _number(told["offset"]), size, encryption, unit, _number(told["iv_tweak"]), changing,
                   integrity)  # fmt: skip


def _number(told: object) -> int:
    """Return a number of the JSON, where those beyond 32 bits are texts. Raises ValueError."""
    found = int(str(told))
    if not 0 <= found < 1 << 63:
        raise ValueError(f"{found}")
    return found
