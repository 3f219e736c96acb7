"""Encrypted volumes with a known content: headers by cryptsetup, payloads enciphered here, a sector at a time."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB, XTS
from disk_tools import run

from actionday.sources.volumes._sectors import digest

MIB = 1 << 20
DATA_AT = 2 * MIB
"""Where the data begins."""
WORD = "kestrel-4711"
QUICK = ("--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000")
LITTLE = ("--luks2-metadata-size", "16k", "--luks2-keyslots-size", "1m")
KEY = bytes(range(64))


def sector(cipher: str, key: bytes, number: int, plain: bytes) -> bytes:
    """Return one sector enciphered as dm-crypt does, by the mode of the library for it."""
    vector = number.to_bytes(16, "little")
    if cipher == "aes-cbc-essiv:sha256":
        vector = Cipher(AES(digest("sha256", key)), ECB()).encryptor().update(vector)
    mode = XTS(vector) if "-xts-" in cipher else CBC(vector)
    return Cipher(AES(key), mode).encryptor().update(plain)


def enciphered(cipher: str, key: bytes, plain: bytes, unit: int = 512, first: int = 0) -> bytes:
    return b"".join(
        sector(cipher, key, first + at // 512, plain[at : at + unit]) for at in range(0, len(plain), unit)
    )


def luks(
    path: Path, plain: bytes, *options: str, cipher: str = "aes-xts-plain64", bits: int = 512, unit: int = 512,
    kind: str = "luks2", secret: str = WORD,
) -> Path:  # fmt: skip
    """A volume that holds ``plain``: cryptsetup writes the header for a key that is known."""
    key, file = KEY[: bits // 8], path.with_suffix(".key")
    file.write_bytes(key)
    with path.open("wb") as made:
        made.truncate(DATA_AT + len(plain))
    given = (*LITTLE, "--sector-size", str(unit)) if kind == "luks2" else ()
    if "--pbkdf" not in options and kind == "luks2":
        given += QUICK
    if kind == "luks1":
        given += ("--pbkdf-force-iterations", "1000")
    try:
        run("cryptsetup", "luksFormat", "--batch-mode", "--type", kind, "--cipher", cipher, "--key-size", bits,
            "--volume-key-file", file, "--offset", DATA_AT // 512, *given, *options, path, "-",
            feed=secret.encode())  # fmt: skip
    except FileNotFoundError as error:
        pytest.skip(f"not here: {error.filename}")
    raw = path.read_bytes()[:DATA_AT] + enciphered(cipher, key, plain, unit)
    path.write_bytes(raw)
    return path
