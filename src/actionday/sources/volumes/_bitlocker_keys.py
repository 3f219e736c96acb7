"""The key of a BitLocker volume out of a secret: a passphrase, a recovery password, a start-up key, or none at all.

Source: Joachim Metz, "BitLocker Drive Encryption (BDE) format specification", key protectors and AES-CCM keys.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from actionday.model import Context, Derivation
from actionday.sources.volumes._bitlocker_block import CCM, KEY, STRETCH, Block, Protector, external
from actionday.sources.volumes._secret import HEX, forms
from actionday.sources.volumes._signs import u16

CLEAR, STARTUP, RECOVERY, PASSPHRASE = 0x0000, 0x0200, 0x0800, 0x2000
RECOVERY_PASSWORD = re.compile(r"\s*\d{6}(?:[-\s]\d{6}){7}\s*")
NONCE, TAG = 12, 16
MASTER = 32


class Opened(NamedTuple):
    """The key of the volume, of what cipher it is, and what it was opened by."""

    cipher: int
    key: bytes
    by: str


def unlocked(box: bytes, key: bytes) -> bytes:
    """Return the key that lies in ``box``, behind its type; b"" where ``key`` is not its."""
    if len(box) < NONCE + TAG or len(key) not in (16, 32):
        return b""
    nonce, tag, data = box[:NONCE], box[NONCE : NONCE + TAG], box[NONCE + TAG :]
    try:
        entry = AESCCM(key, tag_length=TAG).decrypt(nonce, data + tag, None)
    except (InvalidTag, ValueError):
        return b""
    return entry[8:]


class Keys:
    """Opens one volume."""

    def __init__(self, block: Block, around: Context) -> None:
        self._block, self._around = block, around
        self._protectors = block.protectors

    def clear(self) -> Opened | None:
        """Return the key where it lies open: while protection is suspended."""
        for each in self._of(CLEAR):
            key = each.first(KEY)[4:]
            if found := self._by(each, key):
                return found
        return None

    def opens(self, secret: str) -> Opened | None:
        """Return the key where ``secret`` opens it. Raises TooCostly."""
        for protector, key in self._tries(secret):
            if found := self._by(protector, key):
                return found
        if secret.startswith(HEX):
            for raw in forms(secret):
                if len(raw) == MASTER and (found := self._with(raw, "the master key itself")):
                    return found
        return None

    def _tries(self, secret: str) -> Iterator[tuple[Protector, bytes]]:
        if RECOVERY_PASSWORD.fullmatch(secret):
            numbers = [int(each) for each in re.findall(r"\d{6}", secret)]
            if all(each % 11 == 0 and each // 11 < 1 << 16 for each in numbers):
                known = hashlib.sha256(
                    b"".join((each // 11).to_bytes(2, "little") for each in numbers)
                ).digest()
                yield from self._stretched(RECOVERY, known)
        try:
            spelt = secret.encode("utf-16-le")
        except UnicodeEncodeError:  # bytes that are no text: nobody typed them here
            spelt = b""
        if spelt:
            once = hashlib.sha256(spelt).digest()
            yield from self._stretched(PASSPHRASE, hashlib.sha256(once).digest())
        if secret.startswith(HEX):
            for raw in forms(secret):
                key = raw if len(raw) == MASTER else external(raw)
                yield from ((each, key) for each in self._of(STARTUP))

    def _stretched(self, kind: int, known: bytes) -> Iterator[tuple[Protector, bytes]]:
        for each in self._of(kind):
            salt = each.first(STRETCH)[4:20]
            if len(salt) == 16:
                yield each, self._around.derive(Derivation("bitlocker", known, salt, MASTER))

    def _of(self, kind: int) -> Iterator[Protector]:
        return (each for each in self._protectors if each.kind & 0xFF00 == kind and (kind or not each.kind))

    def _by(self, protector: Protector, key: bytes) -> Opened | None:
        master = unlocked(protector.first(CCM), key)
        return self._with(master[4:], protector.said) if master else None

    def _with(self, master: bytes, by: str) -> Opened | None:
        found = unlocked(self._block.key, master)
        return Opened(u16(found, 0), found[4:], by) if found else None
