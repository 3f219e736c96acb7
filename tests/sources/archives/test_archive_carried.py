"""An entry that has no content by its type (directory, link, device) and carries some hides nothing."""

import gzip
import io
import stat
import struct
import tarfile
import zlib
from pathlib import Path

import pytest
from archive_tools import Run, tool

from actionday.sources.archives import cpio, gz, sevenzip, tar
from actionday.sources.archives import zip as zips

HIDDEN = b"meet at the old pier instead, says the Kestrel club\n" * 3
BESIDE = b"an ordinary member\n"


def zipped(name: bytes, mode: int, *, packed: bytes, size: int, method: int = 0, flags: int = 0) -> bytes:
    """Return a zip of ``name`` as described and an ordinary member behind it."""
    body = listed = b""
    for each, kind, data, length, how, bits, crc in (
        (name, mode, packed, size, method, flags, zlib.crc32(packed[:size])),
        (b"z.txt", 0o100644, BESIDE, len(BESIDE), 0, 0, zlib.crc32(BESIDE)),
    ):
        facts = struct.pack("<4H3I2H", bits, how, 0, 0x21, crc, len(data), length, len(each), 0)
        listed += b"PK\x01\x02" + struct.pack("<2H", 3 << 8 | 20, 20) + facts
        listed += struct.pack("<3H2I", 0, 0, 0, kind << 16, len(body)) + each
        body += b"PK\x03\x04" + struct.pack("<H", 20) + facts + each + data
    return body + listed + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, len(listed), len(body), 0)


DEFLATED = zlib.compress(HIDDEN)[2:-4]
ZIPS = {
    "a directory, stored": zipped(b"sub/", 0o40755, packed=HIDDEN, size=0),
    "a directory, deflated": zipped(b"sub/", 0o40755, packed=DEFLATED, size=0, method=8),
    "a directory by its mode": zipped(b"sub", 0o40755, packed=HIDDEN, size=0),
    "a link that is a text": zipped(b"link", 0o120777, packed=HIDDEN, size=len(HIDDEN)),
    "behind a link's path": zipped(b"link", 0o120777, packed=b"to/there" + HIDDEN, size=8),
}


@pytest.mark.parametrize("what", ZIPS)
def test_what_an_entry_of_a_zip_carries_is_an_item(what: str) -> None:
    run = Run(zips.SOURCE, "a.zip", ZIPS[what])
    assert run.contents["z.txt"] == BESIDE
    name = next(name for name in run.names if name.endswith(" content"))
    assert bytes(run.contents[name]).removeprefix(b"to/there") == HIDDEN
    assert run.codes == ["unclaimed"]


@pytest.mark.parametrize("what", ZIPS)
def test_a_resumed_pass_gives_what_the_first_would_have(what: str) -> None:
    whole = Run(zips.SOURCE, "a.zip", ZIPS[what])
    for at, found in enumerate(whole.items):
        assert Run(zips.SOURCE, "a.zip", ZIPS[what], after=found.place).names == whole.names[at + 1 :]


def test_an_encrypted_content_of_a_directory_is_said_to_be_there() -> None:
    run = Run(zips.SOURCE, "a.zip", zipped(b"sub/", 0o40755, packed=HIDDEN, size=0, flags=1))
    assert run.item("sub content").status == "encrypted"


def test_ordinary_directories_and_links_carry_nothing() -> None:
    empty = zlib.compress(b"")[2:-4]
    for data in (
        zipped(b"sub/", 0o40755, packed=b"", size=0),
        zipped(b"sub/", 0o40755, packed=empty, size=0, method=8),
        zipped(b"link", 0o120777, packed=b"../to/there", size=11),
    ):
        run = Run(zips.SOURCE, "a.zip", data)
        assert (len(run.items), run.notes) == (2, [])


# --- tar


def tarred(kind: bytes, data: bytes, link: str = "") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
        first = tarfile.TarInfo("entry")
        first.type, first.size, first.linkname = kind, len(data), link
        made.write(first.tobuf(tarfile.PAX_FORMAT) + data + bytes(-len(data) % 512))
        archive.offset = made.tell()
        second = tarfile.TarInfo("z.txt")
        second.size = len(BESIDE)
        archive.addfile(second, io.BytesIO(BESIDE))
    return made.getvalue()


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "compressed"])
@pytest.mark.parametrize("kind", [b"5", b"2", b"3", b"4", b"6", b"V"], ids=bytes.decode)
def test_what_an_entry_of_a_tar_carries_is_an_item(kind: bytes, packed: bool) -> None:
    data = tarred(kind, HIDDEN)
    run = Run(gz.SOURCE, "a.tar.gz", gzip.compress(data)) if packed else Run(tar.SOURCE, "a.tar", data)
    assert not run.end
    assert run.names == ["entry", "entry content", "z.txt"]
    assert (run.contents["entry content"], run.contents["z.txt"]) == (HIDDEN, BESIDE)
    assert run.codes == ["unclaimed"]


def test_a_size_that_is_a_hint_hides_no_member() -> None:
    data = bytearray(tarred(b"5", b""))
    block = tarfile.TarInfo("entry")
    block.type, block.size = b"5", 4096
    data[:512] = block.tobuf()
    run = Run(tar.SOURCE, "a.tar", bytes(data))
    assert (run.names, run.notes, run.end) == (["entry", "z.txt"], [], "")


def test_a_link_of_tar_that_is_a_text_is_an_item() -> None:
    run = Run(tar.SOURCE, "a.tar", tarred(b"2", b"", link=HIDDEN.decode()))
    assert run.contents["entry content"] == HIDDEN


def test_the_list_of_an_incremental_tar_is_an_item(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/named.txt").write_bytes(BESIDE)
    made = tool("tar", "-c", "-g", tmp_path / "list", "-C", tmp_path, "in")
    run = Run(tar.SOURCE, "a.tar", made)
    assert run.contents["in content"] == b"Ynamed.txt\0\0"
    assert (run.item("in content").kind, run.notes) == ("system", [])


# --- cpio and 7z


def newc(name: bytes, mode: int, data: bytes) -> bytes:
    numbers = (1, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08x" % each for each in numbers) + name + b"\0"
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


@pytest.mark.parametrize("mode", [stat.S_IFDIR, stat.S_IFLNK, stat.S_IFIFO])
def test_what_an_entry_of_a_cpio_carries_is_an_item(mode: int) -> None:
    data = (
        newc(b"entry", mode | 0o755, HIDDEN) + newc(b"z.txt", 0o100644, BESIDE) + newc(b"TRAILER!!!", 0, b"")
    )
    run = Run(cpio.SOURCE, "a.cpio", data)
    assert HIDDEN in run.contents.values()
    assert run.contents["z.txt"] == BESIDE
    assert not run.end


def test_what_a_directory_of_a_7z_carries_is_an_item(tmp_path: Path) -> None:
    (tmp_path / "entry").write_bytes(HIDDEN)
    tool("7zz", "a", "-mhc=off", "-mx=0", tmp_path / "a.7z", tmp_path / "entry")
    data = bytearray((tmp_path / "a.7z").read_bytes())
    at = data.index(b"\x15\x06\x01\x00") + 4
    data[at : at + 4] = struct.pack("<I", 0o40755 << 16 | 0x8010)
    offset, size = struct.unpack_from("<QQ", data, 12)
    struct.pack_into("<I", data, 28, zlib.crc32(data[32 + offset : 32 + offset + size]))
    struct.pack_into("<I", data, 8, zlib.crc32(data[12:32]))
    run = Run(sevenzip.SOURCE, "a.7z", bytes(data))
    assert run.item("entry").kind == "directory"
    assert run.contents["entry content"] == HIDDEN
    assert run.codes == ["unclaimed"]
