"""Keys of an encrypted APFS volume: two bags of them, in which a secret opens one that opens the volume's.

Source: Apple, "Apple File System Reference" (2020-06-22), "Encryption" (``kb_locker_t``, ``keybag_entry_t``); how the
keys are packed: apfs-fuse, ``ApfsLib/KeyMgmt.cpp``; RFC 3394 (key wrap), RFC 8018 (PBKDF2).
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

from actionday.model import Context, Derivation
from actionday.sources.filesystems._apfs_object import SECTOR, Blocks, object_of
from actionday.sources.filesystems._tsk_bytes import u16, u32, u64
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.volumes._secret import forms
from actionday.sources.volumes._sectors import Deciphered, Xts, plain64

CONTAINER, VOLUME = 0x6B657973, 0x72656373
"""Types of the two bags, "keys" and "recs"."""
KEY, RECORDS, HINT = 2, 3, 4
VERSIONS = (2,)
BAG, ENTRY = 48, 24
MOST_BLOCKS, MOST_ENTRIES = 16, 1024
PERSONAL = UUID("ebc6c064-0000-11aa-aa11-00306543ecac").bytes
COOKIE = bytes.fromhex("011620171505")
HALF = 2
"""The flag of keys of 128 bits, whose second half is made of them."""
HARDWARE = 1
RECOVERY = re.compile(r"[0-9A-Za-z]{4}(?:-?[0-9A-Za-z]{4}){5}")


class Wrapped(NamedTuple):
    """A key that another one opens; of one that a secret opens ``salt`` and ``rounds``."""

    uuid: bytes
    flags: int
    key: bytes
    rounds: int
    salt: bytes

    @property
    def size(self) -> int:
        """Bytes of the key, and of the one that opens it."""
        return 16 if self.flags & HALF else 32


class Opened(NamedTuple):
    """The key of a volume, and what it was opened by."""

    key: bytes
    by: str


def cipher_of(key: bytes) -> Deciphered:
    """Return what deciphers sectors of 512 bytes by a key of 32 bytes."""
    return Xts("aes", key, plain64, SECTOR)


class Keys:
    """The keys of one container."""

    def __init__(self, blocks: Blocks, place: tuple[int, int], uuid: bytes) -> None:
        """Raises BadMap or Missing where the bag cannot be read."""
        self._blocks = blocks
        self._bag = list(entries(bag(blocks, place, uuid, CONTAINER)))

    def volume(self, uuid: bytes) -> "VolumeKeys":
        """Return the keys of a volume. Raises BadMap or Missing."""
        own = [data for of, tag, data in self._bag if of == uuid and tag == KEY]
        where = [data for of, tag, data in self._bag if of == uuid and tag == RECORDS and len(data) >= 16]
        if not own or not where:
            raise BadMap("the container's bag of keys has none of it")
        place = u64(where[0], 0), u64(where[0], 8)
        held = list(entries(bag(self._blocks, place, uuid, VOLUME)))
        return VolumeKeys(wrapped(own[0]), held)


class VolumeKeys:
    """The keys of one volume."""

    def __init__(self, own: Wrapped, held: list[tuple[bytes, int, bytes]]) -> None:
        self._own = own
        self._slots: list[tuple[bytes, Wrapped]] = []
        self.bad: list[str] = []
        """Why some of them cannot be used."""
        self.hint = ""
        for uuid, tag, data in held:
            if tag == RECORDS:
                try:
                    self._slots.append((uuid, wrapped(data)))
                except BadMap as error:
                    self.bad.append(f"{error}")
            elif tag == HINT:
                self.hint = data.decode("utf-8", "backslashreplace")
        self.ways = [_said(uuid) for uuid, _ in self._slots]
        self.hardware = bool(own.flags & HARDWARE)

    def opens(self, secret: str, around: Context) -> Opened | None:
        """Return the volume's key where ``secret`` opens it. Raises TooCostly, Unknown, ValueError."""
        for form in spelt(secret):
            for uuid, slot in self._slots:
                if not slot.rounds:
                    continue
                made = around.derive(Derivation("pbkdf2", form, slot.salt, 32, slot.rounds))
                middle = unwrapped(slot, made)
                if middle and (key := self._key(middle)):
                    return Opened(key, _said(uuid))
        return None

    def _key(self, middle: bytes) -> bytes:
        key = unwrapped(self._own, middle)
        if key and self._own.flags & HALF:
            return key + hashlib.sha256(key + self._own.uuid).digest()[:16]
        return key


def spelt(secret: str) -> Iterator[bytes]:
    """Yield the bytes that a secret may be; of one that looks like a recovery key also as the system spells it."""
    told = dict.fromkeys(forms(secret))
    if RECOVERY.fullmatch(secret.strip()):
        plain = secret.strip().replace("-", "").upper()
        told["-".join(plain[at : at + 4] for at in range(0, len(plain), 4)).encode()] = None
    yield from told


def _said(uuid: bytes) -> str:
    return "recovery key" if uuid == PERSONAL else f"password of {UUID(bytes=uuid)}"


def unwrapped(box: Wrapped, key: bytes) -> bytes:
    """Return the key in ``box``; b"" where ``key`` is not its."""
    data = box.key[: box.size + 8]
    if len(data) < box.size + 8:
        return b""
    try:
        return aes_key_unwrap(key[: box.size], data)
    except (InvalidUnwrap, ValueError):
        return b""


def bag(blocks: Blocks, place: tuple[int, int], uuid: bytes, kind: int) -> bytes:
    """Return a bag of keys, deciphered by the identifier of what it belongs to. Raises BadMap or Missing."""
    start, count = place
    if not 0 < count <= MOST_BLOCKS:
        raise BadMap(f"a bag of keys of {count} blocks")
    for cipher in (cipher_of(uuid + uuid), None):
        found = object_of(blocks.at(start, count, cipher))
        if found.type == kind and found.trusted:
            return found.raw
    raise BadMap(f"block {start} holds no bag of keys, or it was altered")


def entries(raw: bytes) -> Iterator[tuple[bytes, int, bytes]]:
    """Yield the entries of a bag: of whom, what, and its bytes. Raises BadMap."""
    version, count = u16(raw, 32), u16(raw, 34)
    if version not in VERSIONS:
        raise BadMap(f"a bag of keys of version {version}")
    at = BAG
    for _ in range(min(count, MOST_ENTRIES)):
        length = u16(raw, at + 18)
        if at + ENTRY + length > len(raw):
            raise BadMap("a bag of keys goes beyond its blocks")
        yield raw[at : at + 16], u16(raw, at + 16), raw[at + ENTRY : at + ENTRY + length]
        at += -(-(ENTRY + length) // 16) * 16


def wrapped(raw: bytes) -> Wrapped:
    """Return a packed key. Raises BadMap for one that is cut, or was altered."""
    outer = dict(_parts(_of(dict(_parts(raw)), 0x30)))
    told, salt, inner = _of(outer, 0x81), _of(outer, 0x82), _of(outer, 0xA3)
    body = next(each for tag, each in _stored(_of(dict(_parts(raw)), 0x30)) if tag == 0xA3)
    if not hmac.compare_digest(hmac.digest(hashlib.sha256(COOKIE + salt).digest(), body, "sha256"), told):
        raise BadMap("a key was altered: its digest differs")
    fields = dict(_parts(inner))
    flags = _of(fields, 0x82)
    rounds = int.from_bytes(fields.get(0x84, b"")[:8], "big")
    return Wrapped(_of(fields, 0x81), u32(flags, 0), _of(fields, 0x83), rounds, fields.get(0x85, b""))


def _of(parts: dict[int, bytes], tag: int) -> bytes:
    if (found := parts.get(tag)) is None:
        raise BadMap(f"a key without its part {tag:#04x}")
    return found


def _parts(raw: bytes) -> Iterator[tuple[int, bytes]]:
    for tag, each in _stored(raw):
        yield tag, each[_head(each)[0] :]


def _stored(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the elements of DER, tag and all of the element. Raises BadMap."""
    at = 0
    while at + 2 <= len(raw) and raw[at]:
        head, length = _head(raw[at : at + 6])
        if at + head + length > len(raw):
            raise BadMap("a key that is cut")
        yield raw[at], raw[at : at + head + length]
        at += head + length


def _head(raw: bytes) -> tuple[int, int]:
    """Return how long the head of an element is, and what follows it."""
    if len(raw) < 2:
        raise BadMap("a key that is cut")
    if raw[1] < 0x80:
        return 2, raw[1]
    count = raw[1] & 0x7F
    if not 0 < count <= 4 or len(raw) < 2 + count:
        raise BadMap("a key that is cut")
    return 2 + count, int.from_bytes(raw[2 : 2 + count], "big")
