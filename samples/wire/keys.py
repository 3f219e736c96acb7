"""Throw-away keys and certificates, a function of the seed: they protect nothing.

Source: OpenSSH PROTOCOL.key (private key file), RFC 8709 (Ed25519 in SSH), RFC 8410 (Ed25519 in X.509).
"""

import struct
from base64 import b64encode
from datetime import UTC, datetime
from textwrap import wrap

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from samples.dice import Dice
from samples.made import Made, made

_ALGORITHM = b"ssh-ed25519"


def _key(draw: Dice) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(draw.bytes(32, "ed25519"))


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def ssh_public(draw: Dice, comment: str) -> str:
    """Return the line of `authorized_keys` for this key."""
    blob = _string(_ALGORITHM) + _string(_public(_key(draw)))
    return f"ssh-ed25519 {b64encode(blob).decode()} {comment}\n"


def ssh_private(draw: Dice, comment: str) -> Made:
    """Return the private key file, without a passphrase."""
    key = _key(draw)
    public, secret = _public(key), key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    check = draw.bytes(4, "check")
    inner = (
        check * 2
        + _string(_ALGORITHM)
        + _string(public)
        + _string(secret + public)
        + _string(comment.encode())
    )
    inner += bytes(range(1, 1 + -len(inner) % 8))
    blob = b"openssh-key-v1\0" + _string(b"none") * 2 + _string(b"") + struct.pack(">I", 1)
    blob += _string(_string(_ALGORITHM) + _string(public)) + _string(inner)
    return made(_armour("OPENSSH PRIVATE KEY", blob, 70), "application/x-pem-file")


def _armour(label: str, data: bytes, width: int) -> bytes:
    lines = wrap(b64encode(data).decode(), width)
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", "")).encode()


def tls(draw: Dice, names: list[str]) -> tuple[Made, Made]:
    """Return a self-signed certificate for these names and its key."""
    key, subject = _key(draw), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(draw.bytes(15, "serial"), "big"))
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .sign(key, None)
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made(certificate.public_bytes(Encoding.PEM), "application/x-pem-file"), made(
        secret, "application/x-pem-file"
    )
