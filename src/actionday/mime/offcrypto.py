"""Office packages with a password: the key out of the password, and the package out of its sealed stream.

Source: [MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9 (standard encryption), 2.3.4.10 to 2.3.4.15 (agile encryption).
"""

import hashlib
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from hmac import compare_digest
from struct import unpack_from
from typing import NamedTuple
from xml.parsers.expat import ExpatError

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

from actionday.mime.expat import create
from actionday.model import Damaged, Unsupported
from actionday.model.names import printed

INFO, PACKAGE = "EncryptionInfo", "EncryptedPackage"
LARGEST_INFO = 64 << 10
SEGMENT = 4096
MOST_SPUN, STANDARD_SPUN = 10_000_000, 50_000
"""Rounds that a document may ask for (the standard's own limit; Office writes 100,000), and those of the older form."""
MOST_ROUNDS = 12_000_000
"""Rounds that are spent on one document with all secrets: 5 s, half of what an item may take."""
HASHES = ("SHA1", "SHA256", "SHA384", "SHA512")
VERIFIER, VERIFIED, VALUE = (
    bytes.fromhex(each) for each in ("fea7d2763b4b9e79", "d7aa0f6d3061344e", "146e0be7abacd0d6")
)
Read = Callable[[int, int], bytes]


class Opened(NamedTuple):
    """Which secret fits, counted from 1, and what deciphers a segment by its number."""

    secret: int
    segment: Callable[[int, bytes], bytes]


class NotOpened(NamedTuple):
    """How many secrets were tried, and why no more ("": all were)."""

    tried: int
    why: str


def opened(info: bytes, secrets: Sequence[str]) -> Opened | NotOpened:
    """Return what deciphers the package whose ``EncryptionInfo`` is given. Raises Damaged or Unsupported."""
    try:
        found = _agile(info) if info[:4] == b"\4\0\4\0" else _standard(info)
        for number, secret in enumerate(secrets, 1):
            if number * found.rounds > MOST_ROUNDS:
                return NotOpened(number - 1, f"it asks for {found.rounds} rounds for each")
            try:
                spelt = secret.encode("utf-16-le")
            except UnicodeEncodeError:  # bytes that are no text are no password of an office program
                continue
            if (segment := found.tried(spelt)) is not None:
                return Opened(number, segment)
    except (ExpatError, KeyError, IndexError, ValueError, OverflowError) as error:
        raise Damaged("office document: its EncryptionInfo cannot be understood") from error
    return NotOpened(len(secrets), "")


def unsealed(read: Read, size: int, document: Opened) -> Iterator[bytes]:
    """Yield the package out of the stream that ``read(offset, length)`` reads. Raises Damaged where it breaks off."""
    due = int.from_bytes(read(0, 8), "little")
    given = number = 0
    while given < due:
        held = read(8 + number * SEGMENT, SEGMENT)
        whole = held[: len(held) // 16 * 16]
        if not whole:
            raise Damaged(
                f"office document: the sealed package gives {given} of {due} bytes (of {size} in its stream)"
            )
        plain = document.segment(number, whole)[: due - given]
        given, number = given + len(plain), number + 1
        yield plain


class _Way(NamedTuple):
    """How a password is tried: ``tried`` returns what deciphers, None where it does not fit."""

    rounds: int
    tried: Callable[[bytes], Callable[[int, bytes], bytes] | None]


def _spun(name: str, salt: bytes, secret: bytes, rounds: int) -> bytes:
    made, new = hashlib.new(name, salt + secret).digest(), getattr(hashlib, name.lower())
    for number in range(rounds):
        made = new(number.to_bytes(4, "little") + made).digest()
    return made


def _fitted(made: bytes, length: int) -> bytes:
    return made[:length].ljust(length, b"\x36")


def _cbc(key: bytes, vector: bytes, data: bytes) -> bytes:
    return Cipher(AES(key), CBC(vector)).decryptor().update(data)


def _agile(info: bytes) -> _Way:
    data, lock = _elements(info[8:LARGEST_INFO])
    for each in (data, lock):
        if each["cipherAlgorithm"] != "AES" or each["cipherChaining"] != "ChainingModeCBC":
            raise Unsupported(
                f"office document: {printed(each['cipherAlgorithm'])} with a password: not deciphered"
            )
        if each["hashAlgorithm"] not in HASHES:
            raise Unsupported(
                f"office document: {printed(each['hashAlgorithm'])} with a password: not deciphered"
            )
    name, salt, rounds = lock["hashAlgorithm"], b64decode(lock["saltValue"]), int(lock["spinCount"])
    length, vector = int(lock["keyBits"]) // 8, _fitted(salt, 16)
    if not 0 <= rounds <= MOST_SPUN or length not in (16, 24, 32):
        raise ValueError(rounds)
    sealed = {part: b64decode(lock[part]) for part in
              ("encryptedVerifierHashInput", "encryptedVerifierHashValue", "encryptedKeyValue")}  # fmt: skip
    own, of_data = data["hashAlgorithm"], b64decode(data["saltValue"])
    size = int(data["keyBits"]) // 8

    def tried(secret: bytes) -> Callable[[int, bytes], bytes] | None:
        spun = _spun(name, salt, secret, rounds)

        def part(block: bytes, what: str) -> bytes:
            key = _fitted(hashlib.new(name, spun + block).digest(), length)
            return _cbc(key, vector, sealed[what])

        shown = part(VERIFIER, "encryptedVerifierHashInput")[: len(salt)]
        wanted = hashlib.new(name, shown).digest()
        if not compare_digest(part(VERIFIED, "encryptedVerifierHashValue")[: len(wanted)], wanted):
            return None
        key = part(VALUE, "encryptedKeyValue")[:size]
        return lambda number, held: _cbc(
            key, _fitted(hashlib.new(own, of_data + number.to_bytes(4, "little")).digest(), 16), held
        )

    return _Way(rounds, tried)


def _elements(markup: bytes) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the attributes of ``keyData`` and of the ``encryptedKey`` of a password. Raises KeyError."""
    found: dict[str, dict[str, str]] = {}

    def begins(name: str, attributes: dict[str, str]) -> None:
        found.setdefault(name.rpartition(":")[2], attributes)

    parser = create(markup[:512])
    parser.StartElementHandler = begins
    parser.Parse(markup.rstrip(b"\0"), True)
    return found["keyData"], found["encryptedKey"]


def _standard(info: bytes) -> _Way:
    major, minor = unpack_from("<HH", info.ljust(12, b"\0"))
    if minor != 2 or major not in (2, 3, 4):
        raise Unsupported(f"office document: a password of version {major}.{minor}: not deciphered")
    length = unpack_from("<I", info, 8)[0] if len(info) >= 12 else 0
    head, rest = info[12 : 12 + length], info[12 + length :]
    if len(head) < 32 or len(rest) < 72:
        raise ValueError(length)
    algorithm, bits = unpack_from("<I", head, 8)[0], unpack_from("<I", head, 16)[0]
    if algorithm not in (0x660E, 0x660F, 0x6610) or bits not in (128, 192, 256):
        raise Unsupported(f"office document: the cipher {algorithm:#x} with a password: not deciphered")
    salt, verifier, wanted = rest[4:20], rest[20:36], rest[40:72]

    def tried(secret: bytes) -> Callable[[int, bytes], bytes] | None:
        spun = _spun("SHA1", salt, secret, STANDARD_SPUN)
        last = hashlib.sha1(spun + bytes(4)).digest()
        pads = (
            bytes(a ^ b for a, b in zip(last.ljust(64, b"\0"), bytes([pad]) * 64, strict=True))
            for pad in (0x36, 0x5C)
        )
        key = b"".join(hashlib.sha1(each).digest() for each in pads)[: bits // 8]
        blocks = Cipher(AES(key), ECB()).decryptor()  # noqa: S305 - what the format has
        shown = hashlib.sha1(blocks.update(verifier)).digest()
        if not compare_digest(blocks.update(wanted)[: len(shown)], shown):
            return None
        return lambda _, held: blocks.update(held)

    return _Way(STANDARD_SPUN, tried)
