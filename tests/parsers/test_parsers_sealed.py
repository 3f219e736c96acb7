"""Office packages with a password: LibreOffice makes them, the case's secrets open them, the document is an item."""

import hashlib
import random
import struct
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from msoffcrypto.format.ooxml import OOXMLFile
from parser_formats import PASSWORD

from actionday.mime.offcrypto import NotOpened, Opened, opened, unsealed
from actionday.model import Encrypted, ItemError, Limits
from actionday.parsers import Parsers
from actionday.sources.archives._compoundsealed import NAME
from actionday.sources.archives.compound import SOURCE
from actionday.testing.context import Alone, Bytes, content

SEALED = "application/x-ooxml-encrypted"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
WORDS = {
    "locked.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "locked.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def within(data: bytes, *secrets: str) -> list[bytes]:
    stream = Bytes(data)
    found = list(SOURCE.items(stream, Alone("a.docx", secrets=secrets)))
    return [content(each, stream) for each in found if each.name == NAME and each.read]


@pytest.mark.tools
@pytest.mark.parametrize("name", WORDS)
def test_a_secret_opens_what_libreoffice_sealed(made: Path, parsers: Parsers, name: str) -> None:
    data = (made / name).read_bytes()
    assert within(data) == within(data, "wrong") == []
    (package,) = within(data, "wrong", PASSWORD)
    assert package[:2] == b"PK"
    inner = parsers.parse(WORDS[name], package, Limits())
    assert inner is not None
    assert len("".join(inner.text)) > 20
    outer = parsers.parse(SEALED, data, Limits(), ("wrong", PASSWORD))
    assert outer is not None
    assert (outer.meta, "".join(outer.text)) == ({"secret": 2}, "")
    assert outer.reason
    with pytest.raises(Encrypted, match="2 secrets of the case tried, none opens it"):
        parsers.parse(SEALED, data, Limits(), ("a", "b"))


def test_a_secret_opens_the_newer_form() -> None:
    """Sealed by msoffcrypto as Office does it since 2010."""
    plain, sealed = package(random.Random(2).randbytes(50_003)), BytesIO()
    OOXMLFile(BytesIO(plain)).encrypt(PASSWORD, sealed)
    assert within(sealed.getvalue(), "wrong", PASSWORD) == [plain]
    assert not within(sealed.getvalue(), "wrong")


def package(plain: bytes) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as file:
        file.writestr("[Content_Types].xml", f"<Types xmlns='{TYPES}'/>")
        file.writestr("word/document.xml", plain)
    return made.getvalue()


@pytest.mark.tools
def test_no_damage_of_one_raises_anything_but_an_item_error(made: Path) -> None:
    data, chance = (made / "locked.docx").read_bytes(), random.Random(4)
    for at in chance.sample(range(len(data)), 60):
        for damaged in (data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :], data[:at]):
            try:
                within(damaged, PASSWORD)
            except ItemError:
                continue


def standard(plain: bytes, secret: str, bits: int) -> tuple[bytes, bytes]:
    """EncryptionInfo and EncryptedPackage of the older form, which Office 2007 wrote; from the published text."""
    salt, verifier = bytes(range(16)), bytes(range(16, 32))
    made = hashlib.sha1(salt + secret.encode("utf-16-le")).digest()
    for number in range(50_000):
        made = hashlib.sha1(struct.pack("<I", number) + made).digest()
    last = hashlib.sha1(made + bytes(4)).digest()
    halves = [
        hashlib.sha1(bytes((last[at] if at < 20 else 0) ^ pad for at in range(64))).digest()
        for pad in (0x36, 0x5C)
    ]
    blocks = Cipher(AES(b"".join(halves)[: bits // 8]), ECB()).encryptor()
    kind = {128: 0x660E, 256: 0x6610}[bits]
    head = struct.pack("<8I", 0x24, 0, kind, 0x8004, bits, 0x18, 0, 0) + "AES\0".encode("utf-16-le")
    check = struct.pack("<I", 16) + salt + blocks.update(verifier) + struct.pack("<I", 20)
    check += blocks.update(hashlib.sha1(verifier).digest().ljust(32, b"\0"))
    sealed = struct.pack("<Q", len(plain)) + blocks.update(plain.ljust(-(-len(plain) // 16) * 16, b"\0"))
    return struct.pack("<HHII", 3, 2, 0x24, len(head)) + head + check, sealed


@pytest.mark.parametrize("bits", [128, 256])
def test_the_older_form(bits: int) -> None:
    plain = random.Random(1).randbytes(10_001)
    info, package = standard(plain, PASSWORD, bits)
    found = opened(info, ("wrong", PASSWORD))
    assert isinstance(found, Opened)
    read = lambda at, length: package[at : at + length]  # noqa: E731
    assert (found.secret, b"".join(unsealed(read, len(package), found))) == (2, plain)
    assert opened(info, ("a", "b")) == NotOpened(2, "")


def test_rounds_are_bounded() -> None:
    info, _ = standard(b"x", PASSWORD, 128)
    found = opened(info, [str(number) for number in range(300)])
    assert isinstance(found, NotOpened)
    assert (found.tried, found.why) == (240, "it asks for 50000 rounds for each")
