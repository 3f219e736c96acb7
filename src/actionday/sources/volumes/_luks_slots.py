"""Keys of a LUKS volume out of its slots: each lies split over some hundred KiB, enciphered with what a secret gives.

Source: "LUKS On-Disk Format Specification" 1.2.3, sections 2.4 (anti-forensic splitter) and 4.
"""

import hashlib
from collections.abc import Iterator
from hmac import compare_digest

from actionday.model import Context, Damaged, Derivation, Stream
from actionday.model.streams import read_at
from actionday.sources.volumes._luks_header import Header, Proof, Slot
from actionday.sources.volumes._secret import forms
from actionday.sources.volumes._sectors import deciphered

MOST_KEY, MOST_SPLIT = 512, 16 << 20
"""Bytes of a key, and of what it is split into (cryptsetup: 4,000 times a key of up to 128)."""


class Keyring:
    """Finds the keys of a volume: more than one where it is being enciphered anew."""

    def __init__(self, stream: Stream, head: Header, around: Context) -> None:
        self._stream, self._head, self._around = stream, head, around
        self._needed = [
            each
            for each in head.proofs
            if any(segment.encryption and segment.name in each.segments for segment in head.segments)
        ]
        self._found: dict[Proof, bytes] = {}
        self._split: dict[str, bytes] = {}
        self.slots: list[str] = []
        """Those that secrets opened."""

    def opens(self, secret: str) -> dict[Proof, bytes] | None:
        """Return the keys once a secret has opened the last that lacks. Raises TooCostly, Unknown, ValueError."""
        for form in forms(secret):
            for proof in self._needed:
                if proof not in self._found and (key := self._key(proof, form)) is not None:
                    self._found[proof] = key
        return self._found if len(self._found) == len(self._needed) else None

    def _key(self, proof: Proof, secret: bytes) -> bytes | None:
        slots = [each for each in self._head.slots if each.name in proof.slots]
        if len(secret) in {each.key_size for each in slots} and self._proved(proof, secret):
            self.slots.append("none: the secret is the key itself")
            return secret
        for slot in slots:
            for key in self._candidates(slot, secret):
                if self._proved(proof, key):
                    self.slots.append(slot.name)
                    return key
        return None

    def _proved(self, proof: Proof, key: bytes) -> bool:
        work = Derivation("pbkdf2", key, proof.salt, len(proof.digest), proof.rounds, proof.hashed)
        return compare_digest(self._around.derive(work), proof.digest)

    def _candidates(self, slot: Slot, secret: bytes) -> Iterator[bytes]:
        """Yield what the slot gives, where it can be read."""
        split = self._area(slot)
        if not split:
            return
        work = Derivation(slot.kind, secret, slot.salt, slot.area_key_size, slot.rounds, slot.hashed, slot.memory,
                          slot.lanes)  # fmt: skip
        plain = deciphered(slot.encryption, self._around.derive(work)).plain(0, split)
        yield merged(plain[: slot.key_size * slot.stripes], slot.key_size, slot.split_hash)

    def _area(self, slot: Slot) -> bytes:
        """Return the bytes of a slot, read once; none where they are not to be had, which is noted."""
        if slot.name not in self._split:
            self._split[slot.name] = self._read(slot)
        return self._split[slot.name]

    def _read(self, slot: Slot) -> bytes:
        size = slot.key_size * slot.stripes
        if not 0 < slot.key_size <= MOST_KEY or not 0 < size <= MOST_SPLIT:
            raise ValueError(f"key slot {slot.name} of {size} bytes")
        length = -(-size // 512) * 512
        try:
            raw = read_at(self._stream, slot.at, length)
        except (Damaged, OSError) as error:
            raw, why = b"", str(error)
        else:
            why = f"{len(raw)} of {length} bytes are there"
        if len(raw) < length:
            self._around.note("key_slot", f"luks: key slot {slot.name} cannot be read: {why}")
            return b""
        return raw


def merged(split: bytes, size: int, hashed: str) -> bytes:
    """Return the key that is split into pieces of ``size`` bytes. 6 µs a piece. Raises ValueError for the hash."""
    made = hashlib.new(hashed).digest_size
    places = [(number.to_bytes(4, "big"), at) for number, at in enumerate(range(0, size, made))]
    block, new = 0, hashlib.new
    last = len(split) - size
    for at in range(0, last, size):
        mixed = (block ^ int.from_bytes(split[at : at + size], "big")).to_bytes(size, "big")
        parts = [new(hashed, number + mixed[begin : begin + made]).digest() for number, begin in places]
        block = int.from_bytes(b"".join(parts)[:size], "big")
    return (block ^ int.from_bytes(split[last:], "big")).to_bytes(size, "big")
