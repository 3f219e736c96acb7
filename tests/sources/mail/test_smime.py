"""Signed messages whose content lies inside the signature, made by two writers; cuts and forgeries are noticed."""

import shutil
import subprocess
import zlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from hypothesis import given, settings
from hypothesis.strategies import integers
from mail_samples import CERTIFICATE, KEY, signed, wired

from actionday.model import Claim, Damaged, Kind, OverLimit
from actionday.sources.mail import _cms
from actionday.sources.mail.smime import SOURCE
from actionday.testing.context import Alone, Bytes, Glance, content
from actionday.testing.sources import check_source

MESSAGE = wired()
OPAQUE = signed()


def inside(data: bytes) -> list[bytes]:
    stream = Bytes(data)
    return [content(item, stream) for item in SOURCE.items(stream, Alone("smime.p7m"))]


def test_the_contract_of_sources(tmp_path: Path) -> None:
    (tmp_path / SOURCE.sample).write_bytes(OPAQUE)
    check_source(SOURCE, tmp_path / SOURCE.sample)


def test_the_signed_message_is_found_byte_for_byte() -> None:
    assert SOURCE.claims(Glance("smime.p7m", OPAQUE)) is Claim.STRUCTURE
    [item] = SOURCE.items(Bytes(OPAQUE), Alone("smime.p7m"))
    assert (item.kind, item.size) == (Kind.MESSAGE, len(MESSAGE))
    assert inside(OPAQUE) == [MESSAGE]


@pytest.mark.tools
def test_content_in_pieces_of_indefinite_length(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not here")
    pem = serialization.Encoding.PEM
    (tmp_path / "key").write_bytes(
        KEY.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (tmp_path / "cert").write_bytes(CERTIFICATE.public_bytes(pem))
    (tmp_path / "in").write_bytes(MESSAGE * 50)
    command = (
        "openssl cms -sign -stream -nodetach -binary -outform DER -signer cert -inkey key -in in -out out"
    )
    subprocess.run(command.split(), cwd=tmp_path, check=True)
    data = (tmp_path / "out").read_bytes()
    assert data[1] == 0x80  # indefinite
    assert b"".join(inside(data)) == MESSAGE * 50
    [item] = SOURCE.items(Bytes(data), Alone("x"))
    assert item.runs
    assert len(item.runs) > 1


def test_a_signature_apart_from_its_content_is_not_opened() -> None:
    apart = signed(pkcs7.PKCS7Options.DetachedSignature)
    assert SOURCE.claims(Glance("smime.p7s", apart)) is Claim.NO
    assert inside(apart) == []


@pytest.mark.parametrize("data", [b"", b"\x30\x82", b"\x30" + bytes(100), b"text with no signature"])
def test_what_is_no_signed_data_is_refused(data: bytes) -> None:
    assert SOURCE.claims(Glance("smime.p7m", data)) is Claim.NO
    with pytest.raises(Damaged):
        inside(data)


def test_every_cut_within_the_content_is_noticed() -> None:
    end = OPAQUE.index(MESSAGE) + len(MESSAGE)
    begin = OPAQUE.index(MESSAGE)
    for cut in range(begin - 2, end):
        with pytest.raises(Damaged):
            inside(OPAQUE[:cut])


@given(integers(0, 80), integers(0, 255))
@settings(max_examples=200)
def test_forged_lengths_stay_within_the_structure(at: int, value: int) -> None:
    forged = OPAQUE[:at] + bytes([value]) + OPAQUE[at + 1 :]
    try:
        for item in SOURCE.items(Bytes(forged), Alone("x")):
            assert all(start + length <= len(forged) for start, length in item.runs or ())
    except Damaged as error:
        assert str(error).startswith("smime: ")


def der(tag: int, data: bytes) -> bytes:
    length = bytes([len(data)]) if len(data) < 128 else b"\x82" + len(data).to_bytes(2, "big")
    return bytes([tag]) + length + data


def compressed(message: bytes) -> bytes:
    """Return a message as RFC 3274 compresses it."""
    data = bytes.fromhex("06092a864886f70d010701")
    inner = der(0x30, data + der(0xA0, der(0x04, zlib.compress(message))))
    algorithm = der(0x30, bytes.fromhex("060b2a864886f70d0109100308"))
    whole = der(0x30, b"\x02\x01\x00" + algorithm + inner)
    return der(0x30, bytes.fromhex("060b2a864886f70d0109100109") + der(0xA0, whole))


def test_a_compressed_message_is_unpacked() -> None:
    message = b"From: a@kestrel.example\nSubject: the old pier\n\n" + b"line\n" * 5000
    data = compressed(message)
    assert SOURCE.claims(Glance("smime.p7m", data)) is Claim.STRUCTURE
    assert inside(data) == [message]
    broken = data.replace(data[-20:-10], bytes(10))
    (found,) = SOURCE.items(Bytes(broken), Alone("m"))
    with pytest.raises(Damaged):
        content(found, Bytes(broken))


def test_a_content_in_more_pieces_than_are_followed_met_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = b"\x04\x02ab" * 3
    held = b"\x24\x80" + pieces + b"\0\0"
    read = lambda at, length: held[at : at + length]  # noqa: E731
    assert len(_cms._octets(read, 0, len(held))) == 3
    monkeypatch.setattr(_cms, "PIECES", 3)
    assert len(_cms._octets(read, 0, len(held))) == 3
    monkeypatch.setattr(_cms, "PIECES", 2)
    with pytest.raises(OverLimit, match="more than 2 pieces"):
        _cms._octets(read, 0, len(held))
