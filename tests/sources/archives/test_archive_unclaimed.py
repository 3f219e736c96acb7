"""Bytes of an archive that belong to none of its members are items, with a line in the issue log."""

import bz2
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

import pytest
import zstandard
from archive_tools import Run, tar_of
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from actionday.sources.archives import gz, package, tar
from actionday.sources.archives import zip as zips

HIDDEN = b"meet at the old pier instead, says the Kestrel club"
TEXT = b"the schedule of week twelve\n" * 8


def lzma_of(data: bytes) -> bytes:
    """Return what a zip holds of a content by its method 14: version, properties, no end mark."""
    alone = lzma.compress(data, lzma.FORMAT_ALONE)
    return b"\x09\x14\x05\0" + alone[:5] + alone[13:]


PACKED = {
    0: lambda data: data,
    8: lambda data: zlib.compress(data, 9)[2:-4],
    12: bz2.compress,
    14: lzma_of,
    93: lambda data: zstandard.ZstdCompressor().compress(data),
    95: lzma.compress,
}


def member(name: bytes, data: bytes, *, slack: bytes = b"", method: int = 8) -> tuple[bytes, bytes]:
    """Return a local record and what its directory entry says (without its offset)."""
    packed = PACKED[method](data)
    stored = packed + slack
    facts = struct.pack("<4H3I2H", 0, method, 0, 0x21, zlib.crc32(data), len(stored), len(data), len(name), 0)
    return b"PK\x03\x04" + struct.pack("<H", 20) + facts + name + stored, struct.pack(
        "<2H", 20, 20
    ) + facts + name


def archive(*parts: bytes | tuple[bytes, bytes], inside: bytes = b"", comment: bytes = b"") -> bytes:
    """Return a zip of records and bytes between them; ``inside`` stands behind the last entry of the directory."""
    body, listed, count = b"", b"", 0
    for part in parts:
        if isinstance(part, tuple):
            entry = part[1]
            listed += b"PK\x01\x02" + entry[:28] + struct.pack("<3H2I", 0, 0, 0, 0, len(body)) + entry[28:]
            count += 1
            body += part[0]
        else:
            body += part
    size = len(listed) + len(inside)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, size, len(body), len(comment))
    return body + listed + inside + end + comment


A, B = member(b"a.txt", TEXT), member(b"b.txt", TEXT, method=0)
ZIPS = {
    "between members": archive(A, HIDDEN, B),
    "behind a deflated content": archive(member(b"a.txt", TEXT, slack=HIDDEN), B),
    "before the directory": archive(A, B, HIDDEN),
    "before the first member": archive(b"PK\x03\x04 no header " + HIDDEN, A, B),
    "behind the last entry of the directory": archive(A, B, inside=HIDDEN),
    "twenty bytes, as a descriptor has": archive(A, HIDDEN[:20], B),
    "in the comment": archive(A, B, comment=HIDDEN),
}


ZIPS |= {
    f"behind a content of method {method}": archive(member(b"a.txt", TEXT, slack=HIDDEN, method=method), B)
    for method in PACKED
    if method not in (0, 8)
}
ZIPS["in a frame that is to be skipped"] = archive(
    member(b"a.txt", TEXT, slack=struct.pack("<II", 0x184D2A53, len(HIDDEN)) + HIDDEN, method=93), B
)


@pytest.mark.parametrize("place", ZIPS)
def test_a_zip_hides_nothing(place: str) -> None:
    run = Run(zips.SOURCE, "a.zip", ZIPS[place])
    assert not run.end
    assert {run.contents["a.txt"], run.contents["b.txt"]} == {TEXT}
    (hidden,) = (body for name, body in run.contents.items() if name not in ("a.txt", "b.txt"))
    assert HIDDEN[:20] in hidden
    assert run.codes == ([] if "comment" in place else ["unclaimed"])


def test_a_whole_zip_and_padding_say_nothing() -> None:
    for data in (
        archive(A, B),
        archive(A, bytes(512), B, bytes(24)),
        archive(member(b"a.txt", TEXT, slack=bytes(9))),
    ):
        run = Run(zips.SOURCE, "a.zip", data)
        assert not run.notes
        assert not set(run.names) - {"a.txt", "b.txt"}


def test_the_comment_of_a_member_is_an_item() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as writer:
        info = zipfile.ZipInfo("a.txt")
        info.comment = HIDDEN
        writer.writestr(info, TEXT)
    run = Run(zips.SOURCE, "a.zip", made.getvalue())
    assert run.contents == {"a.txt comment": HIDDEN, "a.txt": TEXT}


def test_descriptors_are_no_hidden_bytes() -> None:
    class Forward(io.RawIOBase):
        """Cannot seek, so that the writer puts sizes behind the contents."""

        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object, /) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]
            return len(bytes(data))  # type: ignore[call-overload]

    out = Forward()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as writer:
        for name in ("a", "b", "c"):
            writer.writestr(name, TEXT)
    run = Run(zips.SOURCE, "a.zip", out.data)
    assert (run.names, run.notes) == (["a", "b", "c"], [])


def test_a_resumed_pass_gives_what_the_first_would_have() -> None:
    skipped = struct.pack("<II", 0x184D2A53, len(HIDDEN)) + HIDDEN
    more = (member(b"c.txt", TEXT, slack=HIDDEN, method=12), member(b"d.txt", TEXT, slack=skipped, method=93))
    data = archive(member(b"a.txt", TEXT, slack=HIDDEN), B, *more, HIDDEN)
    whole = Run(zips.SOURCE, "a.zip", data)
    for at, found in enumerate(whole.items):
        again = Run(zips.SOURCE, "a.zip", data, after=found.place)
        assert again.names == whole.names[at + 1 :]


def test_a_part_of_a_document_hides_nothing_behind_its_content() -> None:
    parts = (
        member(b"[Content_Types].xml", b"<Types/>"),
        member(b"word/document.xml", b"<w:document/>" * 20, slack=HIDDEN),
    )
    run = Run(package.SOURCE, "a.docx", archive(*parts))
    assert HIDDEN in run.contents.values()
    assert run.codes == ["unclaimed"]


@settings(max_examples=100, deadline=None)
@given(binary(min_size=1, max_size=60), binary(min_size=1, max_size=60), integers(0, 2))
def test_every_byte_of_a_zip_is_in_some_item_or_none_of_it_matters(
    first: bytes, second: bytes, where: int
) -> None:
    gaps = [b"", b"", b""]
    gaps[where] = HIDDEN
    data = archive(gaps[0], member(b"a", first), gaps[1], member(b"b", second, method=0), gaps[2])
    run = Run(zips.SOURCE, "a.zip", data)
    assert any(HIDDEN in body for body in run.contents.values() if isinstance(body, bytes))


# --- tar


def tar_with(pad: bytes = b"", behind: bytes = b"") -> bytes:
    data = bytearray(tar_of({"a.txt": b"short\n", "b.txt": TEXT}, tarfile.USTAR_FORMAT))
    data[512 + 6 : 512 + 6 + len(pad)] = pad
    end = len(data) - 4096
    data[end : end + len(behind)] = behind
    return bytes(data)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "compressed"])
@pytest.mark.parametrize(("given", "code"), [("pad", "unclaimed"), ("behind", "trailing")])
def test_a_tar_hides_nothing(given: str, code: str, packed: bool) -> None:
    import gzip

    data = tar_with(**{given: HIDDEN})
    run = Run(gz.SOURCE, "a.tar.gz", gzip.compress(data)) if packed else Run(tar.SOURCE, "a.tar", data)
    assert run.contents["a.txt"] == b"short\n"
    assert run.contents["b.txt"] == TEXT
    assert HIDDEN in run.contents.values()
    assert run.codes == [code]


def test_a_whole_tar_says_nothing() -> None:
    run = Run(tar.SOURCE, "a.tar", tar_with())
    assert (run.names, run.notes) == (["a.txt", "b.txt"], [])
