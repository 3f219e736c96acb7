"""Transfer codings: whole and streamed agree, damage gives what decodes and is said."""

import quopri
from base64 import b64encode, encodebytes, urlsafe_b64encode
from binascii import b2a_uu

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, integers, sampled_from

from actionday.mime import transfer
from actionday.mime.transfer import coding_of, decoded, reader, unended
from actionday.model import Loss, Note
from actionday.model.loss import MAY_BE_CUT, is_loss


def uuencoded(data: bytes) -> bytes:
    lines = [b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return b"begin 644 file.bin\n" + b"".join(lines) + b"`\nend\n"


def quoted(data: bytes) -> bytes:
    return quopri.encodestring(data, quotetabs=True).replace(b"\n", b"\r\n")


WRITERS = {
    "base64": encodebytes,
    "uuencode": uuencoded,
    "quoted-printable": lambda data: quopri.encodestring(data),
}


def streamed(raw: bytes, coding: str) -> tuple[bytes, list[Note]]:
    said: list[Note] = []
    with reader(
        lambda offset, length: raw[offset : offset + length], 0, len(raw), coding, said.append
    ) as body:
        return body.read(), said


def told(raw: bytes, coding: str) -> tuple[bytes, str]:
    """Return what ``decoded`` does, with the sentence alone."""
    body, problem = decoded(raw, coding)
    return body, problem.reason if problem else ""


@given(binary(max_size=400), sampled_from(["base64", "uuencode"]), integers(1, 90))
@settings(max_examples=150)
def test_what_was_encoded_comes_back_in_blocks_of_any_size(data: bytes, coding: str, block: int) -> None:
    raw = WRITERS[coding](data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transfer, "BLOCK", block)
        assert streamed(raw, coding) == (data, [])
    assert told(raw, coding) == (data, "")


@given(binary(max_size=300).map(lambda data: data.replace(b"\r", b"")), integers(3, 90))
@settings(max_examples=150)
def test_quoted_printable_comes_back_in_blocks_of_any_size(data: bytes, block: int) -> None:
    raw = quopri.encodestring(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transfer, "BLOCK", block)
        assert streamed(raw, "quoted-printable") == (data, [])


@given(binary(max_size=300), sampled_from(sorted(WRITERS)), integers(1, 64))
@settings(max_examples=200)
def test_any_bytes_decode_to_the_same_whole_and_in_blocks(raw: bytes, coding: str, block: int) -> None:
    whole, problem = decoded(raw, coding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transfer, "BLOCK", max(block, 3))
        body, said = streamed(raw, coding)
    if coding != "quoted-printable":  # an escape that is none may be counted once for each half
        assert said == ([problem] if problem else [])
        assert body == whole


@pytest.mark.parametrize(
    ("raw", "body", "said"),
    [
        (b"S2Vz\r\ndHJl\r\nbA==\r\n", b"Kestrel", ""),
        (b"S2VzdHJlbA", b"Kestrel", ""),  # padding left out
        (b"S2VzdHJlbA==S2VzdHJlbA==", b"KestrelKestrel", ""),  # blocks joined
        (b"S2Vz!dH\xffJlbA==", b"Kestrel", "2 characters that are no base64"),
        (b"S2VzdHJlb", b"Kestre", "base64 that ends within a byte"),
        (urlsafe_b64encode(b"\xff\xfe\xfd\xfb\xff"), b"\xff\xfe\xfd\xfb\xff", ""),
        (b"", b"", ""),
        (b"====", b"", ""),
    ],
)
def test_base64_as_it_is_found(raw: bytes, body: bytes, said: str) -> None:
    assert told(raw, "base64") == (body, said)


@pytest.mark.parametrize(
    ("raw", "body", "said"),
    [
        (b"caf=C3=A9=\r\n!", "café!".encode(), ""),
        (b"100 =% and =ZZ", b"100 =% and =ZZ", "2 places that are no quoted-printable"),
        (b"a=\n", b"a", ""),
    ],
)
def test_quoted_printable_as_it_is_found(raw: bytes, body: bytes, said: str) -> None:
    assert told(raw, "quoted-printable") == (body, said)


def test_uuencode_that_is_cut_or_is_none_says_so() -> None:
    raw = uuencoded(b"Kestrel" * 20)
    assert told(raw[: raw.index(b"`")], "uuencode") == (b"Kestrel" * 20, "uuencode without its end")
    assert told(b"just text\n", "uuencode") == (b"", "no uuencode in it")
    body, problem = told(raw[: raw.index(b"\n") + 20], "uuencode")
    assert (body, problem) == (b"KestrelKestre", "uuencode without its end")  # nothing is filled with zeros
    broken = raw.replace(b"\n", b"\n\x80\x80\x80\n", 1)
    assert told(broken, "uuencode") == (b"Kestrel" * 20, "1 line that is no uuencode")


@pytest.mark.parametrize(
    ("raw", "coding", "lost"),
    [
        (b"S2VzdHJlb", "base64", True),
        (b"S2Vz!dHJl", "base64", False),  # a relay's sign in between: every byte is there
        (b"100 =% and", "quoted-printable", False),  # stands as it is stored
        (b"begin 644 a\n#86)C\n", "uuencode", True),
        (b"begin 644 a\n\x80\x80\n`\nend\n", "uuencode", True),
        (b"no uuencode\n", "uuencode", True),
    ],
)
def test_bytes_that_no_decoder_could_use_are_a_loss_and_oddities_are_a_remark(
    raw: bytes, coding: str, lost: bool
) -> None:
    problem = decoded(raw, coding)[1]
    assert problem is not None
    assert is_loss(problem.code) == lost


@pytest.mark.parametrize(
    ("field", "coding"),
    [(b"BASE64", "base64"), (b" quoted-printable (sic)", "quoted-printable"), (b"8bit;", ""),
     (b"x-uuencode", "uuencode"),
     (b"", ""), (b"binary", "")],
)  # fmt: skip
def test_names_of_codings(field: bytes, coding: str) -> None:
    assert coding_of(field) == (coding, "")


def test_an_unknown_coding_is_said() -> None:
    coding, reason = coding_of(b"x-yenc")
    assert coding == ""
    assert "x-yenc" in reason


@pytest.mark.parametrize(
    ("tail", "coding", "code"),
    [
        (b"x" * 76 + b"\n" + b"y" * 76 + b"\n", "base64", MAY_BE_CUT),
        (b"x" * 76 + b"\n" + b"y" * 20 + b"\n", "base64", None),
        (b"x" * 76 + b"\n" + b"y" * 75 + b"=\n", "base64", None),
        (b"goes on=\n", "quoted-printable", Loss.BROKEN_OFF),
        (b"=3D\n", "quoted-printable", None),
        (b"M....\n", "uuencode", Loss.BROKEN_OFF),
        (b"`\nend\n", "uuencode", None),
        (b"anything", "", None),
        (b"", "base64", None),
    ],
)
def test_whether_an_encoded_body_goes_on_or_may(tail: bytes, coding: str, code: str | None) -> None:
    found = unended(tail, coding)
    assert (found and found.code) == code


def test_a_long_body_is_read_in_blocks_and_said_once() -> None:
    raw = b64encode(bytes(3_000_000)) + b"!!"
    lengths: list[int] = []

    def read(offset: int, length: int) -> bytes:
        lengths.append(length)
        return raw[offset : offset + length]

    said: list[Note] = []
    with reader(read, 0, len(raw), "base64", said.append) as body:
        assert sum(len(block) for block in iter(lambda: body.read(65536), b"")) == 3_000_000
    assert max(lengths) <= transfer.BLOCK
    assert said == [Note(transfer.ODD, "2 characters that are no base64")]
