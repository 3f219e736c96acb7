"""Archives and other bytes behind a program are items: self-extracting 7z and RAR, texts appended by hand."""

import struct
from pathlib import Path
from zlib import crc32

import pytest
from archive_tools import Run, tool

from actionday.model import Claim
from actionday.sources.archives._marks import RAR, SEVEN, begins
from actionday.sources.archives.appended import SOURCE
from actionday.testing.context import Glance

HIDDEN = b"meet at the old pier instead, says the Kestrel club"


def elf(length: int) -> bytes:
    """Return an ELF program of one segment, ``length`` bytes long."""
    head = b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + struct.pack(
        "<HHIQQQIHHHHHH", 2, 62, 1, 0, 64, 0, 0, 64, 56, 1, 0, 0, 0
    )
    return (head + struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, length, length, 1)).ljust(length, b"\x90")


def windows(length: int, signature: tuple[int, int] = (0, 0)) -> bytes:
    """Return a Windows program of one section that ends at ``length``."""
    optional = struct.pack("<H90xI", 0x10B, 16) + bytes(32) + struct.pack("<II", *signature) + bytes(88)
    head = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + b"PE\0\0"
    head += struct.pack("<HHIIIHH", 0x14C, 1, 0, 0, 0, len(optional), 0x102) + optional
    return (head + b".text\0\0\0" + struct.pack("<IIII16x", 0, 0, length - 512, 512)).ljust(length, b"\x90")


@pytest.fixture(scope="module")
def seven(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("seven")
    (folder / "a.txt").write_bytes(HIDDEN)
    tool("7zz", "a", "-bd", folder / "a.7z", folder / "a.txt")
    return (folder / "a.7z").read_bytes()


SETTINGS = b'\xef\xbb\xbf;!@Install@!UTF-8!\r\nTitle="Kestrel"\r\n;!@InstallEnd@!'
PROGRAMS = {"elf": elf(400_000), "windows": windows(400_000), "short": elf(1200)}


@pytest.mark.parametrize("settings", [b"", SETTINGS], ids=["bare", "settings"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_7z_behind_a_program_is_an_item(program: str, settings: bytes, seven: bytes) -> None:
    stub = PROGRAMS[program] + SEVEN + b"the mark alone" + bytes(20)
    data = stub + settings + seven
    assert SOURCE.claims(Glance("setup.exe", data)) is Claim.NAME
    run = Run(SOURCE, "setup.exe", data)
    assert seven in run.contents.values()
    assert set(run.codes) == {"trailing"}


def test_a_7z_within_a_program_that_was_cut_short_is_an_item(seven: bytes) -> None:
    run = Run(SOURCE, "setup.exe", elf(400_000)[:3000] + seven)
    assert run.contents == {"behind the end": seven}


def test_a_rar_of_either_kind_is_told_from_its_mark() -> None:
    block = b"\x05\x01\x00\x00\x00\x00"
    new = RAR + b"\x01\0" + struct.pack("<I", crc32(block)) + block
    body = struct.pack("<BHH6x", 0x73, 0, 13)
    old = RAR + b"\0" + struct.pack("<H", crc32(body) & 0xFFFF) + body
    for archive in (new, old):
        stub = b"MZ" + RAR + b"\0 no header at all "
        assert begins(stub + archive, 1) == len(stub)
        assert begins(stub + archive[:9], 1) == 0


def test_a_text_behind_a_program_is_an_item_and_its_signature_is_none() -> None:
    assert Run(SOURCE, "a.exe", windows(4096) + HIDDEN).contents == {"behind the end": HIDDEN}
    signature = b"\x30\x82" + bytes(range(200))
    signed = windows(4096, (4096, len(signature))) + signature
    assert Run(SOURCE, "a.exe", signed).names == []
    assert Run(SOURCE, "a.exe", signed + HIDDEN).contents == {"behind the end": HIDDEN}
    inside = windows(4096, (4096 + len(HIDDEN), len(signature))) + HIDDEN + signature
    assert Run(SOURCE, "a.exe", inside).contents == {"behind the end": HIDDEN}


@pytest.mark.parametrize("name", ["/bin/ls", "/usr/bin/python3"])
def test_a_whole_program_holds_nothing(name: str) -> None:
    run = Run(SOURCE, "program", Path(name).read_bytes())
    assert (run.names, run.notes) == ([], [])
