"""The installation's signing key: one file, made once, readable by its owner alone.

``$XDG_CONFIG_HOME/actionday/ledger-key.pem`` (default ``~/.config``): PKCS #8 in PEM, unencrypted, mode 0600.
The key's name is made of its public half, so that a name tells nothing of machine or person.

Source: XDG Base Directory Specification 0.8; RFC 8410 (Ed25519 in PKCS #8).
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from actionday.ledger.errors import KeyFileError
from actionday.ledger.note import Signer

FILE = "ledger-key.pem"
MAX_FILE = 64 * 1024  # bytes; ours have 119, whatever is larger is not one


def config_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the installation keeps its configuration; a relative XDG_CONFIG_HOME is ignored."""
    configured = Path(environ.get("XDG_CONFIG_HOME", ""))
    if configured.is_absolute():
        return configured / "actionday"
    try:
        home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    except RuntimeError:
        raise KeyFileError("no home folder: set XDG_CONFIG_HOME") from None
    return home / ".config" / "actionday"


def signer_of(private: Ed25519PrivateKey) -> Signer:
    """Return the signer of a private key under the name that its public half gives it."""
    digest = sha256(private.public_key().public_bytes_raw()).hexdigest()
    return Signer(f"actionday/installation/{digest[:16]}", private)


def installation_signer(folder: Path | None = None) -> Signer:
    """Return the installation's signer, making its key if there is none yet.

    Two processes at once get the same key; a kill leaves either no key or a whole one; a key that is
    there is never written again. Raises ``KeyFileError``.
    """
    place = folder or config_folder()
    path = place / FILE
    try:
        if not path.exists():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(place):
                if not path.exists():
                    _write(path)
        return _read(path)
    except OSError as error:
        raise KeyFileError(f"signing key {path}: {error.strerror}") from error


def _read(path: Path) -> Signer:
    with path.open("rb") as file:
        if mode := os.fstat(file.fileno()).st_mode & 0o077:
            raise KeyFileError(f"signing key {path}: others may use it (mode {mode:03o}): chmod 600")
        pem = file.read(MAX_FILE)
    try:
        private = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyFileError(f"signing key {path}: {error}") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"signing key {path}: not an Ed25519 key")
    return signer_of(private)


def _write(path: Path) -> None:
    """Make a key at ``path``: temporary name, fsync, rename, fsync of the folder."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)  # what a killed process left; we hold the lock
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; it ends with the process, so none is ever left behind."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
