"""Small APFS containers, written by hand: several volumes, compressed files, encrypted volumes with their keys.

The checksum is the slow one, word by word; the ciphers are those of the library, a sector at a time. What a real
writer makes is among the samples of ``tests/sources/machine``.

Source: Apple, "Apple File System Reference" (2020-06-22).
"""

import hashlib
import hmac
import struct
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

BLOCK, COUNT, RING = 4096, 96, 8
PHYSICAL, ENCRYPTED = 0x40000000, 0x10000000
CONTAINER = UUID("4b657374-7265-6c00-0000-00000000c0de").bytes
TIME = 1_772_359_200_000_000_000
XID = 7
PERSONAL = UUID("ebc6c064-0000-11aa-aa11-00306543ecac").bytes
COMPRESSED = 0x20


class Packed(NamedTuple):
    """A compressed file: its attribute, its resource fork."""

    attribute: bytes
    fork: bytes = b""
    flags: int = COMPRESSED


class Link(NamedTuple):
    """A symbolic link."""

    target: str


class Volume(NamedTuple):
    """What a volume is to hold; ``secrets`` with their owners, where it is to be encrypted."""

    name: str
    files: dict[str, "bytes | Packed | Link"]
    secrets: Sequence[tuple[bytes, bytes]] = ()
    half: bool = False
    attributes: Mapping[str, dict[str, bytes]] = MappingProxyType({})
    incompat: int = 1
    hint: str = ""

    @property
    def uuid(self) -> bytes:
        """Its identifier."""
        return hashlib.md5(self.name.encode(), usedforsecurity=False).digest()


def fletcher(data: bytes) -> bytes:
    """Return the checksum of an object's bytes, one word after another."""
    low = high = 0
    for (word,) in struct.iter_unpack("<I", data):
        low = (low + word) % 0xFFFFFFFF
        high = (high + low) % 0xFFFFFFFF
    first = 0xFFFFFFFF - (low + high) % 0xFFFFFFFF
    return struct.pack("<II", first, 0xFFFFFFFF - (low + first) % 0xFFFFFFFF)


def summed(raw: bytes) -> bytes:
    """Return an object with its checksum."""
    return fletcher(raw[8:]) + raw[8:]


def made(kind: int, oid: int, body: bytes, subtype: int = 0, xid: int = XID) -> bytes:
    """Return a block with an object."""
    return summed((bytes(8) + struct.pack("<QQII", oid, xid, kind, subtype) + body).ljust(BLOCK, b"\0"))


def node(records: Sequence[tuple[bytes, bytes]], level: int, *, root: bool, fixed: bool) -> bytes:
    """Return what stands in a node behind the header of its object."""
    flags = (1 if root else 0) | (0 if level else 2) | (4 if fixed else 0)
    table = b"".join(_entries(records, fixed=fixed))
    keys = b"".join(key for key, _ in records)
    values = b"".join(value for _, value in reversed(records))
    sizes = (len(records[0][0]), len(records[0][1])) if fixed and records else (0, 0)
    end = struct.pack("<IIIIIIQQ", 0, BLOCK, *sizes, 0, 0, len(records), 1) if root else b""
    space = BLOCK - 56 - len(table) - len(keys) - len(values) - len(end)
    assert space >= 0
    head = struct.pack(
        "<HHIHHHHHHHH", flags, level, len(records), 0, len(table), len(keys), space, 0xFFFF, 0, 0xFFFF, 0
    )
    return head + table + keys + bytes(space) + values + end


def _entries(records: Sequence[tuple[bytes, bytes]], *, fixed: bool) -> Iterator[bytes]:
    at = behind = 0
    for key, value in records:
        behind += len(value)
        yield (
            struct.pack("<HH", at, behind)
            if fixed
            else struct.pack("<HHHH", at, len(key), behind, len(value))
        )
        at += len(key)


def split(records: Sequence[tuple[bytes, bytes]], most: int = 3000) -> Iterator[list[tuple[bytes, bytes]]]:
    """Yield the records of one leaf after another."""
    here, size = list[tuple[bytes, bytes]](), 0
    for key, value in records:
        length = len(key) + len(value) + 8
        if here and size + length > most:
            yield here
            here, size = [], 0
        here.append((key, value))
        size += length
    yield here


class Disk:
    """A container that is being written."""

    def __init__(self) -> None:
        self.blocks: dict[int, bytes] = {}
        self.free = 1 + RING

    def put(self, raw: bytes) -> int:
        """Write bytes to the next blocks; return the first of them."""
        at, count = self.free, max(1, -(-len(raw) // BLOCK))
        self.free += count
        for number in range(count):
            self.blocks[at + number] = raw[number * BLOCK : (number + 1) * BLOCK].ljust(BLOCK, b"\0")
        return at

    def map(self, records: Sequence[tuple[int, int, int]], xid: int = XID) -> int:
        """Write an object map of (object, flags, block); return where it lies."""
        pairs = [(struct.pack("<QQ", oid, xid), struct.pack("<IIQ", flags, BLOCK, at))
                 for oid, flags, at in sorted(records)]  # fmt: skip
        at = self.free
        self.put(made(2 | PHYSICAL, at, node(pairs, 0, root=True, fixed=True), 11))
        body = struct.pack("<IIIIQQQ", 1, 0, 2 | PHYSICAL, 2 | PHYSICAL, at, 0, 0)
        return self.put(made(11 | PHYSICAL, at + 1, body))

    def bytes(self) -> bytes:
        """Return the whole container."""
        assert self.free <= COUNT
        return b"".join(self.blocks.get(number, bytes(BLOCK)) for number in range(COUNT))


def enciphered(raw: bytes, key: bytes, sector: int) -> bytes:
    """Return sectors of 512 bytes, enciphered by their numbers: block by block, as the library takes no two equal keys."""
    half, pieces = len(key) // 2, []
    blocks, tweaks = (Cipher(AES(each), ECB()).encryptor() for each in (key[:half], key[half:]))
    for at in range(0, len(raw), 512):
        tweak = int.from_bytes(tweaks.update((sector + at // 512).to_bytes(16, "little")), "little")
        for place in range(at, at + 512, 16):
            mask = tweak.to_bytes(16, "little")
            pieces.append(_masked(blocks.update(_masked(raw[place : place + 16], mask)), mask))
            tweak = (tweak << 1) ^ (0x87 | 1 << 128 if tweak >> 127 else 0)
    return b"".join(pieces)


def _masked(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def written(*volumes: Volume, older: Volume | None = None) -> bytes:
    """Return a container with volumes; ``older``: what the first of them was at the checkpoint before."""
    disk = Disk()
    if older is not None:
        before = disk.map([(1026, 0, _volume(disk, 0, older, XID - 1))], XID - 1)
        disk.blocks[4] = _head(before, (0, 0), 1, XID - 1)
    places = [(1026 + number, 0, _volume(disk, number, each)) for number, each in enumerate(volumes)]
    omap = disk.map(places)
    keys = _bags(disk, volumes)
    disk.blocks[0] = disk.blocks[2] = _head(omap, keys, len(volumes))
    disk.blocks[1] = made(12 | PHYSICAL, 1, struct.pack("<II", 1, 0))
    return disk.bytes()


def _head(omap: int, keys: tuple[int, int], volumes: int, xid: int = XID) -> bytes:
    body = bytearray(BLOCK - 32)
    struct.pack_into("<4sIQQQQ16sQQIIQQIIIIII", body, 0, b"NXSB", BLOCK, COUNT, 0, 0, 2, CONTAINER, 2000, xid + 1, RING, 0,
                     1, 0, 3, 0, 1, 2, 0, 0)  # fmt: skip
    struct.pack_into("<QQQII", body, 120, 0, omap, 0, 0, 100)
    for number in range(volumes):
        struct.pack_into("<Q", body, 152 + 8 * number, 1026 + number)
    struct.pack_into("<QQ", body, 1264, *keys)
    return made(1 | 0x80000000, 1, bytes(body), xid=xid)


def _volume(disk: Disk, index: int, each: Volume, xid: int = XID) -> int:
    key = _volume_key(each)[0]
    records = sorted(_records(disk, each, key), key=lambda pair: _order(pair[0]))
    leaves, oid = list(split(records)), 1100
    told, above = [], []
    for number, leaf in enumerate(leaves):
        alone = len(leaves) == 1
        raw = made(2 if alone else 3, oid + number + (not alone), node(leaf, 0, root=alone, fixed=False), 14)
        told.append((oid + number + (not alone), _node(disk, raw, key)))
        above.append((leaf[0][0], struct.pack("<Q", oid + number + 1)))
    if len(leaves) > 1:
        told.append((oid, _node(disk, made(2, oid, node(above, 1, root=True, fixed=False), 14), key)))
    omap = disk.map([(number, 4 if key else 0, at) for number, at in told], xid)
    body = bytearray(BLOCK - 32)
    struct.pack_into("<4sIQQQQ", body, 0, b"APSB", index, 2, 0, each.incompat, TIME)
    struct.pack_into("<IIIQQQQ", body, 84, 2, 2 | PHYSICAL, 2 | PHYSICAL, omap, oid, 0, 0)
    struct.pack_into("<16sQQ32sQQ", body, 208, each.uuid, TIME, 8 if key else 1, b"apfs_writer", TIME, XID)
    body[672 : 672 + len(each.name.encode())] = each.name.encode()
    return disk.put(made(13, 1026 + index, bytes(body), xid=xid))


def _node(disk: Disk, raw: bytes, key: bytes) -> int:
    return disk.put(enciphered(raw, key, disk.free * 8) if key else raw)


def _order(key: bytes) -> tuple[int, int, bytes]:
    (value,) = struct.unpack_from("<Q", key)
    return value & (1 << 60) - 1, value >> 60, key[8:] if value >> 60 != 8 else key[15:7:-1]


def _key(number: int, kind: int, more: bytes = b"") -> bytes:
    return struct.pack("<Q", kind << 60 | number) + more


def _records(disk: Disk, each: Volume, key: bytes) -> Iterator[tuple[bytes, bytes]]:
    numbers, free = {"": 2}, 16
    yield _name(each, 1, "root", 2, 4)
    yield _inode(2, 1, 0o40755, 0, "root")
    for path, content in each.files.items():
        above = 2
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder not in numbers:
                numbers[folder], free = free, free + 1
                yield _name(each, above, parts[depth - 1], numbers[folder], 4)
                yield _inode(numbers[folder], above, 0o40755, 0, parts[depth - 1])
            above = numbers[folder]
        number, free = free, free + 1
        yield _name(each, above, parts[-1], number, 10 if isinstance(content, Link) else 8)
        yield from _content(disk, (number, above, parts[-1]), content, key)
        for name, value in each.attributes.get(path, {}).items():
            yield _attribute(number, name, value)


def _content(
    disk: Disk, at: tuple[int, int, str], content: "bytes | Packed | Link", key: bytes
) -> Iterator[tuple[bytes, bytes]]:
    number, above, name = at
    if isinstance(content, Link):
        yield _inode(number, above, 0o120755, 0, name)
        yield _attribute(number, "com.apple.fs.symlink", content.target.encode() + b"\0")
    elif isinstance(content, Packed):
        yield _inode(number, above, 0o100644, content.flags, name)
        yield _attribute(number, "com.apple.decmpfs", content.attribute)
        if content.fork:
            stream = 1 << 20 | number
            yield _extent(disk, stream, content.fork, key)
            value = struct.pack("<HHQ", 1, 48, stream) + _stream(len(content.fork), key)
            yield _key(number, 4, struct.pack("<H", 23) + b"com.apple.ResourceFork\0"), value
    else:
        yield _inode(number, above, 0o100644, 0, name, len(content), key)
        if content:
            yield _extent(disk, number, content, key)


def _stream(size: int, key: bytes) -> bytes:
    return struct.pack("<QQQQQ", size, -(-size // BLOCK) * BLOCK, 4 if key else 0, size, size)


def _extent(disk: Disk, stream: int, content: bytes, key: bytes) -> tuple[bytes, bytes]:
    size = -(-len(content) // BLOCK) * BLOCK
    tweak = 1000 + stream if key else 0
    raw = content.ljust(size, b"\0")
    at = disk.put(enciphered(raw, key, tweak * 8) if key else raw)
    return _key(stream, 8, struct.pack("<Q", 0)), struct.pack("<QQQ", size, at, tweak)


def _attribute(number: int, name: str, value: bytes) -> tuple[bytes, bytes]:
    named = name.encode() + b"\0"
    return _key(number, 4, struct.pack("<H", len(named)) + named), struct.pack("<HH", 2, len(value)) + value


def _name(each: Volume, above: int, name: str, number: int, kind: int) -> tuple[bytes, bytes]:
    named = name.encode() + b"\0"
    told = (
        struct.pack("<I", len(named) | hash_of(name) << 10)
        if each.incompat & 9
        else struct.pack("<H", len(named))
    )
    return _key(above, 9, told + named), struct.pack("<QQH", number, TIME, kind)


def hash_of(name: str) -> int:
    """Return what names are sorted by here: not the one of Apple, which no reader needs."""
    return int.from_bytes(hashlib.sha256(name.casefold().encode()).digest()[:3], "big") >> 2


def _inode(
    number: int, above: int, mode: int, flags: int, name: str, size: int = -1, key: bytes = b""
) -> tuple[bytes, bytes]:
    value = struct.pack(
        "<QQqqqqQiIIIIIHHQ", above, number, TIME, TIME, TIME, TIME, 0, 1, 0, 0, flags, 501, 20, mode, 0, 0
    )
    fields = [(4, 2, name.encode() + b"\0"), *([(8, 0x20, _stream(size, key))] if size >= 0 else [])]
    bodies = b"".join(each.ljust(-(-len(each) // 8) * 8, b"\0") for _, _, each in fields)
    heads = b"".join(struct.pack("<BBH", kind, how, len(each)) for kind, how, each in fields)
    return _key(number, 3), value + struct.pack("<HH", len(fields), len(bodies)) + heads + bodies


def _volume_key(each: Volume) -> tuple[bytes, bytes, bytes]:
    """Return the key of a volume, the part of it that is wrapped, and the key it is wrapped by."""
    if not each.secrets:
        return b"", b"", b""
    size = 16 if each.half else 32
    part = hashlib.sha256(b"volume key" + each.uuid).digest()[:size]
    whole = part + hashlib.sha256(part + each.uuid).digest()[:16] if each.half else part
    return whole, part, hashlib.sha256(b"middle" + each.uuid).digest()[:size]


def _bags(disk: Disk, volumes: Sequence[Volume]) -> tuple[int, int]:
    entries = []
    for each in volumes:
        if not each.secrets:
            continue
        _, part, middle = _volume_key(each)
        held = [(owner, 3, blob(owner, middle, each.half, secret)) for owner, secret in each.secrets]
        if each.hint:
            held.append((each.secrets[0][0], 4, each.hint.encode()))
        at = _bag(disk, 0x72656373, held, each.uuid)
        wrapped = aes_key_wrap(middle, part)
        entries.append((each.uuid, 2, packed(each.uuid, each.half, wrapped)))
        entries.append((each.uuid, 3, struct.pack("<QQ", at, 1)))
    return (_bag(disk, 0x6B657973, entries, CONTAINER), 1) if entries else (0, 0)


def _bag(disk: Disk, kind: int, entries: Sequence[tuple[bytes, int, bytes]], uuid: bytes) -> int:
    stored = b""
    for owner, tag, data in entries:
        one = struct.pack("<16sHH4x", owner, tag, len(data)) + data
        stored += one.ljust(-(-len(one) // 16) * 16, b"\0")
    raw = made(kind, disk.free, struct.pack("<HHI8x", 2, len(entries), len(stored)) + stored)
    return disk.put(enciphered(raw, uuid + uuid, disk.free * 8))


ROUNDS = 1000


def blob(owner: bytes, middle: bytes, half: bool, secret: bytes) -> bytes:
    """Return the key between, wrapped by what a secret gives."""
    salt = hashlib.sha256(owner).digest()[:16]
    made_of = hashlib.pbkdf2_hmac("sha256", secret, salt, ROUNDS)
    more = der(0x84, ROUNDS.to_bytes(2, "big")) + der(0x85, salt)
    return packed(owner, half, aes_key_wrap(made_of[: len(middle)], middle), more)


def packed(owner: bytes, half: bool, wrapped: bytes, more: bytes = b"") -> bytes:
    """Return a key as the bags have it."""
    inner = der(0x80, b"\0") + der(0x81, owner) + der(0x82, struct.pack("<II", 2 if half else 0, 0))
    body = der(0xA3, inner + der(0x83, wrapped.ljust(40, b"\0")) + more)
    salt = owner[:8]
    told = hmac.digest(hashlib.sha256(bytes.fromhex("011620171505") + salt).digest(), body, "sha256")
    return der(0x30, der(0x80, b"\0") + der(0x81, told) + der(0x82, salt) + body)


def der(tag: int, data: bytes) -> bytes:
    """Return an element of DER."""
    length = bytes([len(data)]) if len(data) < 128 else bytes([0x81, len(data)])
    return bytes([tag]) + length + data
