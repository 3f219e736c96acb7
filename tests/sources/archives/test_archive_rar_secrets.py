"""RAR 5 with a password: written by hand by its format; the same was read from archives of RAR's own by hand."""

import hashlib
import hmac
from collections.abc import Iterator
from zlib import crc32

import pytest
from archive_tools import TEXT, Run
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from test_archive_rar_volumes import block5, vint

from actionday.model import Status
from actionday.sources.archives import rar

SECRET, ROUNDS = "mérlin", 4
FILES = {"a.txt": TEXT, "b.txt": TEXT[::-1][:77]}
MARK = b"Rar!\x1a\x07\x01\0"


def key(more: int, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", SECRET.encode(), salt, (1 << ROUNDS) + more)


def check(salt: bytes) -> bytes:
    made = key(32, salt)
    eight = bytes(made[i] ^ made[i + 8] ^ made[i + 16] ^ made[i + 24] for i in range(8))
    return eight + hashlib.sha256(eight).digest()[:4]


def sealed(data: bytes, salt: bytes, vector: bytes) -> bytes:
    return Cipher(AES(key(0, salt)), CBC(vector)).encryptor().update(data + bytes(-len(data) % 16))


def mac(data: bytes, salt: bytes) -> int:
    digest, folded = hmac.new(key(16, salt), crc32(data).to_bytes(4, "little"), hashlib.sha256).digest(), 0
    for at in range(0, 32, 4):
        folded ^= int.from_bytes(digest[at : at + 4], "little")
    return folded


def member(name: str, data: bytes, *, locked: bool = True, tweaked: bool = True, wrong: int = 0) -> bytes:
    salt, vector = hashlib.md5(name.encode()).digest(), hashlib.md5(data).digest()
    crc = mac(data, salt) if tweaked and locked else crc32(data)
    fields = (
        vint(4) + vint(len(data)) + vint(0o100644) + (crc ^ wrong).to_bytes(4, "little") + vint(0) + vint(1)
    )
    fields += vint(len(name)) + name.encode()
    if not locked:
        return block5(2, 2, fields, data)
    record = vint(1) + vint(0) + vint(1 | 2 * tweaked) + bytes((ROUNDS,)) + salt + vector + check(salt)
    extra, packed = vint(len(record)) + record, sealed(data, salt, vector)
    body = vint(2) + vint(3) + vint(len(extra)) + vint(len(packed)) + fields + extra
    head = vint(len(body)) + body
    return crc32(head).to_bytes(4, "little") + head + packed


def blocks(**how: bool) -> Iterator[bytes]:
    yield block5(1, 0, vint(0))
    yield member("a.txt", TEXT, **how)
    yield member("open.txt", TEXT, locked=False)
    yield member("b.txt", FILES["b.txt"], **how)
    yield block5(5, 0, vint(0))


def hidden() -> bytes:
    """Return an archive whose list is encrypted, its members as well."""
    salt = bytes(range(16))
    out = MARK + block5(4, 0, vint(0) + vint(1) + bytes((ROUNDS,)) + salt + check(salt))
    for number, block in enumerate(blocks()):
        vector = bytes((number,)) * 16
        size, begin = block[4], 5
        if size > 127:
            size, begin = size & 127 | block[5] << 7, 6
        out += vector + sealed(block[: begin + size], salt, vector) + block[begin + size :]
    return out


@pytest.mark.parametrize("tweaked", [True, False])
def test_members_are_opened_by_a_secret_of_the_case(tweaked: bool) -> None:
    run = Run(rar.SOURCE, "a.rar", MARK + b"".join(blocks(tweaked=tweaked)), secrets=["wrong", SECRET])
    assert run.contents == FILES | {"open.txt": TEXT}
    assert (run.codes, run.end) == ([], "")
    assert {each.name: each.meta.get("secret") for each in run.items} == {
        "a.txt": 2,
        "open.txt": None,
        "b.txt": 2,
    }


def test_an_encrypted_list_is_opened_too() -> None:
    run = Run(rar.SOURCE, "a.rar", hidden(), secrets=["wrong", SECRET])
    assert run.contents == FILES | {"open.txt": TEXT}
    assert (run.codes, run.end) == ([], "")


@pytest.mark.parametrize(
    ("secrets", "why"),
    [([], "the case has no secret to try"), (["x", "y"], "no secret of the case opens it (2 secrets tried)")],
)
def test_a06_what_no_secret_opens_is_encrypted_and_the_open_member_read(secrets: list[str], why: str) -> None:
    run = Run(rar.SOURCE, "a.rar", MARK + b"".join(blocks()), secrets=secrets)
    assert run.contents["open.txt"] == TEXT
    assert {each.name for each in run.items if each.status is Status.ENCRYPTED} == {*FILES}
    assert {each.reason for each in run.items if each.status} == {f"rar: encrypted member: {why}"}
    told = Run(rar.SOURCE, "a.rar", hidden(), secrets=secrets)
    assert told.end == f"encrypted: rar: the list of members is encrypted: {why}"


def test_a_crc_that_is_not_the_member_s_is_damage() -> None:
    made = MARK + block5(1, 0, vint(0)) + member("a.txt", TEXT, wrong=1) + block5(5, 0, vint(0))
    run = Run(rar.SOURCE, "a.rar", made, secrets=[SECRET])
    assert str(run.contents["a.txt"]).startswith("Damaged: rar: CRC")


@pytest.mark.parametrize("made", [MARK + b"".join(blocks()), hidden()], ids=["members", "list"])
def test_damage_of_any_byte_raises_nothing_and_gives_no_other_content_unnoticed(made: bytes) -> None:
    for at in range(8, len(made), 7):
        flipped = bytearray(made)
        flipped[at] ^= 0x41
        run = Run(rar.SOURCE, "a.rar", bytes(flipped), secrets=[SECRET])
        closed = any(each.status is Status.ENCRYPTED for each in run.items)
        assert run.noticed() or closed or run.contents == FILES | {"open.txt": TEXT}
    for end in range(8, len(made), 41):
        assert Run(rar.SOURCE, "a.rar", made[:end], secrets=[SECRET]).noticed() or end < 12
