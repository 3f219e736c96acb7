"""Signed notes with Ed25519: text that ends in a newline, an empty line, signature lines.

Source: C2SP signed-note v1.0.0, sections Format, Signatures, Verifier keys; RFC 8032 (Ed25519).
"""

from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from actionday.ledger.errors import BadNote

ED25519 = b"\x01"  # signature type identifier
MAX_NOTE = 64 * 1024  # characters; 16 signatures with the longest keys known fit several times
MAX_SIGNATURES = 64  # at least 16 must be accepted
SIGNATURE_SIZE = 4 + 64  # key ID, Ed25519 signature
DASH = "\u2014"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name; ``str()`` is the verifier key of the standard, ``parse`` its inverse."""

    name: str
    public: bytes  # 32 bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand for this key beside its name."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def verifies(self, text: str, signature: bytes) -> bool:
        """Tell whether ``signature`` (64 bytes) is this key's over ``text``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """Return the key of ``name+hash+base64``. Raises ``BadNote``."""
        parts = vkey.split("+", 2)
        if len(parts) != 3 or not _is_name(parts[0]):
            raise BadNote("verifier key: not name+hash+key")
        key = strict_base64(parts[2])
        if len(key) != 33 or key[:1] != ED25519:
            raise BadNote("verifier key: not an Ed25519 key")
        verifier = cls(parts[0], key[1:])
        if verifier.key_id.hex() != parts[1]:
            raise BadNote(f"verifier key: its hash is {verifier.key_id.hex()}, not {parts[1]}")
        return verifier


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name."""

    name: str
    private: Ed25519PrivateKey

    def __post_init__(self) -> None:
        if not _is_name(self.name):
            raise BadNote(f"key name {self.name!r}: empty, or with a space or a plus")

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.private.public_key().public_bytes_raw())


class Signature(NamedTuple):
    """One signature line: who signed, not yet whether it is true."""

    name: str
    key_id: bytes
    value: bytes  # 64 bytes for Ed25519, any number for other types


class SignedNote(NamedTuple):
    """A note taken apart; ``text`` includes its final newline. Nothing is verified yet."""

    text: str
    signatures: tuple[Signature, ...]


def sign(text: str, signer: Signer, verifier: Verifier | None = None) -> str:
    """Return the note of ``text`` signed by ``signer``; ``verifier`` spares deriving its public half.

    Requires text that ends in a newline and holds no other control character.
    """
    _check_text(text)
    public = verifier or signer.verifier
    value = public.key_id + signer.private.sign(text.encode())
    return f"{text}\n{DASH} {signer.name} {b64encode(value).decode()}\n"


def parse_note(note: str) -> SignedNote:
    """Return text and signatures of a well-formed note, unverified. Raises ``BadNote``."""
    if len(note) > MAX_NOTE:
        raise BadNote(f"a note of {len(note)} characters, {MAX_NOTE} is the limit")
    text, blank, lines = note.rpartition("\n\n")
    text += "\n"
    if not blank or not lines.endswith("\n"):
        raise BadNote("no signature lines after an empty line")
    _check_text(text)
    _check_text(lines)
    rows = lines[:-1].split("\n")
    if len(rows) > MAX_SIGNATURES:
        raise BadNote(f"{len(rows)} signatures, {MAX_SIGNATURES} is the limit")
    return SignedNote(text, tuple(_signature(row) for row in rows))


def open_note(note: str, verifiers: Iterable[Verifier]) -> tuple[str, Sequence[Verifier]]:
    """Return the note's text and those of ``verifiers`` that signed it, at least one.

    Signatures of keys not given are ignored. Raises ``BadNote`` if the note is malformed, if a given
    key's signature does not hold, or if none of the given keys signed.
    """
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    parsed, signed = parse_note(note), list[Verifier]()
    for name, key_id, value in parsed.signatures:
        if (verifier := known.get((name, key_id))) is None or verifier in signed:
            continue
        if len(value) != 64 or not verifier.verifies(parsed.text, value):
            raise BadNote(f"the signature of {name} does not hold")
        signed.append(verifier)
    if not signed:
        names = ", ".join(signature.name for signature in parsed.signatures)
        raise BadNote(f"signed by no trusted key (by {names})")
    return parsed.text, signed


def strict_base64(text: str) -> bytes:
    """Return the bytes of standard base64 with padding; other spellings of the same bytes are refused."""
    try:
        value = b64decode(text, validate=True)
    except (BadBase64, ValueError):
        raise BadNote("not base64") from None
    if b64encode(value).decode() != text:
        raise BadNote("base64 with stray bits")
    return value


def _signature(row: str) -> Signature:
    dash, _, rest = row.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != DASH or not _is_name(name):
        raise BadNote("a signature line is not: dash, name, base64")
    value = strict_base64(encoded)
    if len(value) < 5:
        raise BadNote("a signature of no bytes")
    return Signature(name, value[:4], value[4:])


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name) and _is_utf8(name)


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise BadNote("the text does not end in a newline")
    if any(letter < " " and letter != "\n" for letter in text):
        raise BadNote("a control character in the text")
    if not _is_utf8(text):
        raise BadNote("a lone surrogate in the text")


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
