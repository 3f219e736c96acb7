"""OpenPGP in armour: what needs no key is read, whatever it is packed in; what needs one is said to."""

import bz2
import zlib
from base64 import encodebytes

import pytest

from actionday.mime.openpgp import MOST, opened

TEXT = b"The kestrel flies at ten."


def armoured(data: bytes, header: str = "Version: Kestrel 1\n") -> str:
    body = encodebytes(data).decode()
    return f"before\n-----BEGIN PGP MESSAGE-----\n{header}\n{body}=abcd\n-----END PGP MESSAGE-----\nbehind\n"


def new(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, 255]) + len(body).to_bytes(4, "big") + body


def literal(text: bytes = TEXT) -> bytes:
    return b"b\x04name\0\0\0\0" + text


def partial(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, 0xE4]) + body[:16] + bytes([len(body) - 16]) + body[16:]


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    "data",
    [
        new(11, literal()),
        partial(11, literal()),
        bytes([0x80 | 11 << 2, len(literal())]) + literal(),
        bytes([0x80 | 11 << 2 | 3]) + literal(),
        bytes([0xC0 | 11, 192, len(literal(TEXT * 8)) - 192]) + literal(TEXT * 8),
        new(8, b"\x01" + deflated(new(11, literal()))),
        new(8, b"\x02" + zlib.compress(new(11, literal()))),
        new(8, b"\x03" + bz2.compress(new(11, literal()))),
        new(4, b"\x03" * 13) + new(11, literal()) + new(2, b"\x04" * 70),
    ],
)
@pytest.mark.parametrize("header", ["Version: Kestrel 1\n", ""])
def test_packed_and_signed_messages_are_read(data: bytes, header: str) -> None:
    found = opened(armoured(data, header))
    assert found.texts[0].startswith(TEXT)
    assert not found.sealed


@pytest.mark.parametrize("tag", [1, 3, 9, 18, 20, 60])
def test_encrypted_messages_and_unknown_packets_are_sealed(tag: int) -> None:
    assert opened(armoured(new(tag, b"\x03" * 40))) == ((), True, False)


@pytest.mark.parametrize("data", [b"", b"no packet", new(8, b"\x02junk"), b"\xcb\xff\0"])
def test_damage_never_raises(data: bytes) -> None:
    assert opened(armoured(data)).texts == ()


def test_a_bomb_is_cut() -> None:
    bomb = new(8, b"\x02" + zlib.compress(new(11, literal(bytes(2 * MOST)))))
    found = opened(armoured(bomb))
    assert sum(map(len, found.texts)) <= MOST
    assert found.cut
