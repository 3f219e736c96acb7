"""BitLocker volumes with a known content, of every method and protector, written from the published format.

Source: Joachim Metz, "BitLocker Drive Encryption (BDE) format specification"; Niels Ferguson, "AES-CBC + Elephant
diffuser", 2006.
"""

import hashlib
import struct
from uuid import UUID
from zlib import crc32

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB, XTS

KIB, SECTOR = 1 << 10, 512
SIZE = 1024 * KIB
COPIES, MOVED, MOVED_SECTORS = (256 * KIB, 384 * KIB, 512 * KIB), 640 * KIB, 16
RESERVED = 64 * KIB
METHODS = {0x8000: 64, 0x8001: 64, 0x8002: 16, 0x8003: 32, 0x8004: 32, 0x8005: 64}
MASTER, VOLUME = bytes(range(32)), bytes(range(100, 164))
SALT = b"0123456789abcdef"
IDENTIFIER = UUID("4f8b2c1e-0000-4000-8000-00000000cafe")
SIGN = UUID("4967d63b-2e29-4ad8-8399-f6a339e3d001").bytes_le
BITMAPS = UUID("92a84d3b-dd80-4d0e-9e4e-b1e3284eaed8").bytes_le
PASSWORD = "kestrel über 4711"
NUMBERS = (11, 720885, 110, 1100, 7700, 330, 99, 55)
RECOVERY = "-".join(f"{each:06d}" for each in NUMBERS)


def stretched(known: bytes) -> bytes:
    last = bytes(32)
    for number in range(1 << 20):
        last = hashlib.sha256(last + known + SALT + struct.pack("<Q", number)).digest()
    return last


def entry(role: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<HHHH", 8 + len(data), role, kind, 1) + data


def boxed(key: bytes, inner: bytes, nonce: int) -> bytes:
    """A key entry, sealed with another key: nonce, tag, cipher text."""
    given = struct.pack("<QI", 132_000_000_000_000_000, nonce)
    sealed = AESCCM(key, tag_length=16).encrypt(given, inner, None)
    return given + sealed[-16:] + sealed[:-16]


def protector(kind: int, number: int, key: bytes, *within: bytes) -> bytes:
    inner = entry(0, 1, struct.pack("<HH", 0x2003, 0) + MASTER)
    head = UUID(int=number).bytes_le + struct.pack("<QHH", 0, 0, kind)
    return entry(2, 8, head + b"".join(within) + entry(0, 5, boxed(key, inner, number)))


def by_passphrase() -> bytes:
    known = hashlib.sha256(hashlib.sha256(PASSWORD.encode("utf-16-le")).digest()).digest()
    salt = entry(0, 3, struct.pack("<HH", 0x1000, 0) + SALT)
    return protector(0x2000, 1, stretched(known), salt)


def by_recovery() -> bytes:
    known = hashlib.sha256(b"".join(struct.pack("<H", each // 11) for each in NUMBERS)).digest()
    salt = entry(0, 3, struct.pack("<HH", 0x1000, 0) + SALT)
    return protector(0x0800, 2, stretched(known), salt)


def by_nothing() -> bytes:
    return protector(0x0000, 3, b"\7" * 32, entry(0, 1, struct.pack("<HH", 0x2000, 0) + b"\7" * 32))


STARTUP = b"\5" * 32


def by_startup() -> bytes:
    return protector(0x0200, 4, STARTUP, entry(0, 4, struct.pack("<HH", 5, 0)))


def startup_file() -> bytes:
    """What Windows writes to a stick, ``.BEK``."""
    key = entry(0, 1, struct.pack("<HH", 0x2002, 0) + STARTUP)
    inner = entry(6, 9, UUID(int=4).bytes_le + bytes(8) + key)
    return (
        struct.pack("<IIII16sIHHQ", 48 + len(inner), 1, 48, 48 + len(inner), UUID(int=4).bytes_le, 0, 0, 0, 0)
        + inner
    )


def metadata(method: int, protectors: bytes, version: int, state: int, reach: int) -> bytes:
    volume = entry(0, 1, struct.pack("<HH", method, 0) + VOLUME[: METHODS[method]])
    name = entry(7, 2, "STATION C: 3/1/2026\0".encode("utf-16-le"))
    name += entry(15, 15, struct.pack("<QQ", MOVED, MOVED_SECTORS * SECTOR)) if version > 1 else b""
    entries = name + protectors + entry(3, 5, boxed(MASTER, volume, 99))
    total = 48 + len(entries)
    data = struct.pack("<IIII16sIHHQ", total, 1, 48, total, IDENTIFIER.bytes_le, 100, method, 0, 0) + entries
    size = -(-(64 + total) // 16) * 16
    head = struct.pack("<8sHHHHQIIQQQQ", b"-FVE-FS-", size >> 4 if version > 1 else size, version, state, state, reach,
                       0, MOVED_SECTORS if version > 1 else 0, *COPIES, MOVED if version > 1 else 77)  # fmt: skip
    block = (head + data).ljust(size, b"\0")
    digest = entry(0, 1, struct.pack("<HH", 0x2005, 0) + hashlib.sha256(block).digest())
    check = entry(4, 5, boxed(MASTER, digest, 98))
    return block + struct.pack("<HHI", 8 + len(check), 2, crc32(block)) + check


def sector_of(method: int, at: int, plain: bytes) -> bytes:
    """One sector enciphered as Windows does."""
    if method >= 0x8004:
        key = VOLUME[: METHODS[method]]
        return Cipher(AES(key), XTS(struct.pack("<QQ", at // SECTOR, 0))).encryptor().update(plain)
    length = 16 if method in (0x8000, 0x8002) else 32
    key, place = VOLUME[:length], struct.pack("<QQ", at, 0)
    if method < 0x8002:
        second = Cipher(AES(VOLUME[32 : 32 + length]), ECB()).encryptor()
        own = second.update(place) + second.update(place[:15] + b"\x80")
        words = list(struct.unpack("<128I", bytes(a ^ b for a, b in zip(plain, own * 16, strict=True))))
        mix(words, 5, (9, 0, 13, 0), -1)
        mix(words, 3, (0, 10, 0, 25), 1)
        plain = struct.pack("<128I", *words)
    vector = Cipher(AES(key), ECB()).encryptor().update(place)
    return Cipher(AES(key), CBC(vector)).encryptor().update(plain)


def mix(words: list[int], cycles: int, turns: tuple[int, ...], side: int) -> None:
    for _ in range(cycles):
        for at in range(127, -1, -1):
            far, turn = words[(at + side * 5) % 128], turns[at % 4]
            far = (far << turn | far >> (32 - turn)) & 0xFFFFFFFF
            words[at] = (words[at] - (words[(at + side * 2) % 128] ^ far)) & 0xFFFFFFFF


def enciphered(method: int, begin: int, plain: bytes) -> bytes:
    return b"".join(
        sector_of(method, begin + at, plain[at : at + SECTOR]) for at in range(0, len(plain), SECTOR)
    )


def shown(plain: bytes, version: int = 2) -> bytes:
    """What Windows shows of ``plain``: zeros where its own metadata lies."""
    made = bytearray(plain)
    for at in COPIES:
        length = RESERVED if version > 1 else 16 * KIB
        made[at : at + length] = bytes(length)
    if version > 1:
        made[MOVED : MOVED + MOVED_SECTORS * SECTOR] = bytes(MOVED_SECTORS * SECTOR)
    return bytes(made)


def bitlocker(
    plain: bytes, protectors: bytes, method: int = 0x8004, *, version: int = 2, state: int = 4, reach: int = 0,
    to_go: bool = False, open_from: int = SIZE,
) -> bytes:  # fmt: skip
    """A volume that holds ``plain`` (SIZE bytes), enciphered up to ``open_from``."""
    made = bytearray(enciphered(method, 0, plain[:open_from]) + plain[open_from:])
    block = metadata(method, protectors, version, state, reach or (SIZE if version > 1 else 0))
    if version > 1:
        moved = plain[: MOVED_SECTORS * SECTOR]
        made[MOVED : MOVED + len(moved)] = enciphered(method, MOVED, moved) if open_from > MOVED else moved
        boot = bytearray(SECTOR)
        boot[:13] = b"\xeb\x58\x90" + (b"MSWIN4.1" if to_go else b"-FVE-FS-") + struct.pack("<H", SECTOR)
        boot[13] = 8
        place = 424 if to_go else 160
        boot[place : place + 40] = SIGN + struct.pack("<QQQ", *COPIES)
    else:
        made[:0x2000] = plain[:0x2000]
        boot = bytearray(plain[:SECTOR])
        boot[:14] = b"\xeb\x52\x90-FVE-FS-" + struct.pack("<H", SECTOR) + b"\x08"
        boot[0x38:0x40] = struct.pack("<Q", COPIES[0] // (8 * SECTOR))
    boot[510:] = b"\x55\xaa"
    made[:SECTOR] = boot
    for at in COPIES:
        made[at : at + len(block)] = block
    return bytes(made)
